"""Privatliv: plain words, true words, and one tap away from where it matters."""

import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app import clock, create_app
from app.config import ROOT
from app.domain import news, retention
from tests import html
from tests.conftest import client_of
from tests.house.test_translations import danish_on

EASY = 25  # LIX: below it, anybody reads it (Björnsson 1968); a newspaper has about 45
LONG = 6  # letters that a short word has at the most
TONGUES = ("da", "en")
HOLE = "mailto:sikkerhed@primus.dk"


def text(tongue):
    return tomllib.loads((ROOT / "app" / "texts" / f"privacy.{tongue}.toml").read_text())


def lix(sentences):
    """Words a sentence, and long words in a hundred."""
    said = " ".join(sentences)
    words = re.findall(r"\w+", said)
    long = [word for word in words if len(word) > LONG]
    return len(words) / len(sentences) + 100 * len(long) / len(words)


def sentences_of(told):
    parts = [told["intro"]]
    for section in told["section"]:
        parts += [*section["paragraphs"], *section["bullets"]]
    return [one for part in parts for one in re.split(r"(?<=[.:])\s+", part) if one]


@pytest.fixture
def told(app):
    """What the page says to somebody who is not signed in."""
    return html.read(app.test_client().get("/privatliv").text).one("main").text


def test_it_is_easy_to_read():
    assert lix(sentences_of(text("da"))) < EASY
    assert lix(["Personoplysningerne videregives undertiden myndighedsrepræsentanter."]) > 60


def test_both_languages_say_as_much():
    def shape(told):
        return [(len(s["paragraphs"]), len(s["bullets"])) for s in told["section"]]

    assert shape(text("da")) == shape(text("en"))


def test_anybody_reads_it_in_the_language_they_ask_for(app):
    client = app.test_client()
    assert '<html lang="da">' in client.get("/privatliv").text
    assert '<html lang="en">' in client.get("/privatliv?sprog=en").text


def test_the_english_page_has_no_danish_on_it(app):
    page = app.test_client().get("/privatliv?sprog=en").text
    assert danish_on(page) == []


def test_a_mentor_finds_the_leader_there_too(signed_in):
    assert "tel:20000006" in signed_in("Anna").get("/privatliv").text


@pytest.mark.parametrize("name", ["Anna", "Lise", "Karen"])
def test_it_is_linked_from_sign_in_and_from_mig(app, signed_in, name):
    for client, path in ((app.test_client(), "/log-ind"), (signed_in(name), "/mig")):
        page = html.read(client.get(path).text)
        assert page.all("a", href="/privatliv")
    assert signed_in(name).get("/privatliv").status_code == 200


def test_it_says_what_a_lock_screen_says(told):
    for sentence in (*news.TEXTS.values(), news.SOMETHING):
        assert sentence in told


def test_it_says_how_long_things_are_kept(told):
    assert f"Fri tekst: {retention.COMMENTS} måneder" in told
    assert f"{retention.IDENTITY} måneder efter" in told


def test_it_says_where_to_complain(told):
    assert "Datatilsynet" in told
    assert "33 19 32 00" in told


def test_it_names_whom_to_ask_where_the_owner_has_named_somebody(settings, told):
    named = create_app(replace(settings, privacy_contact="dpo@primus.dk"))
    assert "Eller skriv til dpo@primus.dk." in named.test_client().get("/privatliv").text
    assert "Eller skriv" not in told
    assert "{" not in told


@pytest.mark.parametrize("day", [1, 100, 200, 300, 364])
def test_a_hole_can_be_reported_and_the_address_lapses_within_a_year(settings, day):
    app = create_app(replace(settings, security_contact=HOLE, origin="https://mentor.primus.dk"))
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day), tick=False):
        now = clock.now()
        answer = app.test_client().get("/.well-known/security.txt")
    said = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert answer.mimetype == "text/plain"
    assert said["Contact"] == HOLE
    assert said["Canonical"] == "https://mentor.primus.dk/.well-known/security.txt"
    lapses = datetime.fromisoformat(said["Expires"])
    assert now + timedelta(days=60) < lapses < now + timedelta(days=365)


def test_without_a_contact_there_is_no_such_page(app, cast):
    client = client_of(app, cast, "Anna")
    assert client.get("/.well-known/security.txt").status_code == 404
