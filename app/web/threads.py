"""The pair's thread: what waits for me, a note to the co-mentor, what we wrote before."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import StopValidation

from app.domain import plain_text, threads
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.domain.threads import LONGEST, AnotherCoMentor, Note
from app.extensions import csrf
from app.language import say
from app.web import desk
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId, Text, uuid_or_none
from app.web.names import name

pages = Blueprint("threads", __name__)
HERE = "/forloeb/traad"


class NoteForm(FlaskForm):
    """`to` is the co-mentor whom the writer saw on the page."""

    id = StringField(validators=[MadeId()])
    mentorship = StringField()
    to = StringField()
    text = TextAreaField(validators=[Text(LONGEST)])

    def validate_text(self, field: Field) -> None:
        if not plain_text.cleaned(field.data):
            raise StopValidation(say("Skriv noget, før du sender."))


class ShownNote(NamedTuple):
    id: UUID
    text: str | None
    by: str
    to: str | None  # whom I wrote to
    at: datetime
    read: bool


@pages.get(HERE)
def show() -> Response:
    mine = desk.mine_or_404()
    fresh: dict[str, Any] = {"id": str(uuid4()), "mentorship": str(mine.id), "to": _co(mine)}
    return _page(NoteForm(formdata=None, data=fresh), mine)


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def write() -> AnyResponse:
    mine = desk.mine_or_404()
    form = NoteForm()
    if id_or_404(form.mentorship.data) != mine.id:
        abort(404)
    if not form.validate_on_submit():
        return _page(form, mine, 400 if form.errors.get("csrf_token") else 422)
    try:
        text = plain_text.cleaned(form.text.data) or ""
        to = uuid_or_none(form.to.data)
        threads.write(UUID(form.id.data), mine, to, text, pen(), by=me().id)
    except NotTheirs:
        form.id.data = str(uuid4())
        form.id.errors = [say("Noten blev ikke sendt. Prøv igen.")]
        return _page(form, mine, 409)
    except Different:
        form.id.data = str(uuid4())
        form.id.errors = [say("Du har allerede sendt en note herfra. Vil du sende denne også?")]
        return _page(form, mine, 409)
    except AnotherCoMentor:
        form.to.data = _co(mine)
        form.id.errors = [_who_reads_now(mine)]
        return _page(form, mine, 409)
    return go(HERE)


@pages.post(f"{HERE}/<uuid:note_id>/laest")
def tick(note_id: UUID) -> AnyResponse:
    """Only who it is to; nobody else learns that it exists."""
    mine = desk.mine_or_404()
    note = threads.one(note_id)
    if note is None or note.mentorship_id != mine.id or note.to_id != me().id:
        abort(404)
    threads.tick(note, pen())
    return go("/" if request.form.get("fra") == "i-dag" else HERE)


def _co(mine: View) -> str:
    return str(mine.co.person_id) if mine.co else ""


def _who_reads_now(mine: View) -> str:
    if mine.co is None:
        return say(
            "Noten er ikke sendt: Du har ingen medmentor lige nu. Vil du gemme den til dig selv?"
        )
    return say(
        "Noten er ikke sendt: Din medmentor er nu %(name)s. Vil du sende den til %(name)s?",
        name=mine.co.first_name,
    )


def _page(form: NoteForm, mine: View, status: int = 200) -> Response:
    notes = threads.of(mine.id, me().id)
    return page(
        "threads/page.html",
        status=status,
        form=form,
        co_mentor=mine.co_mentor,
        waiting=[_shown(note, mine) for note in notes if note.waits_for(me().id)],
        earlier=[_shown(note, mine) for note in notes if not note.waits_for(me().id)],
    )


def _shown(note: Note, mine: View) -> ShownNote:
    own = note.author_id == me().id
    return ShownNote(
        id=note.id,
        text=note.text(),
        by=say("Dig") if own else name(note.author_id, mine),
        to=name(note.to_id, mine) if own and note.to_id else None,
        at=note.at,
        read=own and note.read_at is not None,
    )
