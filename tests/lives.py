"""Somebody with a row in every table: made from the schema, so that a new table is there too."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, Table
from sqlmodel import SQLModel

from app import clock, db
from app.domain import belongings
from app.domain.belongings import PARTICIPANT, PERSON
from app.vault import Sealed, Secret, ring
from tests.stored import TABLES

# What the schema does not say of a column.
SAID: dict[str, Any] = {
    "meeting.outcome": "held",
    "meeting.km": 12,
    "evaluation.relation": 8,
    "evaluation.wellbeing": 9,
    "evaluation.themes": 5,
    "wish.kind": "stop",
    "closure_step.outcome": "approved",
    "referral_step.step": "matched",
    "closure.ended_by": "together",
    "contact.kind": "call",
    "mentorship.ending": "interrupted",
    "closure.ending": "interrupted",
    "mentor_stage.stage": "active",
    "notice.state": "sent",
    "intake_page.section": "wellbeing",
    "role.role": "mentor",
}
WORDS: dict[str, str] = {  # what is read when figures are kept
    "closure.reason": "moved",
    "intake_page.answers": '{"who5": {"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}, "x": "%s"}',
    "exit_form.answers": (
        '{"satisfaction": 9, "outcomes": ["work"], "comment": "%s",'
        ' "who5": {"a": 4, "b": 4, "c": 4, "d": 4, "e": 4}}'
    ),
    "participant.birth_date": "1990-05-17",
    "profile.birth_date": "1980-05-17",
}
MODELS = {mapper.local_table.name: mapper.class_ for mapper in SQLModel._sa_registry.mappers}


class Life:
    """One person, and one row of every table that has something of theirs."""

    def __init__(self, whose: str, others: dict[str, UUID], day: date, tag: str) -> None:
        self.whose, self.others, self.day, self.tag = whose, others, day, tag
        self.rows: dict[str, Any] = {}  # by table: the row's key
        self.words: list[str] = []
        self.id = uuid4()
        if not whose:  # beside all others
            return
        ring().add_many([self.id])

    def everything(self) -> "Life":
        for name in belongings.ties(self.whose):
            self.row(name)
        return self

    def row(self, name: str) -> Any:
        """The row of that table; what it hangs on is made first."""
        if name in self.rows:
            return self.rows[name]
        table, model = TABLES[name], MODELS[name]
        values = {c.name: self._value(table, c) for c in table.columns if not _sealed(c)}
        if "id" in values:
            values["id"] = self.id if name == self.whose else uuid4()
        made = model(**values)
        for secret, prop in vars(model).items():
            if isinstance(prop, Secret):
                setattr(made, secret, self._word(f"{name}.{secret}"))
        db.session().add(made)
        db.session().flush()
        self.rows[name] = values.get("id")
        return self.rows[name]

    def _word(self, cell: str) -> str | None:
        if not self.whose:
            return None
        word = f"{self.tag}{len(self.words):03}"
        said = WORDS.get(cell, "%s")
        if "%s" in said:
            self.words.append(word)
        return said % word if "%s" in said else said

    def _value(self, table: Table, column: Column[Any]) -> Any:
        where = f"{table.name}.{column.name}"
        for key in column.foreign_keys:
            above = key.column.table.name
            if above == table.name:
                return None
            if above == PERSON and self.whose == PERSON:
                return self.others[PERSON] if where in belongings.ACTS else self.row(PERSON)
            mine = self.whose and above in belongings.ties(self.whose)
            return self.row(above) if mine else self.others[above]
        if where in SAID:
            return SAID[where]
        return _value_of(column, self.day)


def _sealed(column: Column[Any]) -> bool:
    return isinstance(column.type, Sealed)


def _value_of(column: Column[Any], day: date) -> Any:
    at = clock.midnight(day) + timedelta(hours=12)
    made = {
        "Uuid": uuid4,
        "Date": lambda: day,
        "UTCDateTime": lambda: at,
        "Time": lambda: time(12),
        "Boolean": lambda: True,
        "Integer": lambda: 1,
        "BigInteger": lambda: 1,
        "LargeBinary": lambda: uuid4().bytes,
        "AutoString": lambda: "other",
    }
    return made[type(column.type).__name__]()


def participant(others: dict[str, UUID], day: date, tag: str) -> Life:
    """A participant whose mentorship ended that day."""
    return Life(PARTICIPANT, others, day, tag).everything()


def person(others: dict[str, UUID], day: date, tag: str) -> Life:
    """Somebody who left that day."""
    return Life(PERSON, others, day, tag).everything()


def others_of(house: Any, cast: Any) -> dict[str, UUID]:
    """Whom the rows may name beside the person: the cast, its places, its texts."""
    found = {PERSON: cast.people["Lise"], "branch": cast.branches["Havn"]}
    for name in ("municipality", "institution", "guide"):
        found[name] = db.rows(TABLES[name].select())[0].id
    found |= {PARTICIPANT: cast.participants["Jonas"], "mentorship": cast.mentorships["Jonas"]}
    for name in ("gathering", "referral"):
        aside = Life("", found, clock.today(), "aside")
        found[name] = aside.row(name)
    return found
