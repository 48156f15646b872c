"""Import: people and mentorships from a sheet. What is in order goes in; the rest comes back.

The file is read in memory and never written to disk. It goes in batch by batch, so that no other
page waits long for the lock; what broke off is simply sent again.
"""

from collections.abc import Callable
from typing import NamedTuple

from flask import Blueprint, Response
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField

from app.domain import imports, sheets
from app.domain.imports import Outcome, Seen
from app.extensions import csrf
from app.language import mark, say
from app.web import exported
from app.web.asking import house, pen
from app.web.hypertext import page

pages = Blueprint("consultant_imports", __name__)
HERE = "/konsulent/import"
MOST_SHOWN = 100  # refused rows on the page; the file has them all


class Kind(NamedTuple):
    """What a sheet can be of."""

    label: str
    needed: tuple[str, ...]
    more: tuple[str, ...]
    take: Callable[..., None]
    example: tuple[str, ...]


KINDS = {
    "personer": Kind(
        mark("Personer"),
        imports.PEOPLE_COLUMNS,
        imports.PEOPLE_MORE,
        imports.take_people,
        ("Pia", "Pedersen", "pia@eksempel.invalid", "mentor", "20304050", "Vejle"),
    ),
    "forloeb": Kind(
        mark("Forløb"),
        imports.LIVES_COLUMNS,
        imports.LIVES_MORE,
        imports.take_mentorships,
        (
            "1",
            "Karl",
            "Vejle Kommune",
            "24-11-2026",
            "01-09-2026",
            "pia@eksempel.invalid",
            "per@eksempel.invalid",
            "lise@eksempel.invalid",
            "Karlsen",
            "30304040",
            "17-05-1990",
            "Enner Mark Fængsel",
        ),
    ),
}


class ImportForm(FlaskForm):
    kind = StringField()
    file = FileField()
    as_file = BooleanField()


@pages.get(HERE)
def show() -> Response:
    return _page(ImportForm(formdata=None))


@pages.get(f"{HERE}/personer.csv")
def people() -> Response:
    return _example("personer")


@pages.get(f"{HERE}/forloeb.csv")
def lives() -> Response:
    return _example("forloeb")


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that it comes back with its sentence
def take() -> Response:
    form = ImportForm()
    if not form.validate_on_submit():
        return _page(form, 400)
    kind = KINDS.get(form.kind.data or "")
    if kind is None:
        form.kind.errors = [say("Vælg, hvad filen handler om.")]
        return _page(form, 422)
    if not form.file.data:
        form.file.errors = [say("Vælg en fil.")]
        return _page(form, 422)
    try:
        lines = sheets.read(form.file.data.read(), kind.needed, kind.more)
    except sheets.Unreadable as fault:
        form.file.errors = [say(fault.sentence, **fault.values)]
        return _page(form, 422)
    made, seen = Outcome(), Seen()
    for start in range(0, len(lines), imports.BATCH):
        with house().work(writes=True) as (unit, _):
            batch = lines[start : start + imports.BATCH]
            kind.take(batch, seen, house().keyring.lookup, pen(), made)
            unit.commit()
    if made.refused and form.as_file.data:
        with house().work(writes=True) as (unit, _):
            watermark = exported.watermark("import")
            unit.commit()
        text = sheets.write((*kind.needed, *kind.more), made.refused, watermark)
        return exported.file(text, f"afviste-{watermark.hex[:8]}.csv")
    return _page(ImportForm(formdata=None), outcome=made)


def _example(name: str) -> Response:
    kind = KINDS[name]
    return exported.file(sheets.lines((*kind.needed, *kind.more), kind.example), f"{name}.csv")


def _page(form: ImportForm, status: int = 200, outcome: Outcome | None = None) -> Response:
    return page(
        "imports/page.html",
        status=status,
        form=form,
        kinds=[(name, say(kind.label)) for name, kind in KINDS.items()],
        outcome=outcome,
        refused=[(r.line.number, r.why) for r in outcome.refused[:MOST_SHOWN]] if outcome else [],
    )
