"""Foreslå afslutning, and a leader's answer: who may, what follows, and what is refused."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock, db
from app.domain import closures, notices, plans, trail
from app.domain.agreements import PRESENT, Agreement
from app.domain.closures import CLOSURES
from app.domain.meetings import bits
from app.domain.mentorships import MENTORSHIPS
from app.domain.people import Role
from app.domain.plans import Terms
from tests import html, stored
from tests.conftest import token_on

HERE = "/forloeb/afslutning"
END = {"ending": "planned", "ended_by": "together", "goodbye": ["talked", "met"]}


@pytest.fixture
def propose(signed_in):
    def send(name="Anna", **changes):
        client = signed_in(name)
        form = html.values(html.read(client.get(HERE).text).one(id="closure-form"))
        return client.post(HERE, data=form | END | changes)

    return send


@pytest.fixture
def answer(signed_in, house):
    """A leader's answer to the newest closure."""

    def send(what, name="Lise", **more):
        client = signed_in(name)
        path = f"/leder/afslutninger/{newest(house).id}/{what}"
        return client.post(path, data={"csrf_token": token_on(client, "/mig")} | more)

    return send


def newest(house):
    with house.work(writes=False):
        rows = db.rows(CLOSURES.select().order_by(CLOSURES.c.proposed_at.desc()))
        return closures.one(rows[0].id)


def mentorship(house, cast):
    with house.work(writes=False):
        [row] = db.rows(MENTORSHIPS.select().where(MENTORSHIPS.c.id == cast.mentorships["Samir"]))
        return row


def told(house, cast, name):
    with house.work(writes=False):
        found = notices.lately(cast.people[name], clock.now() - timedelta(days=1), 60)
    return {one.reminder for one in found}


def test_a_proposal_waits_and_changes_nothing_yet(signed_in, propose, house, cast):
    assert propose().status_code == 303
    closure = newest(house)
    assert (closure.ending, closure.goodbyes(), closure.open) == (
        "planned",
        ["talked", "met"],
        True,
    )
    assert mentorship(house, cast).ended_on is None
    assert "Venter på svar" in signed_in("Bo").get(HERE).text
    line = html.read(signed_in("Lise").get("/leder").text)
    [row] = [a for a in line.all("a") if "Afslutning venter på dig" in a.text]
    assert row.attrs["href"] == f"/leder/afslutninger/{closure.id}"
    waiting = html.read(signed_in("Lise").get("/leder/afslutninger").text)
    assert "Samir" in waiting.text
    assert "Venter på dig" in waiting.text


def test_approved_the_mentorship_ends_and_the_pair_is_told(propose, answer, house, cast):
    end, day = clock.today(), clock.today() + timedelta(days=5)
    with house.work(writes=True) as (unit, _):
        made, anna = uuid4(), cast.people["Anna"]
        plans.add(cast.mentorships["Samir"], Terms(day, comes_id=anna), anna, plan_id=made)
        unit.commit()
    propose(ending="early", end_on=end.isoformat())
    assert answer("godkendelse").status_code == 303
    life = mentorship(house, cast)
    assert (life.ended_on, life.ending) == (end, "early")
    assert {"closed"} <= told(house, cast, "Anna") & told(house, cast, "Bo")
    with house.work(writes=False):
        assert plans.one(made).cancelled_at is not None


def test_sent_back_the_pair_reads_why_and_proposes_again(signed_in, propose, answer, house, cast):
    propose(ending="interrupted", reason="moved")
    assert answer("tilbagesendelse", comment="Hold et sidste møde først").status_code == 303
    assert {"sent_back"} <= told(house, cast, "Anna") & told(house, cast, "Bo")
    page = html.read(signed_in("Bo").get(HERE).text)
    assert "Hold et sidste møde først" in page.text
    form = html.values(page.one(id="closure-form"))
    assert "I to, aktivitetslederen og konsulenten kan læse det" in page.text
    assert (form["ending"], form["reason"]) == (["interrupted"], ["moved"])
    assert propose("Bo").status_code == 303
    assert newest(house).open


def test_what_is_sent_back_stands_on_i_dag_until_it_is_mended(signed_in, propose, answer):
    def sentence(name):
        return (
            "Aktivitetslederen har sendt jeres afslutning tilbage" in signed_in(name).get("/").text
        )

    propose()
    assert not sentence("Anna")
    answer("tilbagesendelse", comment="Skriv, hvem der sluttede det")
    assert (sentence("Anna"), sentence("Bo")) == (True, True)
    propose("Bo")
    assert (sentence("Anna"), sentence("Bo")) == (False, False)


def attempt(client, day):
    form = html.values(html.read(client.get("/kontakter/ny").text).one(id="contact-form"))
    sent = form | {"kind": "attempt", "date": day.isoformat()}
    assert client.post("/kontakter", data=sent).status_code == 303


def attempts(client, path):
    facts = html.read(client.get(path).text).one("dl", **{"class": "facts"}).text
    return int(re.search(r"Forgæves forsøg på kontakt\s*(\d+)", facts)[1])


def test_the_attempts_are_those_of_the_weeks_before_the_proposal(signed_in, propose, house):
    """They do not fade out of a closure while it is looked at, and none comes in later."""
    day, anna = clock.today(), signed_in("Anna")
    for ago in (119, 110, 70, 60, 10):
        attempt(anna, day - timedelta(days=ago))
    propose()
    with house.work(writes=True) as (unit, _):  # as if it had been proposed sixty days ago
        db.change(CLOSURES.update().values(proposed_at=clock.now() - timedelta(days=60)))
        unit.commit()
    pages = (anna, HERE), (signed_in("Lise"), f"/leder/afslutninger/{newest(house).id}")
    assert [attempts(client, path) for client, path in pages] == [3, 3]


def test_the_last_version_of_the_agreement_is_asked_for_with_the_end(
    signed_in, propose, answer, house, cast
):
    asked = "Gå aftalen igennem en sidste gang med deltageren"

    def shown(name):
        return asked in signed_in(name).get("/").text

    def version():
        page = html.read(signed_in("Bo").get("/forloeb/aftale/ny").text)
        return html.values(page.one(id="agreement-form"))["version"]

    assert (shown("Anna"), version()) == (False, ["start"])
    propose()
    assert "/forloeb/aftale/ny" in signed_in("Anna").get(HERE).text
    assert (shown("Anna"), shown("Bo"), version()) == (True, True, ["end"])
    answer("tilbagesendelse", comment="Ikke endnu")
    assert (shown("Anna"), version()) == (False, ["start"])
    propose()
    with house.work(writes=True) as (unit, _):
        db.session().add(
            Agreement(
                mentorship_id=cast.mentorships["Samir"],
                participant_id=cast.participants["Samir"],
                version="end",
                at=clock.now(),
                by=cast.people["Anna"],
                present=bits(("participant", "author"), PRESENT),
            )
        )
        unit.commit()
    assert not shown("Anna")


def test_a_return_needs_a_word(propose, answer, house):
    propose()
    sent = answer("tilbagesendelse", comment="  ")
    assert sent.status_code == 422
    error = html.error_at(html.read(sent.text), "comment")
    assert error == "Skriv kort, hvad der mangler, så mentorerne ved det."
    assert newest(house).open


def test_a_reason_is_kept_for_an_interrupted_one_only(propose, house):
    propose(ending="planned", reason="sentence")
    assert newest(house).reason_ct is None


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("ending", {"ending": ""}, "Vælg, hvordan forløbet slutter."),
        ("ending", {"ending": "x"}, "Vælg en af mulighederne."),
        ("reason", {"ending": "interrupted"}, "Vælg, hvorfor forløbet blev afbrudt."),
        ("ended_by", {"ended_by": ""}, "Vælg, hvem der sluttede det."),
        ("end_on", {"end_on": ""}, "Vælg en dato."),
        (
            "end_on",
            {"end_on": "1970-01-01"},
            "Den dag var forløbet ikke begyndt. Vælg en senere dag.",
        ),
        ("end_on", {"end_on": "2100-01-01"}, "Vælg en dag inden for de næste tre måneder."),
        ("goodbye", {"goodbye": ["kiss"]}, "Vælg en af mulighederne."),
    ],
)
def test_a_wrong_proposal_is_said_at_its_field_and_stores_nothing(
    propose, house, field, wrong, sentence
):
    sent = propose(**wrong)
    assert sent.status_code == 422
    page = html.read(sent.text)
    assert html.error_at(page, field) == sentence
    assert html.values(page.one(id="closure-form")).get("goodbye") == (
        None if field == "goodbye" else ["talked", "met"]
    )
    assert stored.rows(house, "closure") == []


def test_there_is_one_proposal_at_a_time(signed_in, propose):
    bo = signed_in("Bo")
    form = html.values(html.read(bo.get(HERE).text).one(id="closure-form"))
    assert propose().status_code == 303
    sent = bo.post(HERE, data=form | END)
    assert sent.status_code == 409
    assert "Der ligger allerede et forslag." in sent.text


def test_the_same_proposal_sent_twice_is_one(signed_in, house):
    anna = signed_in("Anna")
    form = html.values(html.read(anna.get(HERE).text).one(id="closure-form")) | END
    assert [anna.post(HERE, data=form).status_code for _ in range(2)] == [303, 303]
    assert len(stored.rows(house, "closure")) == 1


def test_withdrawn_it_cannot_be_approved(signed_in, propose, answer, house, cast):
    propose()
    bo = signed_in("Bo")
    path, closure = f"{HERE}/tilbagetraekning", str(newest(house).id)
    sent = bo.post(path, data={"csrf_token": token_on(bo, HERE), "closure": closure})
    assert sent.status_code == 303
    late = answer("godkendelse")
    assert late.status_code == 409
    assert "Det er ændret imens. Se, hvordan det står nu." in late.text
    assert mentorship(house, cast).ended_on is None


def test_two_answers_end_it_once(propose, answer, house, cast):
    propose()
    assert [answer("godkendelse").status_code for _ in range(2)] == [303, 409]
    assert len(stored.rows(house, "closure_step")) == 1


def test_reopened_it_runs_again(propose, answer, house, cast):
    propose()
    assert answer("genaabning").status_code == 409  # nothing to open again
    answer("godkendelse")
    assert answer("genaabning").status_code == 303
    assert mentorship(house, cast).ended_on is None
    assert [row.outcome for row in stored.rows(house, "closure_step")].count("reopened") == 1


def test_a_leader_who_is_or_was_one_of_the_pair_does_not_see_it(
    signed_in, propose, answer, house, cast
):
    propose()
    for name in ("Bo", "Mia"):  # one who sits there, one who has left
        with house.work(writes=True) as (unit, _):
            db.session().add(
                Role(
                    person_id=cast.people[name],
                    role="leader",
                    branch_id=cast.branches["Havn"],
                    from_on=clock.today() - timedelta(days=9),
                )
            )
            unit.commit()
        assert answer("godkendelse", name).status_code == 404
        assert "Samir" not in signed_in(name).get("/leder/afslutninger").text
    assert newest(house).open


def test_the_domain_itself_refuses_an_approver_of_the_pair(propose, house, cast, pen_of):
    propose()
    closure = newest(house)
    with house.work(writes=True), pytest.raises(PermissionError):
        closures.approve(closure, pen_of("Mia"), by=cast.people["Mia"])


@pytest.fixture
def pen_of(house, cast):
    return lambda name: trail.Pen(house.keyring.trail, cast.people[name], None)


def test_the_days_of_erasing_stand_where_an_end_is_approved(
    signed_in, propose, answer, house, cast
):
    """The leader reads both days, and may ask for it ahead of time."""
    propose()
    answer("godkendelse")
    page = signed_in("Lise").get(f"/leder/afslutninger/{newest(house).id}")
    assert (page.status_code, "Kommentarer slettes" in page.text) == (200, True)
    assert f"/leder/sletning/om/{cast.participants['Samir']}" in page.text
