"""A match that waits for my answer: what I need to know to say yes, and nobody's name but ours."""

from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from app.domain import agreements, matches, moves, people, referrals
from app.domain.matches import Meanwhile, Proposed, Refused
from app.language import say
from app.web.asking import me, pen
from app.web.hypertext import go, page

pages = Blueprint("matches", __name__)
HERE = "/match/<uuid:match_id>"


class Terms(NamedTuple):
    """What a mentor may know before saying yes."""

    municipality: str
    month: object  # the release
    co_mentor: str | None
    leader: str
    seat: bool  # a place in a pair that is there already


@pages.get(HERE)
def show(match_id: UUID) -> Response:
    return _page(_match_or_404(match_id))


@pages.post(f"{HERE}/svar")
def answer(match_id: UUID) -> AnyResponse:
    match = _match_or_404(match_id)
    yes = request.form.get("svar") == "ja"
    if yes and not request.form.get("alene"):
        return _page(match, 422, say("Sæt kryds ved, at du ikke besøger andre indsatte."))
    try:
        begun = matches.answer(match, yes, pen(), by=me().id)
    except Meanwhile:
        return _page(
            _match_or_404(match_id), 409, say("Det er ændret imens. Se, hvordan det står nu.")
        )
    except Refused:
        sentence = say("Forløbet kan ikke begynde lige nu. Ring til aktivitetslederen.")
        return _page(_match_or_404(match_id), 409, sentence)
    return go("/forloeb/aftale" if begun else f"/match/{match_id}")


def _match_or_404(match_id: UUID) -> Proposed:
    """One that I am asked about."""
    match = matches.one(match_id)
    if match is None or me().id not in match.mentors:
        abort(404)
    return match


def _page(match: Proposed, status: int = 200, sentence: str | None = None) -> Response:
    where: Any = (
        referrals.place_of(match.referral_id)
        if match.referral_id
        else moves.life_of(match.mentorship_id or match.id)
    )
    places = {place.id: place.name for place in moves.municipalities()}
    other = next((m for m in match.mentors if m != me().id), None)
    names = people.first_names({match.proposed_by, *([other] if other else [])})
    return page(
        "matches/asked.html",
        status=status,
        sentence=sentence,
        id=match.id,
        terms=Terms(
            places.get(where.municipality_id, ""),
            where.release_on,
            names.get(other) if other else None,
            names[match.proposed_by],
            match.mentorship_id is not None,
        ),
        waits=match.waits_for(me().id),
        said_yes=me().id in match.yes,
        open=match.open,
        kick_off=[say(question) for question in agreements.KICK_OFF.values()],
        other_said_yes=other in match.yes,
    )
