"""A page that is only read changes nothing but the access log, and asks few questions."""

from contextlib import contextmanager

import pytest
import time_machine
from sqlalchemy import event

from app import clock
from tests import html, logs, stored
from tests.conftest import client_of
from tests.house.conftest import OPENS
from tests.house.matrix import ROUTES
from tests.house.test_routes import address

MOST_QUESTIONS = 6  # performance budget for a mentor's page
PAGES = ("/", "/moeder", "/moeder/ny", "/uger", "/forloeb", "/mig", "/kontakter/ny", "/regler")


@pytest.fixture(autouse=True)
def one_moment():
    """A reading is logged once an hour: no test here shall see the hour change."""
    with time_machine.travel(clock.now(), tick=False):
        yield


GUESSED = "/slut/<token>"  # a link that is not known counts as an attempt, and as nothing else


@pytest.mark.parametrize(
    "route",
    [r for r in ROUTES if r.method == "GET" and r.rule != OPENS],
    ids=lambda route: route.rule,
)
def test_a_get_changes_nothing(reading, things, route):
    """T18: looking is no act, and needs no token."""
    app, client = reading[0], reading[1](route.who)
    house = app.extensions["house"]
    before = stored.contents(house)
    client.get(address(route, things))
    client.head(address(route, things))
    after = stored.contents(house)
    if route.rule == GUESSED:
        assert after.pop("attempt") != before.pop("attempt")
    assert after == before


@contextmanager
def questions(house):
    """Everything that is asked of either store."""
    asked = []

    def note(connection, cursor, statement, *_):
        asked.append(statement)

    engines = (house.data, house.keys.engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def busy(any_app, any_cast, any_signed_in):
    """Anna's phone after a dozen meetings."""
    anna, bo = any_signed_in("Anna"), any_signed_in("Bo")
    for week in range(6):
        for client in (anna, bo):
            logs.log(client, apart="1", comment=f"Uge {week}", note="Hej", co_mentor="y")
    return anna


@pytest.fixture
def any_signed_in(any_app, any_cast):
    return lambda name: client_of(any_app, any_cast, name)


@pytest.mark.parametrize("path", PAGES)
def test_a_mentor_s_page_asks_at_most_six_questions(any_house, busy, path):
    assert busy.get(path).status_code == 200  # the reading is logged, the statements are compiled
    with questions(any_house) as asked:
        assert busy.get(path).status_code == 200
    asked = [s for s in asked if not s.startswith(("BEGIN", "PRAGMA"))]
    assert len(asked) <= MOST_QUESTIONS, "\n".join(asked)


def test_more_meetings_do_not_make_more_questions(any_house, any_signed_in):
    anna = any_signed_in("Anna")
    counts = []
    for _ in range(3):
        logs.log(anna, comment="Mere", apart="1")
        anna.get("/moeder")
        with questions(any_house) as asked:
            anna.get("/moeder")
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_a_mentor_s_first_reading_is_logged_once_per_session(house, signed_in, cast):
    anna = signed_in("Anna")
    for path in ("/", "/moeder", "/forloeb", "/"):
        anna.get(path)
    (entry,) = stored.acts(house, "read")
    assert (entry.actor_id, entry.subject_id) == (cast.people["Anna"], cast.participants["Samir"])


def test_a_leader_s_every_reading_is_logged(house, signed_in, cast):
    lise = signed_in("Lise")
    for _ in range(3):
        lise.get("/leder")
    lise.get(f"/leder/forloeb/{cast.mentorships['Samir']}")
    read = stored.acts(house, "read")
    assert [entry.subject_id for entry in read] == [cast.participants["Samir"]] * 4
    assert {entry.kind for entry in read} == {"leader.show", "leader.mentorship"}


def test_the_consultant_s_figures_name_nobody_and_open_nothing(house, signed_in):
    page = signed_in("Karen").get("/konsulent").text
    assert stored.acts(house, "read") == []
    for name in ("Anna", "Bo", "Samir", "Jonas", "efternavn"):
        assert name not in html.without_chance(page)


def test_a_reading_that_cannot_be_logged_is_not_shown(house, signed_in):
    lise = signed_in("Lise")
    with house.data.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE trail_head RENAME TO lost")
    answer = lise.get("/leder")
    assert answer.status_code == 503
    assert "Samir" not in answer.text


def test_the_leader_reads_a_text_only_where_its_author_ticked_it(signed_in, cast):
    anna, lise = signed_in("Anna"), signed_in("Lise")
    logs.log(anna, comment="Kun for parret", note="Til Bo", victory="Lejlighed")
    logs.log(anna, comment="Også for lederen", leader_may_read="y", wellbeing="3")
    page = html.read(lise.get(f"/leder/forloeb/{cast.mentorships['Samir']}").text).text
    assert "Også for lederen" in page
    assert "Kun for parret" not in page
    assert "Til Bo" not in page
