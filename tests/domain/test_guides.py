"""Rules and guides: versions, and acceptance asked for again."""

import pytest

from app.domain import guides, trail
from app.domain.guides import KINDS, RULES
from tests import html, stored
from tests.conftest import client_of, token_on


@pytest.fixture
def unit(any_house, any_cast):
    with any_house.work(writes=True) as (made, _):
        yield made


@pytest.fixture
def anna(any_cast):
    return any_cast.people["Anna"]


@pytest.fixture
def pen(any_house, anna):
    return trail.Pen(any_house.keyring.trail, anna, None)


def a_law():
    return next(iter(sorted(key for key, lang in guides.all_wordings() if lang == "da")))


def test_publishing_unchanged_texts_changes_nothing(unit, anna):
    before = guides.standing(anna)
    assert guides.publish() == {}
    assert guides.standing(anna) == before


def test_all_three_texts_are_there_in_both_languages(unit, anna):
    standing = guides.standing(anna)
    assert tuple(standing) == KINDS
    for guide in standing.values():
        for language in ("da", "en"):
            text = guide.text(language)
            assert text["title"]
            assert all(section["heading"] for section in text["section"])
            assert "{" not in str(text).replace("{'", "").replace("': {", ""), "an unfilled wording"


def test_the_rules_are_twelve(unit, anna):
    for language in ("da", "en"):
        assert len(guides.standing(anna)[RULES].text(language)["section"]) == 12


def test_everything_waits_for_a_new_mentor(unit, anna):
    assert guides.waiting(anna) == list(KINDS)


def test_an_accepted_text_waits_no_more(unit, anna, pen, any_cast):
    guides.accept(guides.standing(anna)[RULES], pen, by=anna)
    assert guides.waiting(anna) == [kind for kind in KINDS if kind != RULES]
    assert guides.waiting(any_cast.people["Bo"]) == list(KINDS)


def test_accepting_twice_is_accepting_once(unit, anna, pen):
    for _ in range(2):
        guides.accept(guides.standing(anna)[RULES], pen, by=anna)
    seq, _ = trail.head()
    assert seq == 1


def test_a_reworded_paragraph_makes_a_new_version_that_waits_again(unit, anna, pen):
    for guide in guides.standing(anna).values():
        guides.accept(guide, pen, by=anna)
    guides.reword(a_law(), "da", 'straffelovens § 999 "ny"')
    assert guides.waiting(anna) == []  # not before it is published
    changed = guides.publish()
    assert changed
    assert guides.waiting(anna) == [kind for kind in KINDS if kind in changed]
    for kind in changed:
        assert guides.standing(anna)[kind].version == 2
        assert 'straffelovens § 999 "ny"' in str(guides.standing(anna)[kind].text("da"))


def test_the_old_version_stays_with_its_acceptance(unit, anna, pen, any_house):
    first = guides.standing(anna)[RULES]
    guides.accept(first, pen, by=anna)
    for key, language in guides.all_wordings():
        guides.reword(key, language, "en anden ordlyd")
    guides.publish()
    unit.commit()
    kept = {row.id: row.body for row in stored.rows(any_house, "guide") if row.kind == RULES}
    assert kept[first.id] == first.body
    assert len(kept) == 2
    assert [row.guide_id for row in stored.rows(any_house, "acceptance")] == [first.id]


def test_an_unknown_paragraph_cannot_be_reworded(unit):
    for key, language in (("nonsense", "da"), (a_law(), "fr")):
        with pytest.raises(KeyError):
            guides.reword(key, language, "x")


def test_a_wording_that_says_the_same_makes_no_version(unit):
    key = a_law()
    guides.reword(key, "da", guides.all_wordings()[key, "da"])
    assert guides.publish() == {}


def test_the_page_accepts_the_version_that_was_read(app, house, cast):
    anna = client_of(app, cast, "Anna")
    form = html.read(anna.get("/regler").text).one("form", action="/regler/rules/accept")
    with house.work(writes=True) as (unit, _):
        for key, language in guides.all_wordings():
            guides.reword(key, language, "en anden ordlyd")
        assert RULES in guides.publish()
        unit.commit()
    assert anna.post("/regler/rules/accept", data=html.values(form)).status_code == 409
    assert stored.rows(house, "acceptance") == []
    assert "Teksten er ændret" in anna.get("/regler").text
    again = html.read(anna.get("/regler").text).one("form", action="/regler/rules/accept")
    assert anna.post("/regler/rules/accept", data=html.values(again)).status_code == 303
    assert len(stored.acts(house, "accepted")) == 1
    assert "/regler/rules" not in [
        a.attrs["href"] for a in html.read(anna.get("/").text).one("main").all("a")
    ]


def test_a_text_that_does_not_exist_is_not_found(app, cast):
    anna = client_of(app, cast, "Anna")
    token = {"csrf_token": token_on(anna, "/mig"), "version": "1"}
    assert anna.get("/regler/nothing").status_code == 404
    assert anna.post("/regler/nothing/accept", data=token).status_code == 404
