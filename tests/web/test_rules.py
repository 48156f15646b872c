"""The numbers that the consultant decides: bounded, with a history, and gone by at once."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app import clock, db
from app.domain import due, mentors, mentorships, occasions, rules, trail
from app.domain.mentors import UNMET, UNSUPERVISED, Stage
from app.domain.mentorships import MENTORSHIPS, months_after
from tests import html, stored
from tests.conftest import token_on

HERE = "/konsulent/regler"


@pytest.fixture
def karen(signed_in):
    return signed_in("Karen")


@pytest.fixture
def send(karen):
    def post(meeting_weeks="6", supervisions="2", **others):
        token = token_on(karen, "/mig")
        sent = {name: str(number) for name, number in rules.DEFAULTS.items()} | others
        sent |= {"meeting_weeks": meeting_weeks, "supervisions": supervisions}
        return karen.post(HERE, data={"csrf_token": token} | sent)

    return post


def reasons_of(house, person):
    with house.work(writes=False):
        day = clock.today()
        return dict(mentors.standing([person], day)[person].reasons(day))


def test_the_defaults_hold_until_somebody_changes_them(house, cast, karen):
    with house.work(writes=False):
        assert rules.values() == {  # product.md section 8
            "planned_end": 12,
            "match_months": 2,
            "silent_days": 14,
            "mentor_age": 25,
            "meeting_weeks": 6,
            "supervisions": 2,
            "readings": 20,
            "sample": 10,
            "comments_months": 6,
            "identity_months": 12,
        }
    form = html.values(html.read(karen.get(HERE).text).one(id="rules-form"))
    assert (form["meeting_weeks"], form["supervisions"]) == (["6"], ["2"])


def test_a_change_holds_at_once_and_says_who_made_it(send, karen, house, cast, signed_in):
    person = cast.people["Anna"]  # seated for 120 days, to no meeting yet
    with house.work(writes=True) as (unit, _):
        then = clock.now() - timedelta(days=500)
        by = cast.people["Lise"]
        db.session().add(Stage(id=uuid4(), person_id=person, stage="active", at=then, by=by))
        db.session().flush()
        unit.commit()
    assert reasons_of(house, person)[UNMET] == 6
    assert UNSUPERVISED in reasons_of(house, person)
    assert send("26", "0").status_code == 303
    assert reasons_of(house, person)[UNMET] == 26
    assert UNSUPERVISED not in reasons_of(house, person)
    assert "hver 26. uge" in signed_in("Anna").get("/mig/krav").text
    assert "hver 26. uge" in signed_in("Lise").get("/leder/moeder").text
    assert "26 uger" in signed_in("Lise").get("/leder/mentorer").text
    past = html.read(karen.get(HERE).text).text
    assert "Uger mellem mentormøder: 26" in past
    assert "Karen" in past
    entries = db_entries(house)
    assert [(e.reason, e.actor_id) for e in entries if e.kind == "setting"] == [
        ("meeting_weeks", cast.people["Karen"]),
        ("supervisions", cast.people["Karen"]),
    ]


def db_entries(house):
    with house.work(writes=False):
        return db.rows(db.columns(trail.Entry).select())


def test_what_is_the_same_is_no_change(send, house):
    before = stored.counts(house)
    assert send().status_code == 303
    assert stored.counts(house) == before
    send("8")
    send("6")
    with house.work(writes=False):
        assert rules.value("meeting_weeks") == 6
        assert [row.value for row in rules.history()] == [6, 8]


@pytest.mark.parametrize(
    ("field", "said"),
    [
        *(("meeting_weeks", wrong) for wrong in ("", "0", "27", "-1", "6,5", "seks", "999")),
        *(("supervisions", wrong) for wrong in ("", "13", "-1", "x")),
        *(("planned_end", wrong) for wrong in ("", "5", "17")),
        *(("match_months", wrong) for wrong in ("1", "7")),
        *(("silent_days", wrong) for wrong in ("6", "29", "0")),
        *(("mentor_age", wrong) for wrong in ("20", "36")),
        *(("comments_months", wrong) for wrong in ("0", "7")),
        *(("identity_months", wrong) for wrong in ("5", "13")),
    ],
)
def test_out_of_bounds_is_said_at_the_field(send, house, field, said):
    before = stored.counts(house)
    answer = send(**{field: said})
    assert answer.status_code == 422
    page = html.read(answer.text)
    assert "Skriv et helt tal fra" in html.error_at(page, field)
    assert html.values(page.one(id="rules-form"))[field] == [said]
    assert stored.counts(house) == before


@pytest.mark.parametrize("name", ["Anna", "Lise"])
def test_only_the_consultant_decides(signed_in, name):
    assert signed_in(name).get(HERE).status_code == 403


def test_the_planned_end_moves_for_the_pair_the_leader_and_reminders(send, house, cast, signed_in):
    life = cast.mentorships["Samir"]
    with house.work(writes=False):
        released = mentorships.one(life, clock.today()).release_on
    before = signed_in("Anna").get("/forloeb").text
    assert send(planned_end="16").status_code == 303
    end = months_after(released, 16)
    with house.work(writes=False):
        [found] = [o for o in occasions.gather(clock.now()) if o.id == life]
        view = mentorships.one(life, clock.today())
    assert found.end_months == 16
    days = mentorships.milestones(view.matched_on, view.release_on, view.end_months)
    assert dict(days)["planned_end"] == end
    assert signed_in("Anna").get("/forloeb").text != before


def test_silence_is_as_long_as_the_consultant_says(send, house, cast, signed_in):
    """The pair of Samir met him 20 days ago."""
    with house.work(writes=True) as (unit, _):
        life = MENTORSHIPS.c.id == cast.mentorships["Samir"]
        met = clock.today() - timedelta(days=20)
        db.change(MENTORSHIPS.update().where(life).values(met_on=met, reached_on=met))
        unit.commit()
    assert "Stille i 20 dage" in signed_in("Lise").get("/leder?alle=1").text
    send(silent_days="28")
    assert "Stille i 20 dage" not in signed_in("Lise").get("/leder?alle=1").text
    send(silent_days="24")  # four days before it is silent it is quiet
    assert "Stille i 20 dage" in signed_in("Lise").get("/leder?alle=1").text


def test_words_and_names_go_earlier_when_the_consultant_says_so(send, house, cast):
    ended = clock.today()
    with house.work(writes=True) as (unit, _):
        life = MENTORSHIPS.c.id == cast.mentorships["Samir"]
        db.change(MENTORSHIPS.update().where(life).values(ended_on=ended))
        unit.commit()
    for months in (12, 6):
        send(identity_months=str(months))
        with house.work(writes=False):
            assert due.participant(cast.participants["Samir"]).on == months_after(ended, months)


def test_a_mentor_is_as_old_as_the_consultant_says(send, house, cast):
    with house.work(writes=False):
        before = mentors.standing([cast.people["Anna"]], clock.today())[cast.people["Anna"]]
    assert before.rules["mentor_age"] == 25
    send(mentor_age="21")
    with house.work(writes=False):
        found = mentors.standing([cast.people["Anna"]], clock.today())[cast.people["Anna"]]
    young = found._replace(profile=found.profile._replace(birth_date=date(2003, 1, 1)))
    day = date(2026, 11, 25)
    assert young.of_age(day)
    assert not young._replace(rules=before.rules).of_age(day)
