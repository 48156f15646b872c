"""Paragraffer: the consultant writes how the law is named, and everyone accepts the text anew."""

import pytest

from app.domain import guides, trail
from app.web.consultant_laws import LABELS
from tests import html, stored
from tests.conftest import token_on

HERE = "/konsulent/paragraffer"


@pytest.fixture
def save(signed_in):
    karen = signed_in("Karen")

    def post(**changes):
        form = html.values(html.read(karen.get(HERE).text).one(id="laws-form"))
        return karen.post(HERE, data=form | changes)

    return post


def test_a_paragraph_is_published_at_once_and_accepted_anew(save, house, cast, signed_in):
    lars = signed_in("Lars")
    before = stored.rows(house, "guide")
    assert save(averting_da="straffelovens § 999").status_code == 303
    made = {row.id: row for row in stored.rows(house, "guide")}
    new = set(made) - {row.id for row in before}
    assert new
    assert all("straffelovens § 999" in made[one].body for one in new)
    edited = [act.object_id for act in stored.acts(house, trail.EDITED) if act.kind == "guide"]
    assert set(edited) == new
    with house.work(writes=False):
        assert {made[one].kind for one in new} <= set(guides.waiting(cast.people["Anna"]))
    kind = next(made[one].kind for one in new)
    assert "straffelovens § 999" in lars.get(f"/regler/{kind}").text


def test_every_paragraph_has_its_field(house):
    with house.work(writes=False):
        assert {key for key, _ in guides.all_wordings()} == set(LABELS)


def test_what_is_saved_unchanged_asks_nobody_to_read_again(save, house):
    before = stored.rows(house, "guide")
    assert save().status_code == 303
    assert stored.rows(house, "guide") == before


@pytest.mark.parametrize("wrong", ["", "   ", "to\nlinjer", "§ 1\x00", "x" * 161])
def test_what_cannot_stand_in_a_sentence_is_given_back(save, house, wrong):
    before = stored.rows(house, "wording"), stored.rows(house, "guide")
    answer = save(leave_en=wrong, averting_da='straffelovens "§ 141" \\ {x}')
    assert answer.status_code == 422
    page = html.read(answer.text)
    assert html.error_at(page, "leave_en")
    assert page.one(id="averting_da").attrs["value"] == 'straffelovens "§ 141" \\ {x}'
    assert (stored.rows(house, "wording"), stored.rows(house, "guide")) == before


def test_quotes_and_backslashes_are_only_text(save, house):
    assert save(averting_da='straffelovens "§ 141" \\ {x}').status_code == 303
    newest = max(stored.rows(house, "guide"), key=lambda row: row.published_at)
    text = str(guides.read_body(newest.body)["da"])
    assert '"§ 141"' in text.replace("\\\\", "\\")


def test_nobody_but_a_consultant_writes_the_law(signed_in):
    lise = signed_in("Lise")
    assert lise.get(HERE).status_code == 403
    assert lise.post(HERE, data={"csrf_token": token_on(lise, "/mig")}).status_code == 403
