"""What a leader does about the weeks: hand over at once, change the rhythm, end a seat."""

from datetime import date

import pytest

from app import db
from app.domain.people import LEADER, Role
from tests import html, stored, weeks
from tests.conftest import client_of, token_on
from tests.threads import at_once
from tests.weeks import act, ask, holder, wednesday, week, with_cast

__all__ = ["wednesday", "with_cast"]
MESSAGE = "Anna er syg, og hun ringer selv til dig"


@pytest.fixture
def lise(signed_in):
    return signed_in("Lise")


@pytest.fixture
def here(cast):
    return f"/leder/forloeb/{cast.mentorships['Samir']}"


@pytest.fixture
def give(cast, lise, here):
    """Lise gives weeks of 2026 to somebody."""

    def send(name, *numbers, **changes):
        values = weeks.opened(lise, f"{here}/uger", "give-form")
        chosen = {"weeks": [week(n) for n in numbers], "taker": person(cast, name)}
        return lise.post(f"{here}/uger", data=values | chosen | changes)

    return send


@pytest.fixture
def set_rhythm(cast, lise, here):
    """Lise says who begins and how many weeks each has, from a week on."""

    def send(name, number, count, **changes):
        values = weeks.opened(lise, f"{here}/uger", "rhythm-form")
        chosen = {"monday": week(number), "first": person(cast, name), "in_a_row": count}
        return lise.post(f"{here}/rytme", data=values | chosen | changes)

    return send


@pytest.fixture
def end_seat(cast, lise, here):
    def send(name, **changes):
        values = weeks.opened(lise, f"{here}/uger", "leave-form")
        chosen = {"person": person(cast, name), "sure": "y"}
        return lise.post(f"{here}/plads", data=values | chosen | changes)

    return send


def person(cast, name):
    return str(cast.people.get(name, name))


def holders(client, *numbers):
    return [holder(client, number) for number in numbers]


# Handed over


def test_the_weeks_move_at_once_and_the_taker_reads_the_message_on_i_dag(
    house, anna, bo, here, give
):
    sent = give("Bo", 48, 50, message=MESSAGE)
    assert (sent.status_code, sent.location) == (303, f"{here}/uger")
    assert holders(bo, 47, 48, 49, 50) == ["Dig"] * 4
    assert holders(anna, 48, 50) == ["Bo", "Bo"]
    today = html.read(bo.get("/").text)
    assert "Aktivitetslederen skriver" in today.text
    assert MESSAGE in today.text
    assert MESSAGE not in weeks.read(anna, "/")
    (row,) = stored.rows(house, "handover")
    page = weeks.read(bo, f"{weeks.ASKED}/{row.id}")
    assert "Aktivitetslederen har givet dig uge 48 og 50" in page
    assert act(bo, f"{weeks.ASKED}/{row.id}/laest", fra="i-dag").location == "/"
    assert MESSAGE not in weeks.read(bo, "/")
    assert len(stored.acts(house, "handed_over")) == 1


def test_the_taker_is_told_also_without_a_message(house, bo, give):
    give("Bo", 48)
    assert "Du har fået en eller flere uger." in weeks.read(bo, "/")
    (row,) = stored.rows(house, "handover")
    act(bo, f"{weeks.ASKED}/{row.id}/laest", fra="i-dag")
    assert "Du har fået" not in weeks.read(bo, "/")


def test_open_requests_for_those_weeks_end_and_the_others_wait(anna, bo, give):
    path = ask(anna, 48, 50)
    give("Bo", 48)
    assert "Uge 48: Gælder ikke længere" in weeks.read(bo, path)
    assert html.values(html.read(bo.get(path).text).one(id="answer-form"))["weeks"] == [week(50)]


def test_a_swap_of_which_a_week_is_moved_ends_whole(anna, bo, give):
    path = ask(anna, 48, take=[week(51)])
    give("Bo", 48)
    assert "answer-form" not in bo.get(path).text
    assert holders(anna, 48, 51) == ["Bo", "Bo"]


def test_an_empty_seat_s_weeks_can_be_given_to_the_one_who_stays(house, cast, anna, give):
    weeks.leave(house, cast, "Bo")
    assert give("Anna", 49).status_code == 303
    assert holders(anna, 47, 49, 51) == ["Ingen har ugen", "Dig", "Ingen har ugen"]


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"weeks": []}, "weeks", "Vælg mindst én uge."),
        ({"weeks": ["2026-W49"]}, "weeks", "har allerede uge 49"),
        ({"weeks": ["2026-W46"]}, "weeks", "Uge 46 er gået."),
        ({"weeks": ["2027-W21"]}, "weeks", "højst 26 uger frem"),
        ({"weeks": ["2027-W53"]}, "weeks", "Den uge findes ikke."),
        ({"message": "Ring 20304050"}, "message", "telefonnummer"),
        ({"message": "x" * 1001}, "message", "1 tegn for lang"),
    ],
)
def test_what_cannot_be_given_is_refused_at_the_field(
    house, cast, give, silent, changes, field, why
):
    before = stored.counts(house)
    wanted = {"message": "Anna er syg"} | changes
    sent = give("Bo", 48, **wanted)
    assert sent.status_code == 422
    page = html.read(sent.text)
    assert why in html.error_at(page, field)
    kept = html.values(page.one("form", id="give-form"))
    assert kept["message"] == [wanted["message"]]
    if "weeks" not in changes:
        assert kept["weeks"] == [week(48)]
    assert kept["taker"] == [person(cast, "Bo")]
    assert stored.counts(house) == before


def test_only_who_sits_in_the_pair_can_take_a_week(house, cast, give):
    for name in ("", "x", "Otto", "Mia"):  # Mia has left
        sent = give("Bo", 48, taker=person(cast, name))
        assert sent.status_code == 422
        page = html.read(sent.text)
        assert html.error_at(page, "taker") == "Vælg, hvem der tager ugerne."
        assert html.values(page.one("form", id="give-form"))["weeks"] == [week(48)]
    assert stored.rows(house, "handover") == []


def test_sent_twice_it_is_given_once(house, cast, lise, here):
    values = weeks.opened(lise, f"{here}/uger", "give-form")
    values |= {"weeks": [week(48)], "taker": person(cast, "Bo")}
    sent = [lise.post(f"{here}/uger", data=values).status_code for _ in range(2)]
    assert sent == [303, 303]
    assert len(stored.rows(house, "handover")) == len(stored.acts(house, "handed_over")) == 1
    other = lise.post(f"{here}/uger", data=values | {"weeks": [week(50)]})
    assert other.status_code == 409
    kept = html.values(html.read(other.text).one("form", id="give-form"))
    assert kept["id"] != values["id"]
    assert kept["weeks"] == [week(50)]


# The rhythm


def test_a_rhythm_counts_from_its_week_on(house, anna, here, set_rhythm):
    sent = set_rhythm("Bo", 50, "2")
    assert (sent.status_code, sent.location) == (303, f"{here}/uger")
    assert holders(anna, 48, 49, 50, 51, 52, 53) == ["Dig", "Bo", "Bo", "Bo", "Dig", "Dig"]
    assert len(stored.acts(house, "edited")) == 1


def test_a_rhythm_set_again_from_the_same_week_takes_the_place_of_the_first(
    house, anna, set_rhythm
):
    for first, in_a_row in (("Bo", "2"), ("Anna", "3"), ("Bo", "1")):
        assert set_rhythm(first, 50, in_a_row).status_code == 303
    assert holders(anna, 49, 50, 51, 52) == ["Bo", "Bo", "Dig", "Bo"]
    (row,) = stored.rows(house, "rhythm")
    assert (row.first_place, row.in_a_row) == (2, 1)


def test_a_rhythm_moves_no_week_that_was_taken(anna, bo, set_rhythm):
    weeks.take(bo, ask(anna, 50))
    set_rhythm("Anna", 50, "2")
    assert holders(anna, 50, 51, 52) == ["Bo", "Dig", "Bo"]


def test_requests_that_a_rhythm_overtakes_end(anna, bo, set_rhythm):
    overtaken, kept = ask(anna, 50), ask(anna, 48)
    set_rhythm("Bo", 50, "1")
    assert "Gælder ikke længere" in weeks.read(anna, overtaken)
    assert "answer-form" in bo.get(kept).text


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"monday": "2026-W46"}, "Uge 46 er gået."),
        ({"monday": "2027-W53"}, "Vælg en uge"),
        ({"monday": ""}, "Vælg en uge"),
        ({"first": "Otto"}, "Vælg en uge, hvem der begynder"),
        ({"in_a_row": "0"}, "hvor mange uger i træk"),
        ({"in_a_row": "9" * 5000}, "hvor mange uger i træk"),
    ],
)
def test_a_rhythm_that_cannot_be_is_refused(house, cast, set_rhythm, silent, changes, why):
    changes = {name: person(cast, value) for name, value in changes.items()}
    before = stored.counts(house)
    sent = set_rhythm("Bo", 50, "2", **changes)
    assert sent.status_code == 422
    page = html.read(sent.text)
    assert why in html.error_at(page, "monday")
    kept = html.values(page.one("form", id="rhythm-form"))
    if "first" not in changes:
        assert kept["first"] == [person(cast, "Bo")]
    if "monday" in changes and changes["monday"] == "":
        assert kept["in_a_row"] == ["2"]
    assert stored.counts(house) == before


# A seat


def test_access_ends_at_once_and_the_other_is_told(house, lise, anna, bo, here, end_seat):
    """T2: a seat that ends takes the mentorship with it."""
    path = ask(anna, 48)
    assert bo.get(path).status_code == 200
    assert end_seat("Bo").status_code == 303
    for page in (path, weeks.ASKED, here):
        assert bo.get(page).status_code in (404, 403)
    assert "Samir" not in weeks.read(bo, "/") + weeks.read(bo, "/forloeb")
    assert "Bo er ikke længere mentor her" in weeks.read(anna, "/")
    assert "Gælder ikke længere" in weeks.read(anna, path)
    assert holders(anna, 47, 48) == ["Ingen har ugen", "Dig"]
    assert "Ikke dækket" in weeks.said(anna, 47)
    row, *_ = html.read(lise.get("/leder").text).all("span", **{"class": "row-action"})
    assert row.text == "Mangler en mentor"
    assert len(stored.acts(house, "left")) == 1


def test_what_the_leaver_had_taken_goes_back(anna, bo, end_seat):
    weeks.take(bo, ask(anna, 48))
    end_seat("Bo")
    assert holder(anna, 48) == "Dig"


@pytest.mark.parametrize("changes", [{"sure": ""}, {"person": ""}, {"person": "Otto"}])
def test_a_seat_ends_only_when_the_leader_is_sure_whose(house, cast, end_seat, changes):
    changes = {name: person(cast, value) for name, value in changes.items()}
    before = stored.contents(house)
    sent = end_seat("Bo", **changes)
    assert sent.status_code == 422
    page = html.read(sent.text)
    assert "Vælg, hvem der stopper" in html.error_at(page, "person")
    if "sure" in changes:
        assert html.values(page.one("form", id="leave-form"))["person"] == [person(cast, "Bo")]
    assert stored.contents(house) == before


def test_a_seat_that_has_ended_is_not_ended_again(house, end_seat):
    end_seat("Bo")
    before = stored.contents(house)
    assert end_seat("Bo").status_code == 422
    assert stored.contents(house) == before


def test_asking_and_leaving_at_one_moment_leave_no_open_request(any_app, any_house, any_cast):
    here = f"/leder/forloeb/{any_cast.mentorships['Samir']}"
    anna, lise = (client_of(any_app, any_cast, name) for name in ("Anna", "Lise"))
    sent = weeks.opened(anna) | {"weeks": [week(48), week(50)]}
    left = weeks.opened(lise, f"{here}/uger", "leave-form")
    left |= {"person": person(any_cast, "Anna"), "sure": "y"}
    asked, ended = at_once(
        [
            lambda: anna.post(weeks.ASKED, data=sent),
            lambda: lise.post(f"{here}/plads", data=left),
        ]
    )
    assert ended.status_code == 303
    assert asked.status_code in (303, 404, 422)
    made = stored.rows(any_house, "handover_week")
    outcomes = [row.outcome for row in stored.rows(any_house, "handover_answer")]
    assert outcomes == ["lapsed"] * len(made)


# Whose it is


VERBS = {
    "uger": {"weeks": ["2026-W48"], "id": "0f8fad5b-d9cb-469f-a165-70867728950e"},
    "rytme": {"monday": "2026-W48", "in_a_row": "2"},
    "plads": {"sure": "y"},
}


@pytest.mark.parametrize(
    ("name", "status"), [("Lars", 404), ("Karen", 403), ("Bo", 403), ("Mia", 403)]
)
def test_only_a_leader_of_the_branch_does_it(house, cast, signed_in, here, name, status):
    refused_everywhere(house, cast, signed_in(name), here, status)


def test_nobody_does_it_for_the_own_pair(house, cast, signed_in, here):
    with house.work(writes=True) as (unit, _):
        branch, by = cast.branches["Havn"], cast.people["Anna"]
        role = Role(person_id=by, role=LEADER, branch_id=branch, from_on=cast.seated)
        db.session().add(role)
        unit.commit()
    refused_everywhere(house, cast, signed_in("Anna"), here, 404)


def refused_everywhere(house, cast, client, here, status):
    token, before = token_on(client, "/mig"), stored.contents(house)
    assert client.get(f"{here}/uger").status_code == status
    bo = person(cast, "Bo")
    for verb, sent in VERBS.items():
        values = sent | {"taker": bo, "first": bo, "person": bo}
        assert act(client, f"{here}/{verb}", token, **values).status_code == status
    assert stored.contents(house) == before


def test_a_mentorship_that_has_ended_has_no_weeks_to_move(house, cast, lise, here):
    with house.data.begin() as connection:
        lives = stored.TABLES["mentorship"]
        this = lives.c.id == cast.mentorships["Samir"]
        connection.execute(lives.update().where(this).values(ended_on=date(2026, 11, 17)))
    refused_everywhere(house, cast, lise, here, 404)


@pytest.mark.parametrize("verb", VERBS)
def test_a_token_that_is_too_old_gives_the_page_back(house, cast, lise, here, verb):
    before = stored.contents(house)
    sent = VERBS[verb] | {"taker": person(cast, "Bo"), "message": MESSAGE}
    answer = act(lise, f"{here}/{verb}", "x", **sent)
    assert answer.status_code == 400
    assert "Siden har været åben for længe" in html.summary(html.read(answer.text))
    assert verb != "uger" or MESSAGE in answer.text
    assert stored.contents(house) == before
