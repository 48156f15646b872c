"""A PostgreSQL of the tests' own: one cluster a worker, never synced, gone when it ends."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

ADVICE = "PostgreSQL is missing. Type: apt-get install -y --no-install-recommends postgresql"
START_LIMIT = 30  # seconds
NEW_CLUSTER = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "max_wal_size=64MB",
    "min_wal_size=32MB",
)


class Stores(NamedTuple):
    """Two fresh databases: the data and, always apart from it, the keys."""

    data: str
    keys: str


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[Stores]:
    with cluster() as stores:
        yield stores


@contextmanager
def cluster() -> Iterator[Stores]:
    folder = Path(tempfile.mkdtemp(prefix="primus-postgres-"))
    try:
        give_to_owner(folder)
        run("initdb", "-D", f"{folder}/data", *NEW_CLUSTER)
        with running(folder) as port:
            yield Stores(*(database(port, name) for name in ("data", "keys")))
    finally:
        shutil.rmtree(folder)


@contextmanager
def running(folder: Path) -> Iterator[int]:
    port = free_port()
    options = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
    flags = [part for option in (*options, *FAST) for part in ("-c", option)]
    log = (folder / "log").open("w")
    server = subprocess.Popen(as_owner("postgres", "-D", f"{folder}/data", *flags), stderr=log)
    try:
        wait_until_it_answers(server, port, folder / "log")
        yield port
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast stop: does not wait for connections
        server.wait(timeout=START_LIMIT)
        log.close()


def wait_until_it_answers(server: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(address(port, "postgres")).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"PostgreSQL did not start:\n{log.read_text()}")


def database(port: int, name: str) -> str:
    with closing(psycopg.connect(address(port, "postgres"), autocommit=True)) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return address(port, name)


def address(port: int, name: str) -> str:
    return f"postgresql://postgres@127.0.0.1:{port}/{name}"


def run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        as_owner(program, *arguments), capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.fail(f"{program} failed:\n{done.stdout}{done.stderr}")


def as_owner(program: str, *arguments: str) -> list[str]:
    """PostgreSQL refuses to run as root; and it must not outlive a test run that was killed."""
    change = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if is_root() else []
    return ["setpriv", *change, "--pdeathsig", "QUIT", str(binaries() / program), *arguments]


def binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=version)
    if not found:
        pytest.fail(ADVICE)
    return found[-1].parent


def version(initdb: Path) -> int:
    return int(initdb.parts[-3])


def give_to_owner(folder: Path) -> None:
    if is_root():
        shutil.chown(folder, "postgres", "postgres")


def is_root() -> bool:
    return os.geteuid() == 0


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
