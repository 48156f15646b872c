"""The page that says what is stored says all of it, and nothing that is not there."""

import re

from app.config import ROOT
from app.domain.retention import CLOCKS
from tests import stored
from tests.house.catalogue import COLUMNS, Kind

PAGE = ROOT / "docs" / "what-is-stored.md"
OPEN = {
    *(Kind.ID, Kind.WHEN, Kind.CODE, Kind.COUNT, Kind.PLACE, Kind.TEXT, Kind.PROOF),
    *(Kind.SCORE, Kind.WELLBEING),
}
ROW = re.compile(r"^\| (\w+) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)


def words(kinds):
    return ", ".join(sorted(kind.name.lower().replace("_", " ") for kind in kinds))


def test_T33_what_is_stored_stands_on_one_page():
    told = {name: (shown, sealed.strip()) for name, shown, sealed in ROW.findall(PAGE.read_text())}
    told.pop("table")
    assert told == {
        name: (words(set(kinds.values()) & OPEN), words(set(kinds.values()) - OPEN))
        for name, kinds in COLUMNS.items()
    }
    assert set(stored.TABLES) <= set(told)


def test_T33_how_long_it_is_stored_stands_there_too():
    page = PAGE.read_text()
    for clock in CLOCKS:
        assert f"| {clock.what} | {clock.how_long} |" in page
