"""A text of the scheme as its page shows it."""

from datetime import datetime
from typing import NamedTuple

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
        sections=[
            Section(s["heading"], s.get("paragraphs", []), s.get("bullets", []))
            for s in text["section"]
        ],
        numbered=guide.kind == RULES,
    )
