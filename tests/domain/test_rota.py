"""Who has the week."""

import random
from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.clock import Week
from app.domain import public_holidays, rota
from app.domain.mentorships import Sitting
from app.domain.rota import Away, Beat, Rota
from app.domain.strand import Strand

START = Week(2026, 40)
ANNA, BO, MIA = uuid4(), uuid4(), uuid4()


def seat(person, place, since=START.monday, until=None):
    return Sitting(person, place, since, until, "x", None)


PAIR = [seat(ANNA, 1), seat(BO, 2)]


def of(seats=PAIR, *beats, turns=None, away=()):
    return Rota(seats, [Beat(START.monday, 1, 1), *beats], turns or {}, away)


def holders(held, first, count):
    return [rota.holder(held, first.plus(n)) for n in range(count)]


def test_the_two_alternate_and_place_1_begins():
    assert holders(of(), START, 6) == [ANNA, BO, ANNA, BO, ANNA, BO]


def test_the_order_of_the_seats_decides_nothing():
    assert holders(of(PAIR[::-1]), START, 6) == holders(of(), START, 6)


def test_alternation_goes_on_through_week_53():
    weeks = [Week(2026, 52), Week(2026, 53), Week(2027, 1), Week(2027, 2)]
    assert [rota.holder(of(), week) for week in weeks] == [ANNA, BO, ANNA, BO]


def test_in_a_year_without_week_53_week_1_follows_week_52():
    held = Rota([seat(ANNA, 1), seat(BO, 2)], [Beat(Week(2027, 51).monday, 1, 1)], {})
    weeks = [Week(2027, 51), Week(2027, 52), Week(2028, 1), Week(2028, 2)]
    assert [rota.holder(held, week) for week in weeks] == [ANNA, BO, ANNA, BO]
    assert Week(2027, 52).plus(1) == Week(2028, 1)


def test_clocks_that_change_move_no_week():
    spring = Week(2026, 12)
    held = Rota([seat(ANNA, 1, date.min), seat(BO, 2, date.min)], [Beat(spring.monday, 1, 1)], {})
    assert holders(held, spring, 4) == [ANNA, BO, ANNA, BO]  # 29 March 2026, then 25 October
    assert holders(held, Week(2026, 42), 4) == [ANNA, BO, ANNA, BO]


def test_an_empty_seat_s_weeks_fall_to_nobody():
    assert holders(of([seat(ANNA, 1)]), START, 4) == [ANNA, None, ANNA, None]


def test_a_new_mentor_takes_over_the_place_and_its_weeks():
    change = START.plus(3).monday
    seats = [seat(ANNA, 1), seat(MIA, 2, until=change - timedelta(days=1)), seat(BO, 2, change)]
    assert [rota.holder(of(seats), START.plus(n)) for n in range(1, 8, 2)] == [MIA, BO, BO, BO]


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (START.monday, START.sunday, True),
        (START.monday, START.sunday - timedelta(days=1), False),  # gone before the week is out
        (START.sunday, None, True),  # there before the week is out
        (START.sunday + timedelta(days=1), None, False),
        (START.monday, START.monday - timedelta(days=1), False),
    ],
)
def test_a_seat_holds_a_week_that_it_is_held_at_the_end_of(since, until, holds):
    assert (rota.holder(of([seat(ANNA, 1, since, until)]), START) == ANNA) is holds


def test_both_get_as_many_weeks():
    found = holders(of(), START, 104)
    assert found.count(ANNA) == found.count(BO) == 52


def test_before_the_start_the_pattern_is_the_same_backwards():
    held = of([seat(ANNA, 1, date.min), seat(BO, 2, date.min)])
    assert rota.holder(held, START.plus(-1)) == BO


@pytest.mark.parametrize(
    ("beat", "found"),
    [
        (Beat(START.plus(4).monday, 2, 1), [ANNA, BO, ANNA, BO, BO, ANNA, BO, ANNA]),
        (Beat(START.plus(4).monday, 1, 2), [ANNA, BO, ANNA, BO, ANNA, ANNA, BO, BO]),
        (Beat(START.plus(3).monday, 2, 3), [ANNA, BO, ANNA, BO, BO, BO, ANNA, ANNA]),
    ],
)
def test_a_rhythm_counts_from_its_week_on(beat, found):
    assert holders(of(PAIR, beat), START, 8) == found


def test_the_newest_rhythm_that_has_begun_counts():
    beats = Beat(START.plus(2).monday, 2, 2), Beat(START.plus(4).monday, 1, 1)
    assert holders(of(PAIR, *beats), START, 8) == [ANNA, BO, BO, BO, ANNA, BO, ANNA, BO]


def test_who_took_the_week_has_it():
    held = of(turns={START.monday: BO, START.plus(1).monday: ANNA})
    assert holders(held, START, 4) == [BO, ANNA, ANNA, BO]


def test_what_a_mentor_took_who_has_left_goes_back_to_whose_place_it_is():
    gone = [seat(ANNA, 1), seat(BO, 2, until=START.plus(1).sunday)]
    turns = {START.plus(2).monday: BO, START.plus(3).monday: ANNA}
    assert holders(of(gone, turns=turns), START, 6) == [ANNA, BO, ANNA, ANNA, ANNA, None]


def away(person, first, last):
    return Away(None, person, first, last)


@pytest.mark.parametrize(
    ("first", "last", "flagged"),
    [
        (START.monday, START.sunday, [True, False, False]),
        (START.sunday, START.plus(1).monday, [True, False, False]),  # Bo's week is Bo's
        (START.sunday, START.plus(2).monday, [True, False, True]),
        (START.monday - timedelta(days=9), START.monday - timedelta(days=1), [False] * 3),
    ],
)
def test_a_week_is_uncovered_while_its_holder_is_away(first, last, flagged):
    held = of(away=[away(ANNA, first, last)])
    found = [rota.uncovered(held, START.plus(n).monday) for n in range(3)]
    assert found == flagged


def test_a_week_that_somebody_took_is_covered():
    absence = [away(ANNA, START.monday, START.sunday)]
    assert not rota.uncovered(of(turns={START.monday: BO}, away=absence), START.monday)


def test_an_empty_seat_s_week_is_uncovered():
    alone = of([seat(ANNA, 1)])
    assert [rota.uncovered(alone, START.plus(n).monday) for n in range(2)] == [False, True]


def test_rows_in_any_order_weave_the_same_rota():
    rows = [
        strand("turn", START, person=BO, number=1),
        strand("turn", START, person=ANNA, number=2),
        strand("turn", START, person=BO, number=3),
        strand("turn", START.plus(1), person=ANNA, number=4),
        strand("beat", START.plus(2), number=21),
        strand("beat", START.plus(5), number=12),
    ]
    wanted = [BO, ANNA, BO, ANNA, BO, ANNA, ANNA, BO]
    for seed in range(20):
        random.Random(seed).shuffle(rows)  # noqa: S311 - an order, no secret
        assert holders(rota.woven(rows, PAIR, START), START, 8) == wanted


def strand(what, week, person=None, number=None):
    return Strand(what, week.monday, None, person, number, None, None, None, None)


def test_the_balance_counts_the_last_eight_whole_weeks():
    held = of(turns={START.plus(9).monday: ANNA})
    assert rota.balance(held, START.plus(10).monday) == {ANNA: 5, BO: 3}
    assert rota.balance(held, START.plus(2).monday) == {ANNA: 1, BO: 1}  # there were no more


@pytest.mark.parametrize(
    ("week", "name"),
    [
        (Week(2026, 14), "Skærtorsdag"),
        (Week(2026, 14), "Langfredag"),
        (Week(2026, 15), "Anden påskedag"),
        (Week(2026, 20), "Kristi himmelfartsdag"),
        (Week(2026, 52), "Juledag"),
        (Week(2026, 53), "Nytårsdag"),
    ],
)
def test_danish_public_holidays_are_shown_with_their_week(week, name):
    assert any(name.lower() in holiday.lower() for holiday in public_holidays.of_week(week.monday))


def test_the_great_prayer_day_is_no_holiday_any_more():
    assert public_holidays.of_week(Week(2026, 18).monday) == ()


def test_an_ordinary_week_has_none():
    assert public_holidays.of_week(Week(2026, 47).monday) == ()
