"""A match: two mentors for one participant, or one for an empty seat; never made by the app.

A leader proposes it, each mentor answers, and it begins with the last yes. A participant may choose
from the catalogue first; that choice is a wish, and who was not chosen is kept nowhere.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Index, bindparam, delete, func, select
from sqlmodel import Field

from app import clock, db
from app.domain import (
    latest,
    leading,
    mentors,
    mentorships,
    news,
    notices,
    receipts,
    referrals,
    trail,
    turns,
)
from app.domain.mentors import Standing
from app.domain.mentorships import MENTORSHIPS, SEATS, Mentorship, Seat, sits
from app.domain.people import PEOPLE
from app.domain.referrals import INTERVIEWED, MATCHED, Made
from app.domain.rota import PLACES

CATALOGUE, LEADER = "catalogue", "leader"  # 3a: the participant chose; 3b: the leader did
YES, NO, WITHDRAWN, BEGUN = "yes", "no", "withdrawn", "begun"
FEWEST = 4  # mentors in the catalogue, before it is shown: else who is left out can be guessed


class Meanwhile(Exception):
    """It is not where the page showed it."""


class Refused(Exception):
    """`why` is a word for the page, `who` the mentor it is about."""

    def __init__(self, why: str, who: UUID | None = None) -> None:
        super().__init__(why)
        self.why, self.who = why, who


class Match(db.Row, table=True):
    """A proposal: of a pair for a referral, or of one mentor for an empty seat."""

    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    branch_id: UUID = Field(foreign_key="branch.id", index=True)
    referral_id: UUID | None = Field(default=None, foreign_key="referral.id", index=True)
    mentorship_id: UUID | None = Field(default=None, foreign_key="mentorship.id", index=True)
    way: str  # CATALOGUE or LEADER
    first_id: UUID = Field(foreign_key="person.id", index=True)
    second_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    proposed_by: UUID = Field(foreign_key="person.id")
    proposed_at: datetime


class MatchStep(db.Row, table=True):
    """What became of it: a mentor's yes or no, withdrawn by a leader, begun."""

    __tablename__ = "match_step"
    __table_args__ = (Index(None, "match_id", "at"),)
    match_id: UUID = Field(foreign_key="match.id")
    outcome: str  # YES, NO, WITHDRAWN or BEGUN
    at: datetime
    by: UUID = Field(foreign_key="person.id")


class MatchChoice(db.Row, table=True):
    """A mentor whom the participant has chosen from the catalogue."""

    __tablename__ = "match_choice"
    referral_id: UUID = Field(foreign_key="referral.id", index=True)
    person_id: UUID = Field(foreign_key="person.id")
    at: datetime


class Proposed(NamedTuple):
    """A match with its answers."""

    id: UUID
    participant_id: UUID
    branch_id: UUID
    referral_id: UUID | None
    mentorship_id: UUID | None
    way: str
    first_id: UUID
    second_id: UUID | None
    proposed_by: UUID
    proposed_at: datetime
    steps: tuple[tuple[str, UUID], ...] = ()

    @property
    def mentors(self) -> list[UUID]:
        return [self.first_id, *([self.second_id] if self.second_id else [])]

    @property
    def open(self) -> bool:
        """Waits for an answer."""
        return not any(outcome in (NO, WITHDRAWN, BEGUN) for outcome, _ in self.steps)

    @property
    def yes(self) -> set[UUID]:
        return {by for outcome, by in self.steps if outcome == YES}

    def waits_for(self, person: UUID) -> bool:
        return self.open and person in self.mentors and person not in self.yes


MATCHES, STEP_ROWS = db.columns(Match), db.columns(MatchStep)
_CHOICES = db.columns(MatchChoice)
_PROPOSED = select(*(MATCHES.c[name] for name in Proposed._fields[:-1]))
_ENDED = select(STEP_ROWS.c.match_id).where(STEP_ROWS.c.outcome.in_((NO, WITHDRAWN, BEGUN)))
_OPEN = MATCHES.c.id.not_in(_ENDED)
_ONE = _PROPOSED.where(MATCHES.c.id == bindparam("id"))
_LOCK = select(MATCHES.c.id).where(MATCHES.c.id == bindparam("id")).with_for_update()
_OF_REFERRAL = _PROPOSED.where(MATCHES.c.referral_id == bindparam("referral")).order_by(
    MATCHES.c.proposed_at.desc()
)
_OF_MENTORSHIP = _PROPOSED.where(MATCHES.c.mentorship_id == bindparam("mentorship")).order_by(
    MATCHES.c.proposed_at.desc()
)
_WAITING = _PROPOSED.outerjoin(MENTORSHIPS, MENTORSHIPS.c.id == MATCHES.c.mentorship_id).where(
    func.coalesce(MENTORSHIPS.c.branch_id, MATCHES.c.branch_id).in_(  # it may have moved
        bindparam("branches", expanding=True)
    ),
    _OPEN,
)
_LED = _WAITING.where(
    MATCHES.c.mentorship_id.is_(None)
    | MATCHES.c.mentorship_id.not_in(
        select(SEATS.c.mentorship_id).where(SEATS.c.person_id == bindparam("reader"))
    )
)
_ASKED = _PROPOSED.where(
    _OPEN,
    (MATCHES.c.first_id == bindparam("person")) | (MATCHES.c.second_id == bindparam("person")),
)
_STEPS = (
    select(STEP_ROWS.c.match_id, STEP_ROWS.c.outcome, STEP_ROWS.c.by)
    .where(STEP_ROWS.c.match_id.in_(bindparam("matches", expanding=True)))
    .order_by(STEP_ROWS.c.at, STEP_ROWS.c.id)
)
_CHOSEN = select(_CHOICES.c.person_id).where(_CHOICES.c.referral_id == bindparam("referral"))
_FORGET = delete(_CHOICES).where(_CHOICES.c.referral_id == bindparam("referral"))
_LOCK_MENTORS = (
    select(PEOPLE.c.id)
    .where(PEOPLE.c.id.in_(bindparam("people", expanding=True)))
    .order_by(PEOPLE.c.id)
    .with_for_update()
)
_LIFE = select(
    MENTORSHIPS.c.id,
    MENTORSHIPS.c.participant_id,
    MENTORSHIPS.c.branch_id,
    MENTORSHIPS.c.leader_id,
    MENTORSHIPS.c.ended_on,
).where(MENTORSHIPS.c.id == bindparam("mentorship"))
_HELD = select(SEATS.c.place, SEATS.c.person_id).where(
    SEATS.c.mentorship_id == bindparam("mentorship"), sits(SEATS, bindparam("day"))
)


def one(match_id: UUID) -> Proposed | None:
    found = _with_steps(db.rows(_ONE, id=match_id))
    return found[0] if found else None


def of_referral(referral_id: UUID) -> list[Proposed]:
    """Its proposals, newest first."""
    return _with_steps(db.rows(_OF_REFERRAL, referral=referral_id))


def of_mentorship(mentorship_id: UUID) -> list[Proposed]:
    return _with_steps(db.rows(_OF_MENTORSHIP, mentorship=mentorship_id))


def waiting_in(branches: Iterable[UUID]) -> list[Proposed]:
    """Those that wait for an answer in these branches."""
    return _with_steps(db.rows(_WAITING, branches=list(branches)))


def shown_to(reader: UUID, branches: Iterable[UUID]) -> list[Proposed]:
    """Those that wait in the branches they lead, but for a pair that they sit or sat in."""
    return _with_steps(db.rows(_LED, branches=list(branches), reader=reader))


def asked_of(person: UUID) -> list[Proposed]:
    """Those that this mentor has not answered."""
    found = _with_steps(db.rows(_ASKED, person=person))
    return [match for match in found if match.waits_for(person)]


def candidates(branches: Iterable[UUID], day: date, owner: UUID) -> list[Standing]:
    """Who can be matched with what that leader owns, whoever has waited longest first."""
    found = [one for one in mentors.of(branches, day) if not one.blocks(day) and one.id != owner]
    return sorted(found, key=lambda one: (one.free_since or day, one.first_name))


def catalogue(branches: Iterable[UUID], day: date, owner: UUID) -> list[Standing]:
    """Who wants to be shown; nobody where they are too few."""
    found = [one for one in candidates(branches, day, owner) if one.profile.shown]
    shown = sorted(found, key=lambda one: one.first_name)
    return shown if len(shown) >= FEWEST else []


def chosen(referral_id: UUID) -> set[UUID]:
    return {row.person_id for row in db.rows(_CHOSEN, referral=referral_id)}


def choose(referral: Made, wanted: Sequence[UUID], pen: trail.Pen) -> None:
    """The participant's choice from the catalogue; a new one replaces the old."""
    db.change(_FORGET, referral=referral.id)
    for person in wanted:
        row = MatchChoice(id=uuid4(), referral_id=referral.id, person_id=person, at=clock.now())
        db.session().add(row)
    db.session().flush()
    pen.write(trail.LOGGED, "match_choice", referral.id, referral.participant_id)


def propose(
    client_id: UUID, referral: Made, pair: Sequence[UUID], pen: trail.Pen, by: UUID
) -> UUID:
    """A pair for a referral. Sent again, it is the same proposal."""
    if _known(client_id, referral.participant_id, pair, by):
        return client_id
    if len(set(pair)) != PLACES:
        raise Refused("two")
    if referral.step != INTERVIEWED or any(m.open for m in of_referral(referral.id)):
        raise Meanwhile
    _check(pair, referral.leader_id)
    row = Match(
        id=client_id,
        participant_id=referral.participant_id,
        branch_id=referral.branch_id,
        referral_id=referral.id,
        way=CATALOGUE if chosen(referral.id) & set(pair) else LEADER,
        first_id=pair[0],
        second_id=pair[1],
        proposed_by=by,
        proposed_at=clock.now(),
    )
    return _propose(row, pen)


def propose_for_seat(
    client_id: UUID, mentorship_id: UUID, mentor: UUID, pen: trail.Pen, by: UUID
) -> UUID:
    """A mentor for an empty seat of a running mentorship: one at a time, also where both are."""
    turns.lock(mentorship_id)
    life, held = _life(mentorship_id)
    if _known(client_id, life.participant_id, [mentor], by):
        return client_id
    if len(held) == PLACES or any(m.open for m in of_mentorship(mentorship_id)):
        raise Meanwhile
    _check([mentor], life.leader_id)
    row = Match(
        id=client_id,
        participant_id=life.participant_id,
        branch_id=life.branch_id,
        mentorship_id=mentorship_id,
        way=LEADER,
        first_id=mentor,
        proposed_by=by,
        proposed_at=clock.now(),
    )
    return _propose(row, pen)


def answer(match: Proposed, yes: bool, pen: trail.Pen, by: UUID) -> UUID | None:
    """A mentor says yes or no. With the last yes it begins: the mentorship's id."""
    now = _locked(match.id)
    if not now.waits_for(by):
        raise Meanwhile
    _step(now.id, YES if yes else NO, by)
    pen.write(trail.TOOK_ON if yes else trail.DECLINED, "match", now.id, now.participant_id)
    begun = _begin(now, pen, by) if yes and now.yes | {by} == set(now.mentors) else None
    if begun or not yes:
        _tell(now, begun)
    return begun


def withdraw(match: Proposed, pen: trail.Pen, by: UUID) -> None:
    """The leader takes it back before it begins."""
    now = _locked(match.id)
    if not now.open:
        raise Meanwhile
    _step(now.id, WITHDRAWN, by)
    pen.write(trail.TOOK_BACK, "match", now.id, now.participant_id)


def drop(person: UUID, pen: trail.Pen, by: UUID) -> None:
    """Whoever has left is asked about nobody: their open proposals are taken back, and who made
    them is told.
    """
    for row in db.rows(_ASKED, person=person):
        now = _locked(row.id)
        if now.open:
            withdraw(now, pen, by)
            _tell(now, None)


def _known(client_id: UUID, participant: UUID, pair: Sequence[UUID], by: UUID) -> bool:
    content: dict[str, object] = {"pair": [str(person) for person in pair]}
    return receipts.take(client_id, by, participant, client_id, content) is not None


def _check(pair: Sequence[UUID], owner: UUID) -> None:
    """Cleared, of age, trained and free, each of them, and asked about nobody else."""
    _not_the_owner(pair, owner)
    db.rows(_LOCK_MENTORS, people=list(pair))
    day = clock.today()
    found = mentors.standing(pair, day)
    for person in pair:
        if person not in found:
            raise Refused("stage", person)
        if blocks := found[person].blocks(day):
            raise Refused(blocks[0], person)
        if _with_steps(db.rows(_ASKED, person=person)):
            raise Refused("asked", person)


def _not_the_owner(pair: Sequence[UUID], owner: UUID) -> None:
    """What a co-mentor says to the leader must never come to the other mentor."""
    if owner in pair:
        raise Refused("owner", owner)


def _propose(row: Match, pen: trail.Pen) -> UUID:
    made = row.id
    db.session().add(row)
    db.session().flush()
    pen.write(trail.PROPOSED, "match", made, row.participant_id)
    for person in (row.first_id, row.second_id):
        if person:
            notices.at_once(person, news.MATCH, made, row.mentorship_id, clock.now())
    return made


def _begin(match: Proposed, pen: trail.Pen, by: UUID) -> UUID:
    """The mentorship starts today, or its empty seat is filled."""
    day = clock.today()
    if match.mentorship_id:  # of two for one seat, one sees that it is taken
        turns.lock(match.mentorship_id)
    db.rows(_LOCK_MENTORS, people=match.mentors)
    found = mentors.standing(match.mentors, day)
    for person in match.mentors:
        if person not in found or found[person].blocks(day):
            raise Refused("blocked", person)
    mentorship, places = _room(match, pen, day, by)
    for person, place in zip(match.mentors, places, strict=False):
        row = Seat(id=uuid4(), mentorship_id=mentorship, person_id=person, place=place, from_on=day)
        db.session().add(row)
    db.session().flush()
    latest.keep(mentorship)  # who comes back to a seat brings what was
    _step(match.id, BEGUN, by)
    pen.write(trail.MATCHED, "mentorship", mentorship, match.participant_id)
    return mentorship


def _room(match: Proposed, pen: trail.Pen, day: date, by: UUID) -> tuple[UUID, list[int]]:
    """The mentorship, and the places that are free in it."""
    if match.mentorship_id:
        life, held = _life(match.mentorship_id)
        _not_the_owner(match.mentors, life.leader_id)
        if len(held) == PLACES or (life.ended_on and life.ended_on < day):
            raise Refused("full")
        return life.id, [place for place in (1, 2) if place not in held]
    referral = referrals.one(match.referral_id) if match.referral_id else None
    if referral is None:
        raise Meanwhile
    _not_the_owner(match.mentors, referral.leader_id)
    try:
        referrals.move(referral, MATCHED, pen, by)
    except referrals.Meanwhile as error:
        raise Meanwhile from error
    row = Mentorship(
        id=uuid4(),
        participant_id=referral.participant_id,
        branch_id=referral.branch_id,
        leader_id=referral.leader_id,
        municipality_id=referral.municipality_id,
        institution_id=referral.institution_id,
        matched_on=day,
        release_on=referral.release_on,
    )
    made = row.id
    db.session().add(row)
    db.session().flush()
    return made, [1, 2]


def _life(mentorship_id: UUID) -> tuple[Any, dict[int, UUID]]:
    held = db.rows(_HELD, mentorship=mentorship_id, day=clock.today())
    return db.rows(_LIFE, mentorship=mentorship_id)[0], {s.place: s.person_id for s in held}


def _locked(match_id: UUID) -> Proposed:
    """The match as it stands now; other answers wait."""
    db.first(_LOCK, id=match_id)
    now = one(match_id)
    if now is None:
        raise Meanwhile
    return now


def _step(match_id: UUID, outcome: str, by: UUID) -> None:
    row = MatchStep(id=uuid4(), match_id=match_id, outcome=outcome, at=clock.now(), by=by)
    db.session().add(row)
    db.session().flush()


def _tell(match: Proposed, begun: UUID | None) -> None:
    """Who proposed it hears of the answer; else whoever leads there now, never one of the pair."""
    life, branch, pair = begun or match.mentorship_id, match.branch_id, set(match.mentors)
    if life:
        branch = db.session().get_one(Mentorship, life).branch_id
        pair |= mentorships.ever_sat([life])[life]
    for leader in leading.told(branch, match.proposed_by, clock.today(), pair):
        notices.at_once(leader, news.MATCH_ANSWERED, match.id, life, clock.now())


def _with_steps(found: list[Any]) -> list[Proposed]:
    if not found:
        return []
    steps: dict[UUID, list[tuple[str, UUID]]] = {}
    for row in db.rows(_STEPS, matches=[row.id for row in found]):
        steps.setdefault(row.match_id, []).append((row.outcome, row.by))
    return [Proposed(**row._asdict(), steps=tuple(steps.get(row.id, ()))) for row in found]
