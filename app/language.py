"""Danish is the language the app is written in; English is looked up in its catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from babel.messages.pofile import read_po

from app.config import ROOT

DANISH, ENGLISH = "da", "en"
LANGUAGES = {DANISH: "Dansk", ENGLISH: "English"}

_spoken: ContextVar[str] = ContextVar("spoken", default=DANISH)


def spoken() -> str:
    """The language of the request, or of the command."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    token = _spoken.set(language if language in LANGUAGES else DANISH)
    try:
        yield
    finally:
        _spoken.reset(token)


def switch(language: str) -> None:
    """Go on in another language, until the `speaking` around it ends."""
    _spoken.set(language if language in LANGUAGES else DANISH)


def say(text: str, language: str | None = None, /, **values: object) -> str:
    """The sentence in the language spoken, with its values filled in."""
    found = catalogue(language or spoken()).get(text, text)
    return found % values if values else found


def mark(text: str) -> str:
    """Mark a constant for the translator; `say` it where it is shown."""
    return text


@cache
def catalogue(language: str) -> dict[str, str]:
    if language == DANISH:
        return {}
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}
