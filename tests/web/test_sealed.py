"""What waited on a phone arrives once, for its author alone, and is answered like any form."""

from uuid import uuid4

import pytest

from app import clock, keyring
from tests import html, logs, sealed, stored
from tests.conftest import token_on

WORDS = "Han sov bedre, og vi gik en lang tur"


@pytest.fixture
def waiting(anna):
    """A form that Anna filled in without signal."""
    return sealed.record(anna, logs.filled(anna, comment=WORDS, themes=["housing", "economy"]))


def test_it_is_stored_and_a_receipt_says_so(house, anna, waiting):
    answer = sealed.send(anna, waiting)
    [meeting] = stored.rows(house, "meeting")
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == f"/moeder/{meeting.id}/kvittering"
    record, at = answer.headers["Stored"].split(" ")
    assert record == waiting["record"]
    assert at.startswith(clock.now().date().isoformat())
    assert WORDS in anna.get(f"/moeder/{meeting.id}").text


def test_sent_again_it_is_the_same_record(house, anna, waiting):
    first = sealed.send(anna, waiting)
    waiting["csrf_token"] = sealed.key(anna)["token"]
    again = sealed.send(anna, waiting)
    assert again.headers["HX-Redirect"] == first.headers["HX-Redirect"]
    assert again.headers["Stored"].split(" ")[0] == waiting["record"]
    assert len(stored.rows(house, "meeting")) == len(stored.rows(house, "evaluation")) == 1


def test_an_open_form_sent_plainly_after_it_is_the_same_record(house, anna):
    values = logs.filled(anna, comment=WORDS)
    sealed.send(anna, sealed.record(anna, values))
    assert logs.send(anna, values).status_code == 303
    assert len(stored.rows(house, "meeting")) == 1


def test_nobody_else_can_send_it(house, anna, bo, waiting):
    """T11: bound to who wrote it."""
    before = stored.counts(house)
    answer = sealed.send(bo, waiting, csrf_token=sealed.key(bo)["token"])
    assert answer.status_code == 403
    assert "Stored" not in answer.headers
    assert WORDS not in answer.text
    assert stored.counts(house) == before


@pytest.mark.parametrize(
    "change",
    [
        {"record": str(uuid4())},
        {"mentorship": str(uuid4())},
        {"sealed": "A" * 400},
    ],
)
def test_what_it_is_bound_to_cannot_be_changed(house, anna, waiting, change):
    """T38: a record that waited is bound to its mentorship."""
    before = stored.counts(house)
    assert sealed.send(anna, waiting | change).status_code == 403
    assert stored.counts(house) == before


def test_brackets_without_end_are_refused(house, anna):
    values, known = logs.filled(anna), sealed.key(anna)
    made, life = values["id"][0], values["mentorship"][0]
    to = (known["public"], "/moeder", known["who"], life, made)
    fields = {"csrf_token": known["token"], "key": known["key"], "record": made}
    fields |= {"mentorship": life, "sealed": sealed.sealed_bytes(b"[" * 20000, *to)}
    assert sealed.send(anna, fields).status_code == 409
    assert stored.rows(house, "meeting") == []


def test_half_an_emoji_does_not_stop_the_rest(house, anna):
    values = logs.filled(anna, comment=f"{WORDS} \ud83d")
    assert sealed.send(anna, sealed.record(anna, values)).status_code == 200
    [meeting] = stored.rows(house, "meeting")
    assert f"{WORDS} \ufffd" in anna.get(f"/moeder/{meeting.id}").text


def test_one_bit_of_it_cannot_be_changed(house, anna, waiting):
    text = waiting["sealed"]
    waiting["sealed"] = text[:-9] + ("A" if text[-9] != "A" else "B") + text[-8:]
    assert sealed.send(anna, waiting).status_code == 403
    assert stored.rows(house, "meeting") == []


def test_it_opens_at_its_own_path_only(house, anna, waiting):
    assert sealed.send(anna, waiting, "/kontakter").status_code == 403
    assert stored.rows(house, "contact") == []


def test_what_is_inside_must_be_what_the_label_says(house, anna):
    values = logs.filled(anna)
    known, other = sealed.key(anna), str(uuid4())
    life = values["mentorship"][0]
    to = ("/moeder", known["who"], life, other)
    fields = {"csrf_token": known["token"], "key": known["key"], "record": other}
    fields |= {"mentorship": life}
    fields |= {"sealed": sealed.sealed([("id", values["id"][0])], known["public"], *to)}
    assert sealed.send(anna, fields).status_code == 403
    assert stored.rows(house, "meeting") == []


@pytest.mark.parametrize("number", ["7", "", "x", "-1"])
def test_a_key_that_is_gone_is_said_calmly(house, anna, waiting, number):
    answer = sealed.send(anna, waiting, key=number)
    assert answer.status_code == 409
    assert "Stored" not in answer.headers
    assert stored.rows(house, "meeting") == []


@pytest.mark.parametrize("garbage", ["", "AAAA", "A", "æøå", "!" * 400])
def test_what_is_no_sealed_record_is_said_calmly(house, anna, waiting, garbage):
    before = stored.counts(house)
    assert sealed.send(anna, waiting, sealed=garbage).status_code == 409
    assert stored.counts(house) == before


@pytest.mark.parametrize("inside", [[["id"]], [["a", 1]], [], ["id"], None])
def test_what_holds_no_form_is_refused(house, anna, inside):
    values, known = logs.filled(anna), sealed.key(anna)
    made, life = values["id"][0], values["mentorship"][0]
    fields = {"csrf_token": known["token"], "key": known["key"], "record": made}
    to = ("/moeder", known["who"], life, made)
    fields |= {"mentorship": life, "sealed": sealed.sealed_json(inside, known["public"], *to)}
    assert sealed.send(anna, fields).status_code in (403, 409)
    assert stored.rows(house, "meeting") == []


def test_a_phone_that_sealed_to_an_older_key_is_still_read(settings, anna, house, waiting):
    keyring.add_sealing_key(settings.keyring)
    assert max(house.keyring.sealing) == 2, "no restart is needed"
    assert sealed.key(anna)["key"] == "2"
    assert sealed.send(anna, waiting).status_code == 200
    assert sealed.send(anna, sealed.record(anna, logs.filled(anna))).status_code == 200


def test_what_must_be_mended_comes_back_filled_in_and_names_the_record(house, anna):
    values = logs.filled(anna, comment=f"{WORDS}. Ring 20 20 20 20", relation="11")
    answer = sealed.send(anna, sealed.record(anna, values))
    assert answer.status_code == 422
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Stored" not in answer.headers
    form = html.read(answer.text).one("form", id="log-form")
    assert form.attrs["data-replaces"] == values["id"][0]
    assert html.values(form)["comment"] == [values["comment"]]
    assert stored.rows(house, "meeting") == []


def test_a_form_of_the_page_replaces_nothing(anna):
    form = html.read(anna.get("/moeder/ny").text).one("form", id="log-form")
    assert "data-replaces" not in form.attrs


def test_a_stale_token_keeps_every_word(anna, waiting):
    answer = sealed.send(anna, waiting, csrf_token="old")
    assert answer.status_code == 400
    assert WORDS in answer.text


def test_a_draft_is_shown_to_its_author_and_stored_nowhere(house, anna, bo, waiting):
    before = stored.counts(house)
    answer = anna.post("/moeder", data=waiting | {"draft": "1"})
    assert answer.status_code == 200
    assert "Stored" not in answer.headers
    form = html.read(answer.text).one("form", id="log-form")
    assert html.values(form)["comment"] == [WORDS]
    assert stored.counts(house) == before
    theirs = waiting | {"draft": "1", "csrf_token": sealed.key(bo)["token"]}
    assert bo.post("/moeder", data=theirs).status_code == 403


def test_signed_out_it_waits(app, waiting):
    client = app.test_client()
    token = token_on(client, "/log-ind")
    answer = sealed.send(client, waiting, csrf_token=token)
    assert answer.status_code == 401
    assert "Stored" not in answer.headers


def test_a_contact_is_stored_once(house, anna):
    form = html.read(anna.get("/kontakter/ny").text).one(id="contact-form")
    values = html.values(form) | {"kind": "sms"}
    fields = sealed.record(anna, values, "/kontakter")
    for _ in range(2):
        answer = sealed.send(anna, fields, "/kontakter", csrf_token=sealed.key(anna)["token"])
        assert answer.headers["Stored"].startswith(values["id"][0])
    assert [str(row.id) for row in stored.rows(house, "contact")] == values["id"]


def test_a_handover_is_stored_once(house, anna):
    week = anna.get("/udbakke/viden").get_json()["weeks"][1]["code"]
    form = html.read(anna.get("/uger/giv").text).one(id="handover-form")
    values = html.values(form) | {"weeks": [week], "going": WORDS}
    fields = sealed.record(anna, values, "/uger/overdragelser")
    for _ in range(2):
        token = sealed.key(anna)["token"]
        answer = sealed.send(anna, fields, "/uger/overdragelser", csrf_token=token)
        assert answer.headers["Stored"].startswith(values["id"][0])
    [row] = stored.rows(house, "handover")
    assert [str(row.id)] == values["id"]


def test_the_same_id_with_other_words_shows_both(house, anna, waiting):
    sealed.send(anna, waiting)
    values = logs.filled(anna, comment="Noget helt andet", id=waiting["record"])
    answer = sealed.send(anna, sealed.record(anna, values))
    assert answer.status_code == 409
    page = html.read(answer.text)
    assert "Sådan står det hos os" in page.text
    assert WORDS in page.text
    assert html.values(page.one("form", id="log-form"))["comment"] == ["Noget helt andet"]
    assert len(stored.rows(house, "evaluation")) == 1


def test_what_the_phone_keeps_never_names_the_participant(anna):
    known = anna.get("/udbakke/viden")
    assert known.headers["Cache-Control"] == "no-store"
    assert known.get_json()["co"] == "Bo"
    assert known.get_json()["leader"]["name"] == "Lise"
    assert "Samir" not in known.text
    assert "30000000" not in known.text


def test_a_leader_keeps_nothing_of_a_mentorship(signed_in):
    assert signed_in("Lise").get("/udbakke/viden").get_json()["mentorship"] is None


@pytest.mark.parametrize("tongue", ["da", "en"])
def test_the_shell_says_nothing_about_anybody(app, anna, tongue):
    stranger = app.test_client()
    for name in (
        "moede",
        "kontakt",
        "giv",
        "udbakke",
        "regler",
        "uden-signal",
        "ingen-forbindelse",
    ):
        path = f"/skal/{tongue}/{name}"
        mine, theirs = anna.get(path), stranger.get(path)
        assert mine.status_code == theirs.status_code == 200
        assert "Set-Cookie" not in theirs.headers
        assert _without_nonce(mine) == _without_nonce(theirs)
        assert 'name="csrf_token" value="I' not in mine.text
        for word in ("Samir", "Anna", "data-who"):
            assert word not in mine.text


def _without_nonce(answer):
    policy = answer.headers["Content-Security-Policy"]
    return answer.text.replace(policy.split("'nonce-")[1].split("'")[0], "")


def test_the_worker_is_asked_for_anew_and_changes_with_what_it_keeps(app, anna):
    first = anna.get("/sw.js")
    assert first.mimetype == "text/javascript"
    assert first.headers["Cache-Control"] == "no-cache"
    kept = anna.get("/sw.js", headers={"If-None-Match": first.headers["ETag"]})
    assert kept.status_code == 304
    app.config["WORDING"] += "a new sentence"
    assert anna.get("/sw.js").headers["ETag"] != first.headers["ETag"]


def test_log_out_leaves_what_waits_on_the_phone(anna):
    answer = anna.post("/log-ud", data={"csrf_token": token_on(anna, "/mig")})
    assert answer.headers["Clear-Site-Data"] == '"cookies"'


def test_log_out_clears_a_phone_where_nothing_waits(anna):
    sent = {"csrf_token": token_on(anna, "/mig"), "empty": "1"}
    answer = anna.post("/log-ud", data=sent)
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_a_form_of_the_version_before_this_one_is_stored(house, anna):
    """A form may lie open while the app is updated."""
    form = logs.opened(anna)
    fields = {
        "csrf_token": form["csrf_token"],
        "id": form["id"],
        "mentorship": form["mentorship"],
        "opened": form["opened"],
        "join": "",
        "apart": "",
        "when": "today",
        "date": "",
        "co_mentor": "y",
        "others": "family",
        "place": "home",
        "themes": "housing",
        "relation": "6",
        "wellbeing": "7",
        "comment": WORDS,
        "note": "",
        "contact_since": "sms",
        "victory": "",
        "next_date": "",
        "next_who": "me",
        "km": "",
        "outcome": "held",
    }
    assert anna.post("/moeder", data=fields).status_code == 303
    assert len(stored.rows(house, "evaluation")) == 1
