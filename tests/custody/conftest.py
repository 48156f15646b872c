"""Stores with the cast in them, the key that opens backups, and the commands as they are typed."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from click.testing import Result
from flask import Flask
from flask.cli import FlaskGroup

from app import clock, parcels
from app.config import Settings
from app.domain import trail
from app.domain.mentorships import Participant
from app.domain.people import Person
from app.house import House
from app.vault import KeyGone
from tests.cast import Cast

ON_POSTGRES = pytest.mark.parametrize(
    "any_settings", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def opener(tmp_path: Path) -> Path:
    """The key that opens backups; it lies elsewhere."""
    path = tmp_path / "elsewhere" / "backup-key.json"
    parcels.make_key(path)
    return path


@pytest.fixture
def any_settings(any_settings: Settings, opener: Path) -> Settings:
    return replace(any_settings, backup_key=opener.with_name(f"{opener.name}.pub"))


@pytest.fixture
def settings(settings: Settings, opener: Path) -> Settings:
    return replace(settings, backup_key=opener.with_name(f"{opener.name}.pub"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups go."""
    return tmp_path / "backups"


@pytest.fixture
def run(request: pytest.FixtureRequest) -> Callable[..., Result]:
    """Types a command, in the app of the test or in one that starts anew."""

    def typed(*words: object, app: Flask | None = None) -> Result:
        name = "any_app" if "any_settings" in request.fixturenames else "app"
        made = app or request.getfixturevalue(name)
        flask = FlaskGroup(create_app=lambda: made)
        return made.test_cli_runner().invoke(flask, [str(word) for word in words])

    return typed


def names(house: House, cast: Cast) -> dict[str, str]:
    """Everybody's first name as the store gives it; "-" where it cannot be read any more."""
    found = {}
    with house.work(writes=False) as (unit, _):
        for model, people in ((Person, cast.people), (Participant, cast.participants)):
            for name, person in people.items():
                row: Any = unit.session.get(model, person)
                try:
                    found[name] = row.first_name if row else "no row"
                except KeyGone:
                    found[name] = "-"
    return found


def everybody(cast: Cast) -> dict[str, str]:
    return {name: name for name in (*cast.people, *cast.participants)}


def chain_holds(house: House, anchor: tuple[int, bytes] | None = None) -> bool:
    with house.work(writes=False):
        ring = house.keyring
        return trail.first_broken(ring.trail, anchor, ring.older_trails) is None


def write(house: House, times: int = 1) -> tuple[int, bytes]:
    """Entries of the access log; where it ends then."""
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, None, None)
        for _ in range(times):
            pen.write(trail.SIGNED_OUT, "sign_in")
        unit.commit()
        return trail.head()


def empty_database(url: str) -> str:
    """A new one on the same cluster; its address."""
    base, name = url.rpartition("/")[0], f"t{uuid4().hex}"
    plain = base.replace("+psycopg", "")
    with closing(psycopg.connect(f"{plain}/postgres", autocommit=True)) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{base}/{name}"


def erase(house: House, cast: Cast, name: str) -> None:
    house.keys.erase(cast.participants.get(name) or cast.people[name], clock.today())
