"""Statements sent to the data stores by each page."""

import json
from collections.abc import Iterator

from tests.bench.in_process import ask_inside
from tests.bench.long_life import large_store
from tests.bench.pages import PAGES
from tests.bench.table import Line, at_most


def lines() -> Iterator[Line]:
    counts = json.loads(ask_inside("queries", large_store()))
    for page, count in zip(PAGES, counts, strict=True):
        yield at_most(f"{page.name}, statements", count, "", page.queries)
