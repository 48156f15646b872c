"""Sheets from elsewhere: a row is in or it is out with a reason, and again changes nothing."""

import csv
import io
from collections import Counter
from datetime import date, timedelta

import pytest
from flask.cli import FlaskGroup

from app import clock, db
from app.domain import imports, places, sheets, trail
from app.domain.mentorships import MENTORSHIPS, SEATS, Participant
from app.domain.people import HELD, PEOPLE, Person
from tests import stored

HEADER = "fornavn;efternavn;e-mail;telefon;rolle;afdeling"
GOOD = "Pia;Pedersen;pia@x.invalid;+45 20304050;mentor;Havn"
LIVES = (
    "nr;fornavn;efternavn;telefon;fødselsdag;kommune;institution;løsladelse;match;"
    "mentor 1;mentor 2;leder"
)


@pytest.fixture
def command(app, tmp_path):
    """Run an import of that text; what it says, and the rows that come back."""

    def run(name, text, encoding="utf-8"):
        sheet, back = tmp_path / "in.csv", tmp_path / "back.csv"
        back.unlink(missing_ok=True)
        sheet.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        flask = FlaskGroup(create_app=lambda: app)
        asked = [name, str(sheet), "--refused", str(back)]
        answer = app.test_cli_runner().invoke(flask, asked)
        returned = back.read_text("utf-8-sig") if back.exists() else ""
        return answer, list(csv.DictReader(io.StringIO(returned), delimiter=";"))

    return run


@pytest.fixture
def people_in(command, cast):
    return lambda *rows, **how: command("import-people", "\n".join([HEADER, *rows]), **how)


@pytest.fixture
def lives_in(command, cast):
    return lambda *rows: command("import-mentorships", "\n".join([LIVES, *rows]))


def rows(house, table):
    with house.work(writes=False):
        return db.rows(table.select())


def counted(answer):
    assert answer.exit_code == 0, answer.output
    words = answer.output.replace(".", "").split()
    return tuple(int(word) for word in words if word.isdigit())[:3]  # in, known, refused


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_person_comes_in_sealed_with_a_role_and_no_way_in(people_in, house, cast, encoding):
    row = "Søren;Ågård;Soren@X.invalid;20 30 40 50;Mentor/Aktivitetsleder;havn"
    answer, _ = people_in(row, encoding=encoding)
    assert counted(answer) == (1, 0, 0)
    with house.work(writes=False):
        [made] = [r.id for r in db.rows(PEOPLE.select()) if r.password_hash is None]
        person = db.session().get_one(Person, made)
        kept = (person.first_name, person.surname, person.email, person.phone)
        assert kept == ("Søren", "Ågård", "Soren@X.invalid", "20304050")
        held = {(r.role, r.branch_id) for r in db.rows(HELD.select()) if r.person_id == made}
        given = [r for r in db.rows(trail.ENTRIES.select()) if r.action == trail.JOINED]
    assert held == {("mentor", cast.branches["Havn"]), ("leader", cast.branches["Havn"])}
    assert {(r.object_id, r.reason) for r in given} == {(made, "mentor"), (made, "leader")}
    last = rows(house, db.columns(trail.Entry))[-1]
    assert (last.action, last.kind, last.object_id) == (trail.IMPORTED, "person", made)


def test_commas_do_as_well(command, cast):
    answer, _ = command("import-people", f"{HEADER}\n{GOOD}".replace(";", ","))
    assert counted(answer) == (1, 0, 0)


def test_again_changes_nothing(people_in, house):
    people_in(GOOD)
    before = stored.contents(house)
    answer, _ = people_in(GOOD.replace("Pia;Pedersen", "Per;Pallesen"))
    assert counted(answer) == (0, 1, 0)
    assert stored.contents(house) == before


WRONG = {
    ";Pedersen;a@x.invalid;;mentor;Havn": "Fornavn mangler.",
    "Pia;;a@x.invalid;;mentor;Havn": "Efternavn mangler.",
    "Pia;Pedersen;;;mentor;Havn": "E-mail mangler.",
    "Pia;Pedersen;pia;;mentor;Havn": "E-mail er ikke en e-mailadresse.",
    "Pia;Pedersen;a@x.invalid;12;mentor;Havn": "Telefonen har ikke otte cifre.",
    "Pia;Pedersen;a@x.invalid;;;Havn": "Rollen mangler.",
    "Pia;Pedersen;a@x.invalid;;konge;Havn": "Rollen kendes ikke.",
    "Pia;Pedersen;a@x.invalid;;mentor;": "Afdelingen mangler.",
    "Pia;Pedersen;a@x.invalid;;mentor;Fjernby": "Afdelingen kendes ikke.",
    "Pia 010190-1234;Pedersen;a@x.invalid;;mentor;Havn": "CPR-nummer",
    "=1+1;Pedersen;a@x.invalid;;mentor;Havn": "formel",
    "+HYPERLINK(1);Pedersen;a@x.invalid;;mentor;Havn": "formel",
    "-2;Pedersen;a@x.invalid;;mentor;Havn": "formel",
    " @SUM(1);Pedersen;a@x.invalid;;mentor;Havn": "formel",
    "\tPia;Pedersen;a@x.invalid;;mentor;Havn": "formel",
    "Pia;Pedersen;a@x.invalid;;mentor": "lige så mange felter",
    "Pia;Pedersen;a@x.invalid;;mentor;Havn;mere": "lige så mange felter",
    f"{'x' * 81};Pedersen;a@x.invalid;;mentor;Havn": "for langt",
    f"{'x' * 201};Pedersen;a@x.invalid;;mentor;Havn": "for langt",
    "Pia ring 20304050;Pedersen;a@x.invalid;;mentor;Havn": "et nummer",
}


@pytest.mark.parametrize(("row", "why"), WRONG.items())
def test_a_row_with_a_fault_comes_back_with_its_number_and_the_reason(people_in, house, row, why):
    answer, back = people_in(GOOD, row)
    assert counted(answer) == (1, 0, 1)
    [refused] = back
    assert refused["række"] == "3"
    assert why in refused["årsag"]
    assert "010190" not in str(refused)
    for cell in refused.values():
        assert not (cell or "").startswith(sheets.FORMULA)


def test_the_same_address_twice_in_a_file(people_in):
    answer, back = people_in(GOOD, GOOD.replace("pia@x", " PIA@x"))
    assert counted(answer) == (1, 0, 1)
    assert back[0]["årsag"] == "E-mailen står også i række 2."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "tom"),
        ("fornavn;efternavn\nPia;Pedersen", "mangler en kolonne: e-mail, rolle"),
        (f"{HEADER};cpr\n{GOOD};x", "ikke kender: cpr"),
        (f"{HEADER};fornavn\n{GOOD};x", "ikke kender"),
        (f'{HEADER}\n"Pia;', "ikke en CSV-fil"),
        (b"PK\x03\x04\x00\x00\x00", "ikke en CSV-fil"),
        (HEADER + f"\n{GOOD}" * 10_001, "over 10.000 rækker"),
        (b"x" * (sheets.MOST_BYTES + 1), "for stor"),
    ],
)
def test_what_is_no_sheet_of_ours_is_refused_whole(command, house, cast, text, why):
    before = stored.contents(house)
    answer, back = command("import-people", text)
    assert answer.exit_code == 1
    assert why in answer.output
    assert back == []
    assert stored.contents(house) == before


def test_ten_thousand_rows_with_three_hundred_faults(people_in, house):
    wrong = list(WRONG)
    lines = []
    for n in range(10_000):
        row = wrong[n // 33 % len(wrong)] if n % 33 == 0 and n < 9_900 else None
        lines.append(row or f"Navn{n % 50};Efternavn;p{n}@x.invalid;20304050;mentor;Havn")
    people_before = len(rows(house, PEOPLE))
    answer, back = people_in(*lines)
    assert counted(answer) == (9_700, 0, 300)
    assert [int(r["række"]) for r in back] == [n + 2 for n in range(0, 9_900, 33)]
    assert all(r["årsag"] for r in back)
    assert len(rows(house, PEOPLE)) == people_before + 9_700
    answer, back = people_in(*lines)
    assert counted(answer) == (0, 9_700, 300)
    assert len(rows(house, PEOPLE)) == people_before + 9_700
    with house.work(writes=False):
        assert trail.first_broken(house.keyring.trail) is None


TODAY = clock.today()
AHEAD = f"{TODAY + timedelta(days=60):%d-%m-%Y}"
LIFE = {
    "nr": "17",
    "fornavn": "Karl",
    "efternavn": "Karlsen",
    "telefon": "30304040",
    "fødselsdag": "17.05.1990",
    "kommune": "Havn Kommune",
    "institution": "øst fængsel",
    "løsladelse": AHEAD,
    "match": f"{TODAY - timedelta(days=20):%Y-%m-%d}",
    "mentor 1": "nora@test.invalid",
    "mentor 2": "pia@x.invalid",
    "leder": "lise@test.invalid",
}


def life(**changes):
    changes = {name.replace("_", " "): value for name, value in changes.items()}
    return ";".join((LIFE | changes).values())


def test_a_mentorship_comes_in_with_its_participant_and_its_pair(people_in, lives_in, house, cast):
    people_in(GOOD)
    answer, back = lives_in(life())
    assert counted(answer) == (1, 0, 0), back
    old = set(cast.mentorships.values())
    [made] = [r for r in rows(house, MENTORSHIPS) if r.id not in old]
    assert (made.branch_id, made.leader_id) == (cast.branches["Havn"], cast.people["Lise"])
    assert made.release_on == TODAY + timedelta(days=60)
    seats = sorted((r.place, r.from_on) for r in rows(house, SEATS) if r.mentorship_id == made.id)
    assert seats == [(place, TODAY - timedelta(days=20)) for place in (1, 2)]
    with house.work(writes=False):
        someone = db.session().get_one(Participant, made.participant_id)
        assert (someone.first_name, someone.surname) == ("Karl", "Karlsen")
        assert (someone.phone, someone.birth_date) == ("30304040", "1990-05-17")
        [known] = db.rows(imports.IMPORTED.select())
    assert known.number_mark != b"17"
    before = stored.contents(house)
    answer, _ = lives_in(life(fornavn="Kaj"))
    assert counted(answer) == (0, 1, 0)
    assert stored.contents(house) == before


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"nr": ""}, "Nummeret mangler."),
        ({"fornavn": ""}, "Fornavn mangler."),
        ({"kommune": ""}, "Kommunen mangler."),
        ({"kommune": "Fjern Kommune"}, "Kommunen kendes ikke."),
        ({"institution": "Nord Fængsel"}, "Institutionen kendes ikke."),
        ({"løsladelse": ""}, "Løsladelse mangler."),
        ({"løsladelse": "31.02.2026"}, "Løsladelse er ikke en dato."),
        ({"løsladelse": "i morgen"}, "Løsladelse er ikke en dato."),
        ({"løsladelse": "01-01-1970"}, "Løsladelse ligger for langt"),
        ({"løsladelse": "01-01-2100"}, "Løsladelse ligger for langt"),
        ({"match": AHEAD}, "Match ligger for langt"),
        ({"fødselsdag": "01-01-2025"}, "Fødselsdag ligger for langt"),
        ({"mentor_1": ""}, "Mentor 1 mangler."),
        ({"mentor_2": "nora@test.invalid"}, "den samme person"),
        ({"mentor_2": "ingen@x.invalid"}, "Mentor 2 kendes ikke."),
        ({"mentor_2": "gustav@test.invalid"}, "Mentor 2 kendes ikke."),
        ({"mentor_2": "lise@test.invalid"}, "Mentor 2 er ikke mentor."),
        ({"mentor_2": "anna@test.invalid"}, "i et andet forløb"),
        ({"leder": "lars@test.invalid"}, "Lederen leder ikke"),
        ({"leder": "karen@test.invalid"}, "Lederen leder ikke"),
        ({"telefon": "010190-1234"}, "CPR"),
    ],
)
def test_a_mentorship_with_a_fault_leaves_nothing_behind(people_in, lives_in, house, changes, why):
    people_in(GOOD)
    before = stored.contents(house)
    answer, back = lives_in(life(**changes))
    assert counted(answer) == (0, 0, 1)
    assert why in back[0]["årsag"]
    assert stored.contents(house) == before


def test_a_mentor_has_one_participant_and_a_number_is_one_mentorship(people_in, lives_in, house):
    more = [GOOD.replace("pia@", f"p{n}@") for n in range(2)]
    people_in(GOOD, *more)
    two = {"mentor_1": "p0@x.invalid", "mentor_2": "p1@x.invalid"}
    answer, back = lives_in(life(), life(nr="18"), life(**two), life(nr="19", **two))
    assert counted(answer) == (2, 0, 2)
    assert [row["årsag"] for row in back] == [
        "En af mentorerne står også i række 2.",
        "Nummeret står også i række 2.",
    ]


def test_a_closed_institution_takes_nobody(people_in, lives_in, house):
    people_in(GOOD)
    with house.work(writes=True) as (unit, _):
        [prison] = places.institutions()
        shut = places.House(prison.name, closed=True)
        places.change_institution(prison.id, shut, trail.Pen(house.keyring.trail, None, None))
        unit.commit()
    _, back = lives_in(life())
    assert back[0]["årsag"] == "Institutionen kendes ikke."


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("24-11-2026", date(2026, 11, 24)),
        ("24.11.2026", date(2026, 11, 24)),
        ("4/1/2026", date(2026, 1, 4)),
        ("24-11.2026", None),
        ("31-02-2026", None),
        ("24-11-26", None),
        ("\u0662\u0664-11-2026", None),
        ("0000-00-00", None),
    ],
)
def test_days_as_danes_write_them(said, meant):
    assert sheets.day(said) == meant


def test_every_kind_of_fault_is_among_the_three_hundred():
    kinds = Counter(n // 33 % len(WRONG) for n in range(0, 9_900, 33))
    assert len(kinds) == len(WRONG)


def test_people_come_in_without_the_trail_naming_them(people_in, house):
    people_in(GOOD)
    said = str(rows(house, db.columns(trail.Entry)))
    assert "Pia" not in said


def test_more_than_a_batch_comes_in_on_each_database(any_app, any_cast, any_house, tmp_path):
    sheet = tmp_path / "in.csv"
    lines = [f"Navn{n};Efternavn;p{n}@x.invalid;;mentor;Havn" for n in range(imports.BATCH + 3)]
    sheet.write_text("\n".join([HEADER, *lines, lines[0]]))
    flask = FlaskGroup(create_app=lambda: any_app)
    for taken, known in ((imports.BATCH + 3, 0), (0, imports.BATCH + 3)):
        answer = any_app.test_cli_runner().invoke(flask, ["import-people", str(sheet)])
        assert counted(answer) == (taken, known, 1)
    invited = any_app.test_cli_runner().invoke(flask, ["invite", "p0@x.invalid"])
    assert "/invitation/" in invited.output
