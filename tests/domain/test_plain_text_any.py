"""What free text may not hold, in every number, address and date that can be drawn."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.plain_text import cleaned, problem

AROUND = ("{}", "x{}x", "({})", "{}.", ":{},", "\n{}\n")
LABEL = st.text("abcæøå", min_size=2, max_size=8)


@given(st.dates())
def test_no_date_is_stopped_however_it_is_written(day):
    for written in (f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}", day.isoformat(), f"{day:%d/%m/%Y}"):
        assert problem(f"Mødet {written} gik godt") is None


@given(st.integers(1900, 2099), st.integers(1900, 2099))
def test_no_two_years_are_stopped(one, other):
    for written in (f"{one}-{other}", f"{one} {other}", f"{one}/{other}"):
        assert problem(f"I {written} gik det godt") is None


@given(st.times(), st.times())
def test_no_times_are_stopped(one, other):
    for written in (f"{one:%H.%M}-{other:%H.%M}", f"{one:%H:%M} til {other:%H:%M}"):
        assert problem(f"Kl. {written} i dag") is None


@given(st.integers(0, 9_999_999), st.sampled_from(["", ",00", ",50"]))
def test_no_amount_below_ten_million_is_stopped(amount, rest):
    for written in (f"{amount}{rest} kr.", f"{amount:,}".replace(",", ".") + f"{rest} kr."):
        assert problem(f"Gælden er {written}") is None


@given(
    st.integers(0, 99_999_999),
    st.sampled_from(["{:08}", "+45{:08}", "+45 {:08}", "0045{:08}", "0045 {:08}"]),
    st.sampled_from(AROUND),
)
def test_every_danish_number_is_stopped(number, spelling, around):
    assert problem(around.format(spelling.format(number)))


@given(st.integers(0, 99_999_999), st.sampled_from(" .-"))
def test_every_danish_number_in_pairs_is_stopped(number, between):
    digits = f"{number:08}"
    assert problem("Ring " + between.join(digits[i : i + 2] for i in range(0, 8, 2)) + " nu")


@given(
    st.integers(0, 10**10 - 1),
    st.sampled_from(["", "-", " ", " - ", "–"]),
    st.sampled_from(AROUND),
)
def test_every_cpr_number_is_stopped(number, between, around):
    digits = f"{number:010}"
    assert problem(around.format(digits[:6] + between + digits[6:]))


@given(LABEL, LABEL, st.sampled_from(["dk", "com", "invalid"]), st.sampled_from(AROUND))
def test_every_address_is_stopped(user, host, top, around):
    assert "e-mail" in (problem(around.format(f"{user}@{host}.{top}")) or "")


@given(st.text())
def test_no_text_breaks_it(text):
    problem(text)
    again = cleaned(text)
    assert again is None or (again == again.strip() and "\r" not in again)
    assert cleaned(again) == again


@pytest.mark.parametrize(
    "text", ["a" * 4000, "@" * 4000, "a@" * 2000, "a@a." * 1000, "1 " * 2000, "+1" * 2000]
)
def test_a_hostile_text_takes_no_time(text):
    begun = time.process_time()
    problem(text)
    assert time.process_time() - begun < 1


def test_line_ends_count_as_one_character():
    assert cleaned("a\r\nb\rc\nd") == "a\nb\nc\nd"
    assert cleaned(" \r\n ") is None
    assert cleaned(None) is None
