"""The app behind a real HTTP server on loopback. It runs in the test's own process, so that a test
can ask the stores what has become of a tap.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from app import clock, create_app
from app.config import Settings
from app.house import House
from tests import cast as casting
from tests.cast import Cast
from tests.conftest import client_of

PATIENCE = 20  # seconds until a test that waits for the server gives up
Answer = Callable[[dict, Callable], Any]


class Line:
    """What lies between the phone and the app. A test can hold forms back or lose their answers."""

    def __init__(self, app: Answer) -> None:
        self._app = app
        self._open = threading.Event()
        self._open.set()
        self._losing = False
        self._refused: str | None = None  # a path whose forms get 503
        self.posts = 0  # forms that have reached the server
        self._arrived = threading.Condition()

    def __call__(self, environ: dict, start_response: Callable) -> Any:
        if environ["REQUEST_METHOD"] != "POST":
            return self._app(environ, start_response)
        with self._arrived:
            self.posts += 1
            self._arrived.notify_all()
        if self._refused is not None and environ["PATH_INFO"].startswith(self._refused):
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        assert self._open.wait(PATIENCE), "a test held a form back and never let it go"
        answer = self._app(environ, start_response)
        if self._losing:
            for _ in answer:  # the app has done its work; nobody hears of it
                pass
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError
        return answer

    @contextmanager
    def held(self) -> Iterator[None]:
        """Forms wait here until the block ends."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    @contextmanager
    def losing_answers(self) -> Iterator[None]:
        """Forms are stored, but the phone never hears of it."""
        self._losing = True
        try:
            yield
        finally:
            self._losing = False

    @contextmanager
    def refusing(self, path: str = "/") -> Iterator[None]:
        """Forms are answered as by a server that is overloaded."""
        self._refused = path
        try:
            yield
        finally:
            self._refused = None

    def wait_for_posts(self, count: int) -> None:
        with self._arrived:
            assert self._arrived.wait_for(lambda: self.posts >= count, PATIENCE)


@dataclass
class Live:
    """The server, and what is behind it."""

    app: Flask
    house: House
    cast: Cast
    line: Line
    url: str

    def cookie(self, name: str) -> str:
        """A session cookie of a member of the cast, without the slow hash."""
        cookie = client_of(self.app, self.cast, name).get_cookie("session")
        assert cookie is not None
        return cookie.value


class Quiet(WSGIRequestHandler):
    """Keeps connections open like the server in production, and writes no log of requests."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the server's name
        """Nothing."""


@contextmanager
def serving(settings: Settings) -> Iterator[Live]:
    """A server on fresh stores with the cast in them."""
    app = create_app(settings)
    house: House = app.extensions["house"]
    cast = casting.call(house, clock.today())
    line = Line(app.wsgi_app)
    server = make_server("127.0.0.1", 0, line, threaded=True, request_handler=Quiet)
    server.daemon_threads = True  # an idle connection must not hold the test back
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Live(app, house, cast, line, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        house.data.dispose()
        house.keys.engine.dispose()
