"""What free text may not hold: anything that points at one person outside the pair."""

import re

from app.language import mark

CPR = re.compile(r"(?<!\d)\d{6}[-\s]?\d{4}(?!\d)")
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
PHONE = re.compile(
    r"(?<!\d)(?:\d{8}|\d{2}([ .-])\d{2}\1\d{2}\1\d{2}|\d{4} \d{4})(?!\d)"
    r"|(?:\+|(?<!\d)00)\d(?:[ -]?\d){7,14}"
)
FORBIDDEN = (  # a number with a country code may look like a CPR number too: phones come first
    (EMAIL, mark("Der ser ud til at stå en e-mailadresse i teksten. Skriv den om uden adressen.")),
    (PHONE, mark("Der ser ud til at stå et telefonnummer i teksten. Skriv den om uden nummeret.")),
    (CPR, mark("Der ser ud til at stå et CPR-nummer i teksten. Skriv den om uden nummeret.")),
)


def problem(text: str) -> str | None:
    """The sentence that tells the writer what to mend, if anything."""
    return next((sentence for pattern, sentence in FORBIDDEN if pattern.search(text)), None)


def cleaned(text: str | None) -> str | None:
    """Line ends as one character, no surrounding space; None when nothing is left."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip() or None
