"""Henvisninger: from the social worker's call to "ready for a match", one step at a time."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app import clock, db
from app.domain import consents, referrals
from app.domain.referrals import INTERVIEWED, RECEIVED, SCREENED
from tests import html, stored
from tests.web.conftest import RELEASE, town

HERE = "/leder/henvisninger"
DAY = clock.today()
NO_PHONE = "Skriv telefonens otte cifre, eller lad feltet stå tomt."
NO_OFFICE = "Skriv kontorets telefonnummer, eller lad feltet stå tomt."


def made(house, referral):
    with house.work(writes=False):
        return referrals.one(UUID(str(referral)))


def said(house, referral):
    with house.work(writes=False):
        found = consents.of(made(house, referral).participant_id)
    return {purpose: one.given for purpose, one in found.items()}


def test_from_received_to_ready_for_a_match(receive, send, lise, house):
    answer, referral = receive()
    assert answer.status_code == 303
    here = f"{HERE}/{referral}"
    page = html.read(lise.get(here).text)
    for text in ("Tarek Tareksen", "Modtaget", "Socialrådgiver i Øst Fængsel", "Prøveløsladt"):
        assert text in page.text
    assert send(f"{here}/screening", in_target="y", safe="y").status_code == 303
    assert made(house, referral).step == SCREENED
    assert "Giv telefonen til deltageren" in lise.get(here).text
    assert send(f"{here}/samtale").status_code == 303
    assert made(house, referral).step == INTERVIEWED
    assert f"/leder/match/{referral}" in lise.get(here).text
    steps = stored.rows(house, "referral_step")
    assert [s.step for s in steps] == [RECEIVED, SCREENED, INTERVIEWED]
    assert all(s.by and s.at for s in steps)


def test_of_a_screening_only_ticks_are_kept(receive, send, house):
    _, referral = receive()
    answer = send(f"{HERE}/{referral}/screening", in_target="y")
    assert answer.status_code == 422
    assert "Sæt begge kryds" in answer.text
    assert made(house, referral).step == RECEIVED
    send(f"{HERE}/{referral}/slut", way="outside", reason="en grund")
    assert made(house, referral).step == "outside"
    assert "en grund" not in str(stored.contents(house))


def test_without_a_yes_to_contact_nobody_is_talked_with(receive, send, house):
    _, referral = receive(consents=[])
    answer = send(f"{HERE}/{referral}/screening", in_target="y", safe="y")
    assert answer.status_code == 422
    assert "sagt ja til, at vi tager kontakt" in answer.text
    send(f"{HERE}/{referral}/samtykke", purpose="contact", yes="1")
    answer = send(f"{HERE}/{referral}/screening", in_target="y", safe="y")
    assert answer.status_code == 303


def test_a_consent_is_taken_back_at_once_and_both_are_kept(receive, send, lise, house):
    """T16: at the next request."""
    _, referral = receive()
    for yes in ("1", "1", "0"):
        send(f"{HERE}/{referral}/samtykke", purpose="research", yes=yes)
    assert said(house, referral) == {"contact": True, "research": False}
    rows = [r for r in stored.rows(house, "consent") if r.purpose == "research"]
    assert [r.given for r in rows] == [True, False]
    assert "Nej, " in lise.get(f"{HERE}/{referral}").text
    assert send(f"{HERE}/{referral}/samtykke", purpose="fun", yes="1").status_code == 404


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        ("first_name", "", "Skriv deltagerens fornavn."),
        ("first_name", "010203-1234", "Skriv deltagerens fornavn."),
        ("phone", "010190-1234", NO_PHONE),
        ("phone", "0101901234", NO_PHONE),
        ("phone", "x" * 3000, NO_PHONE),
        ("phone", "२० ३० ४० ५०", NO_PHONE),
        ("source_phone", "010190-1234", NO_OFFICE),
        ("source_phone", "ring til Lone", NO_OFFICE),
        ("source_phone", "7" * 3000, NO_OFFICE),
        ("municipality", "", "Vælg den kommune, deltageren løslades til."),
        (
            "release_on",
            "1970-01-01",
            "Løsladelsen ligger i fortiden. Vælg i dag eller en senere dag.",
        ),
        ("release_on", "2100-01-01", "Vælg en dato inden for de næste tre år."),
        ("release_on", "2027-02-31", "Vælg en dato."),
        (
            "received_on",
            "2100-01-01",
            "Datoen ligger i fremtiden eller for langt tilbage. Vælg en anden.",
        ),
        ("release_status", "pardoned", "Vælg en af mulighederne."),
        ("consents", ["all"], "Vælg en af mulighederne."),
    ],
)
def test_a_wrong_referral_is_mended_and_nothing_is_lost(receive, house, field, given, sentence):
    before = stored.counts(house)
    answer, _ = receive(**{field: given})
    assert answer.status_code == 422
    page = html.read(answer.text)
    assert html.error_at(page, field) == sentence
    assert html.values(page.one(id="referral-form"))["surname"] == ["Tareksen"]
    assert stored.counts(house) == before


@pytest.mark.parametrize(
    ("phone", "source_phone"),
    [
        ("", ""),
        ("20304050", "70 10 20 30"),
        ("+45 20 30 40 50", "+46 8 123 456 78"),
        ("", "7010-2030"),
    ],
)
def test_numbers_as_they_are_written_are_taken(receive, house, phone, source_phone):
    answer, referral = receive(phone=phone, source_phone=source_phone)
    assert answer.status_code == 303
    with house.work(writes=False):
        kept = referrals.one(UUID(referral))
        assert kept.text("source_phone") == (source_phone or None)


def test_a_second_tap_makes_no_second_participant(lise, house, cast):
    form = html.values(html.read(lise.get(f"{HERE}/ny").text).one(id="referral-form"))
    form |= {
        "first_name": "Tarek",
        "municipality": town(house, cast),
        "release_on": RELEASE.isoformat(),
    }
    before = len(stored.rows(house, "participant"))
    assert [lise.post(f"{HERE}/ny", data=form).status_code for _ in range(2)] == [303, 303]
    assert len(stored.rows(house, "participant")) == before + 1


def test_two_leaders_at_once_the_first_answer_stands(receive, send, house):
    _, referral = receive()
    send(f"{HERE}/{referral}/screening", in_target="y", safe="y")
    answer = send(f"{HERE}/{referral}/screening", in_target="y", safe="y")
    assert answer.status_code == 409
    assert "Det er ændret imens" in answer.text
    assert len(stored.rows(house, "referral_step")) == 2


def test_the_one_that_has_waited_longest_stands_first(receive, lise, house):
    _, first = receive(first_name="Aksel")
    _, second = receive(first_name="Birk")
    with house.work(writes=True) as (unit, _):
        late = referrals.STEP_ROWS.update().where(referrals.STEP_ROWS.c.referral_id == UUID(second))
        db.change(late.values(at=clock.now() - timedelta(days=8)))
        unit.commit()
    page = html.read(lise.get(HERE).text)
    rows = [a.text for a in page.all("a") if a.attrs.get("class") == "row"]
    assert "Birk" in rows[0]
    assert "Ventedage: 8" in rows[0]
    assert "Aksel" in rows[1]
    with house.work(writes=False):
        week = clock.now() - referrals.WAITS
        assert [r.id for r in db.rows(referrals.WAITING, before=week)] == [UUID(second)]
    assert first


def test_another_branch_does_not_exist(receive, send, signed_in, house, cast):
    _, referral = receive()
    lars = signed_in("Lars")
    assert lars.get(f"{HERE}/{referral}").status_code == 404
    for verb in ("screening", "samtale", "slut", "situation", "samtykke"):
        answer = send(f"{HERE}/{referral}/{verb}", lars, way="outside", purpose="contact")
        assert answer.status_code == 404
    answer, _ = receive(municipality=town(house, cast, "Skov"))
    assert answer.status_code == 422
    assert signed_in("Anna").get(HERE).status_code == 403


def test_the_release_is_known_better_later(receive, send, house):
    _, referral = receive()
    later = (RELEASE + timedelta(days=30)).isoformat()
    send(f"{HERE}/{referral}/situation", release_on=later, release_status="served")
    assert made(house, referral).release_on.isoformat() == later
    answer = send(f"{HERE}/{referral}/situation", release_on="1970-01-01")
    assert answer.status_code == 422
    assert made(house, referral).release_on.isoformat() == later


def test_unknown_referrals_are_not_found(lise):
    assert lise.get(f"{HERE}/{uuid4()}").status_code == 404


def test_the_history_says_how_long_it_stood_at_each_step(receive, send, lise, house):
    _, referral = receive()
    path = f"/leder/henvisninger/{referral}"
    send(f"{path}/screening", in_target="y", safe="y")
    rows = referrals.STEP_ROWS
    with house.work(writes=True) as (unit, _):  # as if it had been received nine days before
        for step, ago in (("received", 13), ("screened", 4)):
            at = clock.now() - timedelta(days=ago)
            db.change(rows.update().where(rows.c.step == step).values(at=at))
        unit.commit()

    def days():
        return re.findall(r"Dage på trinnet: (\d+)", html.read(lise.get(path).text).text)

    assert days() == ["9", "4"]
    send(f"{path}/slut", way="withdrawn")
    assert days() == ["9", "4"]  # it does not stand where it has ended
