"""Figures are equal before and after a person is erased: what lives and what stays, together."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from app import clock
from app.domain import erasure, figures
from app.eraser import Eraser
from tests import lives, stored

LONG_AGO = clock.today() - timedelta(days=400)
# Plain SQL over the living rows: branch, day, value, and what is added up.
LIVING = {
    figures.MEETING: "SELECT f.branch_id, m.held_on, m.outcome, 0 {meetings}",
    figures.PLACE: "SELECT f.branch_id, m.held_on, m.place, 0 {meetings} WHERE place IS NOT NULL",
    figures.OTHERS: "SELECT f.branch_id, m.held_on, m.others, 0 {meetings}",
    figures.SINCE_LAST: "SELECT f.branch_id, m.held_on, m.since_last, 0 {meetings}",
    figures.KM: "SELECT f.branch_id, m.held_on, 'yes', m.km {meetings} WHERE km IS NOT NULL",
    figures.RELATION: "SELECT f.branch_id, m.held_on, e.relation, 0 {answers}",
    figures.WELLBEING: "SELECT f.branch_id, m.held_on, e.wellbeing, 0 {answers}",
    figures.THEMES: "SELECT f.branch_id, m.held_on, e.themes, 0 {answers}",
    figures.CONTACT: 'SELECT f.branch_id, c."on", c.kind, 0 FROM contact c'
    " JOIN mentorship f ON f.id = c.mentorship_id",
    figures.BEGUN: "SELECT branch_id, matched_on, 'yes', 0 FROM mentorship",
    figures.ENDED: "SELECT branch_id, ended_on, ending, 0 FROM mentorship"
    " WHERE ended_on IS NOT NULL",
    figures.ENDED_BY: "SELECT f.branch_id, f.ended_on, k.ended_by, 0 FROM closure k"
    " JOIN mentorship f ON f.id = k.mentorship_id JOIN closure_step s ON s.closure_id = k.id"
    " WHERE s.outcome = 'approved'",
    figures.REFERRED: "SELECT r.branch_id, r.received_on, s.step, 0 FROM referral r"
    " JOIN referral_step s ON s.referral_id = r.id",
}
PARTS = {
    "meetings": "FROM meeting m JOIN mentorship f ON f.id = m.mentorship_id",
    "answers": "FROM evaluation e JOIN meeting m ON m.id = e.meeting_id"
    " JOIN mentorship f ON f.id = m.mentorship_id",
}


@pytest.fixture
def two(any_house, any_cast):
    with any_house.work(writes=True) as (unit, _):
        others = lives.others_of(any_house, any_cast)
        both = [lives.participant(others, LONG_AGO, tag) for tag in ("Zqv", "Wyk")]
        unit.commit()
    return both


def month_of(day):
    found = day if isinstance(day, date) else datetime.fromisoformat(day).date()
    return found.replace(day=1)


def counted(house):
    """What lives and what stays, together: how often, and how much."""
    n, total = Counter(), Counter()
    with house.data.connect() as connection:
        for kind, statement in LIVING.items():
            for branch, day, value, much in connection.execute(text(statement.format(**PARTS))):
                key = (kind, str(branch).replace("-", ""), month_of(day), str(value))
                n[key] += 1
                total[key] += much
        frozen = "SELECT kind, branch_id, month, value, n, total FROM figure"
        for kind, branch, month, value, often, much in connection.execute(text(frozen)):
            if kind in LIVING:
                key = (kind, str(branch).replace("-", ""), month_of(month), value)
                n[key] += often
                total[key] += much
    return n, total


def erase(house, *those):
    for life in those:
        Eraser(house).person(life.id, erasure.WISH, clock.now())


def kept(house):
    return {(row.kind, row.value): (row.n, row.total) for row in stored.rows(house, "figure")}


def test_figures_are_equal_before_and_after(any_house, two):
    before = counted(any_house)
    erase(any_house, two[0])
    assert counted(any_house) == before
    erase(any_house, two[1])
    assert counted(any_house) == before


def test_what_was_sealed_is_counted_before_the_key_is_destroyed(any_house, two):
    erase(any_house, *two)
    found = kept(any_house)
    assert found[figures.REASON, "moved"] == (2, 0)
    assert found[figures.WHO5_START, "low"] == (2, 40)
    assert found[figures.WHO5_END, "high"] == (2, 160)
    assert found[figures.WHO5_CHANGE, "low>high"] == (2, 120)
    assert found[figures.SATISFACTION, "9"] == (2, 18)
    assert found[figures.ACHIEVED, str(1 << 9)] == (2, 0)


def test_a_figure_is_of_a_month_and_a_branch_and_names_nobody(any_house, two):
    erase(any_house, *two)
    columns = set(stored.TABLES["figure"].columns.keys())
    assert columns == {"id", "kind", "branch_id", "month", "value", "n", "total"}
    for row in stored.rows(any_house, "figure"):
        assert row.month.day == 1
        assert len(row.value) < 12, "a code, a score or a band"


def test_two_who_are_alike_are_one_row(any_house, two):
    erase(any_house, *two)
    rows = stored.rows(any_house, "figure")
    assert {row.n for row in rows} == {2}


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0-2"), (2, "0-2"), (3, "3-5"), (17, "12-17"), (18, "18+"), (40, "18+")],
)
def test_a_band_holds_its_first_number_and_not_its_last(number, said):
    assert figures.band(number, figures.MONTH_BANDS) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "week"), (7, "week"), (8, "two_weeks"), (14, "two_weeks"), (15, "longer")],
)
def test_the_time_between_meetings_is_as_the_report_has_it(days, said):
    day = date(2026, 11, 20)
    assert figures.gap(day - timedelta(days=days), day) == said
    assert figures.gap(None, day) == "first"
