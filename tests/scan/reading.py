"""What reads the code: ruff, bandit, semgrep with rules of our own, and a search for secrets."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from app.config import ROOT
from tests.bench.servers import BIN
from tests.scan.findings import Finding
from tests.scan.running import SCAN, run

CODE = ("app", "wsgi.py")
HERE = Path("tests") / "scan"
RULES = str(HERE / "rules.yml")
LOCKS = r"(\.lock|package-lock\.json)$"  # hashes, each as random as a secret


def ruff(*places: str) -> Iterator[Finding]:
    """With the project's own exceptions in the code, without those for whole folders."""
    command = [str(BIN / "ruff"), "check", "--isolated", "--select", "S", "--output-format", "json"]
    for one in json.loads(run([*command, "--quiet", *places], fine=(0, 1))):
        where = f"{Path(one['filename']).relative_to(ROOT)}:{one['location']['row']}"
        yield Finding("ruff", one["code"], where, one["message"])


def bandit(*places: str) -> Iterator[Finding]:
    said = run([str(SCAN / "bandit"), "-q", "-r", *places, "-f", "json"], fine=(0, 1))
    for one in json.loads(said)["results"]:
        where = f"{one['filename'].removeprefix('./')}:{one['line_number']}"
        yield Finding("bandit", one["test_id"], where, one["issue_text"])


def semgrep(*places: str) -> Iterator[Finding]:
    command = [str(SCAN / "semgrep"), "scan", "--metrics=off", "--disable-version-check", "--quiet"]
    said = json.loads(run([*command, "--no-git-ignore", "--json", "--config", RULES, *places]))
    for fault in said["errors"]:
        yield Finding("semgrep", "unread", str(fault.get("path", "")), fault.get("message", ""))
    for one in said["results"]:
        where = f"{one['path']}:{one['start']['line']}"
        yield Finding("semgrep", one["check_id"].rpartition(".")[2], where)


def secrets(*places: str) -> Iterator[Finding]:
    """Every file that git knows, or those named."""
    command = [str(SCAN / "detect-secrets"), "scan", "--no-verify", "--exclude-files", LOCKS]
    for path, all_found in json.loads(run([*command, *places]))["results"].items():
        for one in all_found:
            yield Finding("detect-secrets", one["type"], f"{path}:{one['line_number']}")


TWIN, TWIN_PAGE = str(HERE / "twin.py"), str(HERE / "twin.html")
Reader = Callable[..., Iterator[Finding]]
# Each with what it reads of ours, and of the twin.
READERS: dict[str, tuple[Reader, tuple[str, ...], tuple[str, ...]]] = {
    "ruff": (ruff, CODE, (TWIN,)),
    "bandit": (bandit, CODE, (TWIN,)),
    "semgrep": (semgrep, (*CODE, "templates"), (TWIN, TWIN_PAGE)),
    "detect-secrets": (secrets, (), (TWIN,)),
}


def ours(found: Iterator[Finding]) -> list[Finding]:
    """Without the twin's own."""
    return [one for one in found if not re.match(r"tests/scan/twin\.", one.where)]
