"""Starts what is measured: demo stores, the app on them, and the floor; all on loopback."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple

from tests.bench.processes import stop

ROOT = Path(__file__).resolve().parents[2]
STORES = ROOT / "instance" / "bench"  # beside the real data, so on the same kind of disk
BIN = Path(sys.executable).parent
FLASK = (str(BIN / "flask"), "--app", "wsgi")
START_LIMIT = 60  # seconds
DEMO = {"MODE": "demo", "SIGN_IN_ATTEMPTS": "100000 per hour"}  # the bench signs in often


class Server(NamedTuple):
    port: int
    pid: int
    started_in: float  # seconds from start to the first answer


@cache
def demo_store(scale: int = 1) -> Path:
    """A folder with demo data, `scale` times as much as `make demo` makes."""
    folder = STORES / f"scale-{scale}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = os.environ | DEMO | {"INSTANCE": str(folder), "DEMO_SCALE": str(scale)}
    command = (*FLASK, "demo")
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"no demo data: {done.stderr}")
    return folder


def fresh_copy(store: Path, name: str) -> Path:
    """A store of its own for a figure that writes."""
    copy = STORES / name
    shutil.rmtree(copy, ignore_errors=True)
    return Path(shutil.copytree(store, copy))


@contextmanager
def app_on(store: Path, workers: int = 1) -> Iterator[Server]:
    settings = {"INSTANCE": str(store), "WORKERS": str(workers), **DEMO}
    with running((sys.executable, "wsgi.py"), settings, "/healthz") as server:
        yield server


@contextmanager
def hello() -> Iterator[Server]:
    """The same server with the same settings as one worker of the app."""
    options = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "128", "--no-ws")
    with running((str(BIN / "granian"), *options, "tests.bench.hello:app"), {}, "/") as server:
        yield server


@contextmanager
def running(command: tuple[str, ...], settings: dict[str, str], path: str) -> Iterator[Server]:
    port = free_port()
    environment = os.environ | settings | {"PORT": str(port), "GRANIAN_PORT": str(port)}
    log = (STORES / "server.log").open("a")
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
    )
    try:
        wait_for(process, port, path)
        yield Server(port, process.pid, time.perf_counter() - begun)
    finally:
        stop(process)
        log.close()


def wait_for(process: subprocess.Popen, port: int, path: str) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", path)
                if connection.getresponse().status == 200:
                    return
        except (OSError, HTTPException):
            time.sleep(0.01)
    raise RuntimeError(f"no answer on {path}; see {STORES / 'server.log'}")


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
