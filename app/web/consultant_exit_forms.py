"""Slutskemaer: what participants said at the end, as figures, without a name or a branch."""

from flask import Blueprint, Response

from app.domain import exit_figures
from app.domain.exit_figures import SATISFACTION, Shares
from app.domain.outcomes import OUTCOMES
from app.domain.who5 import BANDS
from app.language import say, spoken
from app.web.hypertext import page

pages = Blueprint("consultant_exit_forms", __name__)


@pages.get("/konsulent/slutskemaer")
def show() -> Response:
    found = exit_figures.together()
    satisfied = _shown(found.satisfaction, dict.fromkeys(SATISFACTION))
    return page(
        "consultant/exit_forms.html",
        forms=found.forms,
        parts=[
            (
                say("Tilfreds, fra 0 til 10"),
                *satisfied,
            ),
            (say("Fik ud af det"), *_shown(found.outcomes, OUTCOMES)),
            (say("Trivsel, fra 0 til 100"), *_shown(found.wellbeing, BANDS)),
        ],
    )


def _shown(
    shares: Shares | None, words: dict[str, str] | dict[str, None]
) -> tuple[int | None, str | None, list[tuple[str, int | None]]]:
    if shares is None:
        return None, None, []
    lines = [(say(words[code] or code), n) for code, n in shares.counts.items()]
    return shares.base, _decimal(shares.mean), lines


def _decimal(mean: float | None) -> str | None:
    """One decimal, as the reader's language writes it."""
    if mean is None:
        return None
    said = f"{mean:.1f}"
    return said.replace(".", ",") if spoken() == "da" else said
