"""Erases what is due on one house: by the worker every night, or from the shell.

Each step is a transaction of its own, in an order in which a kill at any moment leaves nothing half
done that is not gone on with: it is written down that an erasing has begun; every row goes, figures
stay; the key is destroyed; what was is written over; the receipt is done.
"""

import logging
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from app import attempts, clock, db
from app.domain import clearing, due, erasure, heartbeats, trail
from app.domain.belongings import PARTICIPANT
from app.domain.due import WORDS, Due
from app.domain.erasure import Told
from app.house import House
from app.vault import StillReadable, Tampered

AT = time(3, 0)  # at night in Denmark: few write
log = logging.getLogger("primus")


class Night(NamedTuple):
    """What one run did."""

    erased: int = 0  # people
    faded: int = 0  # mentorships
    cleared: int = 0  # rows that had grown old
    strays: int = 0  # keys that were nobody's
    left: int = 0  # begun, but somebody read on: the next run ends it

    @property
    def good(self) -> bool:
        return self.left == 0


class Eraser:
    """Erases on one house."""

    def __init__(self, house: House) -> None:
        self._house = house

    def tick(self, now: datetime) -> None:
        """What two have agreed on is carried out at once; the rest at night."""
        with self._house.work(writes=False):
            last = heartbeats.all_of_them().get(heartbeats.ERASING)
            waits = bool(erasure.unfinished())
        if last is None or last.at is None or last.at < last_night(now):
            self.run(now)
        elif waits:
            self.resume(now)

    def run(self, now: datetime) -> Night:
        """All that is due."""
        day = clock.in_denmark(now).date()
        for one in self._due(day):
            if one.kind != WORDS:
                self._begin(one.subject_id, one.kind, one.branch_id, erasure.DUE, now)
        erased, left = self.resume(now)
        faded = sum(self._fade(one, day) for one in self._due(day) if one.kind == WORDS)
        cleared, strays = self._clear(now), self._strays(now)
        night = Night(erased, faded, cleared, strays, left)
        if db.write_over(self._house.data) and night.good:
            with self._house.work(writes=True) as (unit, _):
                heartbeats.beat(heartbeats.ERASING, now)
                unit.commit()
        return night

    def resume(self, now: datetime) -> tuple[int, int]:
        """Go on with all that has begun: how many are done, and how many are left for next time."""
        with self._house.work(writes=False):
            found = erasure.unfinished()
        done = Counter(self._carry_out(told, now) for told in found)
        return done[True], done[False]

    def person(self, subject: UUID, why: str, now: datetime) -> UUID | None:
        """One at once, from the shell; the receipt's number. None when nobody has that id."""
        with self._house.work(writes=False):
            known, under_way = erasure.subject_of(subject), erasure.open_of(subject)
        if known:
            made = self._begin(subject, *known, why, now)
        elif under_way:  # its rows are gone already
            made = under_way.id
        else:
            return None
        with self._house.work(writes=False):
            told = erasure.one(made)
        if told:
            self._carry_out(told, now)
        return made

    def _due(self, day: date) -> list[Due]:
        with self._house.work(writes=False):
            return [one for one in due.everything(day) if one.on <= day]

    def _begin(
        self, subject: UUID, kind: str, branch: UUID | None, why: str, now: datetime
    ) -> UUID:
        with self._house.work(writes=True) as (unit, _):
            made = erasure.begin(subject, kind, branch, why, now)
            unit.commit()
        return made

    def _carry_out(self, told: Told, now: datetime) -> bool | None:
        """False when it must be gone on with later; None when it is due no longer."""
        try:
            return self._step_by_step(told, now)
        except (SQLAlchemyError, StillReadable, Tampered) as error:  # one must not stop the others
            log.error("%s in erasure %s", type(error).__name__, told.id)
            return False

    def _step_by_step(self, told: Told, now: datetime) -> bool | None:
        with self._house.work(writes=True) as (unit, _):
            if not self._stands(told, now):
                erasure.drop(told)
                unit.commit()
                return None
            erasure.remove(told.id, self._pen(), now)
            unit.commit()
        self._house.keys.erase(told.subject_id, clock.in_denmark(now).date())
        if not db.write_over(self._house.data):
            return False
        with self._house.work(writes=True) as (unit, _):
            erasure.finish(told.id, now)
            unit.commit()
        return True

    def _stands(self, told: Told, now: datetime) -> bool:
        """A mentorship may have been opened again since the clock was read."""
        if told.why != erasure.DUE or told.removed_at:
            return True
        day = clock.in_denmark(now).date()
        if told.kind == PARTICIPANT:
            one = due.participant(told.subject_id)
            return one is not None and one.on <= day
        return any(one.subject_id == told.subject_id and one.on <= day for one in due.people(day))

    def _fade(self, one: Due, day: date) -> bool:
        """The words of one mentorship, in a transaction of its own."""
        with self._house.work(writes=True) as (unit, _):
            faded = due.fade(one.subject_id, day, self._pen())
            unit.commit()
        return faded

    def _clear(self, now: datetime) -> int:
        with self._house.work(writes=True) as (unit, _):
            gone = sum(clearing.sweep(now).values()) + erasure.bury()
            old = delete(attempts.attempt).where(attempts.attempt.c.expires_at <= now.timestamp())
            gone += db.change(old)
            unit.commit()
        return gone

    def _strays(self, now: datetime) -> int:
        held = self._house.keys.held()
        with self._house.work(writes=True) as (unit, _):
            found = clearing.strays(held, now)
            unit.commit()
        for key in found:
            self._house.keys.erase(key, clock.in_denmark(now).date())
        return len(found)

    def _pen(self) -> trail.Pen:
        return trail.Pen(self._house.keyring.trail, None, None)


def last_night(now: datetime) -> datetime:
    """The last time the night's work was to begin."""
    here = clock.in_denmark(now)
    begins = here.replace(hour=AT.hour, minute=AT.minute, second=0, microsecond=0)
    return begins if begins <= here else begins - timedelta(days=1)
