"""Who has read about a participant, in words: for the leader, and for the pair."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from app import clock
from app.domain import entries, people, trail
from app.web.shown_access import page_word, quiet_word, reader_role, reason_word

SHOWN = 200


class ShownReading(NamedTuple):
    """One reading; the same of a day is told once."""

    on: date
    role: str
    name: str | None  # a first name; a participant is not told whose
    page: str
    why: str | None


def readings(participant_id: UUID, *, for_leader: bool) -> list[ShownReading]:
    """Newest first. Why a consultant opened it may be about the pair: the leader alone is told."""
    found = [row for row in entries.about(participant_id, SHOWN) if row.action == trail.READ]
    names = people.first_names({row.actor_id for row in found if row.actor_id})
    word = page_word if for_leader else quiet_word
    told = (
        ShownReading(
            clock.in_denmark(row.at).date(),
            reader_role(row.kind),
            names.get(row.actor_id, "–"),
            word(row.kind),
            reason_word(row.reason) if for_leader else None,
        )
        for row in found
    )
    return list(dict.fromkeys(told))
