"""Exchanges keys while the app runs. Each step may be run again after it broke off."""

from app import keyring
from app.domain import trail
from app.house import House


class NotEscrowed(Exception):
    """The copy that the operator has does not hold what must not be lost."""


def begin(house: House) -> tuple[int, int]:
    """A new master key, and every person's key wrapped with it: the epoch, and how many."""
    epoch = keyring.begin_epoch(house.settings.keyring)
    wrapped = house.keys.rewrap()
    if wrapped:
        _write_down(house, "master")
    return epoch, wrapped


def finish(house: House, fingerprint: str) -> int:
    """Destroy the older master keys: every older copy of the key store is noise from now on.

    Only when somebody holds a copy of the keyring as it will be; nothing else opens the people's
    keys after this.
    """
    house.keys.rewrap()
    if fingerprint != house.keyring.fingerprint:
        raise NotEscrowed
    with house.keys.held_still() as epoch:
        keyring.end_epochs(house.settings.keyring, epoch)
    return epoch


def exchange_trail(house: House) -> None:
    """A new key for the access log. The old one stays, to check with, and seals nothing more."""
    with house.work(writes=True) as (unit, _):
        trail.head()  # held until the end: nobody writes meanwhile
        keyring.exchange(house.settings.keyring, "trail")
        trail.Pen(house.keyring.trail, None, None).write(trail.ROLLED, "key", reason="trail")
        unit.commit()


def exchange_forms(house: House) -> None:
    """A new key for cookies; where SECRET_KEY is set it signs nothing but the worker's tasks."""
    keyring.exchange(house.settings.keyring, "forms")
    _write_down(house, "forms")


def _write_down(house: House, key: str) -> None:
    with house.work(writes=True) as (unit, _):
        trail.Pen(house.keyring.trail, None, None).write(trail.ROLLED, "key", reason=key)
        unit.commit()
