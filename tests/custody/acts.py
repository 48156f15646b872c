"""What is killed: each act in a process of its own that holds nothing of the test's."""

import os
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID, uuid4

from app import backups, restores, rolls, schema
from app.house import House, open_house

LONGEST = 120  # seconds
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


def acknowledged(begun: Begun) -> set[UUID]:
    return {UUID(word) for word in begun.said()}
