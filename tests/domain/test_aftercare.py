"""What follows on an end: a link that works once, answers that are sealed, what still waits."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from app import clock, db
from app.domain import (
    closures,
    debriefs,
    exit_forms,
    exit_links,
    follow_ups,
    mentorships,
    reasons,
    retention,
    tasks,
    who5,
)
from app.domain.closures import Meanwhile, Terms
from app.domain.exit_forms import Answers
from app.domain.follow_ups import Notes
from app.domain.mentorships import MENTORSHIPS
from app.domain.receipts import Different

ANSWERS = Answers(9, ("network", "work"), "Gåturene", "Tak", dict.fromkeys("abcde", 4))


@pytest.fixture
def lise(cast):
    return cast.people["Lise"]


@pytest.fixture
def ended(work, pen, cast, lise):
    """An approved closure of Samir's mentorship."""
    made = uuid4()
    mine = mentorships.one(cast.mentorships["Samir"], clock.today())
    closures.propose(
        made, mine, Terms("planned", "together", clock.today()), pen, by=cast.people["Anna"]
    )
    closures.approve(closures.one(made), pen, by=lise)
    return closures.one(made)


@pytest.fixture
def token(ended, pen, lise):
    return exit_links.make(ended, pen, by=lise)[0]


def test_only_the_hash_of_a_link_is_kept(token, work):
    row = work.connection.execute(select(exit_links.LINKS)).one()
    assert token not in repr(row)
    assert exit_links.known(token).id == row.id
    assert exit_links.known(token + "x") is None


def test_a_newer_link_stops_the_older(ended, token, pen, lise):
    newer, _ = exit_links.make(ended, pen, by=lise)
    assert exit_links.known(token) is None
    assert exit_links.known(newer)


def test_a_link_lives_fourteen_days(token, work):
    links = exit_links.LINKS
    work.connection.execute(update(links).values(expires_at=clock.now() + timedelta(seconds=5)))
    assert exit_links.known(token)
    work.connection.execute(update(links).values(expires_at=clock.now()))
    assert exit_links.known(token) is None


def test_a_reopened_mentorship_has_no_link_and_gets_none(ended, token, pen, lise):
    closures.reopen(ended, pen, by=lise)
    assert exit_links.known(token) is None
    with pytest.raises(Meanwhile):
        exit_links.make(ended, pen, by=lise)
    with pytest.raises(Meanwhile):
        debriefs.hold(ended, clock.today(), pen, by=lise)


def test_answers_are_sent_once_and_sealed(ended, token, pen, work):
    made, link = uuid4(), exit_links.known(token)
    assert exit_forms.send(made, link, ANSWERS, pen)
    assert exit_forms.send(made, link, ANSWERS, pen)
    assert not exit_forms.send(uuid4(), link, ANSWERS, pen)
    assert exit_forms.of(ended.id).answers() == ANSWERS
    [row] = work.connection.execute(select(exit_forms.FORMS)).all()
    assert b"turene" not in bytes(row.answers_ct)
    assert exit_links.known(token).used_at


def test_who5_is_a_score_only_when_it_is_whole():
    assert who5.score(dict.fromkeys("abcde", 5)) == 100
    assert who5.score(dict.fromkeys("abcde", 0)) == 0
    assert who5.score(dict.fromkeys("abcd", 5)) is None
    assert [who5.band(n) for n in (35, 36, 50, 51)] == ["low", "middle", "middle", "high"]


def test_what_fades_follows_from_the_end():
    assert retention.of(None) is None
    assert retention.of(date(2026, 8, 31)) == (date(2027, 2, 28), date(2027, 8, 31))


@pytest.fixture
def waits(ended, cast):
    """What Overblik says of the end, to somebody."""

    def told(name="Lise"):
        found = tasks.overview(
            frozenset({cast.branches["Havn"]}), cast.people[name], clock.today()
        )[2]
        return {task.code for task in found if task.ref == ended.id}

    return told


def test_what_waits_goes_when_it_is_done(ended, token, pen, lise, waits):
    assert waits() == {"debrief", "exit_form"}
    assert waits("Anna") == set()  # of the pair
    debriefs.hold(ended, clock.today(), pen, by=lise)
    debriefs.hold(ended, clock.today() - timedelta(days=1), pen, by=lise)  # a second tap
    assert debriefs.of(ended.id).held_on == clock.today()
    assert waits() == {"exit_form"}
    exit_forms.send(uuid4(), exit_links.known(token), Answers(), pen)
    assert waits() == set()


def test_nothing_waits_of_what_was_opened_again(ended, pen, lise, waits):
    closures.reopen(ended, pen, by=lise)
    assert waits() == set()


@pytest.mark.parametrize(("weeks", "said"), [(8, {"exit_form"}), (9, set())])
def test_a_participant_need_not_answer(ended, work, pen, lise, waits, weeks, said):
    debriefs.hold(ended, clock.today(), pen, by=lise)
    long_ago = clock.today() - timedelta(weeks=weeks)
    work.connection.execute(update(closures.CLOSURES).values(end_on=long_ago))
    assert waits() == said


def test_the_follow_up_is_due_half_a_year_after_release(work, pen, lise, cast):
    here = cast.mentorships["Samir"]
    leads, today = frozenset({cast.branches["Havn"]}), clock.today()

    def due(released):
        work.connection.execute(
            update(MENTORSHIPS).where(MENTORSHIPS.c.id == here).values(release_on=released)
        )
        found = tasks.overview(leads, lise, today)[0]
        return "follow_up" in {r.code for one in reasons.look(found, today) for r in one.reasons}

    half = mentorships.months_after(today, -6)
    assert due(half)
    assert not due(half + timedelta(days=1))
    person = mentorships.one(here, today).participant_id
    other, six = (Notes(today, kind, ("leader",)) for kind in ("other", "six_months"))
    follow_ups.write(uuid4(), here, person, other, pen, by=lise)
    assert due(half)
    follow_ups.write(uuid4(), here, person, six, pen, by=lise)
    assert not due(half)


def test_follow_up_notes_are_kept_once_and_sealed(work, pen, lise, cast):
    here, made = cast.mentorships["Samir"], uuid4()
    person = mentorships.one(here, clock.today()).participant_id
    notes = Notes(
        clock.today(), "other", ("participant", "leader"), True, kept="Godt", next_step="Kaffe"
    )
    for _ in range(2):
        assert follow_ups.write(made, here, person, notes, pen, by=lise) == made
    with pytest.raises(Different):
        follow_ups.write(made, here, person, notes._replace(kept="Nej"), pen, by=lise)
    [found] = follow_ups.of(here)
    assert (found.there(), found.focus_changed, found.frequency_changed) == (
        ["participant", "leader"],
        True,
        False,
    )
    assert [found.text(name) for name in follow_ups.TEXTS] == ["Godt", None, None, "Kaffe"]
    [row] = db.rows(select(follow_ups.FOLLOW_UPS))
    assert b"Kaffe" not in bytes(row.next_step_ct)
