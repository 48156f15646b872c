"""The rules of the scheme and the two guides: versioned, and accepted again when they change.

The texts lie in `app/texts`; the paragraphs of law in them are wordings that the owner edits in
the database (Paragraffer, or `flask --app wsgi wording`). Publishing makes a new version when the
result differs.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import UniqueConstraint, bindparam, select
from sqlmodel import Field, SQLModel

from app import clock, db
from app.config import ROOT
from app.domain import strand, trail
from app.domain.strand import Strand
from app.language import LANGUAGES

RULES, MENTOR_GUIDE, COMPANION_GUIDE = "rules", "mentor_guide", "companion_guide"
KINDS = (RULES, MENTOR_GUIDE, COMPANION_GUIDE)
TEXTS = ROOT / "app" / "texts"


class Guide(db.Row, table=True):
    """One version of one text, in every language."""

    __table_args__ = (UniqueConstraint("kind", "version"),)
    kind: str  # one of KINDS
    version: int
    published_at: datetime
    body: str  # JSON by language: title, intro, section
    digest: str


class Acceptance(SQLModel, table=True):
    """A person has read and accepted a version."""

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    guide_id: UUID = Field(foreign_key="guide.id", primary_key=True)
    at: datetime


class Wording(SQLModel, table=True):
    """A paragraph of law as the owner wants it written."""

    key: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    text: str


class Standing(NamedTuple):
    """The newest version of a text, and whether a person has accepted it."""

    id: UUID
    kind: str
    version: int
    published_at: datetime
    body: str
    accepted_at: datetime | None

    def text(self, language: str) -> dict[str, Any]:
        return read_body(self.body)[language]


_GUIDES, _ACCEPTED, _WORDINGS = db.columns(Guide), db.columns(Acceptance), db.columns(Wording)
_WITH_ACCEPTANCE = _GUIDES.outerjoin(
    _ACCEPTED,
    (_ACCEPTED.c.guide_id == _GUIDES.c.id) & (_ACCEPTED.c.person_id == bindparam("person")),
)
_STANDING = (
    select(
        _GUIDES.c.id,
        _GUIDES.c.kind,
        _GUIDES.c.version,
        _GUIDES.c.published_at,
        _GUIDES.c.body,
        _ACCEPTED.c.at.label("accepted_at"),
    )
    .select_from(_WITH_ACCEPTANCE)
    .order_by(_GUIDES.c.version)
)
STATE = strand.of(  # `ref` stands for what the person has accepted
    "text", word=_GUIDES.c.kind, number=_GUIDES.c.version, ref=_ACCEPTED.c.guide_id
).select_from(_WITH_ACCEPTANCE)


def standing(person_id: UUID) -> dict[str, Standing]:
    """The newest version of every text, as that person stands to it."""
    newest = {row.kind: Standing(*row) for row in db.rows(_STANDING, person=person_id)}
    return {kind: newest[kind] for kind in KINDS if kind in newest}


def waiting(person_id: UUID) -> list[str]:
    """The kinds whose newest version the person has yet to accept."""
    return unaccepted(Strand(*row) for row in db.rows(STATE, person=person_id))


def unaccepted(states: Iterable[Strand]) -> list[str]:
    """Of rows of `STATE`, in any order, the kinds whose newest version is not accepted."""
    newest: dict[str, Strand] = {}
    for state in states:
        kind, version = state.word or "", state.number or 0
        if kind not in newest or (newest[kind].number or 0) < version:
            newest[kind] = state
    return [kind for kind in KINDS if kind in newest and newest[kind].ref is None]


def accept(guide: Standing, pen: trail.Pen, by: UUID) -> None:
    """The person has read this version."""
    if db.insert_once(Acceptance, person_id=by, guide_id=guide.id, at=clock.now()):
        pen.write(trail.ACCEPTED, "guide", guide.id)


def publish() -> dict[str, UUID]:
    """Make a new version of each text that differs from its newest; these, by kind."""
    wordings = all_wordings()
    newest = {row.kind: row for row in db.rows(_GUIDES.select().order_by(_GUIDES.c.version))}
    changed = {}
    for kind in KINDS:
        texts = {language: _filled(kind, language, wordings) for language in LANGUAGES}
        body = json.dumps(texts, ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(body.encode()).hexdigest()
        last = newest.get(kind)
        if last and last.digest == digest:
            continue
        version = last.version + 1 if last else 1
        made = Guide(kind=kind, version=version, published_at=clock.now(), body=body, digest=digest)
        db.session().add(made)
        changed[kind] = made.id
    db.session().flush()
    return changed


def all_wordings() -> dict[tuple[str, str], str]:
    """The paragraphs of law by key and language: the owner's where set, else the ones shipped."""
    shipped = tomllib.loads((TEXTS / "laws.toml").read_text())
    known = {(key, lang): text for key, by in shipped.items() for lang, text in by.items()}
    return known | {(row.key, row.language): row.text for row in db.rows(_WORDINGS.select())}


def reword(key: str, language: str, text: str) -> None:
    """Set a paragraph's wording; it shows when the texts are next published."""
    if (key, language) not in all_wordings():
        raise KeyError(key)
    db.session().merge(Wording(key=key, language=language, text=text))
    db.session().flush()


def reword_all(wanted: Mapping[tuple[str, str], str], pen: trail.Pen) -> None:
    """Set what differs, and publish the texts that it stands in; everyone accepts those again."""
    known = all_wordings()
    for (key, language), text in wanted.items():
        if known[key, language] != text:
            reword(key, language, text)
    for guide in publish().values():
        pen.write(trail.EDITED, "guide", guide)


@lru_cache(maxsize=16)
def read_body(body: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(body)
    return found


def _filled(kind: str, language: str, wordings: dict[tuple[str, str], str]) -> dict[str, Any]:
    raw = (TEXTS / f"{kind}.{language}.toml").read_text()
    for (key, lang), text in wordings.items():
        if lang == language:
            raw = raw.replace("{" + key + "}", text.replace("\\", "\\\\").replace('"', '\\"'))
    return tomllib.loads(raw)
