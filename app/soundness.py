"""Whether two stores are whole and belong together: the log's chain, every key, sealed cells."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlmodel import SQLModel

from app import db
from app.domain import trail
from app.domain.mentorships import Participant
from app.domain.people import Person
from app.house import House
from app.snapshots import Failed
from app.vault import KeyGone, Secret, Tampered, WrongEpoch, ring

Anchor = tuple[int, bytes]


class Found(NamedTuple):
    """What two stores turned out to hold."""

    head: Anchor
    keys: int
    cells: int  # opened, one of each sealed column that has any


def check(house: House, anchor: Anchor | None = None) -> Found:
    """Raise when anything is damaged, lost, or sealed to a key that is not there."""
    try:
        keys = house.keys.check()
    except (Tampered, WrongEpoch) as error:
        raise Failed(
            "Nøgleringen åbner ikke nøglerne i kopien. De er lukket med en anden hovednøgle, "
            "eller med en, som er destrueret."
        ) from error
    with house.work(writes=False):
        ringed = house.keyring
        broken = trail.first_broken(ringed.trail, anchor, ringed.older_trails)
        if broken:
            raise Failed(f"Adgangsloggens kæde er brudt ved nr. {broken}.")
        nameless = _without_key(house)
        if nameless:
            raise Failed(f"{nameless} har hverken nøgle eller sletning i kopien.")
        return Found(trail.head(), keys, _open_cells())


def _without_key(house: House) -> int:
    """People with rows but neither a key nor a tombstone: data and keys do not belong together."""
    known = set(house.keys.erased())
    people = {
        row.id for table in (Person, Participant) for row in db.rows(select(db.columns(table).c.id))
    }
    return len(people - known - set(house.keys.fetch(people - known)))


def _open_cells() -> int:
    """One of each sealed column, by chance; those of erased people do not open, and need not."""
    opened = 0
    for secret, statement in _sealed_columns():
        for row, person, cell in db.rows(statement):
            try:
                secret.open(row, person, cell)
            except Tampered as error:
                raise Failed("En tekst i kopien kan ikke åbnes.") from error
            except KeyGone:
                continue
            opened += 1
            break
    ring().opened.clear()  # nobody has read them
    return opened


def _sealed_columns() -> Iterator[tuple[Secret, Any]]:
    for model in _models(SQLModel):
        for secret in vars(model).values():
            if isinstance(secret, Secret):
                columns = db.columns(model).c
                cell = columns[secret.cell]
                chosen = select(columns.id, columns[secret.owner], cell).where(cell.is_not(None))
                yield secret, chosen.order_by(func.random()).limit(5)


def _models(base: type[SQLModel]) -> Iterator[type[SQLModel]]:
    for model in base.__subclasses__():
        yield from _models(model)
        if hasattr(model, "__table__"):
            yield model
