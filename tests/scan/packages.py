"""What we stand on: each package of the lock files against advisories, and a list of them all.

Advisories go stale, so none are kept here: the owner fetches the Python Packaging Advisory
Database (its folder of OSV files) and names it in ADVISORIES. Without it nothing is said to be
free of holes.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from packaging.version import InvalidVersion, Version

from app.config import ROOT
from tests.scan.findings import Finding
from tests.scan.running import SCAN, run

TOOL = "advisories"
LOCKS = (
    "requirements.lock",
    "tests/requirements.lock",
    "tests/scan/requirements.lock",
    "tests/scan/wapiti.lock",
)
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)
FROM_THE_START = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9999"}]}
PLANTED = {
    "id": "PLANTED-1",
    "affected": [
        {"package": {"name": "flask", "ecosystem": "PyPI"}, "ranges": [FROM_THE_START]},
    ],
}


class Package(NamedTuple):
    name: str
    version: str
    lock: str


def packages() -> list[Package]:
    return [
        Package(plain(name), version, lock)
        for lock in LOCKS
        for name, version in PINNED.findall((ROOT / lock).read_text())
    ]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def folder() -> Path | None:
    """Where the owner has put the advisories."""
    named = os.environ.get("ADVISORIES")
    return Path(named) if named else None


def control() -> list[Finding]:
    return list(matched([PLANTED], packages()))


def findings(where: Path) -> tuple[list[Finding], int]:
    files = [*where.rglob("*.yaml"), *where.rglob("*.json")]
    read = [one for one in map(_read, files) if isinstance(one, dict) and "affected" in one]
    if not read:
        raise RuntimeError(f"no advisories in {where}")
    return list(matched(read, packages())), len(read)


def _read(file: Path) -> Any:
    text = file.read_text()
    return json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)


def matched(advisories: list[dict[str, Any]], known: list[Package]) -> Iterator[Finding]:
    by_name: dict[str, list[Package]] = {}
    for package in known:
        by_name.setdefault(package.name, []).append(package)
    for advisory in advisories:
        if advisory.get("withdrawn"):
            continue
        for affected in advisory["affected"]:
            if affected.get("package", {}).get("ecosystem") != "PyPI":
                continue
            for package in by_name.get(plain(affected["package"]["name"]), ()):
                if _is_hit(package.version, affected):
                    where = f"{package.lock} {package.name}=={package.version}"
                    yield Finding(TOOL, advisory["id"], where)


def _is_hit(version: str, affected: dict[str, Any]) -> bool:
    spans = (span for span in affected.get("ranges", ()) if span["type"] == "ECOSYSTEM")
    named = version in affected.get("versions", ())
    return named or any(_lies_in(version, span["events"]) for span in spans)


def _lies_in(version: str, events: list[dict[str, str]]) -> bool:
    """OSV: from each "introduced" until the "fixed" that follows."""
    try:
        ours, inside = Version(version), False
        for event in events:
            if "introduced" in event and ours >= Version(event["introduced"]):
                inside = True
            if "fixed" in event and ours >= Version(event["fixed"]):
                inside = False
            if "last_affected" in event and ours > Version(event["last_affected"]):
                inside = False
    except InvalidVersion:
        return True  # a person must look
    return inside


def bill_of_materials(where: Path) -> int:
    """CycloneDX of what is shipped; how many packages that is."""
    made = where / "sbom.json"
    lock = str(ROOT / "requirements.lock")
    run([str(SCAN / "cyclonedx-py"), "requirements", lock, "--of", "JSON", "-o", str(made)])
    return len(json.loads(made.read_text())["components"])
