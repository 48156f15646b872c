"""Sending an evaluation: the whole durable request against the raw insert of the same rows."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from statistics import median
from time import perf_counter

from tests.bench.client import ANNA, Client, FormReader
from tests.bench.rows import Floor, contents, written
from tests.bench.servers import app_on, demo_store, fresh_copy
from tests.bench.table import Line, times

ROUNDS = 25
BUDGET = 12
ASKED = {"when", "date", "outcome", "themes", "relation", "wellbeing", "next_date", "next_who"}
HELD = ("outcome", "held")
SCORES = [("relation", "7"), ("wellbeing", "8")]
WORDS = [("comment", "Vi talte om det, der skal ske i næste uge."), ("victory", "Kom til tiden.")]


def lines() -> Iterator[Line]:
    store = fresh_copy(demo_store(), "post")
    with app_on(store) as server:
        anna = Client(server.port).sign_in(ANNA)
        dates = free_dates(anna)
        send(anna, next(dates))
        before = contents(store)
        send(anna, next(dates))
        rows = written(store, before)
        with closing(Floor(fresh_copy(store, "post-floor"), rows)) as floor:
            rounds = [(send(anna, next(dates)), insert(floor)) for _ in range(ROUNDS)]
    ours, least = (median(column) for column in zip(*rounds, strict=True))
    yield times(f"POST evaluation, {len(rows)} rows", ours, least, "ms", BUDGET)


def send(client: Client, on: date) -> float:
    """Milliseconds from sending the filled form to its answer; fetching it is not counted."""
    fields = evaluation(client, on)
    begun = perf_counter()
    answer = client.post("/moeder", fields)
    spent = 1000 * (perf_counter() - begun)
    if answer.status not in (302, 303):
        raise RuntimeError(f"POST /moeder for {on} answered {answer.status}")
    return spent


def evaluation(client: Client, on: date) -> list[tuple[str, str]]:
    """A usual one: another day, one theme, both scores, a comment and a victory."""
    blank = blank_form(client)
    kept = [pair for pair in blank.fields if pair[0] not in ASKED]
    theme = ("themes", blank.limits["themes"]["value"] or "")
    return [*kept, ("when", "other"), ("date", on.isoformat()), HELD, theme, *SCORES, *WORDS]


def blank_form(client: Client) -> FormReader:
    reader = FormReader("/moeder")
    reader.feed(client.get("/moeder/ny").text)
    return reader


def free_dates(client: Client) -> Iterator[date]:
    """Backwards from the latest date that the form takes."""
    limits = blank_form(client).limits["date"]
    first, last = (date.fromisoformat(limits[end] or "") for end in ("min", "max"))
    return (last - timedelta(days) for days in range(1, (last - first).days))


def insert(floor: Floor) -> float:
    begun = perf_counter()
    floor.insert()
    return 1000 * (perf_counter() - begun)
