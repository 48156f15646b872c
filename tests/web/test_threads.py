"""The pair's thread: two write, two read, and each ticks what is read."""

from datetime import timedelta

import pytest

from app import clock
from tests import html, stored
from tests.conftest import client_of, token_on
from tests.threads import at_once

HERE = "/forloeb/traad"
TEXT = "Husk nøglen til kælderen"
OTHERS = ("Mia", "Otto", "Ida", "Nora", "Lise", "Lars", "Karen")


def opened(client):
    return html.values(html.read(client.get(HERE).text).one(id="thread-form"))


def write(client, text=TEXT, **changes):
    return client.post(HERE, data=opened(client) | {"text": text} | changes)


def tick(client, note):
    token = {"csrf_token": token_on(client, "/mig")}
    return client.post(f"{HERE}/{note}/laest", data=token)


def change_seat(house, cast, name, successor=None):
    """The mentor's seat ends yesterday; the successor's begins today."""
    today = clock.today()
    with house.data.begin() as connection:
        seats = stored.TABLES["seat"]
        kept = (seats.c.person_id == cast.people[name]) & seats.c.to_on.is_(None)
        old = connection.execute(seats.select().where(kept)).one()
        ended = seats.update().where(kept).values(to_on=today - timedelta(days=1))
        connection.execute(ended)
        if successor:
            new = old._asdict() | {
                "id": cast.branches["Havn"],  # any id will do
                "person_id": cast.people[successor],
                "from_on": today,
            }
            connection.execute(seats.insert().values(new))


def test_it_is_two_taps_from_forloeb(house, anna, bo):
    links = [a.attrs.get("href") for a in html.read(anna.get("/forloeb").text).all("a")]
    assert HERE in links
    answer = write(anna)
    assert (answer.status_code, answer.location) == (303, HERE)
    assert len(stored.rows(house, "thread_note")) == 1
    for client in (anna, bo):
        assert TEXT in client.get(HERE).text


def test_only_the_two_read_a_note(signed_in, cast, anna, bo):
    write(anna)
    for name in OTHERS:
        client = signed_in(name)
        paths = (HERE, "/", "/forloeb", "/leder", "/konsulent")
        paths += (f"/leder/forloeb/{cast.mentorships['Samir']}",)
        for path in paths:
            assert TEXT not in client.get(path).text, f"{name} on {path}"


@pytest.mark.parametrize(("name", "status"), [("Mia", 404), ("Nora", 404), ("Lise", 403)])
def test_who_does_not_sit_in_a_pair_has_no_thread(signed_in, name, status):
    assert signed_in(name).get(HERE).status_code == status


def test_a_successor_does_not_read_what_was_written_before(house, cast, signed_in, anna, bo):
    write(anna)
    write(bo, "Fra Bo til Anna")
    change_seat(house, cast, "Bo", "Nora")
    nora = signed_in("Nora")
    page = nora.get(HERE)
    assert page.status_code == 200
    assert TEXT not in page.text
    assert "Fra Bo til Anna" not in page.text
    assert bo.get(HERE).status_code == 404
    assert "Fra Bo til Anna" in anna.get(HERE).text


def test_opening_the_thread_marks_nothing_as_read(house, anna, bo):
    write(anna)
    bo.get(HERE)
    assert [row.read_at for row in stored.rows(house, "thread_note")] == [None]


def test_its_reader_ticks_it_once(house, anna, bo):
    write(anna)
    (note,) = stored.rows(house, "thread_note")
    assert "· læst" not in html.read(anna.get(HERE).text).text
    assert f"{HERE}/{note.id}/laest" in bo.get(HERE).text
    for _ in range(2):
        assert tick(bo, note.id).status_code == 303
    assert f"{HERE}/{note.id}/laest" not in bo.get(HERE).text
    assert TEXT in bo.get(HERE).text
    assert "· læst" in html.read(anna.get(HERE).text).text
    assert len(stored.acts(house, "read_note")) == 1


def test_only_its_reader_ticks_it(house, signed_in, anna, bo):
    write(anna)
    (note,) = stored.rows(house, "thread_note")
    for name, status in (("Anna", 404), ("Otto", 404), ("Mia", 404), ("Lise", 403)):
        assert tick(signed_in(name), note.id).status_code == status
    assert stored.rows(house, "thread_note")[0].read_at is None


def test_the_page_says_who_can_read_it_and_when_it_fades(house, cast, anna):
    page = html.read(anna.get(HERE).text).text
    assert "Kun du og Bo kan læse det" in page
    assert "6 måneder efter" in page
    change_seat(house, cast, "Bo")
    assert "Kun du kan læse det" in html.read(anna.get(HERE).text).text


def test_a_note_written_alone_is_the_writer_s_own(house, cast, anna):
    change_seat(house, cast, "Bo")
    assert write(anna).status_code == 303
    (note,) = stored.rows(house, "thread_note")
    assert note.to_id is None


def test_a_note_is_not_handed_to_a_new_co_mentor(house, cast, anna, silent):
    values = opened(anna) | {"text": TEXT}
    change_seat(house, cast, "Bo", "Nora")
    before = stored.counts(house)
    answer = anna.post(HERE, data=values)
    page = html.read(answer.text)
    assert answer.status_code == 409
    assert "Din medmentor er nu Nora" in html.summary(page)
    assert stored.counts(house) == before
    again = html.values(page.one(id="thread-form"))
    assert again["text"] == [TEXT]
    assert anna.post(HERE, data=again).status_code == 303
    assert stored.rows(house, "thread_note")[0].to_id == cast.people["Nora"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Skriv noget"),
        (" \n ", "Skriv noget"),
        ("Ring 20 30 40 50", "telefonnummer"),
        ("Skriv til ham@eksempel.dk", "e-mailadresse"),
        ("Hans nummer er 010190-1234", "CPR-nummer"),
        ("x" * 1001, "1 tegn for lang"),
    ],
)
def test_a_wrong_text_is_refused_at_the_field_and_kept(house, anna, silent, text, why):
    before = stored.counts(house)
    answer = write(anna, text)
    page = html.read(answer.text)
    assert answer.status_code == 422
    assert why in html.error_at(page, "text")
    assert html.values(page.one(id="thread-form"))["text"] == [text]
    assert stored.counts(house) == before


def test_a_thousand_characters_are_taken(house, anna):
    assert write(anna, "x" * 1000).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [("id", "x", 422), ("id", "", 422), ("csrf_token", "x", 400), ("mentorship", "x", 404)],
)
def test_a_broken_form_stores_nothing(house, anna, field, value, status):
    before = stored.counts(house)
    answer = write(anna, **{field: value})
    assert answer.status_code == status
    assert status == 404 or TEXT in answer.text
    assert stored.counts(house) == before


def test_another_mentorship_s_thread_does_not_exist(house, cast, anna):
    before = stored.counts(house)
    assert write(anna, mentorship=str(cast.mentorships["Jonas"])).status_code == 404
    assert stored.counts(house) == before


def test_sent_twice_it_is_one_note(house, anna):
    values = opened(anna) | {"text": TEXT}
    assert [anna.post(HERE, data=values).status_code for _ in range(2)] == [303, 303]
    assert len(stored.rows(house, "thread_note")) == len(stored.acts(house, "logged")) == 1


def test_sent_ten_times_at_once_it_is_one_note(any_app, any_house, any_cast):
    clients = [client_of(any_app, any_cast, "Anna") for _ in range(10)]
    note = {k: v for k, v in opened(clients[0]).items() if k != "csrf_token"} | {"text": TEXT}
    sends = [note | {"csrf_token": opened(client)["csrf_token"]} for client in clients]
    pairs = list(zip(clients, sends, strict=True))
    answers = at_once([lambda c=c, v=v: c.post(HERE, data=v) for c, v in pairs])
    assert {answer.status_code for answer in answers} == {303}
    assert len(stored.rows(any_house, "thread_note")) == 1


def test_the_same_id_with_another_text_keeps_both(house, anna):
    values = opened(anna) | {"text": TEXT}
    anna.post(HERE, data=values)
    answer = anna.post(HERE, data=values | {"text": "Noget andet"})
    page = html.read(answer.text)
    assert answer.status_code == 409
    assert "allerede sendt" in html.summary(page)
    assert anna.post(HERE, data=html.values(page.one(id="thread-form"))).status_code == 303
    assert len(stored.rows(house, "thread_note")) == 2


def test_a_note_lies_sealed_in_the_file(house, settings, anna):
    write(anna)
    files = [f for f in settings.instance.iterdir() if f.is_file()]
    assert files
    assert not [f.name for f in files if TEXT.encode() in f.read_bytes()]


def test_the_pages_stand_when_the_participant_s_key_is_gone(house, cast, anna, bo):
    write(anna)
    house.keys.erase(cast.participants["Samir"], clock.today())
    for client in (anna, bo):
        page = client.get(HERE)
        assert page.status_code == 200
        assert TEXT not in page.text
        assert "Teksten er slettet" in page.text


def test_what_is_written_is_shown_as_text(anna, bo):
    """T19: markup is shown as text."""
    write(anna, "<b>Fed</b>\nlinje")
    assert "&lt;b&gt;Fed&lt;/b&gt;" in bo.get(HERE).text
