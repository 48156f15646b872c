"""Four people write at once, each through a server process of their own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from uuid import uuid4

from tests.bench.client import ANNA, BO, CARLA, DAN, Client, form
from tests.bench.servers import app_on, demo_store, fresh_copy
from tests.bench.table import Line, at_most

WRITERS = (ANNA, BO, CARLA, DAN)
REQUESTS = 50  # each
LONGEST = 500  # milliseconds


def lines() -> Iterator[Line]:
    with app_on(fresh_copy(demo_store(), "writers"), workers=len(WRITERS)) as server:
        people = [Client(server.port).sign_in(email) for email in WRITERS]
        with ThreadPoolExecutor(len(people)) as pool:
            answers = [one for many in pool.map(write, people) for one in many]
    refused = sum(status not in (302, 303) for status, _ in answers)
    longest = max(spent for _, spent in answers)
    yield at_most(f"four writers, {len(answers)} contacts: errors", refused, "", 0)
    yield at_most("four writers: longest wait", round(longest), "ms", LONGEST)


def write(person: Client) -> list[tuple[int, float]]:
    kept = [
        pair for pair in form(person.get("/kontakter/ny").text, "/kontakter") if pair[0] != "id"
    ]
    return [one_contact(person, kept) for _ in range(REQUESTS)]


def one_contact(person: Client, kept: list[tuple[str, str]]) -> tuple[int, float]:
    begun = perf_counter()
    answer = person.post("/kontakter", [*kept, ("id", str(uuid4())), ("kind", "call")])
    return answer.status, 1000 * (perf_counter() - begun)
