"""A text of the scheme as its page shows it."""

from datetime import datetime
from typing import Any, NamedTuple

from app.domain.guides import RULES, Standing
from app.language import spoken


class Section(NamedTuple):
    heading: str
    paragraphs: list[str]
    bullets: list[str]


class ShownGuide(NamedTuple):
    kind: str
    title: str
    version: int
    published: datetime
    intro: str
    sections: list[Section]
    numbered: bool


def shown_guide(guide: Standing) -> ShownGuide:
    """In the language spoken."""
    text = guide.text(spoken())
    return ShownGuide(
        kind=guide.kind,
        title=text["title"],
        version=guide.version,
        published=guide.published_at,
        intro=text["intro"],
        sections=sections(text),
        numbered=guide.kind == RULES,
    )


def sections(text: dict[str, Any], **said: str) -> list[Section]:
    """The parts of a text, with what an owner fills into its paragraphs."""
    return [
        Section(
            part["heading"],
            [p.format(**said) if said else p for p in part.get("paragraphs", [])],
            part.get("bullets", []),
        )
        for part in text["section"]
    ]
