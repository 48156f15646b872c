"""Each threat has an answer and a test that is there and says which threat it is about."""

import ast
import re

from app.config import ROOT

README = ROOT / "tests" / "README.md"
THREATS = {f"T{number}" for number in range(1, 41)}
MARKED = re.compile(r"^(?:test_)?((?:T\d+[, _]*)+)(?::|(?<=_))")
# What is not answered yet, and what will answer it. A line goes when its test comes.
TODO = {
    "T12": "passkeys, two steps",
    "T13": "a way back in",
    "T21": "figures: none are shown yet",
    "T30": "who reads very much",
    "T40": "exports",
}


def table():
    """Threat, answer and tests by number."""
    rows = {}
    for line in README.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if re.fullmatch(r"T\d+", cells[0]):
            assert cells[0] not in rows, f"{cells[0]} stands there twice"
            rows[cells[0]] = cells[1:]
    return rows


def named(cell):
    return re.findall(r"`([^`]+)::([^`]+)`", cell)


def named_tests():
    """Every test function with the threats that its name or its first words say."""
    found = {}
    for path in sorted((ROOT / "tests").glob("[!n]*/**/test_*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                said = (ast.get_docstring(node) or "", node.name)
                about = {t for words in said for t in marks(words)}
                found[str(path.relative_to(ROOT / "tests")), node.name] = about
    return found


def marks(words):
    marked = MARKED.match(words)
    return set(re.findall(r"T\d+", marked[1])) if marked else set()


def test_every_threat_has_a_row_with_an_answer():
    rows = table()
    assert set(rows) == THREATS
    assert [number for number, (threat, answer, _) in rows.items() if not (threat and answer)] == []


def test_every_threat_has_a_test_that_is_there():
    there = named_tests()
    wrong = []
    for number, (*_, tests) in table().items():
        listed = named(tests)
        if bool(listed) == (number in TODO):
            wrong.append(f"{number}: a test, or a line in TODO, and not both")
        for test in listed:
            if test not in there:
                wrong.append(f"{number}: there is no {'::'.join(test)}")
            elif number not in there[test]:
                wrong.append(f"{number}: {'::'.join(test)} does not say so")
    assert wrong == []


def test_every_test_that_names_a_threat_stands_in_the_table():
    rows = table()
    missing = [
        f"{number}: {'::'.join(test)}"
        for test, about in named_tests().items()
        for number in about
        if test not in named(rows[number][-1])
    ]
    assert missing == []


def test_a_mark_is_seen_where_it_stands():
    """The planted control: the table would be satisfied by tests that nobody can see."""
    assert marks("test_T32_erased_person_does_not_come_back") == {"T32"}
    assert marks("T2, T3: no foreign read") == {"T2", "T3"}
    assert marks("The T2 of it") == set()
    assert marks("test_two_threads") == set()
