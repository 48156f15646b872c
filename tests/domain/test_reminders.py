"""The table of reminders, row by row, on facts in memory: who is told what, from and until when."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from app import clock, db
from app.clock import Week
from app.domain import news, occasions, reminders, rota
from app.domain.evaluations import Evaluation
from app.domain.handovers import Place
from app.domain.hours import Hours
from app.domain.meetings import Meeting
from app.domain.occasions import Asking, Decision, Event, Meant, Occasion, Unscored
from app.domain.rota import Away

ANNA, BO, LISE, LIFE = (uuid4() for _ in range(4))
PAIR, ALL = {ANNA, BO}, {ANNA, BO, LISE}
MATCHED = date(2026, 8, 3)  # a Monday
MONDAY = date(2026, 11, 2)  # Bo's week; the next is Anna's
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=n) for n in range(1, 5))
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # one night has no 02:30, one has two
WEEK, DAY, MINUTE = timedelta(weeks=1), timedelta(days=1), timedelta(minutes=1)
STAY = (Place(ANNA, 1, MATCHED, None), Place(BO, 2, MATCHED, None))


def life(seats=STAY, away=(), turns=(), matched_on=MATCHED, leaders=(LISE,), **facts):
    """Samir's mentorship, long before the release, where nothing is due but what a test says."""
    woven = rota.woven([], seats, Week.of(matched_on))
    known = woven._replace(away=away, turns=dict(turns))
    far = {"release_on": date(2028, 6, 1), "last_on": MONDAY, "ended_on": None}
    return Occasion(LIFE, uuid4(), leaders, matched_on, seats=seats, rota=known, **(far | facts))


def at(day, hour, minute=0):
    """On the wall in Denmark."""
    return datetime.combine(day, time(hour, minute), clock.DENMARK).astimezone(UTC)


def told(found, reminder, now, hours=None):
    """Who is told of it at that instant."""
    given = [hours] if hours else []
    return {due.person_id for due in reminders.due(found, now, *given) if due.reminder == reminder}


def comes(found, reminder, moment, to, hours=None):
    """It is due to them from that moment on, not a minute sooner."""
    before = told(found, reminder, moment - MINUTE, hours)
    return not before & set(to) and told(found, reminder, moment, hours) == set(to)


def goes(found, reminder, moment):
    """It has passed at that moment, and had not a minute sooner."""
    before, then = (told(found, reminder, moment - n * MINUTE) for n in (1, 0))
    return bool(before) and not then


def meeting(on=WEDNESDAY, at_time=time(10), comers=(ANNA,), **facts):
    return life(plans=(Meant(uuid4(), on, at_time, comers),), **facts)


# An evaluation waits


def test_two_hours_after_a_planned_meeting_those_who_came_are_told():
    assert comes(meeting(), news.EVALUATION, at(WEDNESDAY, 12), {ANNA})
    both = meeting(comers=(ANNA, BO))
    assert comes(both, news.EVALUATION, at(WEDNESDAY, 12), PAIR)


def test_a_meeting_without_a_time_is_asked_about_at_19():
    assert comes(meeting(at_time=None), news.EVALUATION, at(WEDNESDAY, 19), {ANNA})


def test_it_is_asked_again_at_17_the_next_day_and_on_day_three():
    assert comes(meeting(), news.AGAIN, at(THURSDAY, 17), {ANNA})
    third = WEDNESDAY + timedelta(days=3)
    before, then = (list(reminders.due(meeting(), at(third, 17) - n * MINUTE)) for n in (1, 0))
    assert [[d.due_on for d in found if d.reminder == news.AGAIN] for found in (before, then)] == [
        [THURSDAY],
        [third],
    ]


def test_it_is_not_asked_on_day_two_or_after_day_three():
    days = {
        d.due_on
        for n in range(12)
        for d in reminders.due(meeting(), at(WEDNESDAY + timedelta(days=n), 23))
        if d.reminder == news.AGAIN
    }
    assert days == {THURSDAY, WEDNESDAY + timedelta(days=3)}


@pytest.mark.parametrize("reminder", [news.EVALUATION, news.AGAIN])
def test_any_log_of_that_day_by_either_stops_it(reminder):
    now = at(THURSDAY, 18)
    assert told(meeting(), reminder, now) == {ANNA}
    assert not told(meeting(logged=frozenset({WEDNESDAY})), reminder, now)
    assert told(meeting(logged=frozenset({TUESDAY})), reminder, now) == {ANNA}


def test_a_first_question_two_days_late_is_none():
    assert goes(meeting(), news.EVALUATION, at(FRIDAY, 12))


def test_who_has_left_the_pair_is_asked_no_more_also_about_an_older_day():
    left = (Place(ANNA, 1, MATCHED, WEDNESDAY), STAY[1])
    found = meeting(seats=left, comers=(ANNA, BO))
    assert told(found, news.EVALUATION, at(WEDNESDAY, 13)) == PAIR
    assert told(found, news.EVALUATION, at(THURSDAY, 13)) == {BO}


def test_a_leader_can_move_the_times():
    hours = Hours(morning=time(10), afternoon=time(16), evening=time(18))
    none = meeting(at_time=None)
    assert comes(none, news.EVALUATION, at(WEDNESDAY, 18), {ANNA}, hours)
    assert comes(none, news.AGAIN, at(THURSDAY, 16), {ANNA}, hours)
    assert comes(life(last_on=MATCHED), news.WEEK, at(MONDAY, 10), {BO}, hours)


@pytest.mark.parametrize(
    ("night", "begins", "after"),
    [(SPRING, time(1), (4, 0)), (SPRING, time(1, 30), (4, 30)), (AUTUMN, time(1, 30), (2, 30))],
)
def test_two_hours_are_two_hours_in_the_nights_that_the_clocks_change(night, begins, after):
    found = meeting(night, begins, matched_on=date(2026, 1, 5), seats=_since(date(2026, 1, 5)))
    due = at(night, *after)
    if night == AUTUMN:  # the second of the two
        due += timedelta(hours=1)
    assert comes(found, news.EVALUATION, due, {ANNA})
    assert due - at(night, begins.hour, begins.minute) == timedelta(hours=2)


@pytest.mark.parametrize("night", [SPRING, AUTUMN])
def test_17_is_17_on_the_wall_the_day_after_such_a_night(night):
    start = date(2026, 1, 5)
    found = meeting(night, None, matched_on=start, seats=_since(start))
    assert comes(found, news.EVALUATION, at(night, 19), {ANNA})
    assert comes(found, news.AGAIN, at(night + timedelta(days=1), 17), {ANNA})


def _since(day):
    return tuple(seat._replace(from_on=day) for seat in STAY)


# Two short answers are missing


def scores(logged_at, **facts):
    """Anna has logged; Bo was there too and has not scored."""
    return life(unscored=(Unscored(uuid4(), BO, ANNA, logged_at),), **facts)


def test_who_was_there_is_asked_for_scores_at_19_the_day_the_other_logged():
    assert comes(scores(at(WEDNESDAY, 14)), news.SCORES, at(WEDNESDAY, 19), {BO})


def test_logged_after_19_it_is_asked_at_once():
    assert comes(scores(at(WEDNESDAY, 21)), news.SCORES, at(WEDNESDAY, 21), {BO})


def test_who_logged_without_scores_is_not_asked():
    own = life(unscored=(Unscored(uuid4(), ANNA, ANNA, at(WEDNESDAY, 14)),))
    assert not told(own, news.SCORES, at(WEDNESDAY, 20))


def test_scores_are_asked_for_once():
    found = scores(at(WEDNESDAY, 14))
    days = {
        d.key
        for n in range(200)
        for d in reminders.due(found, at(WEDNESDAY, 14) + n * timedelta(hours=1))
        if d.reminder == news.SCORES
    }
    assert len(days) == 1


def test_who_has_left_is_not_asked_for_scores():
    left = (STAY[0], Place(BO, 2, MATCHED, WEDNESDAY))
    assert not told(scores(at(WEDNESDAY, 14), seats=left), news.SCORES, at(THURSDAY, 10))


# The week


def test_the_holder_is_told_on_monday_at_9_that_the_week_begins():
    assert comes(life(), news.WEEK, at(MONDAY, 9), {BO})
    assert comes(life(), news.WEEK, at(MONDAY + WEEK, 9), {ANNA})


def test_who_took_the_week_holds_it():
    assert comes(life(turns={MONDAY: ANNA}), news.WEEK, at(MONDAY, 9), {ANNA})


def test_no_contact_by_thursday_17_is_said_to_the_holder():
    assert comes(life(last_on=MONDAY - DAY), news.NO_CONTACT, at(THURSDAY, 17), {BO})


@pytest.mark.parametrize("on", [MONDAY, THURSDAY])
def test_a_meeting_or_contact_of_either_in_that_week_stops_it(on):
    assert not told(life(last_on=on), news.NO_CONTACT, at(THURSDAY, 18))


def test_a_holder_who_is_away_is_not_told_of_the_week():
    away = (Away(None, BO, TUESDAY, TUESDAY),)
    assert not told(life(away=away), news.WEEK, at(MONDAY, 10))
    assert not told(life(away=away, last_on=MATCHED), news.NO_CONTACT, at(THURSDAY, 18))


# Weeks that change hands


def request(days, asked_at):
    """Anna asks Bo; it is too late after so many days from Monday on."""
    return life(asked=(Asking(uuid4(), BO, asked_at, MONDAY + timedelta(days=days)),))


def test_a_request_is_told_at_once_to_who_is_asked_and_stands_until_it_is_answered():
    asked = at(MONDAY, 12, 7)
    assert comes(request(20, asked), news.ASKED, asked, {BO})
    assert told(request(20, asked), news.ASKED, asked + timedelta(days=12)) == {BO}
    assert not told(life(), news.ASKED, asked)


def test_the_ladder_is_14_7_3_and_1_days_before_it_is_too_late():
    asked, last = at(MONDAY, 12), MONDAY + timedelta(days=20)
    found = request(20, asked)
    seen = {
        d.due_at
        for n in range(20 * 24)
        for d in reminders.due(found, asked + n * timedelta(hours=1))
        if d.reminder == news.ASKED
    }
    steps = {at(last - timedelta(days=n), 17) for n in (14, 7, 3, 1)}
    assert seen == {asked} | steps


def test_a_step_of_the_ladder_comes_a_day_after_the_request_at_the_soonest():
    found = request(8, at(MONDAY, 18))  # seven days before is tomorrow, 23 hours later
    assert asked_on(found, at(TUESDAY, 18)) == [MONDAY]
    third = TUESDAY + timedelta(days=4)
    assert asked_on(found, at(third, 17)) == [MONDAY, third]


def asked_on(found, now):
    return [d.due_on for d in reminders.due(found, now) if d.reminder == news.ASKED]


@pytest.mark.parametrize(("fact", "reminder"), [("answered", news.ANSWERED), ("given", news.GIVEN)])
def test_an_answer_and_a_leaders_hand_are_told_at_once_and_not_two_days_later(fact, reminder):
    moment = at(TUESDAY, 12, 3)
    found = life(**{fact: (Event(uuid4(), ANNA, moment),)})
    assert comes(found, reminder, moment, {ANNA})
    assert goes(found, reminder, moment + timedelta(days=2))


def test_requests_and_answers_are_told_in_a_pause_too():
    found = life(
        paused=True,
        asked=(Asking(uuid4(), BO, at(MONDAY, 12), MONDAY + WEEK),),
        answered=(Event(uuid4(), ANNA, at(MONDAY, 12)),),
    )
    assert told(found, news.ASKED, at(MONDAY, 12)) == {BO}
    assert told(found, news.ANSWERED, at(MONDAY, 12)) == {ANNA}


# A week that nobody has


def test_an_uncovered_week_is_told_seven_days_ahead_to_the_pair_and_the_leader():
    next_week = MONDAY + WEEK
    found = life(away=(Away(None, ANNA, next_week, next_week),))
    assert comes(found, news.UNCOVERED, at(MONDAY, 9), ALL)


def test_one_that_becomes_uncovered_later_is_told_at_once():
    found = life(away=(Away(None, BO, FRIDAY, FRIDAY),))
    assert told(found, news.UNCOVERED, at(WEDNESDAY, 12)) == ALL


def test_a_week_that_somebody_takes_is_uncovered_no_longer():
    next_week = MONDAY + WEEK
    away = (Away(None, ANNA, next_week, next_week),)
    assert not told(life(away=away, turns={next_week: BO}), news.UNCOVERED, at(TUESDAY, 12))


def test_the_weeks_of_an_empty_seat_are_uncovered():
    alone = (Place(ANNA, 1, MATCHED, None), Place(BO, 2, MATCHED, MONDAY - DAY))
    assert told(life(seats=alone), news.UNCOVERED, at(TUESDAY, 12)) == {ANNA, LISE}


# What hangs on the release

RELEASE = date(2026, 12, 17)  # a Thursday
MILESTONES = [
    (news.RELEASE_MEETING, date(2026, 11, 12)),  # four weeks before, told one week ahead
    (news.RELEASE_WEEK, date(2026, 12, 14)),
    (news.FOLLOW_UP, date(2027, 6, 10)),  # six months after, told one week ahead
    (news.GOODBYE, date(2027, 11, 19)),  # four weeks before the end
    (news.PLANNED_END, date(2027, 12, 17)),
]


@pytest.mark.parametrize(("reminder", "day"), MILESTONES)
def test_the_pair_is_told_what_hangs_on_the_release(reminder, day):
    assert comes(life(release_on=RELEASE), reminder, at(day, 9), PAIR)


MOVED = [
    (news.RELEASE_MEETING, date(2026, 12, 10)),
    (news.RELEASE_WEEK, date(2027, 1, 11)),
    (news.FOLLOW_UP, date(2027, 7, 7)),
    (news.GOODBYE, date(2027, 12, 17)),
    (news.PLANNED_END, date(2028, 1, 14)),
]


@pytest.mark.parametrize(("reminder", "day"), MOVED)
def test_when_the_release_moves_all_of_it_moves(reminder, day):
    moved = life(release_on=RELEASE + 4 * WEEK)
    assert comes(moved, reminder, at(day, 9), PAIR)
    assert not told(moved, reminder, at(dict(MILESTONES)[reminder], 9))


def test_what_lies_before_the_match_is_not_told():
    late = life(release_on=MONDAY + 5 * WEEK, matched_on=TUESDAY, seats=_since(TUESDAY))
    assert not told(late, news.RELEASE_MEETING, at(TUESDAY, 10))


# A pause, silence, and who is not well


def test_both_are_asked_when_a_pause_has_lasted_fourteen_days():
    found = life(paused=True, pause_asks_on=WEDNESDAY)
    assert comes(found, news.PAUSE, at(WEDNESDAY, 9), PAIR)
    assert not told(life(), news.PAUSE, at(WEDNESDAY, 10))


@pytest.mark.parametrize(
    ("reminder", "facts"),
    [
        (news.WEEK, {}),
        (news.UNCOVERED, {"away": (Away(None, BO, FRIDAY, FRIDAY),)}),
        (news.RELEASE_WEEK, {"release_on": FRIDAY}),
        (news.SILENCE, {"last_on": MONDAY - 2 * WEEK}),
    ],
)
def test_a_pause_stops_what_is_about_the_participant(reminder, facts):
    found, now = life(**facts), at(MONDAY, 12)
    assert told(found, reminder, now)
    assert not told(found._replace(paused=True), reminder, now)


def test_all_who_lead_today_hear_of_silence_and_of_an_uncovered_week():
    nora = uuid4()
    quiet = life(last_on=TUESDAY - 2 * WEEK, leaders=(LISE, nora))
    assert told(quiet, news.SILENCE, at(TUESDAY, 9)) == {LISE, nora}
    alone = life(seats=STAY[:1], leaders=(LISE, nora))
    assert told(alone, news.UNCOVERED, at(TUESDAY, 12)) == {ANNA, LISE, nora}


def test_the_leader_hears_of_fourteen_silent_days_in_the_morning():
    assert comes(life(last_on=TUESDAY - 2 * WEEK), news.SILENCE, at(TUESDAY, 9), {LISE})
    assert comes(
        life(last_on=None, matched_on=TUESDAY - 2 * WEEK),
        news.SILENCE,
        at(TUESDAY, 9),
        {LISE},
    )


def test_contact_ends_the_silence():
    assert not told(life(last_on=MONDAY), news.SILENCE, at(TUESDAY, 10))


def test_after_a_pause_the_days_are_counted_anew():
    long_ago = life(last_on=MONDAY - 6 * WEEK, resumed_on=TUESDAY - 2 * WEEK)
    assert comes(long_ago, news.SILENCE, at(TUESDAY, 9), {LISE})


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize(
    ("heard", "morning"), [((TUESDAY, 21), WEDNESDAY), ((WEDNESDAY, 8), WEDNESDAY)]
)
def test_a_mentor_who_is_not_well_is_told_to_the_leader_the_next_morning(heard, morning, paused):
    found = life(low=(Event(uuid4(), LISE, at(*heard)),), paused=paused)
    assert comes(found, news.WELLBEING, at(morning, 9), {LISE})


def test_a_closure_waits_with_the_leader_from_the_next_morning_until_it_is_decided():
    found = life(ending=(Event(uuid4(), LISE, at(TUESDAY, 15)),))
    assert comes(found, news.CLOSURE, at(WEDNESDAY, 9), {LISE})
    assert told(found, news.CLOSURE, at(WEDNESDAY, 9) + 4 * WEEK) == {LISE}


@pytest.mark.parametrize(("approved", "reminder"), [(True, news.CLOSED), (False, news.SENT_BACK)])
def test_the_pair_is_told_at_once_what_became_of_a_closure(approved, reminder):
    moment = at(TUESDAY, 12, 3)
    made = [Decision(uuid4(), LIFE, person, approved, moment) for person in PAIR]
    assert not list(reminders.decisions(made, moment - MINUTE))
    due = list(reminders.decisions(made, moment))
    assert {(d.person_id, d.reminder) for d in due} == {(p, reminder) for p in PAIR}


def test_the_digest_is_of_monday_at_8():
    due = [list(reminders.digests({LISE}, at(MONDAY, 8) - n * MINUTE)) for n in (1, 0)]
    assert [len(found) for found in due] == [0, 1]
    assert due[1][0].key == (LISE, news.DIGEST, LISE, MONDAY)
    assert not list(reminders.digests({LISE}, at(WEDNESDAY, 8)))


# The agreement, before the first visit


def young(**facts):
    return life(matched_on=MONDAY, agreed=False, **facts)


def test_the_pair_is_told_of_the_agreement_on_the_morning_after_the_match():
    assert comes(young(), news.AGREEMENT, at(TUESDAY, 9), PAIR)
    assert comes(young(), news.AGREEMENT, at(TUESDAY, 12), PAIR, Hours(morning=time(12)))
    assert goes(young(), news.AGREEMENT, at(TUESDAY + WEEK, 9))


def test_it_stops_when_the_agreement_is_ready_or_the_participant_released():
    now = at(WEDNESDAY, 9)
    assert not told(young()._replace(agreed=True), news.AGREEMENT, now)
    assert told(young(release_on=WEDNESDAY), news.AGREEMENT, now) == PAIR
    assert not told(young(release_on=TUESDAY), news.AGREEMENT, now)
    assert not told(young(paused=True), news.AGREEMENT, now)


# What the store must say for it


@pytest.fixture
def evaluate(work, cast):
    """One mentor's wellbeing on some day; times in the order of the calls."""
    given = []

    def write(wellbeing, name="Anna"):
        given.append(wellbeing)
        moment = clock.now() - timedelta(hours=100 - len(given))
        met = Meeting(
            mentorship_id=cast.mentorships["Samir"],
            held_on=clock.in_denmark(moment).date(),
            outcome="held",
            logged_by=cast.people[name],
            logged_at=moment,
        )
        db.session().add(met)
        db.session().flush()
        row = Evaluation(
            meeting_id=met.id,
            participant_id=cast.participants["Samir"],
            author_id=cast.people[name],
            at=moment,
            wellbeing=wellbeing,
        )
        db.session().add(row)
        db.session().flush()
        return row.id

    return write


def low(cast):
    [found] = [o for o in occasions.gather(clock.now()) if o.id == cast.mentorships["Samir"]]
    assert {event.person_id for event in found.low} <= {cast.people["Lise"]}
    return {event.about_id for event in found.low}


@pytest.mark.parametrize(("wellbeing", "calls"), [(4, True), (5, False)])
def test_wellbeing_of_four_or_less_calls_for_the_leader(evaluate, cast, wellbeing, calls):
    made = evaluate(wellbeing)
    assert low(cast) == ({made} if calls else set())


@pytest.mark.parametrize(("wellbeing", "calls"), [(6, True), (7, False)])
def test_so_does_a_fall_of_three_below_the_mentors_own_mean(evaluate, cast, wellbeing, calls):
    for before in (8, 9, 10):
        evaluate(before)
    for other in (5, 5, 5):
        evaluate(other, "Bo")
    made = evaluate(wellbeing)
    assert low(cast) == ({made} if calls else set())


def test_two_earlier_answers_are_no_mean(evaluate, cast):
    for before in (10, 10):
        evaluate(before)
    evaluate(6)
    assert not low(cast)
