"""What waits beside the mentorships: each kind, from the day on which it does."""

from datetime import time, timedelta
from uuid import uuid4

import pytest

from app import clock, db
from app.domain import (
    closures,
    debriefs,
    grants,
    hours,
    mentors,
    mentorships,
    news,
    notices,
    occasions,
    partners,
    plans,
    reasons,
    referrals,
    reminders,
    requirements,
    rounds,
    tasks,
    trail,
    wishes,
)
from app.domain.branches import MUNICIPALITIES
from app.domain.hours import DEFAULTS
from app.domain.mentorships import MENTORSHIPS
from app.domain.people import HELD
from app.domain.requirements import CLEARANCE
from tests.cast import LEFT
from tests.leaders import lead

DAY = clock.today()


@pytest.fixture
def town(any_house, any_cast):
    """The house and its cast, with a way to write."""
    return any_house, any_cast


def waiting(house, cast, name="Lise", branch="Havn"):
    with house.work(writes=False):
        found = tasks.overview(frozenset({cast.branches[branch]}), cast.people[name], DAY)[2]
        return {(one.code, one.first_name) for one in found}


def idle(house, cast, name="Lise", branch="Havn"):
    return {who for code, who in waiting(house, cast, name, branch) if code == "idle"}


def pen(house, cast, name="Lise"):
    return trail.Pen(house.keyring.trail, cast.people[name], None)


def change(house, table, where, **values):
    with house.work(writes=True) as (unit, _):
        assert db.change(table.update().where(where).values(**values))
        unit.commit()


def test_a_mentor_without_a_participant_for_sixty_days(town):
    house, cast = town
    assert idle(house, cast) == {"Nora"}  # Mia's seat ended ten days ago
    change(house, HELD, HELD.c.person_id == cast.people["Nora"], from_on=DAY - timedelta(days=59))
    assert idle(house, cast) == set()
    assert idle(house, cast, "Lars", "Skov") == set()


@pytest.fixture
def cleared(town):
    """Writes that somebody's clearance was met on a day and when it runs out."""
    house, cast = town

    def write(name, met_on=DAY, until=None):
        with house.work(writes=True) as (unit, _):
            lise = cast.people["Lise"]
            requirements.record(
                cast.people[name], CLEARANCE, met_on, until, pen(house, cast), by=lise
            )
            unit.commit()

    return write


@pytest.mark.parametrize(
    ("days", "said"),
    [(57, None), (56, "clearance"), (0, "clearance"), (-1, "ran_out"), (-70, "ran_out")],
)
def test_a_clearance_that_runs_out_or_has(town, cleared, days, said):
    house, cast = town
    for name in ("Anna", "Nora"):  # who sits in no pair too
        cleared(name, until=DAY + timedelta(days=days))
        found = {code for code, who in waiting(house, cast) if who == name and code != "idle"}
        assert found == ({said} if said else set())


def test_who_sits_in_a_pair_without_any_clearance(town, cleared):
    house, cast = town

    def without():
        return {name for code, name in waiting(house, cast) if code == "uncleared"}

    assert without() == {"Anna", "Bo"}  # Mia's seat has ended, Nora has none
    cleared("Anna")
    assert without() == {"Bo"}
    cleared("Anna", met_on=None)  # withdrawn
    assert without() == {"Anna", "Bo"}
    change(house, MENTORSHIPS, MENTORSHIPS.c.id == cast.mentorships["Samir"], ended_on=DAY)
    assert without() == set()


def test_what_has_gone_wrong_comes_before_what_runs_out_later():
    places = reasons.PLACE
    late = places[CLEARANCE]
    assert max(places[c] for c in ("uncleared", "ran_out")) < places["never_met"]
    assert max(places[c] for c in ("never_met", "silent", "no_shows")) < late


@pytest.mark.parametrize(("days", "said"), [(6, False), (7, True)])
def test_a_referral_that_stands_still(town, days, said):
    house, cast = town
    with house.work(writes=True) as (unit, _):
        town_id = db.rows(MUNICIPALITIES.select())[0].id
        ahead = DAY + timedelta(days=90)
        terms = referrals.Terms("Tarek", None, None, town_id, None, ahead, None, DAY, None, None)
        lise, branch = cast.people["Lise"], cast.branches["Havn"]
        made = referrals.receive(uuid4(), branch, terms, pen(house, cast), by=lise)
        unit.commit()
    rows = referrals.STEP_ROWS
    change(house, rows, rows.c.referral_id == made, at=clock.now() - timedelta(days=days, hours=1))
    assert (("referral", "Tarek") in waiting(house, cast)) == said
    assert ("referral", "Tarek") not in waiting(house, cast, "Lars", "Skov")


def test_an_end_until_the_talk_with_the_mentors(town):
    house, cast = town
    bo, lise = cast.people["Bo"], cast.people["Lise"]
    with house.work(writes=True) as (unit, _):
        mine = mentorships.of_mentor(bo, DAY)
        terms = closures.Terms("planned", "together", DAY)
        made = closures.propose(uuid4(), mine, terms, pen(house, cast, "Bo"), by=bo)
        closures.approve(closures.one(made), pen(house, cast), by=lise)
        unit.commit()
    with house.work(writes=True) as (unit, _):  # another one's steps come later
        otto = cast.people["Otto"]
        theirs = mentorships.of_mentor(otto, DAY)
        other = closures.propose(uuid4(), theirs, terms, pen(house, cast, "Otto"), by=otto)
        lars = cast.people["Lars"]
        closures.approve(closures.one(other), pen(house, cast, "Lars"), by=lars)
        unit.commit()
    assert ("debrief", "Samir") in waiting(house, cast)
    assert ("debrief", "Samir") not in waiting(house, cast, "Bo")  # sat in it
    with house.work(writes=True) as (unit, _):
        debriefs.hold(closures.one(made), DAY, pen(house, cast), by=lise)
        unit.commit()
    assert ("debrief", "Samir") not in waiting(house, cast)


@pytest.mark.parametrize(("days", "told"), [(-1, False), (0, True), (6, True), (8, False)])
def test_a_leader_is_reminded_on_the_morning_and_no_later_than_a_week(days, told):
    on = clock.date(2026, 11, 25)
    wait = occasions.Wait(news.REFERRAL, uuid4(), uuid4(), on)
    morning = plans.begins(on, DEFAULTS.morning)
    now = morning + timedelta(days=days)
    found = [*reminders.waits([wait], now)]
    assert [(d.person_id, d.reminder, d.due_at) for d in found] == (
        [(wait.person_id, news.REFERRAL, morning)] if told else []
    )


def waits_for_somebody(house, cast, name, day=DAY):
    with house.work(writes=False):
        found = mentors.waiting(day)
    return {(one.leader_id, one.on) for one in found if one.id == cast.people[name]}


def test_a_mentor_who_waits_is_told_of_on_the_day_on_which_overblik_says_so(town):
    house, cast = town
    lise = cast.people["Lise"]
    [(leader, on)] = waits_for_somebody(house, cast, "Mia")  # her seat ended ten days ago
    assert (leader, on) == (lise, DAY - LEFT + timedelta(days=61))
    since = DAY - timedelta(days=60)
    change(house, HELD, HELD.c.person_id == cast.people["Nora"], from_on=since)
    assert waits_for_somebody(house, cast, "Nora") == {(lise, DAY)}
    assert ("idle", "Nora") in waiting(house, cast)
    change(house, HELD, HELD.c.person_id == cast.people["Nora"], from_on=since + timedelta(days=1))
    assert waits_for_somebody(house, cast, "Nora") == {(lise, DAY + timedelta(days=1))}
    assert ("idle", "Nora") not in waiting(house, cast)
    assert waits_for_somebody(house, cast, "Anna") == set()


def test_the_round_tells_the_leader_of_a_mentor_who_waits_once(town):
    house, cast = town
    change(
        house,
        HELD,
        HELD.c.person_id == cast.people["Nora"],
        from_on=DAY - timedelta(days=60),
    )
    for hour in (10, 15):
        with house.work(writes=True) as (unit, _):
            rounds.make(plans.begins(DAY, time(hour)))
            unit.commit()
    with house.work(writes=False):
        told = db.rows(notices.NOTICES.select().where(notices.NOTICES.c.reminder == news.IDLE))
    assert [(t.person_id, t.about_id, t.due_on) for t in told] == [
        (cast.people["Lise"], cast.people["Nora"], DAY)
    ]


def test_what_waits_is_told_to_whose_it_is(town):
    house, cast = town
    until = DAY + timedelta(weeks=4)
    with house.work(writes=True) as (unit, _):
        anna, lise = cast.people["Anna"], cast.people["Lise"]
        requirements.record(anna, CLEARANCE, DAY, until, pen(house, cast), by=lise)
        unit.commit()
    with house.work(writes=False):
        found = occasions.waits(clock.now())
    assert {(w.reminder, w.about_id, w.person_id) for w in found} == {
        (news.CLEARANCE, cast.people["Anna"], cast.people["Lise"])
    }
    assert sorted((until - w.on).days // 7 for w in found) == [2, 4, 8]


@pytest.fixture
def told_of(town):
    """Whom the round tells of it, with what it is about and the day."""
    house, _ = town

    def found(*reminders):
        with house.work(writes=False):
            waits = occasions.waits(clock.now())
        return {
            (w.reminder, w.about_id, w.person_id, w.on) for w in waits if w.reminder in reminders
        }

    return found


def wish(house, cast, name, about=None, kind=wishes.STOP):
    with house.work(writes=True) as (unit, _):
        here, made = cast.mentorships.get(about), uuid4()
        wishes.send(made, here, kind, None, pen(house, cast, name), by=cast.people[name])
        unit.commit()
    return made


def test_a_wish_is_told_to_the_leader_on_the_next_morning_until_they_have_talked(town, told_of):
    house, cast = town
    lise, lars = cast.people["Lise"], cast.people["Lars"]
    lead(house, cast, "Lars", "Havn")
    owned = MENTORSHIPS.c.id == cast.mentorships["Samir"]
    change(house, MENTORSHIPS, owned, leader_id=lars)
    bos, noras = wish(house, cast, "Bo", "Samir"), wish(house, cast, "Nora")
    tomorrow = DAY + timedelta(days=1)
    assert told_of(news.WISH) == {
        (news.WISH, bos, lars, tomorrow),  # the owner alone
        (news.WISH, noras, lise, tomorrow),
        (news.WISH, noras, lars, tomorrow),
    }
    with house.work(writes=True) as (unit, _):
        wishes.handle(wishes.one(noras), pen(house, cast), by=lise)
        wishes.withdraw(wishes.one(bos), pen(house, cast, "Bo"))
        unit.commit()
    assert told_of(news.WISH) == set()


def test_a_wish_is_not_told_to_an_owner_who_is_the_other_mentor(town, told_of):
    """Who else leads the branch hears of it."""
    house, cast = town
    lead(house, cast, "Anna", "Havn")
    owned = MENTORSHIPS.c.id == cast.mentorships["Samir"]
    change(house, MENTORSHIPS, owned, leader_id=cast.people["Anna"])
    bos = wish(house, cast, "Bo", "Samir")
    tomorrow = DAY + timedelta(days=1)
    assert told_of(news.WISH) == {(news.WISH, bos, cast.people["Lise"], tomorrow)}


@pytest.fixture
def expense(town):
    house, cast = town

    def ask():
        made = uuid4()
        with house.work(writes=True) as (unit, _):
            anna = cast.people["Anna"]
            mine = mentorships.of_mentor(anna, DAY)
            grants.ask(made, mine, DAY, 12_550, "Kaffe", pen(house, cast, "Anna"), by=anna)
            unit.commit()
        return made

    return ask


def why(house, cast):
    """Of Samir's mentorship, on Overblik."""
    with house.work(writes=False):
        found = tasks.overview(frozenset({cast.branches["Havn"]}), cast.people["Lise"], DAY)[0]
        return {reason.code for one in reasons.look(found, DAY) for reason in one.reasons}


def test_an_expense_waits_on_overblik_and_is_told_of_until_it_is_answered(town, told_of, expense):
    house, cast = town
    assert "expense" not in why(house, cast)
    made = expense()
    assert "expense" in why(house, cast)
    lise = cast.people["Lise"]
    assert told_of(news.EXPENSE) == {(news.EXPENSE, made, lise, DAY + timedelta(days=1))}
    with house.work(writes=True) as (unit, _):
        grants.answer(made, cast.participants["Samir"], False, pen(house, cast), by=lise)
        unit.commit()
    assert "expense" not in why(house, cast)
    assert told_of(news.EXPENSE) == set()


def test_no_expense_waits_where_the_fixed_amount_is_off(town, told_of, expense):
    house, cast = town
    expense()
    with house.work(writes=True) as (unit, _):
        grants.switch(cast.branches["Havn"], True, pen(house, cast))
        unit.commit()
    assert "expense" not in why(house, cast)
    assert told_of(news.EXPENSE) == set()


def test_what_waits_follows_the_branch_s_hours(town, cleared, expense):
    """A wish, a clearance and an expense, where the leader has moved the morning to seven."""
    house, cast = town
    wish(house, cast, "Nora")
    expense()
    cleared("Anna", until=DAY + timedelta(days=1, weeks=4))
    with house.work(writes=True) as (unit, _):
        hours.move(cast.branches["Havn"], DEFAULTS._replace(morning=time(7)), pen(house, cast))
        unit.commit()
    tomorrow = DAY + timedelta(days=1)
    seven = plans.begins(tomorrow, time(7))
    with house.work(writes=True) as (unit, _):
        rounds.make(seven)
        found = db.rows(notices.NOTICES.select().where(notices.NOTICES.c.due_on == tomorrow))
        unit.rollback()
    assert {(n.reminder, n.due_at) for n in found if n.reminder in news.WAITS} == {
        (news.WISH, seven),
        (news.EXPENSE, seven),
        (news.CLEARANCE, seven),
    }


@pytest.mark.parametrize(("days", "said"), [(31, False), (30, True), (-5, True)])
def test_a_partner_whose_yearly_look_is_near(town, days, said):
    house, cast = town
    with house.work(writes=True) as (unit, _):
        review = DAY + timedelta(days=days)
        terms = partners.Terms("other", "Biblioteket", None, None, None, None, review)
        lise = cast.people["Lise"]
        partners.save(uuid4(), cast.branches["Havn"], terms, pen(house, cast), by=lise)
        unit.commit()
    assert (("partner", "Biblioteket") in waiting(house, cast)) == said
    assert ("partner", "Biblioteket") not in waiting(house, cast, "Lars", "Skov")
