"""Each consent by itself: word for word, with its day, and taken back at once."""

from uuid import UUID

import pytest

from app import clock
from app.domain import consents, intakes, trail
from tests import html, stored
from tests.web.conftest import post

HOPES = "Skak og fodbold"


@pytest.fixture
def path(life):
    return f"/leder/forloeb/{life}/samtykker"


@pytest.fixture
def answered(house, cast, receive, life):
    """Samir's start form, as if his referral had come by the app."""
    _, made = receive()
    samir, lise = cast.participants["Samir"], cast.people["Lise"]
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, lise, None)
        begun = intakes.begin(UUID(made), samir, lise)
        intakes.save(begun, "background", {"background": HOPES}, pen, lise)
        unit.commit()


def test_T16_the_start_form_is_gone_at_the_mentor_s_next_request(lise, signed_in, path, answered):
    anna = signed_in("Anna")
    assert HOPES not in anna.get("/forloeb/startskema").text
    assert post(lise, path, purpose="sharing", yes="1").status_code == 303
    assert HOPES in anna.get("/forloeb/startskema").text
    assert post(lise, path, purpose="sharing", yes="0").status_code == 303
    assert HOPES not in anna.get("/forloeb/startskema").text


def test_every_yes_and_every_withdrawal_stays_with_its_day_and_its_words(lise, path):
    for yes in ("1", "0", "1"):
        post(lise, path, purpose="research", yes=yes)
    page = html.read(lise.get(path).text)
    told = [" ".join(one.text.split()) for one in page.one("details").all("li")]
    words = consents.WORDINGS[1]["research"]
    assert [one.split(":")[0] for one in told] == ["Ja", "Trukket tilbage", "Ja"]
    assert all(words in one and f"{clock.today().year} · tekst nr. 1" in one for one in told)


def test_when_the_words_are_new_the_old_yes_shows_what_it_was_to_and_is_asked_for_again(
    lise, house, path, monkeypatch
):
    post(lise, path, purpose="research", yes="1")
    before = consents.PURPOSES["research"]
    after = before + ", også i udlandet"
    monkeypatch.setitem(consents.WORDINGS, 2, consents.WORDINGS[1] | {"research": after})
    monkeypatch.setattr(consents, "VERSION", 2)
    monkeypatch.setitem(consents.PURPOSES, "research", after)
    monkeypatch.setitem(consents.WORDINGS, 1, consents.WORDINGS[1] | {"research": before})
    assert f"spørg igen: {after}" in html.read(lise.get(path).text).text
    for _ in range(2):  # said again, nothing is written
        post(lise, path, purpose="research", yes="1")
    assert [row.version for row in stored.rows(house, "consent")] == [1, 2]
    assert "spørg igen" not in lise.get(path).text


def test_T16_each_consent_is_taken_back_at_once_also_after_the_match(lise, house, path, cast):
    for purpose in consents.PURPOSES:
        for yes in ("1", "0"):
            assert post(lise, path, purpose=purpose, yes=yes).status_code == 303
            with house.work(writes=False):
                given = consents.given(cast.participants["Samir"], purpose)
            assert given is (yes == "1")
    rows = stored.rows(house, "consent")
    assert len(rows) == 2 * len(consents.PURPOSES)
    assert {(row.version, row.on) for row in rows} == {(consents.VERSION, clock.today())}
    assert post(lise, path, purpose="all", yes="1").status_code == 404


def test_the_five_purposes_and_the_relative_each_have_a_wording_of_every_version():
    asked = {"contact", "transfer", "sharing", "action_plan", "research", "relative"}
    for version, wordings in consents.WORDINGS.items():
        assert set(wordings) == asked
        assert all(consents.wording(purpose, version) for purpose in asked)


def test_a_wording_that_was_said_yes_to_is_never_changed():
    """A change of meaning is a new version; this one has been in use."""
    assert consents.WORDINGS[1] == {
        "contact": "At Røde Kors kontakter deltageren",
        "transfer": "At vi får besked, hvis deltageren bliver overflyttet",
        "sharing": "At mentorerne læser startskemaet",
        "action_plan": "At mentorerne ser handleplanen",
        "relative": "At mentorerne må kontakte en pårørende i nødstilfælde",
        "research": "At oplysninger uden navn indgår i forskning",
    }
