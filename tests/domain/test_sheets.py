"""T20: no cell of any file is a formula, whatever was typed."""

import csv
import io
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import sheets
from app.domain.sheets import FORMULA, Line, Refused

WIDE = ("\uff1d", "\uff0b", "\uff0d", "\uff20")  # = + - @ as some keyboards write them
HIDDEN = " \u00a0\ufeff\x00\t\r\n"
STARTS = st.sampled_from(["", *FORMULA, *WIDE, " ", "\u00a0", "\ufeff", "\x00", ";", '"', "'"])
CELLS = st.builds(
    lambda parts, text: "".join(parts) + text,
    st.lists(STARTS, max_size=4),
    st.text(max_size=12),
)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=4)


def cells_of(text):
    return [c for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") for c in row]


@settings(deadline=None)
@given(TABLES)
def test_T20_no_cell_of_an_export_starts_a_formula(rows):
    found = cells_of(sheets.export(["a"], rows, uuid4()))
    assert len(found) == 2 + sum(len(row) + 1 for row in rows)
    for cell in found:
        assert not cell.startswith(FORMULA)
        assert not cell.lstrip(HIDDEN).startswith(("=", "+", "-", "@", *WIDE))


@settings(deadline=None)
@given(TABLES)
def test_T20_every_cell_is_quoted_and_says_what_it_said(rows):
    text = sheets.lines(*rows)
    assert not text or (text.startswith('"') and text.endswith('"\r\n'))
    for before, after in zip((c for row in rows for c in row), cells_of(text), strict=True):
        assert after in (before, f"'{before}")


@settings(deadline=None)
@given(CELLS)
def test_T20_a_refused_row_goes_back_without_a_formula(cell):
    line = Line(2, {"fornavn": cell})
    for found in cells_of(sheets.write(["fornavn"], [Refused(line, "Fejl")], uuid4())):
        assert not found.startswith(FORMULA)


def test_what_is_no_formula_is_left_alone():
    for cell in ("Anna", "20 30 40 50", "2026-11-25", "a=b", "", "1-2"):
        assert sheets.harmless(cell) == cell
