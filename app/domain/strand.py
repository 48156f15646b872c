"""One shape for rows of many nouns, so that a page can ask for all of them in one question."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Date,
    Integer,
    LargeBinary,
    Select,
    String,
    Uuid,
    cast,
    literal_column,
    null,
    select,
)


class Strand(NamedTuple):
    """What a row is about, and the few columns that any of them needs."""

    what: str
    on: date | None
    until: date | None
    person: UUID | None
    number: int | None
    ref: UUID | None
    word: str | None
    other: UUID | None
    cell: bytes | None  # a sealed text


_TYPES = {
    "on": Date,
    "until": Date,
    "person": Uuid,
    "number": Integer,
    "ref": Uuid,
    "word": String,
    "other": Uuid,
    "cell": LargeBinary,
}


def of(what: str, **columns: Any) -> Select[Any]:
    """A select of strands; columns that are not named are empty."""
    given = (
        columns.get(name, cast(null(), kind)).label(name)  # PostgreSQL wants the type of nothing
        for name, kind in _TYPES.items()
    )
    named = literal_column(f"'{what}'", String)  # a word of the code's own: no need to bind it
    return select(named.label("what"), *given)
