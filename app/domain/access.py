"""The only file that answers "who may?". Default of product.md section 3; every route is tested
against it.
"""

from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy import bindparam, select

from app import db
from app.domain import people
from app.domain.evaluations import TAKE_BACK, Answer
from app.domain.meetings import HELD, Seen
from app.domain.mentorships import MENTORSHIPS, SEATS
from app.domain.people import CONSULTANT, LEADER, MENTOR
from app.domain.referrals import REFERRALS
from app.domain.sign_ins import Me

_LED = select(MENTORSHIPS.c.branch_id).where(
    MENTORSHIPS.c.id == bindparam("mentorship"),
    MENTORSHIPS.c.id.not_in(
        select(SEATS.c.mentorship_id).where(SEATS.c.person_id == bindparam("person"))
    ),
)
_LED_LIVES = select(MENTORSHIPS.c.branch_id).where(
    MENTORSHIPS.c.participant_id == bindparam("participant"),
    MENTORSHIPS.c.id.not_in(
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
    """The same of a participant: by a mentorship, or a referral that became none."""
    if not is_leader(me):
        return False
    found = db.rows(_LED_LIVES, participant=participant_id, person=me.id)
    known = found or db.rows(_REFERRED_TO, participant=participant_id)
    return any(row.branch_id in me.leads for row in known)


def may_confirm_erasing(me: Me, asked_by: UUID | None) -> bool:
    """Two people for what cannot be undone (ASVS 2.3.5): a consultant, and never who asked."""
    return is_consultant(me) and me.id != asked_by


def leads_mentor(me: Me, branch_id: UUID | None) -> bool:
    """A leader reads the mentors of the branches led."""
    return branch_id is not None and branch_id in me.leads


def may_readdress(me: Me, person: UUID, day: date) -> bool:
    """Whose address lets in a leader or a consultant is changed by a consultant alone."""
    return is_consultant(me) or not people.is_more_than_mentor(person, day)


def may_invite(me: Me, mentor: UUID, day: date) -> bool:
    """A leader invites a mentor, never somebody who gets more than a mentor's pages."""
    return me.id != mentor and not people.is_more_than_mentor(mentor, day)


def may_record(me: Me, mentor: UUID) -> bool:
    """Nobody writes down what they have met themselves, or lets themselves go."""
    return mentor != me.id


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
