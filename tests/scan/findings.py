"""What a tool found, and what of it is known and explained."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ALLOWED = Path(__file__).parent / "allowed.toml"


class Finding(NamedTuple):
    tool: str
    rule: str
    where: str  # a file and line, or a method and address
    what: str = ""

    def __str__(self) -> str:
        return f"{self.tool} {self.rule}: {self.where} {self.what}".rstrip()


@dataclass(frozen=True)
class Reason:
    """Why a finding is none. `where` is a pattern for the whole place; `most` a ceiling."""

    tool: str
    rule: str
    where: str
    why: str
    most: int = 1

    def covers(self, finding: Finding) -> bool:
        alike = (finding.tool, finding.rule) == (self.tool, self.rule)
        return alike and re.fullmatch(self.where, finding.where) is not None


def reasons(path: Path = ALLOWED) -> list[Reason]:
    """Each entry needs a reason, or the list is not read."""
    found = [Reason(**entry) for entry in tomllib.loads(path.read_text())["allowed"]]
    if bare := [reason for reason in found if len(reason.why.split()) < 4]:
        raise ValueError(f"an entry says too little why: {bare[0]}")
    return found


def unexplained(found: Iterable[Finding], known: Iterable[Reason]) -> Iterator[Finding]:
    """What no entry covers, and what comes more often than its entry says."""
    left = {reason: reason.most for reason in known}
    for finding in found:
        reason = next((r for r in left if r.covers(finding) and left[r]), None)
        if reason is None:
            yield finding
        else:
            left[reason] -= 1


def stale(found: Iterable[Finding], known: Iterable[Reason]) -> Iterator[Finding]:
    """An entry that explains nothing any more hides what comes next; it must go."""
    found = list(found)
    for reason in known:
        if not any(reason.covers(finding) for finding in found):
            yield Finding("allowed.toml", reason.rule, reason.where, f"{reason.tool} finds no such")
