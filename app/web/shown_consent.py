"""Consents as a leader reads them: word for word what was said yes to, and all that was said."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from app.domain import consents
from app.domain.consents import PURPOSES, Said, wording
from app.language import say


class ShownConsent(NamedTuple):
    """One purpose, and what holds of it now."""

    code: str
    words: str  # those of the yes that holds, else today's
    said: Said | None
    new_words: str | None  # those of today, where the yes was to older ones


class ShownAnswer(NamedTuple):
    """One thing that was said, as it stays."""

    words: str
    given: bool
    on: date
    version: int


def shown(participant_id: UUID) -> list[ShownConsent]:
    said = consents.of(participant_id)
    return [_shown(code, said.get(code)) for code in PURPOSES]


def history(participant_id: UUID) -> list[ShownAnswer]:
    """Newest first."""
    return [
        ShownAnswer(say(wording(one.purpose, one.version)), one.given, one.on, one.version)
        for one in consents.history(participant_id)
    ]


def _shown(code: str, said: Said | None) -> ShownConsent:
    today = say(PURPOSES[code])
    if said is None or not said.given:
        return ShownConsent(code, today, said, None)
    words = say(wording(code, said.version))
    return ShownConsent(code, words, said, None if words == today else today)
