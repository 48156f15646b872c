"""What free text may not hold: anything that points at one person outside the pair."""

import re

from app.language import mark

CPR = re.compile(r"(?<!\d)(?:\d{6}|\d{2} \d{2} \d{2})\s?[-\u2010-\u2015\u2212]?\s?\d{4}(?!\d)")
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
PHONE = re.compile(
    r"(?<!\d)(?:\d{8}|\d{2}([ .-])\d{2}\1\d{2}\1\d{2}"
    r"|(?!(?:19|20)\d{2} (?:19|20)\d{2})\d{4} \d{4})(?!\d)"  # but not two years
    r"|(?:\+|(?<!\d)00)\d(?:[ -]?\d){7,14}"
)
FORBIDDEN = (  # static/js/plain_text_guard.js looks for the same, under the same names
    # a number with a country code may look like a CPR number too: phones come first
    (
        "email",
        EMAIL,
        mark("Der ser ud til at stå en e-mailadresse i teksten. Skriv den om uden adressen."),
    ),
    (
        "phone",
        PHONE,
        mark("Der ser ud til at stå et telefonnummer i teksten. Skriv den om uden nummeret."),
    ),
    (
        "cpr",
        CPR,
        mark("Der ser ud til at stå et CPR-nummer i teksten. Skriv den om uden nummeret."),
    ),
)


def problem(text: str) -> str | None:
    """The sentence that tells the writer what to mend, if anything."""
    return next((sentence for _, pattern, sentence in FORBIDDEN if pattern.search(text)), None)


def cleaned(text: str | None) -> str | None:
    """Line ends as one character, no surrounding space; None when nothing is left."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip() or None
