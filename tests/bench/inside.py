"""Runs inside the measured process: calls the app, or the floor, without a server.

`python -m tests.bench.inside queries|instructions`, with the requests as JSON on standard input:
a list of [path, cookie]. Under callgrind every call of `mark` closes one part of the count.
"""

import importlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterable

from sqlalchemy import Engine, event

WARM = 3
COUNTED = 5
Application = Callable[..., Iterable[bytes]]


def main(figure: str, asked: list[tuple[str, str]]) -> None:
    ours = importlib.import_module("wsgi").app
    {"queries": count_queries, "instructions": mark_instructions}[figure](ours, asked)


def count_queries(ours: Application, asked: list[tuple[str, str]]) -> None:
    seen: list[str] = []
    event.listen(Engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    counts = []
    for path, cookie in asked:
        request(ours, path, cookie)
        seen.clear()
        request(ours, path, cookie)
        counts.append(sum(not is_frame(statement) for statement in seen))
    print(json.dumps(counts))


def is_frame(statement: str) -> bool:
    return statement.split(maxsplit=1)[0] in ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")


def mark_instructions(ours: Application, asked: list[tuple[str, str]]) -> None:
    floor = importlib.import_module("tests.bench.hello").app
    for application, path, cookie in [(floor, "/", ""), *((ours, *one) for one in asked)]:
        repeat(WARM, application, path, cookie)
        mark()
        repeat(COUNTED, application, path, cookie)
        mark()


def mark() -> None:
    """A call that nothing else makes: callgrind is told to write its counts when it comes."""
    os.getsid(0)


def repeat(times: int, application: Application, path: str, cookie: str) -> None:
    for _ in range(times):
        request(application, path, cookie)


def request(application: Application, path: str, cookie: str) -> None:
    answered: list[str] = []
    body = application(environ(path, cookie), lambda status, *_: answered.append(status))
    for _ in body:
        pass
    if hasattr(body, "close"):
        body.close()
    if answered != ["200 OK"]:
        raise RuntimeError(f"{path} answered {answered}")


def environ(path: str, cookie: str) -> dict[str, object]:
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT_ENCODING": "br, gzip",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


if __name__ == "__main__":
    main(sys.argv[1], json.load(sys.stdin))
