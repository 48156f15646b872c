"""The start form, a short page at a time, in the participant's own hands."""

from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain import access, intakes, mentorships, plain_text, referrals, who5
from app.domain.intakes import (
    BY_KEY,
    DAY,
    LINE,
    LONGEST,
    LONGEST_LINE,
    MANY,
    ONE,
    PHONE,
    SECTIONS,
    TEXT,
    WHO5,
    YES,
    Answers,
    Begun,
    Question,
    Section,
)
from app.domain.referrals import MATCHED, Made
from app.extensions import csrf
from app.language import mark, say
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.log_form import is_phone, whole
from app.web.shown_intake import day_of

pages = Blueprint("intakes", __name__)
HERE = "/leder/henvisninger/<uuid:referral_id>/skema"


class TokenForm(FlaskForm):
    """Only the token: the questions are data (see app/domain/intakes.py)."""


class Asked(NamedTuple):
    """One question as the page shows it; macros read it like a field of a form."""

    id: str
    name: str
    kind: str
    label: str
    hint: str | None
    options: list[tuple[str, str]]
    data: Any
    errors: list[str]


@pages.get(HERE)
def show(referral_id: UUID) -> AnyResponse:
    """The first page, with who reads the answers; then where it was left."""
    intake = _intake(_referral_or_404(referral_id))
    return page(
        "intakes/begin.html",
        first=f"{_here(referral_id)}/{_next_unsaved(intake)}",
        begun=bool(intake and intakes.saved(intake)),
    )


@pages.get(f"{HERE}/<section>")
def one(referral_id: UUID, section: str) -> Response:
    referral, asked = _referral_or_404(referral_id), _section_or_404(section)
    intake = _intake(referral)
    given = intakes.answers(intake).get(section, {}) if intake else {}
    return _page(referral_id, asked, given, {})


@pages.post(f"{HERE}/<section>")
@csrf.exempt  # the token is checked below, so that what was typed is kept
def save(referral_id: UUID, section: str) -> AnyResponse:
    referral, asked = _referral_or_404(referral_id), _section_or_404(section)
    form = TokenForm()
    given, wrong = _read(asked)
    if not form.validate_on_submit():
        return _page(referral_id, asked, given, wrong, 400)
    if wrong:
        return _page(referral_id, asked, given, wrong, 422)
    intake = intakes.begin(referral.id, referral.participant_id, me().id)
    intakes.save(intake, section, given, pen(), by=me().id)
    after = [s.key for s in SECTIONS][[s.key for s in SECTIONS].index(section) + 1 :]
    if not after:
        intakes.finish(intake, pen())
        return go(f"{_here(referral_id)}/tak/sendt")
    return go(f"{_here(referral_id)}/{after[0]}")


@pages.get(f"{HERE}/tak/sendt")
def thanks(referral_id: UUID) -> Response:
    _referral_or_404(referral_id)
    return page("intakes/thanks.html", lent=me().lent, back=_up(referral_id))


def _here(referral_id: UUID) -> str:
    return f"{_up(referral_id)}/skema"


def _up(referral_id: UUID) -> str:
    return f"/leder/henvisninger/{referral_id}"


def _referral_or_404(referral_id: UUID) -> Made:
    """One that is open, of a branch that one leads; or that became a mentorship that one leads,
    until it ends.
    """
    referral = referrals.one(referral_id)
    if referral is None or not _may_fill(referral):
        abort(404)
    return referral


def _may_fill(referral: Made) -> bool:
    if referral.step != MATCHED:
        return referral.open and access.leads_referral(me(), referral)
    running = mentorships.running_of(referral.participant_id, clock.today())
    return bool(running) and all(access.leads(me(), life) for life in running)


def _section_or_404(section: str) -> Section:
    found = BY_KEY.get(section)
    if found is None:
        abort(404)
    return found


def _intake(referral: Made) -> Begun | None:
    return intakes.of_referral(referral.id)


def _next_unsaved(intake: Begun | None) -> str:
    saved = intakes.saved(intake) if intake else set()
    return next((s.key for s in SECTIONS if s.key not in saved), SECTIONS[0].key)


def _read(section: Section) -> tuple[Answers, dict[str, str]]:
    """What was sent, and a sentence for each question that is wrong."""
    given: Answers = {}
    wrong: dict[str, str] = {}
    for question in section.questions:
        given[question.key] = _answer(question)
        if sentence := _problem(question, given[question.key]):
            wrong[question.key] = sentence
    return given, wrong


def _answer(question: Question) -> Any:
    sent = request.form
    if question.kind == MANY:
        return [code for code in sent.getlist(question.key) if code in question.options]
    if question.kind == WHO5:
        return {item: _points(sent.get(f"{question.key}-{item}")) for item in who5.ITEMS}
    if question.kind == YES:
        return question.key in sent
    if question.kind == ONE:
        return sent.get(question.key) or None
    return plain_text.cleaned(sent.get(question.key))


def _points(raw: str | None) -> int | None:
    """0-5; what is none of them, -1."""
    points = whole(raw)
    return points if points in who5.OPTIONS or not raw else -1


def _problem(question: Question, given: Any) -> str | None:
    """The sentence for what cannot be; any question may be left out."""
    if question.kind == WHO5:
        known = all(code is None or code in who5.OPTIONS for code in given.values())
        right = known and not who5.half(given)
        return None if right else say("Svar på alle fem, eller lad dem alle stå tomme.")
    if not given:
        return None
    if question.kind in (LINE, TEXT):
        return _text_problem(given, LONGEST if question.kind == TEXT else LONGEST_LINE)
    right, sentence = {
        ONE: (str(given) in question.options, mark("Vælg en af mulighederne.")),
        DAY: (
            day_of(str(given)) is not None,
            mark("Fødselsdatoen kan ikke være rigtig. Skriv den igen."),
        ),
        PHONE: (is_phone(str(given)), mark("Skriv et telefonnummer.")),
    }.get(question.kind, (True, ""))
    return None if right else say(sentence)


def _text_problem(given: str, longest: int) -> str | None:
    if len(given) > longest:
        return say("Teksten er for lang. Der er plads til %(longest)s tegn.", longest=longest)
    problem = plain_text.problem(given)
    return say(problem) if problem else None


def _page(
    referral_id: UUID, section: Section, given: Answers, wrong: dict[str, str], status: int = 200
) -> Response:
    place = SECTIONS.index(section)
    before = SECTIONS[place - 1].key if place else None
    return page(
        "intakes/page.html",
        status=status,
        title=say(section.title),
        number=place + 1,
        count=len(SECTIONS),
        action=f"{_here(referral_id)}/{section.key}",
        before=f"{_here(referral_id)}/{before}" if before else None,
        last=place + 1 == len(SECTIONS),
        asked=[
            Asked(
                q.key,
                q.key,
                q.kind,
                say(q.label),
                say(q.hint) if q.hint else None,
                [(code, say(label)) for code, label in q.options.items()],
                given.get(q.key),
                [wrong[q.key]] if q.key in wrong else [],
            )
            for q in section.questions
        ],
        items=[(item, f"… {say(label)}") for item, label in who5.ITEMS.items()],
        scale=[(str(points), say(label)) for points, label in who5.OPTIONS.items()],
    )
