"""Jeg vil stoppe eller skifte: to the leader, and to nobody else."""

import pytest

from app import clock
from tests import html, stored
from tests.conftest import token_on

HERE = "/mig/stop"
WORDS = "Mit arbejde fylder for meget"


def opened(client):
    return html.values(html.read(client.get(HERE).text).one(id="wish-form"))


def send(client, **changes):
    return client.post(HERE, data=opened(client) | {"choice": "stop", "words": WORDS} | changes)


def withdraw(client, values=None):
    page = html.read(client.get(HERE).text)
    sent = values or html.values(page.one(id="withdraw-form"))
    return client.post(f"{HERE}/tilbagetraekning", data=sent)


def talked(client, wish):
    token = {"csrf_token": token_on(client, "/mig")}
    return client.post(f"/leder/oensker/{wish}/talt", data=token)


def words(answer):
    return html.read(answer.text).text


@pytest.fixture
def lise(signed_in):
    return signed_in("Lise")


@pytest.fixture
def overview(cast):
    return f"/leder/forloeb/{cast.mentorships['Samir']}"


def test_it_stands_under_mig_for_mentors_only(signed_in, anna):
    assert HERE in anna.get("/mig").text
    for name in ("Lise", "Karen"):
        assert HERE not in signed_in(name).get("/mig").text
        assert signed_in(name).get(HERE).status_code == 403


def test_it_says_what_happens_next(anna):
    page = words(anna.get(HERE))
    assert "En aktivitetsleder ringer til dig inden for nogle dage" in page
    assert "Intet ændrer sig, før I to har talt sammen" in page
    assert "Aktivitetslederen fortæller det til Bo. Det gør appen ikke." in page
    assert "60 dage" in page


def test_the_mentor_sees_what_was_sent(house, cast, anna):
    answer = send(anna)
    assert (answer.status_code, answer.location) == (303, HERE)
    page = words(anna.get(HERE))
    assert "Jeg vil stoppe som mentor" in page
    assert WORDS in page
    (row,) = stored.rows(house, "wish")
    assert (row.person_id, row.mentorship_id) == (cast.people["Anna"], cast.mentorships["Samir"])
    assert len(stored.acts(house, "asked")) == 1


def test_a_mentor_can_wish_for_another_co_mentor(cast, signed_in, anna, bo, lise, overview):
    assert send(anna, choice="co_mentor").status_code == 303
    assert "Jeg vil skifte medmentor" in words(anna.get(HERE))
    assert "Anna vil skifte medmentor" in words(lise.get(overview))
    for path in ("/", "/forloeb", "/forloeb/traad"):
        assert "skifte medmentor" not in bo.get(path).text


def test_who_has_no_co_mentor_cannot_wish_for_another(house, signed_in):
    nora = signed_in("Nora")
    assert "Jeg vil skifte medmentor" not in words(nora.get(HERE))
    answer = send(nora, choice="co_mentor")
    assert answer.status_code == 422
    page = html.read(answer.text)
    assert html.error_at(page, "choice") == "Vælg, om du vil stoppe eller skifte."
    assert html.values(page.one(id="wish-form"))["words"] == [WORDS]
    assert stored.rows(house, "wish") == []


def test_the_leader_of_the_branch_sees_it_and_nobody_else(cast, signed_in, bo, lise, overview):
    send(bo, choice="change")
    page = words(lise.get(overview))
    assert "Bo vil skifte forløb" in page
    assert WORDS in page
    for name in ("Lars", "Anna", "Karen", "Mia", "Otto", "Nora"):
        client = signed_in(name)
        for path in (overview, "/leder", "/konsulent", "/", "/forloeb", "/forloeb/traad", HERE):
            page = client.get(path).text
            assert WORDS not in page, f"{name} on {path}"
            assert "vil skifte forløb" not in page.replace("Jeg vil skifte forløb", "")


def test_to_read_it_is_a_reading(house, cast, bo, lise, overview):
    send(bo)
    lise.get(overview)
    subjects = {act.subject_id for act in stored.acts(house, "read")}
    assert cast.people["Bo"] in subjects


def test_it_is_handled_once(house, cast, bo, lise, overview):
    send(bo)
    (wish,) = stored.rows(house, "wish")
    answer = talked(lise, wish.id)
    assert (answer.status_code, answer.location) == (303, overview)
    assert WORDS not in lise.get(overview).text
    assert talked(lise, wish.id).status_code == 303
    (act,) = stored.acts(house, "settled")
    assert (act.actor_id, act.object_id) == (cast.people["Lise"], wish.id)
    assert "at I har talt sammen" in words(bo.get(HERE))
    assert opened(bo)["id"] != [str(wish.id)]


@pytest.mark.parametrize(
    ("name", "status"), [("Lars", 404), ("Anna", 403), ("Bo", 403), ("Karen", 403)]
)
def test_only_a_leader_of_the_branch_handles_it(house, signed_in, bo, name, status):
    send(bo)
    (wish,) = stored.rows(house, "wish")
    assert talked(signed_in(name), wish.id).status_code == status
    assert stored.rows(house, "wish")[0].handled_at is None


def test_who_comes_after_another_leader_gets_a_calm_page(house, cast, bo, lise):
    send(bo)
    (wish,) = stored.rows(house, "wish")
    assert withdraw(bo).status_code == 303
    answer = talked(lise, wish.id)
    assert answer.status_code == 409
    assert "Mentoren har trukket det tilbage" in words(answer)
    assert stored.acts(house, "settled") == []


def test_it_can_be_taken_back_and_the_words_are_gone(house, bo, lise, overview):
    send(bo)
    assert withdraw(bo).status_code == 303
    assert WORDS not in lise.get(overview).text
    (row,) = stored.rows(house, "wish")
    assert row.words_ct is None
    assert opened(bo)


def test_it_cannot_be_taken_back_once_it_was_talked_about(house, bo, lise):
    send(bo)
    values = html.values(html.read(bo.get(HERE).text).one(id="withdraw-form"))
    (wish,) = stored.rows(house, "wish")
    talked(lise, wish.id)
    answer = withdraw(bo, values)
    assert answer.status_code == 409
    assert "allerede noteret" in words(answer)


def test_only_its_author_takes_it_back(house, anna, bo):
    send(bo)
    values = html.values(html.read(bo.get(HERE).text).one(id="withdraw-form"))
    stolen = values | {"csrf_token": opened(anna)["csrf_token"]}
    assert withdraw(anna, stolen).status_code == 404
    assert stored.rows(house, "wish")[0].withdrawn_at is None


def test_one_waits_at_a_time_and_nothing_typed_is_lost(house, bo):
    late = opened(bo) | {"choice": "change", "words": "Skrevet på den anden telefon"}
    send(bo)
    answer = bo.post(HERE, data=late)
    assert answer.status_code == 409
    assert "Du har allerede sendt et ønske" in words(answer)
    assert "Skrevet på den anden telefon" in words(answer)
    assert len(stored.rows(house, "wish")) == 1


def test_sent_twice_it_is_one(house, bo):
    values = opened(bo) | {"choice": "stop", "words": WORDS}
    assert [bo.post(HERE, data=values).status_code for _ in range(2)] == [303, 303]
    assert len(stored.rows(house, "wish")) == len(stored.acts(house, "asked")) == 1


def test_the_words_are_optional(house, bo, lise, overview):
    assert send(bo, words="").status_code == 303
    assert "Bo vil stoppe som mentor" in words(lise.get(overview))


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("choice", "", "Vælg, om du vil stoppe eller skifte"),
        ("choice", "leave", "Vælg en af mulighederne"),
        ("words", "Ring 20 30 40 50", "telefonnummer"),
        ("words", "Skriv til mig@eksempel.dk", "e-mailadresse"),
        ("words", "010190-1234", "CPR-nummer"),
        ("words", "x" * 1001, "1 tegn for lang"),
    ],
)
def test_what_is_wrong_is_refused_at_the_field_and_kept(house, anna, silent, field, value, why):
    before = stored.counts(house)
    answer = send(anna, **{field: value})
    page = html.read(answer.text)
    assert answer.status_code == 422
    assert why in html.error_at(page, field)
    kept = html.values(page.one(id="wish-form"))
    assert kept["words"] == [value if field == "words" else WORDS]
    assert field == "choice" or kept["choice"] == ["stop"]
    assert stored.counts(house) == before


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [("id", "x", 422), ("csrf_token", "x", 400), ("mentorship", "x", 404), ("mentorship", "", 404)],
)
def test_a_broken_form_stores_nothing(house, anna, field, value, status):
    before = stored.counts(house)
    assert send(anna, **{field: value}).status_code == status
    assert stored.counts(house) == before


def test_an_id_of_somebody_else_s_stores_nothing(house, anna, bo):
    values = opened(bo) | {"choice": "stop", "words": WORDS}
    bo.post(HERE, data=values)
    answer = send(anna, id=values["id"])
    assert answer.status_code == 409
    assert len(stored.rows(house, "wish")) == 1
    assert html.values(html.read(answer.text).one(id="wish-form"))["words"] == [WORDS]


def test_a_mentor_without_a_participant_wishes_to_the_leaders_of_the_branch(
    house, signed_in, lise, overview
):
    nora = signed_in("Nora")
    assert send(nora).status_code == 303
    assert "Nora vil stoppe som mentor" in words(lise.get("/leder"))
    assert WORDS not in lise.get(overview).text
    lars = signed_in("Lars")
    assert WORDS not in lars.get("/leder").text
    (wish,) = stored.rows(house, "wish")
    assert talked(lars, wish.id).status_code == 404
    answer = talked(lise, wish.id)
    assert (answer.status_code, answer.location) == (303, "/leder")
    assert WORDS not in lise.get("/leder").text


def test_an_erased_mentor_takes_no_page_from_the_leader(house, cast, bo, lise, overview):
    send(bo)
    house.keys.erase(cast.people["Bo"], clock.today())
    page = lise.get(overview)
    assert page.status_code == 200
    assert WORDS not in page.text
    assert bo.get(HERE).status_code == 200


def test_it_lies_sealed_in_the_file(house, settings, bo):
    send(bo)
    files = [f for f in settings.instance.iterdir() if f.is_file()]
    assert files
    assert not [f.name for f in files if WORDS.encode() in f.read_bytes()]
