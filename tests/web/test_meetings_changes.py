"""Correcting a meeting, with history; taking it back within 30 days."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import text

from app import clock
from tests import cast as casting
from tests import html, logs, stored
from tests.conftest import client_of, token_on

WHEN = datetime(2026, 10, 1, 10, 0, tzinfo=UTC)


def edit(client, meeting, **changes):
    form = html.read(client.get(f"/moeder/{meeting}/ret").text).one(id="edit-form")
    return client.post(f"/moeder/{meeting}/ret", data=html.values(form) | changes)


def take_back(client, meeting):
    token = {"csrf_token": token_on(client, "/mig")}
    return client.post(f"/moeder/{meeting}/tilbagetagning", data=token)


def history(client, meeting):
    page = html.read(client.get(f"/moeder/{meeting}").text)
    folds = [d for d in page.all("details") if d.one("summary").text == "Det er rettet"]
    return [item.text for item in folds[0].all("li") if not item.all("ul")] if folds else []


def test_a_correction_is_shown_to_both_with_what_stood_before(house, anna, bo):
    meeting = logs.log(anna, comment="Før", place="home", themes=["work"], co_mentor="y")
    assert history(anna, meeting) == []
    assert (
        edit(anna, meeting, comment="Efter", place="prison", themes=["housing"]).status_code == 303
    )
    expected = {
        "Sted: Hjemme blev til Fængsel",
        "Kommentar: Før blev til Efter",
        "Emner: Job/uddannelse blev til Bolig",
    }
    assert set(history(anna, meeting)) == set(history(bo, meeting)) == expected
    assert len(stored.acts(house, "edited")) == 1


def test_history_is_sealed_in_the_store(house, anna):
    meeting = logs.log(anna, comment="Hemmeligt")
    edit(anna, meeting, comment="Andet")
    (row,) = stored.rows(house, "revision")
    assert row.before_ct.startswith(b"PM1")
    assert b"Hemmeligt" not in row.before_ct


def test_saving_without_a_change_leaves_no_trace(house, anna):
    meeting = logs.log(anna, comment="Ord\r\nOrd", note="n", km="3", contact_since=["sms"])
    before = stored.contents(house)
    assert edit(anna, meeting).status_code == 303
    assert stored.contents(house) == before
    assert stored.acts(house, "edited") == []


def test_the_day_can_be_corrected(house, anna, cast):
    meeting = logs.log(anna)
    assert edit(anna, meeting, when="other", date=cast.seated.isoformat()).status_code == 303
    assert [row.held_on for row in stored.rows(house, "meeting")] == [cast.seated]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", "2999-01-01"),
        ("date", "x"),
        ("relation", "11"),
        ("wellbeing", "x"),
        ("comment", "170590-1234"),
        ("note", "a" * 4001),
        ("themes", ["x"]),
        ("others", ["x"]),
        ("place", "x"),
        ("km", "1000"),
    ],
)
def test_bad_input_is_refused_here_too(house, anna, field, value):
    meeting = logs.log(anna)
    before = stored.contents(house)
    answer = edit(anna, meeting, **{"victory": "Står her stadig", field: value})
    page = html.read(answer.text)
    assert answer.status_code == 422
    assert html.error_at(page, field)
    assert html.values(page.one(id="edit-form"))["victory"] == ["Står her stadig"]
    assert stored.contents(house) == before


def test_co_mentor_corrects_own_answers_but_not_the_facts(house, anna, bo):
    meeting = logs.log(anna, place="home", relation="7")
    logs.join(bo, meeting, relation="5")
    assert edit(bo, meeting, relation="6", place="prison", when="yesterday").status_code == 303
    (row,) = stored.rows(house, "meeting")
    assert (row.place, row.held_on) == ("home", clock.today())
    assert {e.relation for e in stored.rows(house, "evaluation")} == {6, 7}


def test_co_mentor_is_not_offered_what_is_not_saved(anna, bo):
    """Bo joined, so he was never asked for themes, day or place."""
    meeting = logs.log(anna, themes=["work"])
    logs.join(bo, meeting)
    form = html.read(bo.get(f"/moeder/{meeting}/ret").text).one(id="edit-form")
    names = {e.attrs.get("name") for e in form.walk()}
    assert not names & {"themes", "place", "others", "when", "date", "km"}


def test_co_mentor_who_has_not_answered_corrects_nothing(house, anna, bo):
    meeting = logs.log(anna)
    before = stored.contents(house)
    assert bo.get(f"/moeder/{meeting}/ret").status_code == 403
    token = {"csrf_token": token_on(bo, "/mig"), "comment": "x"}
    assert bo.post(f"/moeder/{meeting}/ret", data=token).status_code == 403
    assert stored.contents(house) == before


def test_a_correction_without_a_token_is_refused_and_kept(house, anna):
    meeting = logs.log(anna)
    before = stored.contents(house)
    answer = edit(anna, meeting, csrf_token="x", comment="Står her")
    form = html.read(answer.text).one(id="edit-form")
    assert answer.status_code == 400
    assert html.values(form)["comment"] == ["Står her"]
    assert stored.contents(house) == before


def test_taking_back_deletes_the_rows(any_house, any_signed_in, any_cast):
    anna = any_signed_in("Anna")
    meeting = logs.log(anna, comment="Fortrudt")
    edit(anna, meeting, comment="Også fortrudt")
    assert take_back(anna, meeting).status_code == 303
    for table in ("meeting", "evaluation", "revision"):
        assert stored.rows(any_house, table) == []
    assert anna.get(f"/moeder/{meeting}").status_code == 404
    assert len(stored.acts(any_house, "took_back")) == 1


def test_nothing_of_the_sealed_text_stays_in_the_database_file(house, anna, settings):
    """T38: what was written in the wrong place is taken back and gone."""
    meeting = logs.log(anna, comment="Fortrudt")
    (cell,) = [row.comment_ct for row in stored.rows(house, "evaluation")]
    take_back(anna, meeting)
    with house.data.connect() as connection:
        connection.execute(text("COMMIT"))
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
    left = b"".join(path.read_bytes() for path in settings.instance.glob("primus.db*"))
    assert bytes(cell)[3:40] not in left


def test_the_co_mentor_s_answers_stay_and_the_meeting_becomes_theirs(house, anna, bo, cast):
    meeting = logs.log(anna, relation="3", comment="Annas")
    logs.join(bo, meeting, relation="8", comment="Bos")
    assert take_back(anna, meeting).status_code == 303
    (row,) = stored.rows(house, "meeting")
    assert (row.logged_by, row.with_mentor) == (cast.people["Bo"], None)
    assert [e.relation for e in stored.rows(house, "evaluation")] == [8]
    page = bo.get(f"/moeder/{meeting}").text
    assert "Bos" in page
    assert "Annas" not in page


def test_who_joined_takes_back_only_own_answers(house, anna, bo):
    meeting = logs.log(anna, relation="3")
    logs.join(bo, meeting, relation="8")
    assert take_back(bo, meeting).status_code == 303
    assert [e.relation for e in stored.rows(house, "evaluation")] == [3]
    assert logs.join(bo, meeting, relation="9").status_code == 303


def test_the_receipt_says_that_it_was_taken_back_and_by_whom(house, anna, bo, cast):
    meeting = logs.log(anna)
    logs.join(bo, meeting)
    take_back(anna, meeting)
    gone = {row.author_id: row.taken_back_at for row in stored.rows(house, "receipt")}
    assert gone[cast.people["Anna"]] is not None
    assert gone[cast.people["Bo"]] is None


def test_only_its_author_takes_it_back(house, anna, bo):
    meeting = logs.log(anna)
    assert take_back(bo, meeting).status_code == 403
    assert bo.get(f"/moeder/{meeting}/tilbagetagning").status_code == 403
    assert "Tag mødet tilbage" not in bo.get(f"/moeder/{meeting}").text
    assert len(stored.rows(house, "meeting")) == 1


@pytest.mark.parametrize(("days", "status"), [(0, 303), (30, 303), (31, 403)])
def test_the_last_day_to_take_it_back_is_the_thirtieth(app, house, days, status):
    with time_machine.travel(WHEN, tick=False) as traveller:
        cast = casting.call(house, clock.today())
        anna = client_of(app, cast, "Anna")
        meeting = logs.log(anna)
        traveller.shift(timedelta(days=days))
        anna = client_of(app, cast, "Anna")  # a phone stays signed in for 30 days
        assert ("Tag mødet tilbage" in anna.get(f"/moeder/{meeting}").text) == (status == 303)
        assert take_back(anna, meeting).status_code == status
    assert len(stored.rows(house, "meeting")) == (status == 403)


OF_ONE = ("", "/ret", "/mine-svar", "/kvittering", "/tilbagetagning")


@pytest.mark.parametrize("name", ["Otto", "Ida", "Mia", "Nora"])
def test_it_does_not_exist_for_others(house, anna, signed_in, name):
    """Outsiders, a mentor without a participant, and the mentor who sat there before."""
    meeting = logs.log(anna, co_mentor="y")
    client = signed_in(name)
    before = stored.contents(house)
    for page in OF_ONE:
        assert client.get(f"/moeder/{meeting}{page}").status_code == 404
    token = token_on(client, "/mig")
    for verb in ("ret", "ret-kort", "tilbagetagning", "sammenlaegning", "adskillelse"):
        data = {"csrf_token": token, "other": meeting, "comment": "x"}
        assert client.post(f"/moeder/{meeting}/{verb}", data=data).status_code == 404
    assert stored.contents(house) == before


@pytest.mark.parametrize("name", ["Otto", "Mia"])
def test_others_pages_say_nothing_of_it(anna, signed_in, name):
    logs.log(anna, comment="Kun for parret", co_mentor="y")
    client = signed_in(name)
    for path in ("/", "/moeder", "/forloeb", "/uger", "/mig", "/moeder/ny"):
        page = client.get(path)
        assert page.status_code == 200
        assert "Samir" not in page.text
        assert "Kun for parret" not in page.text


def test_a_meeting_that_never_was_does_not_exist(anna):
    for page in OF_ONE:
        assert anna.get(f"/moeder/{UUID(int=7)}{page}").status_code == 404
