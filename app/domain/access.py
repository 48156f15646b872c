"""The only file that answers "who may?". Default of product.md section 3; every route is tested
against it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy import bindparam, select

from app import clock, db
from app.domain import people, stand_ins
from app.domain.evaluations import TAKE_BACK, Answer
from app.domain.meetings import HELD, Seen
from app.domain.mentorships import MENTORSHIPS, SEATS
from app.domain.people import CONSULTANT, LEADER, MENTOR
from app.domain.referrals import REFERRALS, Made
from app.domain.sign_ins import Me
from app.domain.wishes import Made as Wished

_LED = select(MENTORSHIPS.c.branch_id).where(
    MENTORSHIPS.c.id == bindparam("mentorship"),
    MENTORSHIPS.c.id.not_in(
        select(SEATS.c.mentorship_id).where(SEATS.c.person_id == bindparam("person"))
    ),
)
_LIVES = select(MENTORSHIPS.c.id).where(MENTORSHIPS.c.participant_id == bindparam("participant"))
_NOT_LED = select(MENTORSHIPS.c.participant_id).where(  # by who is asked about, wholly
    MENTORSHIPS.c.participant_id.in_(bindparam("participants", expanding=True)),
    MENTORSHIPS.c.branch_id.not_in(bindparam("branches", expanding=True))
    | MENTORSHIPS.c.id.in_(
        select(SEATS.c.mentorship_id).where(SEATS.c.person_id == bindparam("person"))
    ),
)
_REFERRED_TO = select(REFERRALS.c.branch_id).where(
    REFERRALS.c.participant_id == bindparam("participant")
)


def is_mentor(me: Me) -> bool:
    return MENTOR in me.roles


def is_leader(me: Me) -> bool:
    return LEADER in me.roles


def is_consultant(me: Me) -> bool:
    return CONSULTANT in me.roles


def leads(me: Me, mentorship_id: UUID) -> bool:
    """A leader reads the mentorships of the branches led, but never one of the own pair: there
    the co-mentor's wellbeing is nobody's but the co-mentor's.
    """
    if not is_leader(me):
        return False
    row = db.first(_LED, mentorship=mentorship_id, person=me.id)
    return row is not None and row.branch_id in me.leads


def leads_participant(me: Me, participant_id: UUID) -> bool:
    """The same of a participant: every mentorship there is, or a referral that became none."""
    if not is_leader(me) or participant_id in _led_by_others(me, [participant_id]):
        return False
    if db.first(_LIVES, participant=participant_id):
        return True
    return any(
        row.branch_id in me.leads for row in db.rows(_REFERRED_TO, participant=participant_id)
    )


def referrals_led(me: Me, found: Iterable[Made]) -> list[Made]:
    """Of these, the ones a leader reads: of a branch that one leads, until the mentorship that it
    became has moved to another, or is of the own pair.
    """
    own = [one for one in found if one.branch_id in me.leads]
    others = _led_by_others(me, [one.participant_id for one in own])
    return [one for one in own if one.participant_id not in others]


def leads_referral(me: Me, referral: Made) -> bool:
    """The same of one."""
    return bool(referrals_led(me, [referral]))


def _led_by_others(me: Me, participants: list[UUID]) -> set[UUID]:
    """Who of them has a mentorship that one does not read as a leader."""
    if not participants:
        return set()
    found = db.rows(_NOT_LED, participants=participants, branches=list(me.leads), person=me.id)
    return {row.participant_id for row in found}


def may_confirm_erasing(me: Me, asked_by: UUID | None) -> bool:
    """Two people for what cannot be undone (ASVS 2.3.5): a consultant, and never who asked."""
    return is_consultant(me) and me.id != asked_by


def leads_mentor(me: Me, branch_id: UUID | None) -> bool:
    """A leader reads the mentors of the branches led."""
    return branch_id is not None and branch_id in me.leads


def may_name_stand_ins_in(me: Me) -> frozenset[UUID]:
    """The branches that one leads until further notice: a stand-in names nobody, for no longer."""
    return me.leads & stand_ins.steadily_led_by(me.id, clock.today())


def may_readdress(me: Me, person: UUID, day: date) -> bool:
    """Whose address lets in a leader or a consultant is changed by a consultant alone."""
    return is_consultant(me) or not people.is_more_than_mentor(person, day)


def may_invite(me: Me, mentor: UUID, day: date) -> bool:
    """A leader invites a mentor, never somebody who gets more than a mentor's pages."""
    return me.id != mentor and not people.is_more_than_mentor(mentor, day)


def may_record(me: Me, mentor: UUID) -> bool:
    """Nobody writes down what they have met themselves, or lets themselves go."""
    return mentor != me.id


def may_handle_wish(me: Me, wish: Wished) -> bool:
    """A leader of the mentorship; without one, a leader of the mentor's branch. Never one's own."""
    if wish.mentorship_id:
        return leads(me, wish.mentorship_id)
    return wish.person_id != me.id and wish.branch_id in me.leads


def may_log_on(
    first_day: date | None, day: date, today: date, last_day: date | None = None
) -> bool:
    """From the day the mentor's seat began to the day it ended, and never in the future."""
    return first_day is not None and first_day <= day <= min(today, last_day or today)


def may_join(me: Me, meeting: Seen, first_day: date | None) -> bool:
    """Only what another logged, what came to something, and from the day one's seat began."""
    seated = first_day is not None and first_day <= meeting.held_on
    return seated and meeting.outcome == HELD and meeting.logged_by != me.id


def may_edit(me: Me, answer: Answer) -> bool:
    """Only its author changes an evaluation."""
    return answer.author_id == me.id


def may_edit_facts(me: Me, meeting: Seen) -> bool:
    """Who logged the meeting may correct its facts."""
    return meeting.logged_by == me.id


def may_take_back(me: Me, author: UUID, logged_on: date, today: date) -> bool:
    """The author, within 30 days of logging it."""
    return author == me.id and today <= logged_on + TAKE_BACK


class Ticked(Protocol):
    """A text with the author's tick *må læses af aktivitetslederen*."""

    @property
    def leader_may_read(self) -> bool: ...


def leader_reads_text(answer: Ticked) -> bool:
    """Free text opens to the leader only where its author ticked it."""
    return answer.leader_may_read
