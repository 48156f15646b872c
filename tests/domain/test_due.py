"""What is due when: the clocks of retention, one day before and on the day."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import delete, insert, update

from app import clock, db
from app.clock import midnight
from app.domain import closures, due, erasure, figures, heartbeats, mentors, referrals, trail
from app.domain.belongings import PARTICIPANT, PERSON
from app.domain.due import WORDS
from app.domain.mentorships import MENTORSHIPS, SEATS, months_after
from app.domain.people import HELD, PEOPLE
from app.eraser import Eraser, last_night
from tests import lives, stored

TODAY = clock.today()
DAY = timedelta(days=1)


@pytest.fixture
def eraser(any_house, any_cast):
    """Of the cast nobody is due: Gustav has his role again, and every key is somebody's."""
    with any_house.work(writes=True) as (unit, _):
        gustav = any_cast.people["Gustav"]
        db.change(update(HELD).where(HELD.c.person_id == gustav).values(to_on=None))
        for key in any_cast.keyed:
            db.session().add(lives.MODELS["partner"](**partner(key, any_cast)))
        db.session().flush()
        unit.commit()
    return Eraser(any_house)


def partner(key, cast):
    """What needs a key and stays."""
    values = {"id": key, "branch_id": cast.branches["Havn"], "kind": "other", "name": "Kontoret"}
    return values | {"made_by": cast.people["Lise"], "made_at": clock.now()}


@pytest.fixture
def do(any_house, any_cast):
    """Statements and verbs in a unit of work of their own."""

    def act(*those):
        with any_house.work(writes=True) as (unit, _):
            for one in those:
                one() if callable(one) else db.change(one)
            unit.commit()

    return act


@pytest.fixture
def due_on(any_house):
    """The day of one person or mentorship; None when there is none."""

    def ask(kind, subject):
        with any_house.work(writes=False):
            found = [one for one in due.everything(clock.today()) if one.kind == kind]
        return next((one.on for one in found if one.subject_id == subject), None)

    return ask


def at(day):
    return time_machine.travel(midnight(day) + timedelta(hours=4), tick=False)


def ended(cast, name, on):
    life = MENTORSHIPS.c.id == cast.mentorships[name]
    return update(MENTORSHIPS).where(life).values(ended_on=on, ending="planned")


def run(eraser):
    return eraser.run(clock.now())


def test_nobody_is_due_while_the_mentorship_runs(any_cast, due_on):
    assert due_on(PARTICIPANT, any_cast.participants["Samir"]) is None


def test_a_participant_is_erased_twelve_months_after_the_end(any_house, any_cast, do, eraser):
    """G17: on the day it is due, and not the day before; every table is counted."""
    samir, jonas = any_cast.participants["Samir"], any_cast.participants["Jonas"]
    do(ended(any_cast, "Samir", TODAY))
    on = months_after(TODAY, 12)
    with at(on - DAY):
        assert run(eraser).erased == 0
    before = stored.counts(any_house)
    with at(on):
        assert run(eraser).erased == 1
    gone = stored.since(before, stored.counts(any_house))
    grown = {"figure", "erasure", "erasure_count", "trail"}
    less = {name: n for name, n in gone.items() if name not in grown}
    assert less == {"participant": -1, "mentorship": -1, "seat": -3, "person_key": -1}
    left = {row.id for row in stored.rows(any_house, "participant")}
    assert (samir in left, jonas in left) == (False, True)


def test_words_fade_six_months_after_the_end_and_scores_stay(any_house, any_cast, do, eraser):
    with any_house.work(writes=True) as (unit, _):
        life = lives.participant(lives.others_of(any_house, any_cast), TODAY, "Zqv")
        unit.commit()
    on = months_after(TODAY, 6)
    with at(on - DAY):
        assert run(eraser).faded == 0
    with at(on):
        assert (run(eraser).faded, run(eraser).faded) == (1, 0)
    (answer,) = [r for r in stored.rows(any_house, "evaluation") if r.participant_id == life.id]
    assert (answer.comment_ct, answer.note_ct, answer.victory_ct) == (None, None, None)
    assert (answer.relation, answer.wellbeing, answer.themes) == (8, 9, 5)
    (handed,) = [r for r in stored.rows(any_house, "handover") if r.participant_id == life.id]
    assert (handed.going_ct, handed.watch_ct) == (None, None)
    for table in ("thread_note", "revision"):
        assert not [r for r in stored.rows(any_house, table) if r.participant_id == life.id]
    for table in ("agreement", "exit_form", "intake_page", "closure"):
        assert [r for r in stored.rows(any_house, table) if r.participant_id == life.id]
    (entry,) = stored.acts(any_house, trail.FADED)
    assert (entry.object_id, entry.subject_id) == (life.rows["mentorship"], life.id)


def test_a_mentorship_that_is_opened_again_keeps_its_words(any_house, any_cast, do, eraser, due_on):
    with any_house.work(writes=True) as (unit, _):
        life = lives.participant(lives.others_of(any_house, any_cast), TODAY, "Zqv")
        unit.commit()
    mentorship = life.rows["mentorship"]
    assert due_on(WORDS, mentorship) == months_after(TODAY, 6)
    do(update(MENTORSHIPS).where(MENTORSHIPS.c.id == mentorship).values(ended_on=None))
    assert due_on(WORDS, mentorship) is None
    assert due_on(PARTICIPANT, life.id) is None


def refer(house, cast, *steps, release=TODAY):
    """A referral with these steps, today."""
    with house.work(writes=True) as (unit, _):
        town = db.rows(stored.TABLES["municipality"].select())[0].id
        lise, pen = cast.people["Lise"], trail.Pen(house.keyring.trail, None, None)
        terms = referrals.Terms(
            "Tarek", None, None, town, None, release, None, TODAY, None, None, ("contact",)
        )
        made = referrals.receive(uuid4(), cast.branches["Havn"], terms, pen, lise)
        for step in steps:
            referrals.move(referrals.one(made), step, pen, lise)
        found = referrals.one(made).participant_id
        unit.commit()
    return found


@pytest.mark.parametrize("step", [referrals.DECLINED, referrals.OUTSIDE, referrals.WITHDRAWN])
def test_a_referral_that_came_to_nothing_is_erased_after_three_months(
    any_house, any_cast, due_on, eraser, step
):
    who = refer(any_house, any_cast, step)
    assert due_on(PARTICIPANT, who) == months_after(TODAY, 3)
    with at(months_after(TODAY, 3)):
        assert run(eraser).erased == 1
    assert who not in {row.id for row in stored.rows(any_house, "participant")}


def test_a_referral_that_nobody_moves_is_erased_a_year_after_step_and_release(
    any_house, any_cast, due_on
):
    release = TODAY + timedelta(days=60)
    who = refer(any_house, any_cast, release=release)
    assert due_on(PARTICIPANT, who) == months_after(release, 12)


def test_who_is_referred_again_is_not_erased_by_the_old_clock(any_house, any_cast, do, due_on):
    """Of several clocks the last one counts."""
    who = refer(any_house, any_cast, referrals.DECLINED)
    do(
        update(MENTORSHIPS)
        .where(MENTORSHIPS.c.id == any_cast.mentorships["Samir"])
        .values(participant_id=who)
    )
    assert due_on(PARTICIPANT, who) is None


def leave(name, cast, house):
    pen = trail.Pen(house.keyring.trail, cast.people["Lise"], None)
    who, lise = cast.people[name], cast.people["Lise"]
    return lambda: mentors.leave(mentors.standing([who], TODAY)[who], pen, lise)


def test_a_mentor_who_leaves_is_erased_twelve_months_later(any_house, any_cast, do, due_on, eraser):
    nora = any_cast.people["Nora"]
    assert due_on(PERSON, nora) is None
    do(leave("Nora", any_cast, any_house))
    assert due_on(PERSON, nora) == months_after(TODAY, 12)
    with at(months_after(TODAY, 12)):
        run(eraser)
    assert not any(row.first_name_ct for row in stored.rows(any_house, "person") if row.id == nora)
    assert nora not in any_house.keys.held()


def test_a_mentor_is_kept_while_an_end_waits_for_a_leader(any_house, any_cast, do, due_on):
    bo, life = any_cast.people["Bo"], any_cast.mentorships["Samir"]
    do(leave("Bo", any_cast, any_house))
    assert due_on(PERSON, bo)
    do(
        insert(closures.CLOSURES).values(
            id=uuid4(),
            mentorship_id=life,
            participant_id=any_cast.participants["Samir"],
            ending="planned",
            ended_by="together",
            end_on=TODAY,
            goodbye=0,
            proposed_by=any_cast.people["Anna"],
            proposed_at=clock.now(),
        )
    )
    assert due_on(PERSON, bo) is None


def test_who_lost_the_last_role_counts_as_having_left(any_cast, do, due_on):
    """Gustav's ran out ten days ago."""
    gustav = any_cast.people["Gustav"]
    with_cast = due_on(PERSON, gustav)
    assert with_cast == months_after(TODAY - timedelta(days=10), 12)
    do(update(HELD).where(HELD.c.person_id == gustav).values(to_on=None))
    assert due_on(PERSON, gustav) is None


def test_who_still_sits_in_a_pair_is_not_erased(any_cast, do, due_on):
    anna = any_cast.people["Anna"]
    do(
        delete(HELD).where(HELD.c.person_id == anna),
        update(PEOPLE).where(PEOPLE.c.id == anna).values(left_at=clock.now()),
    )
    assert due_on(PERSON, anna) is None
    do(update(SEATS).where(SEATS.c.person_id == anna).values(to_on=TODAY - DAY))
    assert due_on(PERSON, anna)


def test_who_was_erased_is_not_due_again(any_cast, eraser, due_on):
    mia = any_cast.people["Mia"]
    eraser.person(mia, erasure.WISH, clock.now())
    with at(months_after(TODAY, 13)):
        assert due_on(PERSON, mia) is None


def test_an_erasure_that_is_due_no_longer_is_dropped(any_house, any_cast, do, eraser):
    """The mentorship was opened again between the clock and the act."""
    do(ended(any_cast, "Samir", TODAY))
    samir, now = any_cast.participants["Samir"], clock.now()
    do(lambda: erasure.begin(samir, PARTICIPANT, None, erasure.DUE, now))
    assert eraser.resume(now) == (0, 0)
    assert stored.rows(any_house, "erasure") == []
    assert samir in {row.id for row in stored.rows(any_house, "participant")}


def test_old_rows_go_after_their_days(any_house, any_cast, eraser):
    with any_house.work(writes=True) as (unit, _):
        life = lives.person(lives.others_of(any_house, any_cast), TODAY, "Zqv")
        unit.commit()
    old = ("sign_in", "device", "feed", "invitation", "notice")
    with at(TODAY + timedelta(days=29)):
        run(eraser)
    for name in old:
        assert life.rows[name] in {row.id for row in stored.rows(any_house, name)}, name
    with at(TODAY + timedelta(days=367)):
        run(eraser)
    for name in old:
        assert life.rows[name] not in {row.id for row in stored.rows(any_house, name)}, name


def test_a_key_that_is_nobodys_goes_after_a_day(any_house, eraser):
    stray = uuid4()
    any_house.keys.add(stray)
    now = clock.now()
    assert eraser.run(now).strays == 0
    assert eraser.run(now + timedelta(hours=23)).strays == 0
    assert eraser.run(now + timedelta(hours=24)).strays == 1
    assert stray not in any_house.keys.held()


def test_a_young_key_that_finds_its_owner_stays(any_house, any_cast, eraser):
    with any_house.work(writes=True) as (_, held):
        key = uuid4()
        held.add(key)
    now = clock.now()
    eraser.run(now)
    with any_house.work(writes=True) as (unit, _):
        db.session().add(lives.MODELS["participant"](id=key))
        db.session().flush()
        unit.commit()
    eraser.run(now + timedelta(hours=30))
    eraser.run(now + timedelta(hours=60))
    assert key not in {row.key_id for row in stored.rows(any_house, "stray")}


def test_a_good_night_is_written_down_and_the_next_begins_at_three(any_house, any_cast, eraser):
    with at(TODAY):  # four in the morning
        eraser.tick(clock.now())
        (beat,) = [b for b in stored.rows(any_house, "heartbeat") if b.name == heartbeats.ERASING]
        assert beat.at == clock.now()
        assert last_night(clock.now()) == midnight(TODAY) + timedelta(hours=3)
    before = stored.contents(any_house)
    with time_machine.travel(midnight(TODAY) + timedelta(hours=26, minutes=59), tick=False):
        eraser.tick(clock.now())
    assert stored.contents(any_house) == before
    with time_machine.travel(midnight(TODAY) + timedelta(hours=27), tick=False):
        eraser.tick(clock.now())
    assert stored.contents(any_house) != before


def test_figures_of_nobody_are_none(any_house, any_cast):
    with any_house.work(writes=True):
        figures.freeze_participant(uuid4())
        assert stored.rows(any_house, "figure") == []
