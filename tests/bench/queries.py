"""Statements sent to the data stores by each page."""

import json
from collections.abc import Iterator

from tests.bench.in_process import ask_inside
from tests.bench.pages import PAGES, SCALE
from tests.bench.servers import demo_store
from tests.bench.table import Line, at_most


def lines() -> Iterator[Line]:
    counts = json.loads(ask_inside("queries", demo_store(SCALE)))
    for page, count in zip(PAGES, counts, strict=True):
        yield at_most(f"{page.name}, statements", count, "", page.queries)
