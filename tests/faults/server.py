"""The app in a process of its own, so that it can be killed, started again on the same stores,
slowed down, broken, robbed of its answers, and exchanged for another build.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from app import create_app
from app.config import ROOT, Settings
from app.house import House
from app.web import static
from tests.browser.live import Quiet
from tests.cast import Cast
from tests.conftest import client_of, settings_for

PATIENCE = 1.0  # seconds that a phone of these tests waits for an answer
LONG = 1.6  # longer than it waits
START_LIMIT = 30  # seconds
FINE, SLOW, LATE, BROKEN, AWAY, LOST = "fine", "slow", "late", "500", "503", "lost"
FAULTS = (SLOW, LATE, BROKEN, AWAY, LOST)
OUTSIDE = ("/healthz", "/static/")  # never at fault: else the test would not know when it is up


class Faulty:
    """What lies before the app: it reads the fault of the hour from a file."""

    def __init__(self, app: Callable, fault: Path) -> None:
        self._app = app
        self._fault = fault

    def __call__(self, environ: dict, start_response: Callable) -> Any:
        fault = self._fault.read_text()
        if fault == FINE or environ["PATH_INFO"].startswith(OUTSIDE):
            return self._app(environ, start_response)
        if fault in (BROKEN, AWAY):
            start_response(f"{fault} Fault", [("Content-Length", "0")])
            return [b""]
        if fault == SLOW:  # what comes is heard late
            time.sleep(LONG)
        answer = self._app(environ, start_response)
        if fault == LATE:  # what has been done is told late
            time.sleep(LONG)
        if fault == LOST:  # the app has done its work; nobody hears of it
            for _ in answer:
                pass
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError
        return answer


class Server:
    """Starts and ends that process; behind it the stores, which a test can ask."""

    def __init__(self, settings: Settings, cast: Cast) -> None:
        self.settings = replace(settings, phone_patience=PATIENCE)
        self.app: Flask = create_app(self.settings)
        self.house: House = self.app.extensions["house"]
        self.cast = cast
        self.build = 1
        self._fault = settings.instance / "fault"
        self._log = settings.instance / "server.log"
        self._process: subprocess.Popen | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.fault(FINE)

    def fault(self, name: str) -> None:
        """What every answer suffers from now on."""
        draft = self._fault.with_suffix(".draft")
        draft.write_text(name)
        draft.replace(self._fault)

    def start(self) -> None:
        if self._process:
            return
        told = {"INSTANCE": str(self.settings.instance), "PORT": str(self.port)}
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                (sys.executable, "-m", "tests.faults.server"),
                cwd=ROOT,
                env=os.environ | told | {"BUILD": str(self.build)},
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def kill(self) -> None:
        """No goodbye: as when the machine loses its power."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def update(self) -> None:
        """The same stores under another build of the app."""
        self.kill()
        self.build += 1
        self.start()

    def cookie(self, name: str) -> str:
        """A session cookie of a member of the cast, without the slow hash."""
        cookie = client_of(self.app, self.cast, name).get_cookie("session")
        assert cookie is not None
        return cookie.value

    def close(self) -> None:
        self.kill()
        self.house.data.dispose()
        self.house.keys.engine.dispose()

    def _wait(self) -> None:
        process, deadline = self._process, time.monotonic() + START_LIMIT
        while process and process.poll() is None and time.monotonic() < deadline:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                time.sleep(0.02)
            finally:
                connection.close()
        raise AssertionError("no server: " + self._log.read_text())


@contextmanager
def serving(settings: Settings, cast: Cast) -> Iterator[Server]:
    made = Server(settings, cast)
    try:
        made.start()
        yield made
    finally:
        made.close()


def _built(folder: Path, build: str) -> None:
    """Another build is other files: a later one differs in its styles and in its scripts."""
    if build == "1":
        return
    tree = folder / f"static-{build}"
    if not tree.exists():
        shutil.copytree(static.SOURCE, tree)
        for name in ("css/app.css", "js/start.js"):
            with (tree / name).open("a") as file:
                file.write(f"\n/* build {build} */\n")
    static.SOURCE = tree


def _end_with(parent: int) -> None:
    """A test that is killed leaves no server behind."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main() -> None:
    folder = Path(os.environ["INSTANCE"])
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    _built(folder, os.environ["BUILD"])
    app = create_app(replace(settings_for(folder), phone_patience=PATIENCE))
    line = Faulty(app.wsgi_app, folder / "fault")
    port = int(os.environ["PORT"])
    server = make_server("127.0.0.1", port, line, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main()
