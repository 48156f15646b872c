"""Several senders at one moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any


def at_once(sends: list[Callable[[], Any]]) -> list[Any]:
    """Start them all together; what each of them got."""
    gate = Barrier(len(sends))

    def run(send: Callable[[], Any]) -> Any:
        gate.wait()
        return send()

    with ThreadPoolExecutor(len(sends)) as pool:
        return list(pool.map(run, sends))
