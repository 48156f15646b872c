"""Fravær: a range of days asks for all its weeks, which are flagged until they are taken."""

import pytest

from tests import html, stored, weeks
from tests.conftest import token_on
from tests.weeks import act, answer, holder, said, take, wednesday, week, with_cast

__all__ = ["wednesday", "with_cast"]
HERE = "/uger/fravaer"
FLAG = "Ikke dækket"
# Wednesday 25 November to Tuesday 15 December: a part of week 48, 49, 50 and a part of week 51.
THREE_WEEKS = {"from_on": "2026-11-25", "to_on": "2026-12-15"}


def opened(client):
    return weeks.opened(client, HERE, "absence-form")


def be_away(client, **changes):
    return client.post(HERE, data=opened(client) | THREE_WEEKS | changes)


def flagged(client):
    """The numbers of the weeks that Uger shows as not covered."""
    return [n for n, shown in weeks.strip(client).items() if FLAG in shown.text]


def asked(house):
    """The address of the one request there is."""
    (row,) = stored.rows(house, "handover")
    return f"{weeks.ASKED}/{row.id}"


def end(client, house, n=0):
    row = stored.rows(house, "absence")[n]
    return act(client, f"{HERE}/{row.id}/slut")


def test_a_range_asks_for_all_my_weeks_in_it_at_once(house, cast, anna, bo):
    before = stored.counts(house)
    sent = be_away(anna, going="Han er træt")
    assert (sent.status_code, sent.location) == (303, HERE)
    grown = stored.since(before, stored.counts(house))
    assert grown == {"absence": 1, "handover": 1, "handover_week": 2, "receipt": 1, "trail": 2}
    page = weeks.read(bo, asked(house))
    assert "Anna spørger, om du tager uge 48 og 50" in page
    assert "Han er træt" in page
    assert "Du er væk" in weeks.read(anna, HERE)
    assert "Anna er væk" in weeks.read(bo, HERE)
    (row,) = stored.rows(house, "absence")
    assert row.person_id == cast.people["Anna"]


def test_the_weeks_are_not_covered_until_they_are_accepted(house, anna, bo):
    be_away(anna)
    assert flagged(anna) == flagged(bo) == [48, 50]
    assert holder(bo, 48) == "Anna"  # and they are hers until then
    take(bo, asked(house), weeks=[week(48)])
    assert flagged(anna) == flagged(bo) == [50]
    assert answer(bo, asked(house), "nej").status_code == 303
    assert flagged(anna) == flagged(bo) == [50]


def test_the_leader_sees_a_week_soon_that_is_not_covered(house, signed_in, anna, bo):
    be_away(anna)
    lise = signed_in("Lise")
    row, *_ = html.read(lise.get("/leder").text).all("span", **{"class": "row-action"})
    assert row.text == "Uge 48 er ikke dækket"
    take(bo, asked(house), weeks=[week(48)])  # week 50 is further off than the overview looks
    assert "ikke dækket" not in weeks.read(lise, "/leder")


def test_absent_in_the_running_week_is_said_on_i_dag(house, anna, bo):
    be_away(bo, from_on="2026-11-18", to_on="2026-11-19")
    for client in (anna, bo):
        assert "Ugen er ikke dækket" in weeks.read(client, "/")
    take(anna, asked(house))
    for client in (anna, bo):
        assert "ikke dækket" not in weeks.read(client, "/")


def test_it_can_be_taken_back_and_what_is_unanswered_goes(house, anna, bo):
    be_away(anna)
    take(bo, asked(house), weeks=[week(48)])
    for _ in range(2):  # a second tap changes nothing
        ended = end(anna, house)
        assert (ended.status_code, ended.location) == (303, HERE)
    assert flagged(anna) == []
    assert "Du er væk" not in weeks.read(anna, HERE)
    assert "Venter på svar" not in said(anna, 50)
    assert holder(anna, 48) == "Bo"  # what was accepted stands
    assert "Trukket tilbage" in weeks.read(bo, asked(house))


def test_a_range_in_which_i_have_no_week_asks_for_nothing(house, anna):
    sent = be_away(anna, from_on="2026-11-30", to_on="2026-12-06")
    assert sent.status_code == 303
    assert len(stored.rows(house, "absence")) == 1
    assert stored.rows(house, "handover") == []
    assert flagged(anna) == []


def test_a_week_that_is_asked_for_already_is_not_asked_for_twice(house, anna):
    weeks.ask(anna, 48)
    be_away(anna)
    rows = stored.rows(house, "handover_week")
    assert sorted(str(row.monday) for row in rows) == ["2026-11-23", "2026-12-07"]
    assert flagged(anna) == [48, 50]


def test_who_is_away_in_a_week_taken_on_is_flagged_too(anna, bo):
    take(bo, weeks.ask(anna, 48))
    be_away(bo, from_on="2026-11-23", to_on="2026-11-29")
    assert flagged(anna) == [48]


def test_alone_one_can_be_away_all_the_same(house, cast, anna):
    weeks.leave(house, cast, "Bo")
    assert be_away(anna).status_code == 303
    assert stored.rows(house, "handover") == []
    assert {48, 50} <= set(flagged(anna))


@pytest.mark.parametrize(
    ("first", "last", "field", "why"),
    [
        ("2026-11-19", "2027-12-24", "to_on", "højst 26 uger frem"),  # 400 days
        ("2026-11-19", "2027-05-24", "to_on", "højst 26 uger frem"),  # the day after the last
        (
            "2026-12-15",
            "2026-11-25",
            "to_on",
            "Den sidste dag ligger før den første. Ret en af dem.",
        ),
        ("2026-11-17", "2026-11-20", "from_on", "Den dag er gået."),
        ("0001-01-01", "9999-12-31", "from_on", "Den dag er gået."),
        ("", "2026-11-20", "from_on", "Vælg en dato."),
        ("2026-11-20", "", "to_on", "Vælg en dato."),
        ("2027-02-29", "2027-03-02", "from_on", "Vælg en dato."),
        ("2026-11-20", "\x00", "to_on", "Vælg en dato."),
    ],
)
def test_a_range_that_cannot_be_is_refused_at_the_field(
    house, anna, silent, first, last, field, why
):
    before = stored.counts(house)
    sent = be_away(anna, from_on=first, to_on=last, going="Han er træt")
    assert sent.status_code == 422
    page = html.read(sent.text)
    assert why in html.error_at(page, field)
    kept = html.values(page.one("form", id="absence-form"))
    assert (kept["from_on"], kept["to_on"]) == ([first], [last])
    assert kept["going"] == ["Han er træt"]
    assert stored.counts(house) == before


def test_today_and_the_last_day_shown_are_taken(anna):
    assert be_away(anna, from_on="2026-11-18", to_on="2027-05-23").status_code == 303


@pytest.mark.parametrize(
    ("words", "why"),
    [("Ring 20304050", "telefonnummer"), ("x" * 1001, "1 tegn for lang")],
)
def test_wrong_words_are_refused_and_kept(house, anna, silent, words, why):
    before = stored.counts(house)
    sent = be_away(anna, going=words)
    assert sent.status_code == 422
    page = html.read(sent.text)
    assert why in html.error_at(page, "going")
    assert html.values(page.one("form", id="absence-form"))["going"] == [words]
    assert stored.counts(house) == before


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [("csrf_token", "x", 400), ("mentorship", "x", 404), ("id", "x", 404)],
)
def test_a_broken_form_stores_nothing(house, anna, field, value, status):
    before = stored.counts(house)
    assert be_away(anna, **{field: value}).status_code == status
    assert stored.counts(house) == before


def test_sent_twice_it_is_one_absence(house, anna):
    values = opened(anna) | THREE_WEEKS
    assert [anna.post(HERE, data=values).status_code for _ in range(2)] == [303, 303]
    assert len(stored.rows(house, "absence")) == len(stored.rows(house, "handover")) == 1
    other = anna.post(HERE, data=values | {"to_on": "2026-12-16"})
    assert other.status_code == 409
    kept = html.values(html.read(other.text).one("form", id="absence-form"))
    assert kept["id"] != values["id"]
    assert kept["to_on"] == ["2026-12-16"]


@pytest.mark.parametrize(
    ("name", "status"), [("Bo", 404), ("Mia", 404), ("Otto", 404), ("Nora", 404), ("Lise", 403)]
)
def test_only_who_is_away_takes_it_back(house, signed_in, anna, name, status):
    be_away(anna)
    client = signed_in(name)
    (row,) = stored.rows(house, "absence")
    token = token_on(client, "/mig")
    assert act(client, f"{HERE}/{row.id}/slut", token).status_code == status
    assert stored.rows(house, "absence")[0].taken_back_at is None
