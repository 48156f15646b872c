"""What is scanned: the app on stores of its own, signed in as each of its people; and the twin."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.exceptions import HTTPException

from app import clock, create_app, schema
from app.config import ROOT, from_environment
from app.domain import closures, consents, exit_links, mentorships, people, referrals, trail
from app.house import House
from tests import cast as casting
from tests.bench import servers
from tests.cast import Cast
from tests.conftest import client_of, settle, token_on
from tests.house.conftest import everything
from tests.scan.counted import NOTES

STORES = ROOT / "instance" / "scan"
NUMBERS = count(1)  # two scanners may ask for the same visitor at once
OFTEN = "1000000 per hour"  # the limits have tests of their own; here they would hide the rest
SAID = {
    "SECRET_KEY": "a secret for a scan that is long enough",
    "SIGN_IN_ATTEMPTS": OFTEN,
    "SIGN_IN_ATTEMPTS_PER_NETWORK": OFTEN,
    "SECURITY_CONTACT": "mailto:security@test.invalid",
    "PRIVACY_CONTACT": "mailto:privacy@test.invalid",
}
DEMO_PEOPLE = {"mentor": "anna", "leader": "leder", "consultant": "konsulent"}


class Target(NamedTuple):
    """A running site, and the cookie of whoever is signed in there."""

    url: str
    cookie: str
    folder: Path

    def get(self, path: str) -> tuple[int, str]:
        connection = HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        try:
            connection.request("GET", path, headers={"Cookie": self.cookie})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            connection.close()

    def answers(self) -> Counter[tuple[str, str, int]]:
        """How often each route answered how."""
        lines = (self.folder / NOTES).read_text().splitlines()
        split = (line.split(" ") for line in lines)
        return Counter((method, rule, int(status)) for method, rule, status in split)


class Store(NamedTuple):
    """Stores that are copied for every target, who is in them, and what by name."""

    folder: Path
    cookies: dict[str, str]
    things: dict[str, str]
    mode: str


def one_of_everything() -> Store:
    """The cast of the tests with one of everything that a route can be about."""
    folder = fresh("everything")
    app = create_app(from_environment(environment(folder, "development")))
    house = app.extensions["house"]
    schema.upgrade(house)
    cast = casting.call(house, clock.today())
    things = everything(lambda name: client_of(app, cast, name), cast, house)
    things |= {"link": exit_link(house, cast), "ready": ready_for_a_match(house, cast, things)}
    cookies = {name: cookie(app, cast, name) for name in cast.people if name != "Gustav"}
    settle(house)
    return Store(folder, cookies, things, "development")


def exit_link(house: House, cast: Cast) -> str:
    """The way to the exit form of Jonas, whose mentorship has been ended."""
    closure, otto, lars = uuid4(), cast.people["Otto"], cast.people["Lars"]
    with house.work(writes=True) as (unit, _):
        mine = mentorships.of_mentor(otto, clock.today())
        assert mine is not None
        pens = [trail.Pen(house.keyring.trail, who, None) for who in (otto, lars)]
        terms = closures.Terms(closures.PLANNED, "together", clock.today())
        closures.propose(closure, mine, terms, pens[0], by=otto)
        closures.approve(closures.one(closure), pens[1], by=lars)
        token, _until = exit_links.make(closures.one(closure), pens[1], by=lars)
        unit.commit()
    return token


def ready_for_a_match(house: House, cast: Cast, things: dict[str, str]) -> str:
    """A referral beside the one of the tests, which was only received."""
    made, lise, day = uuid4(), cast.people["Lise"], clock.today()
    town, release = UUID(things["municipality"]), day + timedelta(days=90)
    agreed = (consents.CONTACT,)
    terms = referrals.Terms("Yusuf", None, None, town, None, release, None, day, None, None, agreed)
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, lise, None)
        referrals.receive(made, cast.branches["Havn"], terms, pen, by=lise)
        for step in (referrals.SCREENED, referrals.INTERVIEWED):
            now = referrals.one(made)
            assert now is not None
            referrals.move(now, step, pen, by=lise)
        unit.commit()
    return str(made)


def the_demo() -> Store:
    """What `make demo` shows: thirty mentorships of fourteen months."""
    folder = fresh("demo")
    told = os.environ | environment(folder, "demo")
    done = subprocess.run(
        (*servers.FLASK, "demo"), cwd=ROOT, env=told, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"no demo data: {done.stderr}")
    app = create_app(from_environment(environment(folder, "demo")))
    house = app.extensions["house"]
    with house.work(writes=False):
        found = {
            who: people.credentials(people.email_mark(f"{name}@demo.invalid", house.keyring.lookup))
            for who, name in DEMO_PEOPLE.items()
        }
    cast = Cast(people={who: row[0] for who, row in found.items() if row})
    cookies = {who: cookie(app, cast, who) for who in cast.people}
    settle(house)
    return Store(folder, cookies, {}, "demo")


@contextmanager
def served(store: Store, who: str | None) -> Iterator[Target]:
    """A server on a copy of its own, so that no scan finds what another has left."""
    folder = fresh(f"{store.mode}-{next(NUMBERS)}-{who}")
    shutil.copytree(store.folder, folder, dirs_exist_ok=True)
    options = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "32", "--no-ws")
    command = (str(servers.BIN / "granian"), *options, "--log-level", "error")
    settings = environment(folder, store.mode)
    with servers.running((*command, "tests.scan.counted:app"), settings, "/healthz") as server:
        (folder / NOTES).write_text("")
        url = f"http://127.0.0.1:{server.port}"
        yield Target(url, store.cookies[who] if who else stranger(url), folder)


def stranger(url: str) -> str:
    """The cookie that a first page gives, to which the tokens of its forms belong."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=30)
    try:
        connection.request("GET", "/log-ind")
        return (connection.getresponse().getheader("Set-Cookie") or "").partition(";")[0]
    finally:
        connection.close()


@contextmanager
def the_twin() -> Iterator[Target]:
    folder = fresh(f"twin-{next(NUMBERS)}")
    with servers.running((sys.executable, "-m", "tests.scan.twin"), {}, "/") as server:
        yield Target(f"http://127.0.0.1:{server.port}", "session=twin", folder)


def environment(folder: Path, mode: str) -> dict[str, str]:
    return SAID | {"MODE": mode, "INSTANCE": str(folder)}


def fresh(name: str) -> Path:
    folder = STORES / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    servers.STORES.mkdir(parents=True, exist_ok=True)
    return folder


def cookie(app: Flask, cast: Cast, name: str) -> str:
    """As it is once a page with a form has been seen, so that its tokens go on being good."""
    client = client_of(app, cast, name)
    token_on(client, "/mig")
    found = client.get_cookie("session")
    assert found is not None
    return f"session={found.value}"


def pages(app: Flask, target: Target, first: list[str]) -> dict[str, str]:
    """One page of every route that a link leads to: its address, and what stood there."""
    waiting, seen, found = list(first), set(), {}
    adapter = app.url_map.bind("")
    while waiting:
        path = waiting.pop(0)
        try:
            rule, _ = adapter.match(path.partition("?")[0], "GET", return_rule=True)
        except HTTPException:
            continue
        kind = (rule.rule, "?" in path)
        if kind in seen or path.startswith("/static/"):
            continue
        status, markup = target.get(path)
        if status == 200:
            seen.add(kind)
            found[path] = markup
            waiting += sorted(links_on(markup))
    return found


def links_on(markup: str) -> set[str]:
    """Where a page of this site leads to within it."""
    return {
        link.partition("#")[0].replace("&amp;", "&")
        for link in re.findall(r'(?:href|hx-get)="(/[^"]*)"', markup)
    }
