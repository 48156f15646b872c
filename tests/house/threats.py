"""`python -m tests.house.threats`: writes each threat's tests into the table of tests/README.md.

A test says which threat it answers by its name (`test_T3_…`) or the first word of its docstring
(`T3: …`), so the last column is never written by hand.
"""

import ast
import re

from app.config import ROOT

README = ROOT / "tests" / "README.md"
ROW = re.compile(r"^\| (T\d+) \|")
MARKED = re.compile(r"^(?:test_)?((?:[Tt]\d+[, _]*)+)(?::|(?<=_))")

Test = tuple[str, str]  # its file below tests/, and its name


def table() -> dict[str, list[str]]:
    """Threat, answer and tests by number."""
    rows: dict[str, list[str]] = {}
    for line in README.read_text().splitlines():
        if row := ROW.match(line):
            assert row[1] not in rows, f"{row[1]} stands there twice"
            rows[row[1]] = [cell.strip() for cell in line.strip().strip("|").split("|")][1:]
    return rows


def named_tests() -> dict[Test, set[str]]:
    """Every test function with the threats that its name or its first words say."""
    found = {}
    for path in sorted((ROOT / "tests").glob("[!n]*/**/test_*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                said = (ast.get_docstring(node) or "", node.name)
                about = {threat for words in said for threat in marks(words)}
                found[str(path.relative_to(ROOT / "tests")), node.name] = about
    return found


def marks(words: str) -> set[str]:
    marked = MARKED.match(words)
    return set(re.findall(r"T\d+", marked[1].upper())) if marked else set()


def by_threat() -> dict[str, list[Test]]:
    found: dict[str, list[Test]] = {}
    for test, threats in named_tests().items():
        for threat in threats:
            found.setdefault(threat, []).append(test)
    return found


def written() -> str:
    """The README as it should be."""
    tests = by_threat()

    def line(old: str) -> str:
        row = ROW.match(old)
        if not row:
            return old
        kept = old.rstrip().rstrip("|").rpartition("|")[0]
        return f"{kept}| {', '.join(f'`{file}::{name}`' for file, name in tests.get(row[1], ()))} |"

    return "\n".join(map(line, README.read_text().split("\n")))


if __name__ == "__main__":
    README.write_text(written())
