"""A sheet that comes from outside, and one that goes back: CSV, read with suspicion.

Nothing in it is ever run: a cell that a spreadsheet would take for a formula is refused on the way
in, and made harmless on the way out (security decision on import).
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from app.domain import plain_text
from app.language import mark

MOST_ROWS = 10_000
MOST_BYTES = 5 * 1024 * 1024  # security decision A14
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST_CELL = 200  # characters
UNSEEN = "\u00a0\u200b\u200c\u200d\u2028\u2029\ufeff"  # before a formula they hide it
_DAYS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})(?P<s>[-./])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4})"),
)
_PHONE = re.compile(r"(?:\+45|0045)? ?(\d{8}|\d{2} \d{2} \d{2} \d{2}|\d{4} \d{4})")


class Unreadable(Exception):
    """The sheet as a whole is none that we know; the reason is a Danish sentence."""

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence % values)
        self.sentence, self.values = sentence, values


class Line(NamedTuple):
    """One row: its number in the file as a spreadsheet counts, and its cells by column."""

    number: int
    cells: dict[str, str]
    problem: str | None = None  # of the row as a whole

    def cell(self, column: str) -> str:
        return self.cells.get(column, "")


class Refused(NamedTuple):
    """A row that stays outside, and why."""

    line: Line
    why: str


def read(data: bytes, needed: tuple[str, ...], allowed: tuple[str, ...]) -> list[Line]:
    """The rows of a sheet with the columns we know: semicolon or comma, UTF-8 or Windows-1252."""
    if len(data) > MOST_BYTES:
        raise Unreadable(mark("Filen er for stor. Del den i to, og prøv igen."))
    rows = _rows(_decoded(data))
    if not rows:
        raise Unreadable(mark("Filen er tom."))
    header = [" ".join(name.split()).casefold() for name in rows[0][1]]
    missing = [name for name in needed if name not in header]
    if missing:
        raise Unreadable(mark("Der mangler en kolonne: %(names)s"), names=", ".join(missing))
    strange = [name for name in header if name not in (*needed, *allowed)]
    if strange or len(set(header)) < len(header):
        raise Unreadable(
            mark("Der er en kolonne, vi ikke kender: %(names)s"), names=", ".join(strange or header)
        )
    found = [_line(number, header, row) for number, row in rows[1:] if any(c.strip() for c in row)]
    if len(found) > MOST_ROWS:
        raise Unreadable(mark("Der er over 10.000 rækker. Del filen."))
    return found


def write(header: Iterable[str], refused: Iterable[Refused], watermark: UUID) -> str:
    """What goes back: the number, the reason, and the row; but no CPR number."""
    columns = list(header)
    rows = (
        (str(line.number), why, *(_without_cpr(line.cell(name)) for name in columns))
        for line, why in refused
    )
    return export(("række", "årsag", *columns), rows, watermark)


def export(header: Iterable[str], rows: Iterable[Iterable[str]], watermark: UUID) -> str:
    """A file that leaves the app: every row carries the name of the export, so that one that is
    found lying about can be followed back to who made it.
    """
    return lines((*header, "udtræk"), *((*row, str(watermark)) for row in rows))


def lines(*rows: Iterable[str]) -> str:
    """The one writer of files. Every cell is quoted, and none of them is a formula."""
    out = io.StringIO()
    safe = (tuple(harmless(cell) for cell in row) for row in rows)
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(safe)
    return out.getvalue()


def harmless(cell: str) -> str:
    """A spreadsheet takes it for text, also behind what it does not show."""
    seen = unicodedata.normalize("NFKC", cell).lstrip("".join(map(chr, range(33))) + UNSEEN)
    formula = cell.startswith(FORMULA) or seen.startswith(FORMULA)
    return f"'{cell}" if formula else cell


def _without_cpr(cell: str) -> str:
    return "(CPR?)" if plain_text.CPR.search(phoneless(cell)) else cell


def phoneless(cell: str) -> str:
    """With a country code, a phone number has as many digits as a CPR number."""
    return "" if phone(cell) else cell


def phone(cell: str) -> str | None:
    """The eight digits of a Danish phone number."""
    found = _PHONE.fullmatch(cell.strip()) if cell.isascii() else None
    return found[1].replace(" ", "") if found else None


def day(cell: str) -> date | None:
    """A day as Danes and machines write it; None when there is no such day."""
    for pattern in _DAYS:
        if (found := pattern.fullmatch(cell)) and cell.isascii():
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise Unreadable(mark("Filen er ikke en CSV-fil. Gem regnearket som CSV, og prøv igen."))
    return text


def _rows(text: str) -> list[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    split = ";" if first.count(";") >= first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=split, strict=True)
    try:
        return [(number, row) for number, row in enumerate(reader, 1) if row]
    except csv.Error as error:
        raise Unreadable(
            mark("Filen er ikke en CSV-fil. Gem regnearket som CSV, og prøv igen.")
        ) from error


def _line(number: int, header: list[str], row: list[str]) -> Line:
    problem = None
    if len(row) != len(header):
        problem = "Rækken har ikke lige så mange felter som overskriften."
    elif any(cell.lstrip(" ").startswith(FORMULA) and not phone(cell) for cell in row):
        problem = "Et felt begynder med et tegn, som et regneark læser som en formel."
    elif any(plain_text.CPR.search(phoneless(cell)) for cell in row):
        problem = "Et felt ser ud til at indeholde et CPR-nummer."
    elif any(len(cell) > LONGEST_CELL for cell in row):
        problem = "Et felt er for langt."
    cells = {name: " ".join(cell.split()) for name, cell in zip(header, row, strict=False)}
    if problem:  # goes back as it came, but for its formulas
        cells = {name: cell[:LONGEST_CELL] for name, cell in zip(header, row, strict=False)}
    return Line(number, cells, problem)
