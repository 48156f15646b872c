"""The numbers that the consultant decides: bounded, with a history, and gone by at once."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock, db
from app.domain import mentors, rules, trail
from app.domain.mentors import UNMET, UNSUPERVISED, Stage
from tests import html, stored
from tests.conftest import token_on

HERE = "/konsulent/regler"


@pytest.fixture
def karen(signed_in):
    return signed_in("Karen")


@pytest.fixture
def send(karen):
    def post(meeting_weeks="6", supervisions="2"):
        token = token_on(karen, "/mig")
        sent = {"meeting_weeks": meeting_weeks, "supervisions": supervisions}
        sent |= {"readings": "20", "sample": "10"}
        return karen.post(HERE, data={"csrf_token": token} | sent)

    return post


def reasons_of(house, person):
    with house.work(writes=False):
        day = clock.today()
        return dict(mentors.standing([person], day)[person].reasons(day))


def test_the_defaults_hold_until_somebody_changes_them(house, cast, karen):
    with house.work(writes=False):
        assert rules.values() == {
            "meeting_weeks": 6,
            "supervisions": 2,
            "readings": 20,
            "sample": 10,
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
