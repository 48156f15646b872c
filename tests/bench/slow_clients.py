"""200 clients that send a byte a second; who else asks must still be answered."""

import importlib.util
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.bench.servers import DEMO, Server, app_on, demo_store, running
from tests.bench.table import Line

CLIENTS = 200
SECONDS = 10
PATIENCE = 2  # seconds that a health check waits
PAUSE = 0.05  # seconds between health checks
BUDGET = 99  # percent
HEADERS = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = (
    b"POST /log-ind HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\nemail="
)


def lines() -> Iterator[Line]:
    ours = share(app_on(demo_store(), workers=2))
    other = f"waitress {share(waitress_on(demo_store())):.0f} %" if has_waitress() else ""
    yield Line(
        f"{CLIENTS} slow clients: health answered",
        f"{ours:.1f} %",
        other,
        "",
        f"{BUDGET} %",
        ours >= BUDGET,
    )


def share(serving: AbstractContextManager[Server]) -> float:
    with serving as server, ExitStack() as opened:
        slow = [opened.enter_context(slow_client(server.port, n)) for n in range(CLIENTS)]
        with ThreadPoolExecutor(1) as pool:
            trickling = pool.submit(trickle, slow)
            answers = ask_for(SECONDS, server.port)
            trickling.result()
    return 100 * sum(answers) / len(answers)


def slow_client(port: int, number: int) -> socket.socket:
    """Every second one is slow in its headers, the others in the form that they send."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    connection.sendall(BODY if number % 2 else HEADERS)
    return connection


def trickle(clients: list[socket.socket]) -> None:
    for _ in range(SECONDS):
        for client in clients:
            try:
                client.send(b"x")
            except OSError:
                continue  # thrown out, as it should be
        time.sleep(1)


def ask_for(seconds: int, port: int) -> list[bool]:
    deadline = time.monotonic() + seconds
    answers = []
    while time.monotonic() < deadline:
        answers.append(is_healthy(port))
        time.sleep(PAUSE)
    return answers


def is_healthy(port: int) -> bool:
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False


def has_waitress() -> bool:
    return importlib.util.find_spec("waitress") is not None


def waitress_on(store: Path) -> AbstractContextManager[Server]:
    options = "host='127.0.0.1', port=os.environ['PORT'], connection_limit=1000"
    program = f"import os, waitress, wsgi; waitress.serve(wsgi.app, {options})"
    settings = {"INSTANCE": str(store), **DEMO}
    return running((sys.executable, "-c", program), settings, "/healthz")
