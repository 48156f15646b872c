"""The Danish public holidays of a week."""

import importlib
import sys
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import holidays

from app.language import DANISH, ENGLISH

_COUNTRIES = "holidays.countries"


def _denmark(language: str) -> holidays.HolidayBase:
    """Denmark alone: the library's package of countries would load every country there is."""
    stand_in = ModuleType(_COUNTRIES)
    stand_in.__path__ = [str(Path(holidays.__file__).parent / "countries")]
    sys.modules.setdefault(_COUNTRIES, stand_in)
    made: holidays.HolidayBase = importlib.import_module(f"{_COUNTRIES}.denmark").Denmark(
        language=language
    )
    return made


_KNOWN = {DANISH: _denmark("da"), ENGLISH: _denmark("en_US")}


@lru_cache(maxsize=1024)
def of_week(monday: date, tongue: str = DANISH) -> tuple[str, ...]:
    """The names of the week's public holidays, in the order of its days."""
    days = (monday + timedelta(days=n) for n in range(7))
    return tuple(name for day in days if (name := _KNOWN[tongue].get(day)))
