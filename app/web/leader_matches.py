"""Match: two mentors for a participant, by catalogue or by the leader; one for an empty seat."""

import re
from collections.abc import Set as AbstractSet
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectMultipleField, StringField

from app import clock, db
from app.domain import (
    access,
    branches,
    intakes,
    matches,
    mentors,
    mentorships,
    people,
    referrals,
    rules,
)
from app.domain.matches import Meanwhile, Proposed, Refused
from app.domain.mentors import Standing
from app.domain.mentorships import Mentorship
from app.domain.profiles import GENDERS
from app.domain.receipts import Different, NotTheirs
from app.domain.referrals import INTERVIEWED, Made
from app.extensions import csrf
from app.language import mark, say, spoken
from app.web.asking import me, pen
from app.web.hypertext import go, page, short_day
from app.web.log_form import MadeId, uuid_or_none
from app.web.shown_mentor import BLOCKS, WARNINGS

pages = Blueprint("leader_matches", __name__)
HERE = "/leder/match"
OF_REFERRAL = f"{HERE}/<uuid:referral_id>"
SEAT = "/leder/forloeb/<uuid:mentorship_id>/ny-mentor"
PAIR = 2
A_PAGE = 80
SHORTEST_WORD = 4  # letters; shorter ones say nothing
WHY = {
    **BLOCKS,
    "asked": mark("Er allerede spurgt om et andet match"),
    "two": mark("Vælg to mentorer."),
    "owner": mark("Har ansvaret her og kan derfor ikke være mentor. Giv ansvaret videre først."),
}


class MatchForm(FlaskForm):
    id = StringField(validators=[MadeId()])
    pair = SelectMultipleField(validate_choice=False)


class Candidate(NamedTuple):
    """One mentor with what speaks for and against, in words."""

    id: str
    first_name: str
    hints: list[str]
    warnings: list[str]


class Entry(NamedTuple):
    """One mentor as the participant sees them."""

    id: str
    first_name: str
    facts: list[str]
    interests: str | None
    competences: str | None
    chosen: bool


class Waiting(NamedTuple):
    """A proposal that waits for the mentors."""

    id: UUID
    participant: str
    answers: list[tuple[str, bool]]  # first name, whether it is a yes
    back: str


@pages.get(HERE)
def show() -> Response:
    ready = [one for one in referrals.of(me().leads, A_PAGE) if one.step == INTERVIEWED]
    waiting = matches.shown_to(me().id, me().leads)
    busy = {match.referral_id for match in waiting}
    return page(
        "matches/page.html",
        ready=[(one.first_name, f"{HERE}/{one.id}") for one in ready if one.id not in busy],
        waiting=_waiting(waiting),
    )


@pages.get(OF_REFERRAL)
def one(referral_id: UUID) -> Response:
    return _page(_ready_or_404(referral_id), _fresh())


@pages.post(OF_REFERRAL)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def propose(referral_id: UUID) -> AnyResponse:
    referral, form = _ready_or_404(referral_id), MatchForm()
    if not form.validate_on_submit():
        return _page(referral, form, _status(form))
    pair = _chosen(form, referral.leader_id)
    try:
        if pair is None or len(pair) != PAIR:
            raise Refused("two")
        matches.propose(UUID(form.id.data), referral, pair, pen(), by=me().id)
    except Refused as refused:
        form.pair.errors = [_sentence(refused)]
        return _page(referral, form, 422)
    except (Meanwhile, Different, NotTheirs):
        form.pair.errors = [say("Det er ændret imens. Se, hvordan det står nu.")]
        return _page(referral, form, 409)
    return go(HERE)


@pages.post(f"{HERE}/forslag/<uuid:match_id>/tilbagetraekning")
def withdraw(match_id: UUID) -> AnyResponse:
    match = _proposal_or_404(match_id)
    try:
        matches.withdraw(match, pen(), by=me().id)
    except Meanwhile:
        abort(409)
    return go(HERE)


@pages.get(f"{OF_REFERRAL}/katalog")
def catalogue(referral_id: UUID) -> Response:
    """For the participant's eyes: only who can be chosen, and nothing where they are few."""
    referral = _ready_or_404(referral_id)
    return _catalogue(referral)


@pages.post(f"{OF_REFERRAL}/katalog")
def choose(referral_id: UUID) -> AnyResponse:
    referral = _ready_or_404(referral_id)
    there = {str(one.id): one.id for one in _shown(referral)}
    wanted = [there[raw] for raw in request.form.getlist("mentor") if raw in there]
    if not 0 < len(wanted) <= PAIR:
        return _catalogue(referral, 422, say("Vælg en eller to."))
    matches.choose(referral, wanted, pen())
    return go(f"{HERE}/{referral_id}/katalog/tak")


@pages.get(f"{OF_REFERRAL}/katalog/tak")
def thanks(referral_id: UUID) -> Response:
    _ready_or_404(referral_id)
    return page("intakes/thanks.html", lent=me().lent, back=f"{HERE}/{referral_id}")


@pages.get(SEAT)
def seat(mentorship_id: UUID) -> Response:
    return _seat_page(_life_or_404(mentorship_id), _fresh())


@pages.post(SEAT)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def fill(mentorship_id: UUID) -> AnyResponse:
    _life_or_404(mentorship_id)
    owner, form = _owner_of(mentorship_id), MatchForm()
    if not form.validate_on_submit():
        return _seat_page(mentorship_id, form, _status(form))
    chosen = _chosen(form, owner)
    if not chosen or len(chosen) != 1:
        form.pair.errors = [say("Vælg en mentor.")]
        return _seat_page(mentorship_id, form, 422)
    try:
        matches.propose_for_seat(UUID(form.id.data), mentorship_id, chosen[0], pen(), by=me().id)
    except Refused as refused:
        form.pair.errors = [_sentence(refused)]
        return _seat_page(mentorship_id, form, 422)
    except (Meanwhile, Different, NotTheirs):
        form.pair.errors = [say("Det er ændret imens. Se, hvordan det står nu.")]
        return _seat_page(mentorship_id, form, 409)
    return go(HERE)


def _ready_or_404(referral_id: UUID) -> Made:
    """A referral that waits for its match, in a branch that one leads."""
    referral = referrals.one(referral_id)
    if referral is None or referral.branch_id not in me().leads or referral.step != INTERVIEWED:
        abort(404)
    return referral


def _proposal_or_404(match_id: UUID) -> Proposed:
    match = matches.one(match_id)
    if match is None or not _leads(match):
        abort(404)
    return match


def _leads(match: Proposed) -> bool:
    """With the mentorship whose seat it fills, else with the branch of its referral."""
    if match.mentorship_id:
        return access.leads(me(), match.mentorship_id)
    return match.branch_id in me().leads


def _life_or_404(mentorship_id: UUID) -> UUID:
    if not access.leads(me(), mentorship_id):
        abort(404)
    return mentorship_id


def _fresh() -> MatchForm:
    return MatchForm(formdata=None, data={"id": str(uuid4())})


def _status(form: FlaskForm) -> int:
    return 400 if form.errors.get("csrf_token") else 422


def _owner_of(mentorship_id: UUID) -> UUID:
    return mentorships.led_by(mentorship_id, clock.today()).owner


def _shown(referral: Made) -> list[Standing]:
    """The catalogue for that participant."""
    return matches.catalogue([referral.branch_id], clock.today(), referral.leader_id)


def _chosen(form: MatchForm, owner: UUID) -> list[UUID] | None:
    """Who is chosen; None when one of them cannot be. Of the owner it is said why not."""
    known = {one.id for one in matches.candidates(me().leads, clock.today(), owner)} | {owner}
    wanted = [uuid_or_none(raw) for raw in form.pair.data or ()]
    return [w for w in wanted if w in known] if all(w in known for w in wanted) else None


def _sentence(refused: Refused) -> str:
    why = say(WHY.get(refused.why, mark("Det er ændret imens. Se, hvordan det står nu.")))
    if refused.who is None:
        return why
    return f"{people.first_names({refused.who})[refused.who]}: {why}"


def _catalogue(referral: Made, status: int = 200, sentence: str | None = None) -> Response:
    today, chosen = clock.today(), matches.chosen(referral.id)
    return page(
        "matches/catalogue.html",
        status=status,
        sentence=sentence,
        action=f"{HERE}/{referral.id}/katalog",
        entries=[
            Entry(
                str(one.id),
                one.first_name,
                _short(one, today),
                one.profile.texts.get("interests"),
                one.profile.texts.get("competences"),
                one.id in chosen,
            )
            for one in _shown(referral)
        ],
    )


def _short(one: Standing, today: date) -> list[str]:
    gender = one.profile.gender
    found = [say(GENDERS[gender])] if gender in GENDERS else []
    band = one.profile.band(today)
    return [*found, say("%(band)s år", band=band)] if band else found


def _page(referral: Made, form: MatchForm, status: int = 200) -> Response:
    today, chosen = clock.today(), matches.chosen(referral.id)
    wishes = _wishes(referral)
    found = matches.candidates(me().leads, today, referral.leader_id)
    open_one = next((m for m in matches.of_referral(referral.id) if m.open), None)
    first = sorted(found, key=lambda one: one.id not in chosen)
    elsewhere = _elsewhere(referral.branch_id)
    return page(
        "matches/match.html",
        status=status,
        form=form,
        referral=referral,
        participant=referral.first_name,
        late=referrals.late(referral.release_on, today),
        soon=referrals.soon(referral.release_on, today),
        age=rules.value(rules.MENTOR_AGE),
        candidates=[_candidate(one, elsewhere, today, wishes, chosen) for one in first],
        catalogue=bool(_shown(referral)),
        waiting=_waiting([open_one]) if open_one else [],
    )


def _seat_page(mentorship_id: UUID, form: MatchForm, status: int = 200) -> Response:
    today = clock.today()
    found = matches.of_mentorship(mentorship_id)
    life = mentorships.one(mentorship_id, today)
    elsewhere = _elsewhere(db.session().get_one(Mentorship, mentorship_id).branch_id)
    return page(
        "matches/seat.html",
        status=status,
        form=form,
        id=mentorship_id,
        participant=life.participant if life else "",
        waiting=_waiting([m for m in found if m.open]),
        age=rules.value(rules.MENTOR_AGE),
        partners=_partners(mentorship_id, today),
        candidates=[
            _candidate(one, elsewhere, today)
            for one in matches.candidates(me().leads, today, _owner_of(mentorship_id))
        ],
    )


def _elsewhere(branch: UUID) -> dict[UUID, str]:
    """Every other branch than the participant's, by name."""
    return {other: name for other, name in branches.all_names().items() if other != branch}


def _partners(mentorship_id: UUID, today: date) -> list[tuple[str, str]]:
    """Who is of the pair already, with the age band where it is known: a mix is good."""
    there = [seat.person_id for seat in mentorships.sitting(mentorship_id, today)]
    found = mentors.standing(there, today).values()
    return [(one.first_name, band) for one in found if (band := one.profile.band(today))]


def _candidate(
    one: Standing,
    elsewhere: dict[UUID, str],
    today: date,
    wishes: AbstractSet[str] = frozenset(),
    chosen: AbstractSet[UUID] = frozenset(),
) -> Candidate:
    """The hints say why; nothing is ranked by them but the participant's own choice."""
    hints = [say("Deltageren har valgt %(name)s", name=one.first_name)] if one.id in chosen else []
    both = sorted(wishes & _words(one.profile.texts.get("interests"))) + sorted(
        wishes & _words(one.profile.texts.get("competences"))
    )
    if both:
        hints.append(say("Nævner begge: %(words)s", words=", ".join(dict.fromkeys(both))))
    hints += _short(one, today)
    if one.branch_id in elsewhere:
        hints.append(say("Fra afdelingen %(name)s", name=elsewhere[one.branch_id]))
    if one.free_since:
        hints.append(say("Ledig siden %(day)s", day=short_day(one.free_since, spoken())))
    if wish := one.profile.texts.get("co_mentor"):
        hints.append(say("Ønsker til medmentor: %(wish)s", wish=wish))
    warnings = [say(WARNINGS[word]) for word in one.warnings(today)]
    return Candidate(str(one.id), one.first_name, hints, warnings)


def _wishes(referral: Made) -> set[str]:
    """The words of what the participant wishes for and is interested in."""
    begun = intakes.of_referral(referral.id)
    given = intakes.answers(begun) if begun else {}
    texts = (
        given.get("background", {}).get("interests"),
        given.get("wishes", {}).get("mentors"),
    )
    return set().union(*(_words(text) for text in texts))


def _words(text: str | None) -> set[str]:
    return {w for w in re.findall(r"\w+", (text or "").lower()) if len(w) >= SHORTEST_WORD}


def _waiting(found: list[Proposed]) -> list[Waiting]:
    names = people.first_names({person for match in found for person in match.mentors})
    return [
        Waiting(
            match.id,
            mentorships.identity_of(match.participant_id).first_name,
            [(names[person], person in match.yes) for person in match.mentors],
            f"{HERE}/forslag/{match.id}/tilbagetraekning",
        )
        for match in found
    ]
