"""What was written while its author was a mentor is taken later too, and tells nothing new."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app import clock
from tests import html, logs, sealed, stored
from tests.cast import LEFT

GONE = LEFT  # Mia's seat with Samir ended that long ago; she is still a mentor


@pytest.fixture
def mia(signed_in):
    return signed_in("Mia")


def of_mia(client, cast, anna, days, **changes):
    """A form that Mia filled in `days` days ago, on a phone without signal."""
    day = (clock.today() - timedelta(days=days)).isoformat()
    values = logs.opened(anna) | {"relation": "7", "wellbeing": "8", "outcome": "held"}
    values |= {"mentorship": str(cast.mentorships["Samir"]), "when": "other", "date": day}
    return sealed.record(client, values | changes)


def test_a_day_when_the_seat_was_held_is_stored(house, cast, mia, anna):
    fields = of_mia(mia, cast, anna, days=GONE.days)
    answer = sealed.send(mia, fields)
    assert answer.headers["Stored"].startswith(fields["record"])
    [meeting] = stored.rows(house, "meeting")
    assert meeting.logged_by == cast.people["Mia"]
    page = mia.get(answer.headers["HX-Redirect"])
    assert html.read(page.text).one("h1").text == "Sendt"
    assert anna.get(answer.headers["HX-Redirect"]).status_code == 404


def test_the_day_after_the_seat_ended_is_refused_and_the_words_come_back(house, cast, mia, anna):
    before = stored.counts(house)
    answer = sealed.send(mia, of_mia(mia, cast, anna, days=GONE.days - 1, comment="Mias ord"))
    assert answer.status_code == 422
    assert "Den dag var du ikke længere mentor her" in answer.text
    assert "Mias ord" in answer.text
    assert stored.counts(house) == before


def test_it_is_stored_once(house, cast, mia, anna):
    fields = of_mia(mia, cast, anna, days=GONE.days + 1)
    first = sealed.send(mia, fields)
    fields["csrf_token"] = sealed.key(mia)["token"]
    again = sealed.send(mia, fields)
    assert first.headers["HX-Redirect"] == again.headers["HX-Redirect"]
    assert len(stored.rows(house, "meeting")) == 1


def test_it_plans_no_meeting(house, cast, mia, anna):
    later = (clock.today() + timedelta(days=3)).isoformat()
    fields = of_mia(mia, cast, anna, days=GONE.days, next_date=later)
    assert sealed.send(mia, fields).status_code == 200
    assert stored.rows(house, "plan") == []


def test_who_has_left_does_not_learn_what_the_others_logged(cast, mia, anna):
    logs.log(anna, when="other", date=(clock.today() - GONE).isoformat(), themes=["housing"])
    answer = sealed.send(mia, of_mia(mia, cast, anna, days=GONE.days, relation="11"))
    assert answer.status_code == 422
    page = html.read(answer.text)
    assert "har logget mødet" not in page.text
    assert "uge" not in page.one("fieldset", id="themes").text.lower().replace("hverdag", "")


def test_a_mentorship_that_was_never_theirs_does_not_exist(house, cast, signed_in, anna):
    otto = signed_in("Otto")
    answer = sealed.send(otto, of_mia(otto, cast, anna, days=GONE.days, comment="Ottos ord"))
    assert answer.status_code == 404
    assert "Ottos ord" in answer.text  # the words go back to who wrote them
    assert "Samir" not in answer.text
    assert stored.rows(house, "meeting") == []


def test_a_contact_too(house, cast, mia, anna):
    form = html.read(anna.get("/kontakter/ny").text).one(id="contact-form")
    day = (clock.today() - GONE).isoformat()
    values = html.values(form) | {"kind": "call", "date": day}
    answer = sealed.send(mia, sealed.record(mia, values, "/kontakter"), "/kontakter")
    assert answer.headers["HX-Redirect"] == f"/sendt/{values['id'][0]}"
    assert len(stored.rows(house, "contact")) == 1


def test_when_the_mentorship_has_ended_its_days_are_still_taken(house, cast, anna):
    ended = clock.today() - timedelta(days=3)
    on_that_day = of_mia(anna, cast, anna, days=3)
    the_day_after = of_mia(anna, cast, anna, days=2)
    with house.data.begin() as connection:
        connection.exec_driver_sql("UPDATE mentorship SET ended_on = ?", (ended.isoformat(),))
    assert sealed.send(anna, on_that_day).status_code == 200
    assert sealed.send(anna, the_day_after).status_code == 422
    assert len(stored.rows(house, "meeting")) == 1


def test_the_day_the_seat_began_is_stored_and_the_day_before_is_not(house, cast, mia, anna):
    first = (clock.today() - cast.seated).days
    assert sealed.send(mia, of_mia(mia, cast, anna, days=first + 1)).status_code == 422
    assert stored.rows(house, "meeting") == []
    assert sealed.send(mia, of_mia(mia, cast, anna, days=first)).status_code == 200
    assert [meeting.held_on for meeting in stored.rows(house, "meeting")] == [cast.seated]


def test_today_means_the_day_it_was_written(house, cast, mia, anna):
    written = (clock.today() - GONE).isoformat()
    fields = of_mia(mia, cast, anna, days=0, when="today", date="", opened=written)
    assert sealed.send(mia, fields).status_code == 200
    [meeting] = stored.rows(house, "meeting")
    assert meeting.held_on == date.fromisoformat(written)


def test_however_long_it_waited(house, cast, anna):
    written = (clock.today() - timedelta(days=40)).isoformat()
    values = logs.filled(anna, when="today", opened=written)
    assert sealed.send(anna, sealed.record(anna, values)).status_code == 200
    assert [str(meeting.held_on) for meeting in stored.rows(house, "meeting")] == [written]


TO_MIA = (
    "INSERT INTO seat (id, mentorship_id, person_id, place, from_on, to_on)"
    " VALUES (:id, :life, :mia, 2, :begun, :ended)"
)


def test_between_two_seats_nobody_was_a_mentor(house, cast, mia, anna):
    def ago(days):
        return (clock.today() - timedelta(days=days)).isoformat()

    seat = {"id": "1".zfill(32), "begun": ago(30), "ended": ago(GONE.days)}
    seat |= {"life": cast.mentorships["Samir"].hex, "mia": cast.people["Mia"].hex}
    with house.data.begin() as connection:  # Mia was there, left, came back, and left again
        first = {"left": ago(50), "mia": seat["mia"]}
        connection.execute(text("UPDATE seat SET to_on = :left WHERE person_id = :mia"), first)
        connection.execute(text(TO_MIA), seat)
    for days, status in ((50, 200), (49, 422), (31, 422), (30, 200)):
        assert sealed.send(mia, of_mia(mia, cast, anna, days=days)).status_code == status
    assert len(stored.rows(house, "meeting")) == 2


def test_a_seat_that_has_not_begun_opens_nothing(house, cast, mia, anna):
    later = (clock.today() + timedelta(days=1)).isoformat()
    with house.data.begin() as connection:
        mia_s = {"mia": cast.people["Mia"].hex, "later": later}
        change = "UPDATE seat SET from_on = :later, to_on = NULL WHERE person_id = :mia"
        connection.execute(text(change), mia_s)
    answer = sealed.send(mia, of_mia(mia, cast, anna, days=GONE.days))
    assert answer.status_code == 404
    assert "Samir" not in answer.text


def test_other_words_under_the_same_id_show_who_has_left_the_own_answers_alone(
    house, cast, mia, anna
):
    fields = of_mia(mia, cast, anna, days=GONE.days, comment="Mias ord", place="home")
    sealed.send(mia, fields)
    with house.data.begin() as connection:  # the pair has changed the facts since
        connection.execute(text("UPDATE meeting SET km = 37"))
    other = of_mia(mia, cast, anna, days=GONE.days, comment="Andre ord", id=fields["record"])
    answer = sealed.send(mia, other)
    assert answer.status_code == 409
    page = html.read(answer.text)
    assert "Sådan står det hos os" in page.text
    assert "Mias ord" in page.text
    assert html.values(page.one("form", id="log-form"))["comment"] == ["Andre ord"]
    assert "37 km" not in page.text
    assert "Bo" not in page.text.split()


def test_when_the_participant_has_been_erased_the_words_come_back(house, cast, anna):
    fields = sealed.record(anna, logs.filled(anna, comment="Annas ord"))
    house.keys.erase(cast.participants["Samir"], clock.today())
    answer = sealed.send(anna, fields)
    assert answer.status_code == 404
    assert "Annas ord" in answer.text
    assert stored.rows(house, "meeting") == []


def test_a_contact_after_the_seat_ended_is_refused(house, cast, mia, anna):
    form = html.read(anna.get("/kontakter/ny").text).one(id="contact-form")
    day = (clock.today() - GONE + timedelta(days=1)).isoformat()
    values = html.values(form) | {"kind": "call", "date": day}
    answer = sealed.send(mia, sealed.record(mia, values, "/kontakter"), "/kontakter")
    assert answer.status_code == 422
    assert "Den dag var du ikke længere mentor her" in answer.text
    assert stored.rows(house, "contact") == []
