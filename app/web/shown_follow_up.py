"""Notes of a follow-up in words, as the pair and the leader read them."""

from datetime import date
from typing import NamedTuple

from app.domain.follow_ups import KINDS, PRESENT, TEXTS, Written
from app.language import say
from app.web.hypertext import labels


class ShownFollowUp(NamedTuple):
    on: date
    kind: str
    present: list[str]
    focus_changed: bool
    frequency_changed: bool
    texts: list[tuple[str, str]]  # question, answer


def shown(one: Written) -> ShownFollowUp:
    return ShownFollowUp(
        one.held_on,
        say(KINDS[one.kind]),
        labels(one.there(), PRESENT),
        one.focus_changed,
        one.frequency_changed,
        [(say(label), text) for name, label in TEXTS.items() if (text := one.text(name))],
    )
