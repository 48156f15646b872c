"""Slutskemaer: the consultant reads what participants said at the end, and of no small group."""

import itertools
import json
from uuid import uuid4

import pytest

from app import clock, db
from app.domain import exit_figures, trail
from app.domain.closures import Closure
from app.domain.exit_figures import guarded
from app.domain.exit_forms import ExitForm
from app.domain.mentorships import Participant
from app.vault import ring

HERE = "/konsulent/slutskemaer"


@pytest.fixture
def answer(house, cast):
    """That many participants send these answers."""

    def send(count, **answers):
        with house.work(writes=True) as (unit, _):
            for _ in range(count):
                who = uuid4()
                ring().add_many([who])
                db.session().add(Participant(id=who))
                db.session().flush()
                of = {"mentorship_id": cast.mentorships["Samir"], "participant_id": who}
                closure = Closure(
                    id=uuid4(),
                    **of,
                    ending="planned",
                    ended_by="together",
                    end_on=clock.today(),
                    proposed_by=cast.people["Anna"],
                    proposed_at=clock.now(),
                )
                db.session().add(closure)
                db.session().flush()
                form = ExitForm(id=uuid4(), closure_id=closure.id, **of, at=clock.now(), way="link")
                form.answers = json.dumps(answers)
                db.session().add(form)
            db.session().flush()
            unit.commit()

    return send


@pytest.fixture
def read(house):
    def together():
        with house.work(writes=False):
            return exit_figures.together()

    return together


def test_of_four_forms_nothing_is_said(answer, read, signed_in):
    answer(4, satisfaction=9)
    assert read().forms == 0
    told = signed_in("Karen").get(HERE).text
    assert "For få svar endnu" in told
    assert "skemaer er talt med" not in told


def test_forms_are_counted_five_at_a_time(answer, read):
    answer(5, satisfaction=9)
    before = read()
    answer(4, satisfaction=0)
    assert read() == before
    answer(1, satisfaction=0)
    assert read().forms == 10
    assert read().satisfaction.mean == 4.5


def test_T21_the_answers_to_a_question_are_counted_five_at_a_time_too(answer, read):
    """Of five new forms one alone answers: two readings would give that answer away."""
    full = {"satisfaction": 9, "outcomes": ["work"], "who5": dict.fromkeys("abcde", 4)}
    answer(10, **full)
    before = read()
    answer(1, satisfaction=0, outcomes=["home"], who5=dict.fromkeys("abcde", 0))
    answer(4)
    after = read()
    assert after.forms == 15
    for question in ("satisfaction", "outcomes", "wellbeing"):
        assert getattr(after, question) == getattr(before, question)
        assert getattr(after, question).base == 10
    answer(5, **full)
    assert read().satisfaction.base == 15


def test_a_question_that_few_have_answered_says_nothing(answer, read):
    answer(4, satisfaction=9)
    answer(6)
    assert read().forms == 10
    assert read().satisfaction is None


def test_a_choice_shows_where_five_ticked_it_and_five_did_not(answer, read):
    answer(6, outcomes=["work", "housing"])
    answer(4, outcomes=["housing"])
    counts = read().outcomes.counts
    assert (counts["work"], counts["housing"], counts["energy"]) == (None, None, None)
    answer(5, outcomes=["energy"])
    counts = read().outcomes.counts
    assert (counts["work"], counts["housing"], counts["energy"]) == (6, 10, 5)


def test_no_hidden_count_can_be_reckoned_from_the_others():
    """The total is shown, so whatever is hidden is at least five together."""
    for counts in itertools.product((0, 1, 4, 5, 9, 30), repeat=4):
        shown = guarded(dict(zip("abcd", counts, strict=True)))
        hidden = [n for n, s in zip(counts, shown.values(), strict=True) if s is None]
        assert all(s is None or s >= 5 for s in shown.values())
        small = [n for n in counts if n < 5]
        if small:
            assert len(hidden) > 1
            assert sum(hidden) >= 5 or len(hidden) == len(counts)
        else:
            assert hidden == []


def test_the_page_names_nobody_and_every_reading_is_logged(answer, house, cast, signed_in):
    wellbeing = {"a": 4, "b": 4, "c": 4, "d": 4, "e": 4}
    words = "Samir sagde noget, som kun en kan have sagt"
    answer(10, satisfaction=9, best=words, comment=words, who5=wellbeing, outcomes=["work"])
    answer(5, satisfaction=5, outcomes=["energy"])
    told = signed_in("Karen").get(HERE)
    assert told.status_code == 200
    assert words not in told.text
    assert "Havn" not in told.text
    assert "15 skemaer er talt med" in told.text
    assert "i gennemsnit 7,7" in told.text
    with house.work(writes=False):
        read = [
            row
            for row in db.rows(db.columns(trail.Entry).select())
            if row.actor_id == cast.people["Karen"] and row.subject_id
        ]
    assert len({row.subject_id for row in read}) == 15


@pytest.mark.parametrize("name", ["Anna", "Lise"])
def test_only_the_consultant_reads_it(signed_in, name):
    assert signed_in(name).get(HERE).status_code == 403
