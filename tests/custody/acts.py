"""What is killed: each act in a process of its own that holds nothing of the test's."""

import os
import resource
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID, uuid4

from app import backups, create_app, restores, rolls, schema
from app.house import House, open_house
from app.web import health
from tests import logs
from tests.cast import Cast
from tests.conftest import client_of

LONGEST = 120  # seconds
ROOM = 100_000  # bytes that a file may still grow
MOST = 200  # meetings
LONG = "Vi gik langs havnen og talte om arbejde. " * 90  # nearly as long as a comment may be
_processes = get_context("forkserver")
_processes.set_forkserver_preload(["tests.custody.acts"])
Act = Callable[..., None]


class Begun:
    """An act under way, which can be killed at any moment."""

    def __init__(self, act: Act, *told: object) -> None:
        self._ours, theirs = _processes.Pipe()
        self._process = _processes.Process(target=_do, args=(theirs, act, told), daemon=True)
        self._process.start()
        theirs.close()
        assert self._ours.recv() == "ready"
        self.began = time.monotonic()

    def end(self) -> float:
        """Let it come to its end; how many seconds that took."""
        self._process.join(LONGEST)
        assert self._process.exitcode == 0
        return time.monotonic() - self.began

    def kill_after(self, seconds: float) -> bool:
        """No goodbye: as when the machine loses its power. Whether it was still at work."""
        self._process.join(max(0.0, seconds))
        was_at_work = self._process.exitcode is None
        self._process.kill()
        self._process.join(LONGEST)
        return was_at_work

    def said(self) -> list[str]:
        """What it had acknowledged, up to the last word that got out."""
        heard = []
        try:
            while self._ours.poll(0.2):
                heard.append(self._ours.recv())
        except (EOFError, OSError):
            pass
        return heard


def _do(line: Connection, act: Act, told: tuple[object, ...]) -> None:
    house = open_house(told[0])  # type: ignore[arg-type]
    line.send("ready")
    act(house, line, *told[1:])
    line.close()


def back_up(house: House, _: Connection, folder: Path) -> None:
    backups.make(house, folder)


def put_back(house: House, _: Connection, folder: Path, key: Path) -> None:
    restores.restore(house, folder, key, over_data=True)


def roll(house: House, _: Connection) -> None:
    rolls.begin(house)
    rolls.finish(house, house.keyring.fingerprint)


def migrate(house: House, _: Connection) -> None:
    schema.upgrade(house)


def add_people(house: House, line: Connection) -> None:
    """Gives people keys, and says of each that it has one, until it is killed."""
    while os.getppid():
        person = uuid4()
        house.keys.add(person)
        line.send(str(person))


def fill_up(house: House, line: Connection, cast: Cast) -> None:
    """Logs meetings until no file may grow any more, and again when it may."""
    let_go(house)
    app = create_app(house.settings)
    health.PAUSE = 0.0
    anna, client = client_of(app, cast, "Anna"), app.test_client()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    store = Path(str(house.data.url.database))
    now = max(file.stat().st_size for file in (store, store.with_name(f"{store.name}-wal")))
    resource.setrlimit(resource.RLIMIT_FSIZE, (now + ROOM, hard))
    status = 303
    for _ in range(MOST):
        values = logs.filled(anna, comment=LONG)
        status = logs.send(anna, values).status_code
        if status != 303:
            break
        line.send(values["id"][0])
    line.send(str(status))
    states = {client.get("/healthz").status_code for _ in range(4)}  # takes what room is left
    line.send(str(max(states)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    line.send(str(client.get("/healthz").status_code))
    assert logs.send(anna, logs.filled(anna, comment=LONG)).status_code == 303
    let_go(app.extensions["house"])


def let_go(house: House) -> None:
    """Nobody is at work on the stores from this process."""
    house.data.dispose()
    house.keys.engine.dispose()


def acknowledged(begun: Begun) -> set[UUID]:
    return {UUID(word) for word in begun.said()}
