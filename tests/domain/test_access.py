"""Who may? The one file that answers."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from app import clock
from app.domain import access, sign_ins
from app.domain.evaluations import Answer
from app.domain.meetings import Seen
from app.domain.people import CONSULTANT, LEADER, MENTOR
from app.domain.sign_ins import Me

TODAY = date(2026, 11, 22)
ANNA, BO = uuid4(), uuid4()


def me(person=ANNA, roles=(MENTOR,), leads=()):
    return Me(person, uuid4(), "token", "da", frozenset(roles), frozenset(leads))


def meeting(by=ANNA, outcome="held", on=TODAY):
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return Seen(uuid4(), uuid4(), on, outcome, None, None, 0, False, 0, None, by, None, at, None)


def answer(by=ANNA, leader_may_read=False):
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return Answer(uuid4(), uuid4(), uuid4(), by, at, 1, 1, 0, leader_may_read, None, None, None)


@pytest.mark.parametrize("role", [MENTOR, LEADER, CONSULTANT])
def test_a_role_is_that_role_only(role):
    who = me(roles=(role,))
    held = (access.is_mentor(who), access.is_leader(who), access.is_consultant(who))
    assert held == (role == MENTOR, role == LEADER, role == CONSULTANT)


@pytest.mark.parametrize(
    ("first_day", "day", "may"),
    [
        (TODAY, TODAY, True),
        (TODAY, TODAY + timedelta(days=1), False),
        (TODAY, TODAY - timedelta(days=1), False),
        (TODAY - timedelta(days=5), TODAY - timedelta(days=5), True),
        (None, TODAY, False),
    ],
)
def test_a_mentor_logs_from_the_first_day_until_today(first_day, day, may):
    assert access.may_log_on(first_day, day, TODAY) is may


def test_only_its_author_changes_an_evaluation_or_its_facts():
    assert access.may_edit(me(), answer())
    assert not access.may_edit(me(BO), answer())
    assert access.may_edit_facts(me(), meeting())
    assert not access.may_edit_facts(me(BO), meeting())


@pytest.mark.parametrize(("days", "may"), [(0, True), (30, True), (31, False)])
def test_its_author_takes_it_back_within_thirty_days(days, may):
    day = TODAY + timedelta(days=days)
    assert access.may_take_back(me(), ANNA, TODAY, day) is may
    assert not access.may_take_back(me(BO), ANNA, TODAY, day)


@pytest.mark.parametrize(
    ("by", "outcome", "first_day", "may"),
    [
        (BO, "held", TODAY, True),
        (ANNA, "held", TODAY, False),
        (BO, "cancelled", TODAY, False),
        (BO, "no_show", TODAY, False),
        (BO, "held", TODAY + timedelta(days=1), False),
        (BO, "held", None, False),
    ],
)
def test_who_joins_was_there_by_then_and_did_not_log_it(by, outcome, first_day, may):
    assert access.may_join(me(), meeting(by, outcome), first_day) is may


def test_the_leader_reads_only_what_was_ticked():
    assert access.leader_reads_text(answer(leader_may_read=True))
    assert not access.leader_reads_text(answer())


@pytest.mark.parametrize(
    ("name", "samir", "jonas"),
    [
        ("Lise", True, False),
        ("Lars", False, True),
        ("Anna", False, False),
        ("Karen", False, False),
    ],
)
def test_a_leader_leads_the_mentorships_of_the_own_branch(house, cast, name, samir, jonas):
    with house.work(writes=True):
        begun = sign_ins.begin(cast.people[name], clock.today())
        who = sign_ins.who(begun.token)
        led = [access.leads(who, cast.mentorships[p]) for p in ("Samir", "Jonas")]
        assert led == [samir, jonas]
        assert not access.leads(who, uuid4())


def test_a_mentor_with_a_branch_leads_none(house, cast):
    with house.work(writes=True):
        begun = sign_ins.begin(cast.people["Anna"], clock.today())
        assert sign_ins.who(begun.token).leads == frozenset()


def test_who_has_no_role_today_cannot_sign_in(house, cast):
    with house.work(writes=True):
        assert sign_ins.begin(cast.people["Gustav"], clock.today()) is None
        assert sign_ins.begin(cast.people["Anna"], cast.seated - timedelta(days=1)) is None
