"""The pages that are measured, who opens them, and what they may cost."""

from typing import NamedTuple

from tests.bench.client import ANNA, CARLA, LEADER

SCALE = 25  # times the demo data: then the leader has about 190 mentorships


class Page(NamedTuple):
    name: str
    path: str
    who: str
    budget: float  # times hello
    queries: int


PAGES = (
    Page("I dag", "/", ANNA, 20, 6),
    Page("Møder", "/moeder", ANNA, 20, 6),
    Page("Uger", "/uger", ANNA, 20, 6),
    Page("Forløb", "/forloeb", ANNA, 20, 6),
    Page("Log møde", "/moeder/ny", ANNA, 20, 6),
    Page("Uger with 3 years and 60 handovers", "/uger", CARLA, 20, 6),
    Page("Overblik, about 190 mentorships", "/leder", LEADER, 60, 6),
)
MENTOR_PAGES = PAGES[:5]
