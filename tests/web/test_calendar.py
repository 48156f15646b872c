"""The calendar link over HTTP: shown once, open to whoever has it, dead when it is removed."""

import logging
from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock
from app.clock import Week
from app.domain import plans
from app.domain.plans import Terms
from tests import html, stored
from tests.conftest import client_of, token_on
from tests.threads import at_once

PAGE = "/mig/kalender"


def ask_for_link(client):
    """The answer with a new link on it."""
    return client.post(PAGE, data={"csrf_token": token_on(client, PAGE)})


def path_on(answer):
    assert answer.status_code == 200
    shown = html.read(answer.text).one(id="address").attrs["value"]
    assert shown.startswith("http://localhost/kalender/")
    return shown.removeprefix("http://localhost")


@pytest.fixture
def link(anna):
    return path_on(ask_for_link(anna))


@pytest.fixture
def stranger(app):
    """A calendar somewhere: no cookie, no sign-in."""
    return app.test_client()


@pytest.fixture
def plan(house, cast):
    made = uuid4()
    with house.work(writes=True) as (unit, _):
        terms = Terms(clock.today() + timedelta(days=3), comes_id=cast.people["Anna"])
        plans.add(cast.mentorships["Samir"], terms, cast.people["Bo"], plan_id=made)
        unit.commit()
    return made


def test_whoever_has_the_link_reads_it_without_signing_in(stranger, link, plan):
    answer = stranger.get(link)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
    assert f"UID:{plan}@mentor" in answer.text
    weeks = answer.text.count("TRANSP:TRANSPARENT")
    assert 20 < weeks < 40


def test_it_is_shown_once(anna, link):
    page = anna.get(PAGE)
    assert "Du har haft et link siden" in page.text
    assert link not in page.text
    assert not html.read(page.text).all(id="address")


def test_the_answer_that_shows_it_is_kept_nowhere(anna):
    assert ask_for_link(anna).headers["Cache-Control"] == "no-store"


def test_without_a_link_the_page_offers_one(anna):
    text = html.read(anna.get(PAGE).text).text
    assert "Lav et link" in text
    assert "Fjern linket" not in text


def test_a_new_one_closes_the_old(house, anna, stranger, link):
    new = path_on(ask_for_link(anna))
    assert new != link
    assert stranger.get(new).status_code == 200
    assert stranger.get(link).status_code == 404
    assert len([row for row in stored.rows(house, "feed") if row.revoked_at is None]) == 1


def test_a_removed_one_is_answered_like_one_that_never_was(house, anna, stranger, link):
    token = {"csrf_token": token_on(anna, PAGE)}
    answer = anna.post(f"{PAGE}/sletning", data=token)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "Lav et link" in anna.get(PAGE).text
    removed, unknown = stranger.get(link), stranger.get("/kalender/x.ics")
    assert removed.status_code == unknown.status_code == 404
    assert _plain(removed.text) == _plain(unknown.text)
    assert len(stored.acts(house, "unlinked")) == 1
    assert anna.post(f"{PAGE}/sletning", data=token).status_code == 303
    assert len(stored.acts(house, "unlinked")) == 1


@pytest.mark.parametrize("ended", ["role", "person"])
def test_who_is_no_mentor_any_more_has_no_calendar(house, cast, stranger, link, ended):
    assert stranger.get(link).status_code == 200
    table = stored.TABLES[ended]
    column = table.c.person_id if ended == "role" else table.c.id
    day = clock.today() - timedelta(days=1)
    values = {"to_on": day} if ended == "role" else {"left_at": clock.now()}
    with house.data.begin() as connection:
        connection.execute(table.update().where(column == cast.people["Anna"]).values(values))
    assert stranger.get(link).status_code == 404


@pytest.mark.parametrize("token", ["", "x", "%00", "å", "a" * 4000, "..%2f", "%ff"])
def test_what_is_no_link_is_not_found(stranger, token):
    assert stranger.get(f"/kalender/{token}.ics").status_code == 404


def test_it_needs_no_key(app, house, stranger, link, plan):
    with house.keys.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM person_key")
    assert str(plan) in stranger.get(link).text


def test_the_link_stands_in_no_log(anna, stranger, silent, house, caplog):
    path = path_on(ask_for_link(anna))
    stranger.get(path)
    caplog.set_level(logging.DEBUG)
    with house.data.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE seat RENAME TO lost")
    assert stranger.get(path).status_code == 503
    assert "calendar.feed" in caplog.text
    assert path.split("/")[2].removesuffix(".ics") not in caplog.text


def test_reading_it_leaves_no_trace_of_a_person(house, stranger, link):
    before = stored.contents(house), len(stored.rows(house, "trail"))
    stranger.get(link)
    assert (stored.contents(house), len(stored.rows(house, "trail"))) == before


def test_it_names_nobody_and_no_place(cast, stranger, link, plan):
    told = stranger.get(link).text.casefold()
    for word in (*cast.people, *cast.participants, *cast.branches, "localhost", "http", "primus"):
        assert word.casefold() not in told


def test_two_at_once_leave_one_link(any_app, any_house, any_cast):
    clients = [client_of(any_app, any_cast, "Anna") for _ in range(3)]
    tokens = [token_on(client, PAGE) for client in clients]
    pairs = zip(clients, tokens, strict=True)
    answers = at_once([lambda c=c, t=t: c.post(PAGE, data={"csrf_token": t}) for c, t in pairs])
    paths = [path_on(answer) for answer in answers]
    found = [any_app.test_client().get(path).status_code for path in paths]
    assert sorted(found) == [200, 404, 404]
    assert len([r for r in stored.rows(any_house, "feed") if r.revoked_at is None]) == 1


def test_the_year_is_read_on_both_databases(any_app, any_cast):
    pair = [path_on(ask_for_link(client_of(any_app, any_cast, name))) for name in ("Anna", "Bo")]
    texts = [any_app.test_client().get(path).text for path in pair]
    ahead = [Week.of(clock.today()).plus(n).monday for n in range(53)]
    for monday in ahead:
        marked = [f"DTSTART;VALUE=DATE:{monday:%Y%m%d}\r\n" in text for text in texts]
        assert sorted(marked) == [False, True], monday


def test_one_meeting_goes_into_the_phone_s_own_calendar(anna, bo, plan):
    for client in (anna, bo):
        answer = client.get(f"/aftaler/{plan}/kalender.ics")
        assert answer.status_code == 200
        assert answer.mimetype == "text/calendar"
        assert 'filename="mentor.ics"' in answer.headers["Content-Disposition"]
        assert answer.text.count("BEGIN:VEVENT") == 1
        assert f"UID:{plan}@mentor" in answer.text


def test_mig_leads_to_it_for_mentors_only(anna, signed_in):
    assert PAGE in anna.get("/mig").text
    assert PAGE not in signed_in("Lise").get("/mig").text


def _plain(page):
    """A page without what differs each time."""
    return html.read(page).one("main").text
