"""docs/asvs.md says what it says of tests and files that are there."""

import ast
import re
from collections import Counter

from app.config import ROOT

PAGE = (ROOT / "docs" / "asvs.md").read_text()
ROW = re.compile(
    r"^\| (\d+\.\d+\.\d+) \| L(\d) \| (.+?) \| (yes|part|not met|owner) \| (.+) \|$", re.M
)
NAMED = re.compile(r"`([\w/.-]+/[\w.-]*)(?:::(\w+))?`")
ROWS = ROW.findall(PAGE)


def test_all_83_of_the_short_list_are_there_with_evidence():
    assert Counter(level for _, level, *_ in ROWS) == {"1": 24, "2": 43, "3": 16}
    assert len({number for number, *_ in ROWS}) == len(ROWS)
    assert [number for number, *_, evidence in ROWS if len(evidence) < 5] == []


def test_the_sum_at_the_top_is_the_sum():
    said = {met: int(re.search(rf"\b{met} (\d+)", PAGE)[1]) for met in ("yes", "part", "owner")}
    said["not met"] = int(re.search(r"not met (\d+)", PAGE)[1])
    assert Counter(met for *_, met, _ in ROWS) == +Counter(said)


def test_what_it_names_is_there():
    missing = []
    for number, *_, evidence in ROWS:
        for path, test in NAMED.findall(evidence):
            if path.startswith("instance/"):
                continue
            found = next((p for p in (ROOT / "tests" / path, ROOT / path) if p.exists()), None)
            if found is None or (test and test not in names_in(found)):
                missing.append(f"{number}: {path} {test}")
    assert missing == []


def names_in(path):
    return {
        node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)
    }


def test_each_step_of_the_owner_is_written_down():
    steps = PAGE.partition("## What only the owner can do")[2].partition("## ")[0]
    for number, _, _, met, _ in ROWS:
        if met == "owner":
            assert f"({number})" in steps
