"""Aftaler: the planned meetings of the pair."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
import time_machine

from app import clock, db
from app.domain import plans
from app.domain.mentorships import MENTORSHIPS, SEATS
from app.domain.plans import Terms
from tests import cast as casting
from tests import html, logs, stored
from tests.conftest import client_of, token_on
from tests.threads import at_once

SOON = clock.today() + timedelta(days=3)
ONE_PLAN = {"plan": 1, "receipt": 1, "trail": 1}


def read(client, path):
    return html.read(client.get(path).text)


def opened(client, path="/aftaler/ny"):
    return html.values(read(client, path).one(id="plan-form"))


def make(client, **changes):
    values = opened(client) | {"date": SOON.isoformat(), "at": "10:30"} | changes
    return client.post("/aftaler", data=values)


def made(client, **changes):
    """The path of a new plan."""
    answer = make(client, **changes)
    assert answer.status_code == 303, answer.text
    return answer.location


def move(client, path, **changes):
    return client.post(path, data=opened(client, path) | changes)


def press(client, path, verb):
    """One of the buttons on the page of a plan, as it stands there."""
    form = read(client, path).one("form", action=f"{path}/{verb}")
    return client.post(f"{path}/{verb}", data=html.values(form))


def facts(client, path):
    return facts_on(read(client, path))


def facts_on(page):
    """What stands on the card, a word between each label and what it says."""
    return " ".join(e.text for e in page.one("dl").walk() if e.tag in ("dt", "dd"))


@pytest.fixture
def without_mentor(house, cast):
    """The path of a plan that Mia, who has left, was to come to."""
    plan = uuid4()
    with house.work(writes=True) as (unit, _):
        mia = cast.people["Mia"]
        plans.add(cast.mentorships["Samir"], Terms(SOON, comes_id=mia), mia, plan_id=plan)
        unit.commit()
    return f"/aftaler/{plan}"


@pytest.mark.parametrize(
    ("who", "comes", "told", "the_other_reads"),
    [
        ("me", ("Anna", None), "Hvem kommer? dig", "Hvem kommer? Anna"),
        ("co", ("Bo", None), "Hvem kommer? Bo", "Hvem kommer? dig"),
        ("both", ("Anna", "Bo"), "Hvem kommer? dig og Bo", "Hvem kommer? dig og Anna"),
    ],
)
def test_both_read_the_same_plan(house, cast, anna, bo, who, comes, told, the_other_reads):
    path = made(anna, who=who, place="outside")
    (row,) = stored.rows(house, "plan")
    named = [cast.people[name] if name else None for name in comes]
    assert [row.comes_id, row.also_id] == named
    assert (row.on, row.at, row.place, row.sequence) == (SOON, time(10, 30), "outside", 0)
    assert told in facts(anna, path)
    assert the_other_reads in facts(bo, path)
    for client in (anna, bo):
        assert "10.30" in facts(client, path)
        assert "Ude" in facts(client, path)
    assert len(stored.acts(house, "planned")) == 1


def test_neither_time_nor_place_is_needed(house, anna):
    path = made(anna, at="", place="")
    (row,) = stored.rows(house, "plan")
    assert (row.at, row.place) == (None, None)
    assert "Ikke aftalt endnu" in facts(anna, path)


@pytest.mark.parametrize(
    ("typed", "at"), [("9:05", time(9, 5)), ("14.30", time(14, 30)), ("08:00:00", time(8))]
)
def test_a_time_is_read_as_people_write_it(house, anna, typed, at):
    made(anna, at=typed)
    assert [row.at for row in stored.rows(house, "plan")] == [at]


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("date", "", "Vælg en dato"),
        ("date", "x", "Vælg en dato"),
        ("date", (clock.today() - timedelta(days=1)).isoformat(), "højst 26 uger"),
        ("date", (clock.today() + timedelta(days=183)).isoformat(), "højst 26 uger"),
        ("at", "25:00", "klokkeslæt"),
        ("at", "kl. ti", "klokkeslæt"),
        ("at", "\u0661\u0660:30", "klokkeslæt"),  # digits that are not ours
        ("place", "moon", "en af mulighederne"),
        ("who", "all", "en af mulighederne"),
        ("who", "", "hvem der kommer"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    house, anna, silent, field, typed, why
):
    fine = {"date": SOON.isoformat(), "at": "10:30", "place": "home", "who": "both"}
    path = made(anna)
    before = stored.counts(house)
    for answer in (make(anna, **fine | {field: typed}), move(anna, path, **fine | {field: typed})):
        assert answer.status_code == 422
        page = html.read(answer.text)
        assert why in html.error_at(page, field)
        kept = html.values(page.one(id="plan-form"))
        for name, value in (fine | {field: typed}).items():
            if name not in ("place", "who") or name != field:  # no chip stands for what is none
                assert kept[name] == [value]
    assert stored.counts(house) == before


@pytest.mark.parametrize("days", [0, 182])
def test_today_and_the_last_day_of_26_weeks_are_fine(anna, days):
    path = made(anna, date=(clock.today() + timedelta(days=days)).isoformat())
    assert anna.get(path).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [("id", "x", 422), ("id", "", 422), ("csrf_token", "x", 400), ("mentorship", "x", 404)],
)
def test_a_broken_form_stores_nothing(house, anna, field, value, status):
    before = stored.counts(house)
    assert make(anna, **{field: value}).status_code == status
    assert stored.counts(house) == before


def test_an_old_token_gives_a_change_back_as_it_was_typed(house, anna):
    path = made(anna)
    before = stored.contents(house)
    answer = move(anna, path, csrf_token="x", at="11:45")
    assert answer.status_code == 400
    assert html.values(html.read(answer.text).one(id="plan-form"))["at"] == ["11:45"]
    assert stored.contents(house) == before


def test_sent_twice_it_is_planned_once(house, anna, bo):
    before = stored.counts(house)
    values = opened(anna) | {"date": SOON.isoformat()}
    first, second = (anna.post("/aftaler", data=values) for _ in range(2))
    assert first.location == second.location
    assert stored.since(before, stored.counts(house)) == ONE_PLAN
    other = anna.post("/aftaler", data=values | {"at": "12:00"})
    assert other.status_code == 409
    assert "allerede sendt" in html.summary(html.read(other.text))
    theirs = bo.post("/aftaler", data=opened(bo) | {"date": SOON.isoformat(), "id": values["id"]})
    assert theirs.status_code == 409
    again = html.values(html.read(theirs.text).one(id="plan-form"))
    assert again["id"] != values["id"]
    assert bo.post("/aftaler", data=again).status_code == 303


def test_either_of_the_two_moves_it_and_lets_the_other_come(house, cast, anna, bo):
    path = made(anna)
    later = SOON + timedelta(days=7)
    form = opened(bo, path)
    assert (form["date"], form["at"], form["who"]) == ([SOON.isoformat()], ["10:30"], ["co"])
    answer = move(bo, path, date=later.isoformat(), at="15:00", place="authority", who="me")
    assert (answer.status_code, answer.location) == (303, path)
    (row,) = stored.rows(house, "plan")
    assert (row.on, row.at, row.place, row.sequence) == (later, time(15), "authority", 1)
    assert (row.comes_id, row.also_id) == (cast.people["Bo"], None)
    assert "15.00" in facts(anna, path)
    assert len(stored.acts(house, "edited")) == 1


def test_a_move_sent_twice_counts_once(house, anna):
    path = made(anna)
    values = opened(anna, path) | {"at": "11:00"}
    assert [anna.post(path, data=values).status_code for _ in range(2)] == [303, 303]
    assert [row.sequence for row in stored.rows(house, "plan")] == [1]


def test_a_move_from_an_older_page_shows_how_it_stands(house, anna, bo):
    path = made(anna)
    old = opened(anna, path)
    move(bo, path, at="15:00")
    before = stored.contents(house)
    answer = anna.post(path, data=old | {"at": "11:00"})
    assert answer.status_code == 409
    page = html.read(answer.text)
    assert "ændret imens" in page.one("p", role="alert").text
    assert "15.00" in facts_on(page)
    assert html.values(page.one(id="plan-form"))["at"] == ["15:00"]
    assert stored.contents(house) == before


def test_either_calls_it_off_and_both_read_so(house, cast, anna, bo):
    path = made(anna)
    assert press(bo, path, "aflysning").status_code == 303
    (row,) = stored.rows(house, "plan")
    assert (row.cancelled_by, row.sequence) == (cast.people["Bo"], 1)
    assert "Aflyst af Bo" in facts(anna, path)
    assert "Aflyst af dig" in facts(bo, path)
    assert len(stored.acts(house, "called_off")) == 1


def test_what_is_called_off_is_neither_moved_nor_called_off_again(house, anna, bo):
    path = made(anna)
    form = opened(anna, path)
    verb = html.values(read(anna, path).one("form", action=f"{path}/aflysning"))
    press(bo, path, "aflysning")
    before = stored.contents(house)
    for answer in (
        anna.post(path, data=form | {"at": "11:00"}),
        anna.post(f"{path}/aflysning", data=verb),
        anna.post(f"{path}/overtagelse", data=verb),
    ):
        assert answer.status_code == 409
        page = html.read(answer.text)
        assert "ændret imens" in page.one("p", role="alert").text
        assert "Aflyst af Bo" in facts_on(page)
    assert stored.contents(house) == before


def test_of_two_at_once_one_is_first(any_app, any_cast, any_house):
    clients = [client_of(any_app, any_cast, name) for name in ("Anna", "Bo")]
    path = made(clients[0])
    forms = [opened(client, path) for client in clients]
    times = ("11:00", "12:00")
    sent = zip(clients, forms, times, strict=True)
    answers = at_once([lambda c=c, f=f, t=t: c.post(path, data=f | {"at": t}) for c, f, t in sent])
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    (row,) = stored.rows(any_house, "plan")
    assert row.sequence == 1
    assert f"{row.at:%H:%M}" == times[[a.status_code for a in answers].index(303)]


def test_the_one_who_stays_takes_it(house, cast, anna, bo, without_mentor):
    assert "uden mentor" in anna.get(without_mentor).text
    form = html.values(read(bo, without_mentor).one("form", action=f"{without_mentor}/overtagelse"))
    assert press(anna, without_mentor, "overtagelse").status_code == 303
    (row,) = stored.rows(house, "plan")
    assert (row.comes_id, row.also_id, row.sequence) == (cast.people["Anna"], None, 1)
    assert "Hvem kommer? dig" in facts(anna, without_mentor)
    assert "uden mentor" not in anna.get(without_mentor).text
    late = bo.post(f"{without_mentor}/overtagelse", data=form)
    assert late.status_code == 409
    assert "Hvem kommer? Anna" in facts_on(html.read(late.text))
    assert len(stored.acts(house, "took_on")) == 1


def test_what_is_past_is_not_taken_over(house, cast, anna):
    past = uuid4()
    with house.work(writes=True) as (unit, _):
        terms = Terms(clock.today() - timedelta(days=1), comes_id=cast.people["Mia"])
        plans.add(cast.mentorships["Samir"], terms, cast.people["Mia"], plan_id=past)
        unit.commit()
    assert "uden mentor" not in anna.get(f"/aftaler/{past}").text
    token = {"csrf_token": token_on(anna, "/mig"), "sequence": "0"}
    assert anna.post(f"/aftaler/{past}/overtagelse", data=token).status_code == 409
    assert [row.sequence for row in stored.rows(house, "plan")] == [0]


def test_a_meeting_that_somebody_comes_to_is_not_taken_over(house, anna, bo):
    path = made(anna)
    before = stored.contents(house)
    token = {"csrf_token": token_on(bo, path), "sequence": "0"}
    assert bo.post(f"{path}/overtagelse", data=token).status_code == 409
    assert stored.contents(house) == before


def test_who_has_left_comes_no_more(house, cast, anna, bo):
    path = made(anna, who="both")
    _leave(house, cast.people["Bo"], clock.today())
    assert facts(anna, path).endswith("Hvem kommer? dig")
    answer = make(anna, who="co")
    assert "ikke med i forløbet den dag" in html.error_at(html.read(answer.text), "who")
    _leave(house, cast.people["Anna"], clock.today())
    assert "Du er ikke med" in html.error_at(html.read(make(anna, who="me").text), "who")


def test_nothing_is_planned_after_the_end(house, cast, anna):
    ended = MENTORSHIPS.update().values(ended_on=SOON)
    with house.work(writes=True) as (unit, _):
        db.connection().execute(ended.where(MENTORSHIPS.c.id == cast.mentorships["Samir"]))
        unit.commit()
    made(anna)
    answer = make(anna, date=(SOON + timedelta(days=1)).isoformat())
    assert "Forløbet er slut" in html.error_at(html.read(answer.text), "date")


def test_another_mentorship_s_does_not_exist(house, cast, anna, signed_in):
    path = made(anna)
    token = {"csrf_token": token_on(anna, "/mig"), "sequence": "0", "date": SOON.isoformat()}
    before = stored.contents(house)
    for name in ("Otto", "Mia", "Nora"):
        other = signed_in(name)
        token["csrf_token"] = token_on(other, "/mig")
        for ask in (path, f"{path}/kalender.ics"):
            assert other.get(ask).status_code == 404
        for verb in ("", "/aflysning", "/overtagelse"):
            assert other.post(path + verb, data=token | {"who": "me"}).status_code == 404
    jonas = str(cast.mentorships["Jonas"])
    assert make(anna, mentorship=jonas).status_code == 404
    assert {n: r for n, r in stored.contents(house).items() if n != "sign_in"} == {
        n: r for n, r in before.items() if n != "sign_in"
    }


def test_who_has_no_participant_is_told_so(signed_in):
    answer = signed_in("Nora").get("/aftaler/ny")
    assert answer.status_code == 200
    assert "ingen deltager" in answer.text


def test_a_day_can_be_brought_along(anna):
    assert opened(anna, f"/aftaler/ny?dato={SOON}")["date"] == [SOON.isoformat()]
    assert opened(anna)["date"] == [""]


def test_called_off_ahead_it_is_logged_for_today_in_one_tap(house, anna, bo):
    path = made(anna)
    press(anna, path, "aflysning")
    form = read(anna, path).one(id="cancelled-form")
    assert html.buttons(form) == [("outcome", "cancelled")]
    answer = anna.post("/moeder", data=html.values(form) | {"outcome": "cancelled"})
    assert answer.status_code == 303
    (row,) = stored.rows(house, "meeting")
    assert (row.outcome, row.held_on) == ("cancelled", clock.today())
    for client in (anna, bo):
        page = read(client, path)
        assert not page.all(id="cancelled-form")
        assert page.all("a", href=f"/moeder/{row.id}")


def test_a_meeting_of_the_log_form_has_a_page_and_names_who_comes(house, cast, anna, bo):
    logs.log(anna, next_date=SOON.isoformat(), next_who="co")
    (row,) = stored.rows(house, "plan")
    assert (row.comes_id, row.also_id, row.at) == (cast.people["Bo"], None, None)
    assert "Hvem kommer? dig" in facts(bo, f"/aftaler/{row.id}")


def test_what_was_changed_since_stays_when_its_log_is_taken_back(house, anna, bo):
    meeting = logs.log(anna, next_date=SOON.isoformat(), next_who="both")
    (row,) = stored.rows(house, "plan")
    move(bo, f"/aftaler/{row.id}", at="12:00")
    token = {"csrf_token": token_on(anna, f"/moeder/{meeting}")}
    assert anna.post(f"/moeder/{meeting}/tilbagetagning", data=token).status_code == 303
    (kept,) = stored.rows(house, "plan")
    assert (kept.id, kept.meeting_id) == (row.id, None)


def test_the_next_meeting_stands_on_i_dag_with_its_time(anna, bo):
    made(anna)
    for client, who in ((anna, "dig"), (bo, "Anna")):
        assert f"kl. 10.30 {who}" in html.read(client.get("/").text).text


@pytest.fixture
def on_day(app, house):
    """Anna on some day of the calendar, and what moves the clock."""

    def arrived(instant):
        traveller = time_machine.travel(instant, tick=False)
        started.append(traveller)
        coordinates = traveller.start()
        called = casting.call(house, clock.today())
        return client_of(app, called, "Anna"), coordinates, called

    started = []
    yield arrived
    for traveller in started:
        traveller.stop()


def test_when_its_day_has_come_it_is_logged_from_here(app, on_day):
    anna, traveller, _ = on_day(datetime(2026, 3, 2, 10, tzinfo=UTC))
    path = made(anna, date="2026-03-05")
    assert "/moeder/ny?dato=" not in anna.get(path).text
    traveller.shift(timedelta(days=3))
    assert "/moeder/ny?dato=2026-03-05" in anna.get(path).text
    traveller.shift(timedelta(days=2))
    press(anna, path, "aflysning")
    form = read(anna, path).one(id="cancelled-form")
    answer = anna.post("/moeder", data=html.values(form) | {"outcome": "cancelled"})
    assert answer.status_code == 303
    (row,) = stored.rows(app.extensions["house"], "meeting")
    assert row.held_on == date(2026, 3, 5)


def test_one_in_the_past_is_moved_only_ahead(app, on_day):
    anna, traveller, _ = on_day(datetime(2026, 3, 2, 10, tzinfo=UTC))
    path = made(anna, date="2026-03-05")
    traveller.shift(timedelta(days=7))
    for day in ("2026-03-05", "2026-03-06", "2026-03-08"):
        answer = move(anna, path, date=day, at="09:00")
        assert "i dag eller en senere" in html.error_at(html.read(answer.text), "date")
    assert move(anna, path, date="2026-03-09").status_code == 303


def test_a_time_that_the_clocks_skip_is_refused(app, on_day):
    anna, _, _ = on_day(datetime(2026, 3, 2, 10, tzinfo=UTC))
    answer = make(anna, date="2026-03-29", at="02:30")
    assert answer.status_code == 422
    assert "findes ikke den nat" in html.error_at(html.read(answer.text), "at")
    made(anna, date="2026-03-29", at="03:00")
    path = made(anna, date="2026-03-28", at="02:30")
    assert move(anna, path, date="2026-03-29").status_code == 422


def test_a_time_that_comes_twice_is_the_first(app, on_day):
    anna, _, _ = on_day(datetime(2026, 10, 1, 10, tzinfo=UTC))
    path = made(anna, date="2026-10-25", at="02:30")
    assert "02.30" in facts(anna, path)
    (row,) = stored.rows(app.extensions["house"], "plan")
    assert plans.begins(row.on, row.at) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def _leave(house, person, day):
    with house.work(writes=True) as (unit, _):
        left = SEATS.update().where(SEATS.c.person_id == person).values(to_on=day)
        db.connection().execute(left)
        unit.commit()
