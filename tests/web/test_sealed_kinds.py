"""A contact and a note for the week wait on a phone by the same rules as a log."""

from uuid import uuid4

import pytest

from tests import html, sealed, stored

WORDS = "Han vil gerne ringes op om aftenen"
CONTACT, HANDOVER = "/kontakter", "/uger/overdragelser"


def contact(client, **changes):
    form = html.read(client.get("/kontakter/ny").text).one(id="contact-form")
    return html.values(form) | {"kind": "sms"} | changes


def handover(client, **changes):
    week = client.get("/udbakke/viden").get_json()["weeks"][1]["code"]
    form = html.read(client.get("/uger/giv").text).one(id="handover-form")
    return html.values(form) | {"weeks": [week], "going": WORDS} | changes


KINDS = pytest.mark.parametrize(
    ("filled", "path", "table", "form_id"),
    [
        (contact, CONTACT, "contact", "contact-form"),
        (handover, HANDOVER, "handover", "handover-form"),
    ],
)


@KINDS
def test_nobody_else_can_send_it(house, anna, bo, filled, path, table, form_id):
    fields = sealed.record(anna, filled(anna), path)
    before = stored.counts(house)
    answer = sealed.send(bo, fields, path, csrf_token=sealed.key(bo)["token"])
    assert answer.status_code == 403
    assert WORDS not in answer.text
    assert stored.counts(house) == before


@KINDS
def test_a_draft_is_shown_and_stored_nowhere(house, anna, filled, path, table, form_id):
    values = filled(anna)
    fields = sealed.record(anna, values, path)
    before = stored.counts(house)
    answer = anna.post(path, data=fields | {"draft": "1"})
    assert answer.status_code == 200
    assert "Stored" not in answer.headers
    form = html.read(answer.text).one("form", id=form_id)
    assert form.attrs["data-replaces"] == fields["record"]
    assert html.values(form).get("going", [""])[0] == values.get("going", "")
    assert stored.counts(house) == before


@KINDS
def test_a_stale_token_gives_the_form_back(house, anna, filled, path, table, form_id):
    values = filled(anna)
    answer = sealed.send(anna, sealed.record(anna, values, path), path, csrf_token="old")
    assert answer.status_code == 400
    form = html.read(answer.text).one("form", id=form_id)
    assert form.attrs["data-replaces"] == values["id"][0]
    assert html.values(form).get("going", [""])[0] == values.get("going", "")
    assert "Stored" not in answer.headers
    assert stored.rows(house, table) == []


def test_what_must_be_mended_in_a_note_comes_back(house, anna):
    values = handover(anna, going=f"{WORDS}: 20 20 20 20")
    answer = sealed.send(anna, sealed.record(anna, values, HANDOVER), HANDOVER)
    assert answer.status_code == 422
    form = html.read(answer.text).one("form", id="handover-form")
    assert form.attrs["data-replaces"] == values["id"][0]
    assert html.values(form)["going"] == [values["going"]]
    assert stored.rows(house, "handover") == []


def test_another_contact_under_the_same_id_shows_both(house, anna):
    values = contact(anna)
    sealed.send(anna, sealed.record(anna, values, CONTACT), CONTACT)
    other = sealed.record(anna, values | {"kind": "call"}, CONTACT)
    answer = sealed.send(anna, other, CONTACT)
    assert answer.status_code == 409
    page = html.read(answer.text)
    stands, typed = (one.text for one in page.all("section", **{"class": "card"}))
    assert "Sådan står det hos os" in stands
    assert "Det, du har skrevet her" in typed
    assert ("Sms" in stands, "Opkald" in stands) == (True, False)
    assert ("Sms" in typed, "Opkald" in typed) == (False, True)
    assert [row.kind for row in stored.rows(house, "contact")] == ["sms"]


def test_somebody_else_s_contact_under_the_same_id_is_not_shown(house, anna, bo):
    values = contact(anna)
    anna.post(CONTACT, data=values)
    answer = bo.post(CONTACT, data=contact(bo, id=values["id"]))
    assert answer.status_code == 409
    assert "Sådan står det hos os" not in answer.text


def test_other_words_for_the_week_under_the_same_id_show_both(house, anna):
    values = handover(anna)
    sealed.send(anna, sealed.record(anna, values, HANDOVER), HANDOVER)
    other = values | {"going": "Noget helt andet"}
    answer = sealed.send(anna, sealed.record(anna, other, HANDOVER), HANDOVER)
    assert answer.status_code == 409
    page = html.read(answer.text)
    assert WORDS in page.one("section", **{"class": "questions"}).text
    form = html.values(page.one("form", id="handover-form"))
    assert form["going"] == ["Noget helt andet"]
    assert form["id"] != values["id"]
    assert len(stored.rows(house, "handover")) == 1


def test_a_draft_outlives_the_weeks_it_was_about(house, anna):
    values = handover(anna)
    fields = sealed.record(anna, values, HANDOVER)
    while own := anna.get("/udbakke/viden").get_json()["weeks"]:
        given = values | {"id": str(uuid4()), "going": "", "weeks": [week["code"] for week in own]}
        assert anna.post(HANDOVER, data=given).status_code == 303
    answer = anna.post(HANDOVER, data=fields | {"draft": "1"})
    assert answer.status_code == 200
    assert WORDS in answer.text


def test_signed_out_the_phone_gets_no_key(app):
    for path in ("/udbakke/noegle", "/udbakke/viden"):
        assert app.test_client().get(path, headers={"HX-Request": "true"}).status_code == 401


def test_a_contact_of_the_version_before_this_one_is_stored(house, anna):
    fields = contact(anna)
    sent = {name: fields[name] for name in ("csrf_token", "id", "opened", "mentorship")}
    assert anna.post(CONTACT, data=sent | {"date": "", "kind": "call"}).status_code == 303
    assert len(stored.rows(house, "contact")) == 1


def test_a_note_of_the_version_before_this_one_is_stored(house, anna):
    fields = handover(anna)
    sent = {name: fields[name] for name in ("csrf_token", "id", "mentorship", "weeks")}
    words = {"going": WORDS, "agreed": "", "watch": "", "promised": "", "leader_may_read": "y"}
    assert anna.post(HANDOVER, data=sent | words).status_code == 303
    assert len(stored.rows(house, "handover")) == 1
