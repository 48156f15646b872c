"""An erasing in words: as leaders and consultants ask for it, confirm it and keep its receipt."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from flask import Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import branches, due, erasure, mentorships, people
from app.domain.belongings import PARTICIPANT
from app.domain.erasure import ASKED, BEGUN, CONFIRMED, DONE, ENDED, REASONS, REMOVED, WHY, Told
from app.language import mark, say
from app.vault import ring
from app.web.asking import me, pen
from app.web.hypertext import go, page

STATES = {
    ASKED: mark("Venter på en konsulent"),
    CONFIRMED: mark("Bekræftet. Det sker om lidt"),
    BEGUN: mark("Er begyndt"),
    REMOVED: mark("Oplysningerne er væk. Nøglen bliver ødelagt nu"),
    DONE: mark("Slettet"),
    ENDED: mark("Blev ikke til noget"),
}
KINDS = {
    "participant": mark("En deltager"),
    "person": mark("En mentor, aktivitetsleder eller konsulent"),
    "words": mark("Kommentarer og noter i et forløb"),
}
TABLES = {  # what the receipt counts
    "absence": mark("Fravær"),
    "acceptance": mark("Læste regler"),
    "agreement": mark("Samarbejdsaftaler"),
    "alert": mark("Bekymringer og brudte aftaler"),
    "alert_step": mark("Svar på bekymringer og brudte aftaler"),
    "attendance": mark("Fremmøder"),
    "call": mark("Samtaler med aktivitetslederen"),
    "closure": mark("Afslutninger"),
    "closure_step": mark("Svar på afslutninger"),
    "consent": mark("Samtykker"),
    "contact": mark("Kontakter"),
    "debrief": mark("Samtaler efter afslutningen"),
    "delivery": mark("Leverede påmindelser"),
    "device": mark("Enheder"),
    "evaluation": mark("Mødeevalueringer"),
    "exit_form": mark("Slutskemaer"),
    "exit_link": mark("Links til slutskemaet"),
    "expense": mark("Udgifter"),
    "expense_answer": mark("Svar på udgifter"),
    "feed": mark("Kalenderlinks"),
    "follow_up": mark("Opfølgninger"),
    "grant": mark("Faste beløb"),
    "handover": mark("Overdragelser"),
    "handover_answer": mark("Svar på overdragelser"),
    "handover_week": mark("Uger i overdragelser"),
    "imported": mark("Numre fra import"),
    "intake": mark("Startskemaer"),
    "intake_page": mark("Sider af startskemaer"),
    "invitation": mark("Invitationer"),
    "match": mark("Match"),
    "match_choice": mark("Valg i kataloget"),
    "match_step": mark("Svar på match"),
    "meeting": mark("Møder"),
    "mentor_stage": mark("Trin som mentor"),
    "mentorship": mark("Forløb"),
    "move": mark("Flytninger"),
    "notice": mark("Påmindelser"),
    "participant": mark("Navn, telefon og fødselsdato"),
    "pause": mark("Pauser"),
    "review": mark("Stikprøver og grunde"),
    "disclosure": mark("Udleverede udtræk"),
    "passkey": mark("Adgangsnøgler"),
    "code_app": mark("Kode-apps"),
    "recovery_code": mark("Nødkoder"),
    "half_sign_in": mark("Påbegyndte login"),
    "person": mark("Navn, e-mail og telefon"),
    "plan": mark("Aftaler om møder"),
    "preference": mark("Valg af påmindelser"),
    "profile": mark("Profiler"),
    "receipt": mark("Kvitteringer til telefoner"),
    "referral": mark("Henvisninger"),
    "referral_step": mark("Trin i henvisninger"),
    "requirement": mark("Krav"),
    "revision": mark("Rettelser"),
    "rhythm": mark("Rytmer"),
    "role": mark("Roller"),
    "seat": mark("Pladser i forløb"),
    "sign_in": mark("Login"),
    "stand_in": mark("Stedfortrædere"),
    "thread_note": mark("Noter i tråde"),
    "wish": mark("Ønsker om at stoppe eller skifte"),
}
NOT_BEGUN = (ASKED, CONFIRMED)
STAFF = "/konsulent/personer"  # where a role is ended
MEANWHILE = mark("Det er ændret imens. Se, hvordan det står nu.")
IN_USE = mark("Personen har en rolle eller en plads endnu. Afslut den først.")


class AskForm(FlaskForm):
    why = StringField()

    def validate_why(self, field: Field) -> None:
        if field.data not in REASONS:
            raise StopValidation(say("Vælg, hvorfor det skal ske før tiden."))


class Row(NamedTuple):
    """An erasing in a list: never a name."""

    href: str
    kind: str
    state: str
    branch: str | None
    at: datetime


class Shown(NamedTuple):
    """One, with who asked and who confirmed."""

    id: UUID
    number: str  # what is left of the person: an id that tells nothing
    kind: str
    state: str
    code: str
    why: str
    branch: str | None
    asked_by: str | None
    asked_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None
    done_at: datetime | None
    counts: list[tuple[str, int]]


def rows(found: list[Told], here: str) -> list[Row]:
    names = branches.all_names()
    return [
        Row(
            f"{here}/{told.id}",
            say(KINDS[told.kind]),
            say(STATES[told.state]),
            names.get(told.branch_id) if told.branch_id else None,
            told.done_at or told.ended_at or told.asked_at,
        )
        for told in found
    ]


def shown(told: Told) -> Shown:
    who = {one for one in (told.asked_by, told.confirmed_by, told.ended_by) if one}
    names = people.first_names(who)
    return Shown(
        told.id,
        str(told.subject_id),
        say(KINDS[told.kind]),
        say(STATES[told.state]),
        told.state,
        say(WHY[told.why]),
        branches.all_names().get(told.branch_id) if told.branch_id else None,
        names.get(told.asked_by) if told.asked_by else None,
        told.asked_at,
        names.get(told.confirmed_by) if told.confirmed_by else None,
        told.confirmed_at,
        names.get(told.ended_by) if told.ended_by else None,
        told.ended_at,
        told.done_at,
        [(say(TABLES[name]), n) for name, n in erasure.counts(told.id)],
    )


def told_or_404(erasure_id: UUID) -> Told:
    told = erasure.one(erasure_id)
    if told is None:
        abort(404)
    return told


def name_of(kind: str, subject: UUID) -> str:
    """The first name, so that two agree on the same person; "–" once it is gone."""
    if erasure.subject_of(subject) is None:
        return "–"
    if kind == PARTICIPANT:
        ring().take([subject])
        return mentorships.identity_of(subject).first_name
    return people.first_names({subject}).get(subject, "–")


def day_of_erasing(kind: str, subject: UUID) -> date | None:
    """When the clock would do it; None while something goes on."""
    mine = kind == PARTICIPANT
    one = due.participant(subject) if mine else due.person(subject, clock.today())
    return one.on if one else None


def in_use(kind: str, subject: UUID) -> bool:
    """A colleague with a role or a seat: these are to be ended first."""
    return kind != PARTICIPANT and not day_of_erasing(kind, subject)


def about(subject: UUID, kind: str, here: str, back: str) -> Response:
    """Who it is about, when it would happen by itself, and the form to ask for it."""
    return _about(subject, kind, here, back, AskForm(formdata=None))


def asked(subject: UUID, kind: str, branch: UUID | None, here: str, back: str) -> AnyResponse:
    """The form has been sent."""
    form = AskForm()
    if not form.validate_on_submit():
        status = 400 if form.errors.get("csrf_token") else 422
        return _about(subject, kind, here, back, form, status)
    if in_use(kind, subject):
        return _about(subject, kind, here, back, form, 422, say(IN_USE))
    made = erasure.ask(subject, kind, branch, form.why.data or "", pen(), by=me().id)
    return go(f"{here}/{made}")


def _about(
    subject: UUID,
    kind: str,
    here: str,
    back: str,
    form: AskForm,
    status: int = 200,
    sentence: str | None = None,
) -> Response:
    under_way = erasure.open_of(subject)
    return page(
        "erasures/about.html",
        status=status,
        sentence=sentence,
        form=form,
        name=name_of(kind, subject),
        participant=kind == PARTICIPANT,
        colleague=None if kind == PARTICIPANT else f"{STAFF}/{subject}",
        on=day_of_erasing(kind, subject),
        reasons=[(code, say(label)) for code, label in REASONS.items()],
        under_way=under_way and f"{here}/{under_way.id}",
        address=f"{here}/om/{subject}",
        here=here,
        back_to=back,
    )
