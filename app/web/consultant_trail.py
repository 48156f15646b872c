"""Adgangslog: who did and read what, newest first; what somebody else has to look at; alarms.

Looked for by POST, so that no address tells what was looked for. The page is a reading itself.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import entries, heartbeats, people, reviews, sheets, snooping, staff, trail
from app.domain.entries import WHAT, Asked
from app.domain.reviews import ALARM, OPENING, SAMPLE, OwnReading
from app.extensions import csrf
from app.language import mark, say
from app.web import exported
from app.web.asking import house, me, pen
from app.web.hypertext import clock_time, go, page
from app.web.log_form import OneOf, uuid_or_none
from app.web.shown_access import (
    REASONS,
    ROLES,
    deed,
    page_word,
    reason_word,
)

pages = Blueprint("consultant_trail", __name__)
HERE = "/konsulent/adgangslog"
A_PAGE = 40
A_FILE = 10_000  # rows
LOOKED_AT = 12  # of what was looked at last
FIELDS = ("person", "participant", "role", "what", "from_on", "to_on")
KINDS = {SAMPLE: mark("Stikprøve"), OPENING: mark("Åbnet med grund"), ALARM: mark("Alarm")}
_ACT = attrgetter("at", "actor_id", "action", "kind", "object_id", "reason")
COLUMNS = ("nr", "tid", "rolle", "hvad", "person", "deltager", "grund")


class Shown(NamedTuple):
    """What one request did, in words: a list that names ten participants is one line."""

    at: Any
    who: str
    roles: str
    deed: str
    participants: list[tuple[str, str]]  # id and first name
    reason: str | None
    genuine: bool


class SearchForm(FlaskForm):
    person = StringField()
    participant = StringField()
    role = StringField(validators=[OneOf(ROLES)])
    what = StringField(validators=[OneOf(WHAT)])
    from_on = StringField()
    to_on = StringField()
    before = StringField()

    def validate_from_on(self, field: Field) -> None:
        _day_or_stop(field)

    def validate_to_on(self, field: Field) -> None:
        last, first = _day_or_stop(field), _day(self.from_on.data)
        if last and first and last < first:
            raise StopValidation(say("Den sidste dag ligger før den første. Ret en af dem."))

    def asked(self) -> Asked:
        before = self.before.data or ""
        return Asked(
            uuid_or_none(self.person.data),
            uuid_or_none(self.participant.data),
            self.role.data or None,
            self.what.data or None,
            _day(self.from_on.data),
            _day(self.to_on.data),
            int(before) if before.isdecimal() and len(before) < 18 else None,
        )


class ExportForm(SearchForm):
    reason = StringField()

    def validate_reason(self, field: Field) -> None:
        if field.data not in REASONS:
            raise StopValidation(say("Vælg, hvad filen skal bruges til."))


@pages.get(HERE)
def show() -> Response:
    return _page(SearchForm(formdata=None), Asked())


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def search() -> Response:
    form = SearchForm()
    if not form.validate_on_submit():
        return _page(form, Asked(), _status(form))
    return _page(form, form.asked())


@pages.post(f"{HERE}/fil")
@csrf.exempt  # the same
def export() -> Response:
    """What was looked for, as a file without names: numbers stand for people, in this file only."""
    form = ExportForm()
    if not form.validate_on_submit():
        found = _same(form)
        return _page(found, Asked(), _status(form), export=form)
    rows = entries.found(form.asked()._replace(before=None), A_FILE)
    watermark = exported.watermark("trail", form.reason.data)
    text = sheets.export(COLUMNS, _lines(rows), watermark)
    return exported.file(text, f"adgangslog-{watermark.hex[:8]}.csv")


@pages.post(f"{HERE}/eftersyn")
def verify() -> AnyResponse:
    """Follow the whole chain now."""
    ring = house().keyring
    if trail.first_broken(ring.trail, None, ring.older_trails):
        heartbeats.trouble(heartbeats.TRAIL, heartbeats.BROKEN, clock.now())
    else:
        heartbeats.beat(heartbeats.TRAIL, clock.now())
    return go(HERE)


@pages.post(f"{HERE}/eftersyn/<uuid:review_id>")
def look(review_id: UUID) -> AnyResponse:
    """I have looked at it."""
    review = reviews.one(review_id)
    if review is None:
        abort(404)
    try:
        reviews.look(review, pen(), by=me().id)
    except OwnReading:
        sentence = say("Det har du selv gjort. En anden konsulent skal se på det.")
        return _page(SearchForm(formdata=None), Asked(), 422, sentence=sentence)
    return go(HERE)


def _status(form: FlaskForm) -> int:
    return 400 if form.errors.get("csrf_token") else 422


def _same(form: FlaskForm) -> SearchForm:
    """The search that a file was asked from."""
    kept = MultiDict({name: request.form.get(name, "") for name in FIELDS})
    return SearchForm(formdata=None, data=kept.to_dict())


def _day(raw: str | None) -> date | None:
    try:
        return date.fromisoformat(raw or "")
    except ValueError:
        return None


def _day_or_stop(field: Field) -> date | None:
    found = _day(field.data)
    if field.data and found is None:
        raise StopValidation(say("Vælg en dato."))
    return found


def _page(
    form: SearchForm,
    asked: Asked,
    status: int = 200,
    sentence: str | None = None,
    export: ExportForm | None = None,
) -> Response:
    found = entries.found(asked, A_PAGE + 1)
    some = found[:A_PAGE]
    waiting, done = reviews.waiting(), reviews.lately(LOOKED_AT)
    everyone = {one.id: f"{one.first_name} {one.surname}" for one in staff.everyone(clock.today())}
    seen = {row.actor_id for row in some if row.actor_id} | reviews.people_in([*waiting, *done])
    who = people.first_names(seen - everyone.keys()) | everyone
    named = entries.names(
        {row.subject_id for row in (*some, *waiting)} | {asked.participant} - {None}
    )
    return page(
        "consultant/trail.html",
        status=status,
        sentence=sentence,
        form=form,
        export=export or ExportForm(formdata=None),
        searched=any(asked[:6]),
        about=named.get(asked.participant) if asked.participant else None,
        rows=_shown(some, who, named),
        older=str(some[-1].seq) if len(found) > A_PAGE else None,
        fields=[(name, form[name].data or "") for name in FIELDS],
        people=sorted(((str(id_), name) for id_, name in everyone.items()), key=lambda p: p[1]),
        roles=_said(ROLES),
        what=_said(WHAT),
        reasons=_said(REASONS),
        waiting=[_review(one, who, named) for one in waiting],
        done=[_review(one, who, {}) for one in done],
        chain=heartbeats.all_of_them().get(heartbeats.TRAIL, heartbeats.Beat()),
        most=snooping.most(),
    )


def _said(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, say(label)) for code, label in words.items()]


def _shown(rows: list[Any], who: Mapping[UUID, str], named: Mapping[UUID, str]) -> list[Shown]:
    held, ring = entries.roles(rows), house().keyring
    keys = (ring.trail, *ring.older_trails)
    return [
        _act(some, who, named, _roles(held, some[0]), keys)
        for some in ([*acts] for _, acts in groupby(rows, _ACT))
    ]


def _act(
    rows: list[Any],
    who: Mapping[UUID, str],
    named: Mapping[UUID, str],
    roles: str,
    keys: Iterable[bytes],
) -> Shown:
    row = rows[0]
    return Shown(
        row.at,
        who.get(row.actor_id, "–") if row.actor_id else say("Appen selv"),
        roles,
        deed(row.action, row.kind),
        [(str(one.subject_id), named[one.subject_id]) for one in rows if one.subject_id in named],
        reason_word(row.reason),
        all(trail.genuine(keys, one) for one in rows),
    )


def _roles(held: Mapping[tuple[UUID, date], list[str]], row: Any) -> str:
    day = clock.in_denmark(row.at).date()
    return ", ".join(say(ROLES[role]) for role in held.get((row.actor_id, day), ()))


def _review(one: reviews.Row, who: Mapping[UUID, str], named: Mapping[UUID, str]) -> dict[str, Any]:
    what = say(snooping.CODES[str(one.code)]) if one.kind == ALARM else page_word(one.page)
    if one.kind == OPENING:
        what = reason_word(one.code) or ""
    return {
        "id": one.id,
        "kind": say(KINDS[one.kind]),
        "what": what,
        "how_many": one.how_many if one.code == snooping.MANY else None,
        "who": who.get(one.person_id, "–") if one.person_id else None,
        "participant": named.get(one.subject_id) if one.subject_id else None,
        "at": one.at,
        "late": one.late,
        "own": one.person_id == me().id,
        "looked_by": who.get(one.looked_by, "–") if one.looked_by else None,
        "looked_at": one.looked_at,
    }


def _lines(rows: list[Any]) -> list[tuple[str, ...]]:
    """Rows for a file: whoever comes first is P1 or D1."""
    people_, participants, held = {}, {}, entries.roles(rows)  # type: ignore[var-annotated]
    return [
        (
            str(row.seq),
            f"{clock.in_denmark(row.at).date().isoformat()} {clock_time(row.at)}",
            _roles(held, row),
            deed(row.action, row.kind),
            _number("P", people_, row.actor_id),
            _number("D", participants, row.subject_id),
            reason_word(row.reason) or "",
        )
        for row in rows
    ]


def _number(letter: str, known: dict[UUID, str], one: UUID | None) -> str:
    return known.setdefault(one, f"{letter}{len(known) + 1}") if one else ""
