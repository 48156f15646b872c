"""Whether the app is closed: while a backup is put back, no page is served and nothing is sent.

A file beside the stores says so. It holds who must be erased again before the doors open, so that
a restore that broke off forgets nobody.
"""

import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from uuid import UUID

SIGN = "closed.json"


class Closed(Exception):
    """A backup is being put back: nothing is read or written until that is done."""


def closed(instance: Path) -> bool:
    return (instance / SIGN).exists()


def erased(instance: Path) -> dict[UUID, date]:
    """Who must be erased again before the doors open, of a restore that broke off."""
    if not closed(instance):
        return {}
    raw = json.loads((instance / SIGN).read_text())
    return {UUID(person): date.fromisoformat(on) for person, on in raw.items()}


def close(instance: Path, erased: Mapping[UUID, date]) -> None:
    draft = instance / f"{SIGN}.new"
    with draft.open("w") as file:
        json.dump({str(person): on.isoformat() for person, on in erased.items()}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(instance / SIGN)
    _sync(instance)


def reopen(instance: Path) -> None:
    (instance / SIGN).unlink(missing_ok=True)
    _sync(instance)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
