"""Themes are counted in SQL; scores are numbers that the database guards."""

from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app import clock, db
from app.domain import evaluations, logs, mentorships, trail
from app.domain.evaluations import Evaluation
from app.domain.logs import Facts, Log, Words
from app.domain.meetings import THEMES, bits


@pytest.fixture
def log(any_house, any_cast):
    """Log a meeting of Anna's with these themes."""
    with any_house.work(writes=True):
        anna = any_cast.people["Anna"]
        view = mentorships.of_mentor(anna, clock.today())
        pen = trail.Pen(any_house.keyring.trail, anna, None)

        def one(themes=(), outcome="held", **words):
            answers = Words(themes=None if themes is None else bits(themes, THEMES), **words)
            entry = Log(uuid4(), Facts(clock.today(), outcome), answers)
            return logs.log(entry, view, pen, by=anna)

        yield one


def test_themes_are_counted_in_one_question(log):
    for themes in (["work"], ["work", "housing"], ["other", "work"], []):
        log(themes)
    answered, counts = evaluations.theme_counts()
    assert answered == 4
    assert counts == dict.fromkeys(THEMES, 0) | {"work": 3, "housing": 1, "other": 1}


def test_who_was_not_asked_is_not_in_the_base(log):
    log(["work"])
    log(None)
    assert evaluations.theme_counts()[0] == 1


def test_the_last_day_of_a_theme_is_of_meetings_that_were_held(log, any_cast):
    log(["work"])
    log(["economy"], outcome="cancelled")
    before = evaluations.before(any_cast.mentorships["Samir"], any_cast.people["Anna"])
    assert before.themes_on == dict.fromkeys(THEMES) | {"work": clock.today()}


def test_earlier_answers_are_those_of_the_own_mentorship(log, any_cast):
    log(["work"], relation=4)
    before = evaluations.before(any_cast.mentorships["Jonas"], any_cast.people["Otto"])
    assert set(before.themes_on.values()) == {None}
    assert before.my_relation is None
    own = evaluations.before(any_cast.mentorships["Samir"], any_cast.people["Anna"])
    assert own.my_relation == 4
    others = evaluations.before(any_cast.mentorships["Samir"], any_cast.people["Bo"])
    assert others.my_relation is None


@pytest.mark.parametrize("column", ["relation", "wellbeing"])
@pytest.mark.parametrize("score", [0, 11, -1])
def test_the_database_refuses_a_score_outside_the_scale(log, column, score):
    log(["work"])
    with pytest.raises(IntegrityError):
        db.session().connection().execute(update(db.columns(Evaluation)).values({column: score}))


def test_the_database_refuses_a_second_evaluation_of_one_mentor(log, any_cast):
    meeting = log(["work"])
    twice = Evaluation(
        id=uuid4(),
        meeting_id=meeting,
        participant_id=any_cast.participants["Samir"],
        author_id=any_cast.people["Anna"],
        at=clock.now(),
    )
    db.session().add(twice)
    with pytest.raises(IntegrityError):
        db.session().flush()


@pytest.mark.parametrize("outcome", ["maybe", "", "HELD"])
def test_the_database_refuses_an_unknown_outcome(log, outcome):
    with pytest.raises(IntegrityError):
        log(["work"], outcome=outcome)
