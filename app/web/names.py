"""How a page calls the people of the pair: dig, or a first name."""

from collections.abc import Iterable
from uuid import UUID

from app.domain.mentorships import View
from app.language import say
from app.web.asking import me


def names(people: Iterable[UUID], mine: View) -> list[str]:
    """Me first, then the others of the pair by first name."""
    wanted, mine_id = set(people), me().id
    found = [say("dig")] if mine_id in wanted else []
    wanted.discard(mine_id)
    others = sorted(wanted, key=str) if len(wanted) > 1 else wanted
    return found + [mine.name_of(person) or say("en anden mentor") for person in others]


def name(person: UUID, mine: View) -> str:
    return names([person], mine)[0]
