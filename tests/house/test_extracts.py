"""The participant's own data: nothing that is kept is forgotten, and nobody else's is in it."""

import re

import pytest
from sqlmodel import SQLModel

from app import db
from app.config import ROOT
from app.domain import extracts, trail
from app.domain.extract_parts import LEFT_OUT, PARTS, TOLD_APART
from app.domain.own_parts import OWN_LEFT, OWN_PARTS
from app.domain.people import PublicMentor
from app.web import PAGES, shown_access
from tests import html
from tests.conftest import client_of
from tests.house.catalogue import COLUMNS, Kind
from tests.house.test_canaries import Sweep

TABLES = SQLModel.metadata.tables
# By these a row hangs on a participant, or on something that does.
LINKS = {"participant_id", "mentorship_id", "referral_id", "closure_id", "meeting_id", "subject_id"}
LINKS |= {"intake_id", "evaluation_id", "handover_id", "week_id", "expense_id", "alert_id"}
LINKS |= {"match_id"}
NAMES_US = {"person_id", "author_id"}  # by these a row is of one of us
NEVER = (  # what no participant reads of a mentor
    Kind.STAFF_SURNAME,
    Kind.STAFF_EMAIL,
    Kind.STAFF_PHONE,
    Kind.STAFF_BIRTH_DATE,
    Kind.PROFILE,
    Kind.THREAD,
    Kind.REPLY,
    Kind.WISH,
    Kind.DECISION,
    Kind.PARTNER,
)
LEFT = {  # sealed under the participant's key, and left out: the reason is in `extract_parts`
    "evaluation.note_ct",
    "closure_step.comment_ct",
    "alert_step.comment_ct",
    "thread_note.text_ct",
    "handover_answer.words_ct",
    "referral.source_phone_ct",
}
IN_PART = "revision.before_ct"  # what was a comment or a victory is told, a note is not


def test_every_table_about_a_participant_is_told_or_left_out_with_a_reason():
    about = {name for name, table in TABLES.items() if LINKS & set(table.columns.keys())}
    told = {part.table for part in PARTS}
    assert about | {"participant"} == told | set(LEFT_OUT) | TOLD_APART
    assert not told & set(LEFT_OUT)
    assert all(LEFT_OUT.values())


def test_every_table_about_one_of_us_is_told_or_left_out_with_a_reason():
    about = {name for name, table in TABLES.items() if NAMES_US & set(table.columns.keys())}
    assert about | {"person"} == {part.table for part in OWN_PARTS} | set(OWN_LEFT)


@pytest.mark.parametrize("part", [*PARTS, *OWN_PARTS], ids=lambda part: f"{part.table}.{part.link}")
def test_every_column_is_told_or_left_out_with_a_reason(part):
    shown, left = set(part.shown), set(part.left)
    assert shown | left == set(COLUMNS[part.table]) == set(TABLES[part.table].columns.keys())
    assert not shown & left
    assert all(part.left.values())


def test_T14_a_page_for_a_participant_holds_one_fact_of_a_mentor(house, cast):
    assert PublicMentor._fields == ("first_name",)
    assert [name for name in vars(PublicMentor) if not name.startswith("_")] == ["first_name"]
    with house.work(writes=False):
        told = extracts.of(cast.participants["Samir"], for_leader=True).told
        found = extracts.mentors(told, "mentor")
    assert set(found.values()) == {PublicMentor("Anna"), PublicMentor("Bo"), PublicMentor("Mia")}
    assert all(type(one) is PublicMentor for one in found.values())


@pytest.mark.slow
def test_G25_the_extract_holds_all_of_the_participant_s_and_none_of_the_mentors(app, house, cast):
    sweep = Sweep(house, app, cast)
    karen = client_of(app, cast, "Karen")
    sweep.open_up(karen)
    pages = {
        name: read(karen, f"/konsulent/forloeb/{cast.mentorships[name]}")
        for name in ("Samir", "Jonas")
    }
    for canary in sweep.canaries:
        owner = participant_of(sweep, canary)
        for name, page in pages.items():
            heard = canary.found_in(page)
            if canary.kind in NEVER or (owner and owner != name):
                assert not heard, f"{canary} in the extract of {name}"
            elif owner == name and canary.column not in LEFT | {IN_PART}:
                assert heard, f"{canary} is missing"
            elif canary.column in LEFT:
                assert not heard, f"{canary} in the extract of {name}"


@pytest.mark.slow
def test_the_leader_s_extract_says_how_many_texts_are_not_in_it(app, house, cast):
    Sweep(house, app, cast)
    lise = client_of(app, cast, "Lise")
    page = read(lise, f"/leder/forloeb/{cast.mentorships['Samir']}/udtraek")
    missing = int(re.search(r"ikke står her: (\d+)", page)[1])
    with house.work(writes=False):
        whole = extracts.of(cast.participants["Samir"], for_leader=False)
        part = extracts.of(cast.participants["Samir"], for_leader=True)
    assert missing == count(whole) - count(part) > 0
    assert whole.withheld == 0


def test_every_page_has_a_word_in_the_access_log():
    known = {module.pages.name for module in PAGES}
    silent = {
        "sign_in",
        "organisation",
        "shell",
        "install",
        "invitations",
    }  # say nothing about anybody
    assert known - silent == set(shown_access.PAGES)


def test_every_act_and_every_noun_has_a_word_in_the_access_log():
    act = re.compile(r'write\(\s*trail\.[^"]*?"(\w+)"')
    written = {
        noun for path in (ROOT / "app").rglob("*.py") for noun in act.findall(path.read_text())
    }
    assert len(written) > 30
    assert written - set(shown_access.NOUNS) == set()
    constants = {
        value for name, value in vars(trail).items() if name.isupper() and isinstance(value, str)
    }
    assert constants == set(shown_access.ACTIONS)


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return html.read(answer.text).text


def count(extract):
    return sum(len(row) for one in extract.told for row in one.rows)


def participant_of(sweep, canary):
    """Whose key seals the cell; None for one of us."""
    if canary.about in sweep.cast.participants:
        return canary.about
    table = TABLES[canary.column.split(".")[0]]
    if "participant_id" not in table.c:
        return None
    with sweep.house.work(writes=False):
        row = db.first(table.select().where(table.c.id == canary.row))
    by_id = {id_: name for name, id_ in sweep.cast.participants.items()}
    return by_id[row.participant_id]
