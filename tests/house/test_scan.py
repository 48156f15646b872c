"""`make scan` fails for what nobody has explained, and for a tool that does not see.

The tools themselves are run by `make scan` alone.
"""

from dataclasses import replace

import pytest

from tests.scan import __main__ as scan
from tests.scan import target
from tests.scan.findings import Finding, Reason, reasons, stale, unexplained

FOUND = Finding("bandit", "B608", "app/db.py:10", "SQL")
KNOWN = Reason("bandit", "B608", r"app/db\.py:\d+", "a word of our own, quoted")


def test_every_entry_that_explains_says_why():
    assert reasons()


def test_an_entry_without_a_reason_is_not_read(tmp_path):
    entry = "[[allowed]]\ntool = 'bandit'\nrule = 'B608'\nwhere = '.*'\nwhy = 'it is fine'\n"
    (tmp_path / "allowed.toml").write_text(entry)
    with pytest.raises(ValueError, match="too little"):
        reasons(tmp_path / "allowed.toml")


def test_what_is_explained_is_not_left_and_all_else_is():
    elsewhere = FOUND._replace(where="app/web/home.py:10")
    other_rule = FOUND._replace(rule="B602")
    left = list(unexplained([FOUND, elsewhere, other_rule], [KNOWN]))
    assert left == [elsewhere, other_rule]


def test_an_entry_explains_so_many_and_no_more():
    assert list(unexplained([FOUND, FOUND], [KNOWN])) == [FOUND]
    assert list(unexplained([FOUND, FOUND], [replace(KNOWN, most=2)])) == []


def test_an_entry_that_covers_nothing_any_more_is_a_finding():
    assert list(stale([FOUND], [KNOWN])) == []
    assert [one.rule for one in stale([], [KNOWN])] == ["B608"]


def test_a_tool_that_misses_a_planted_hole_is_blind(monkeypatch, tmp_path):
    monkeypatch.setattr(target, "STORES", tmp_path)
    seen = [Finding("bandit", rule, "tests/scan/twin.py:1") for rule in scan.MUST_FIND["bandit"]]
    assert scan.judged("bandit", seen, [], "app").blind == ""
    assert scan.judged("bandit", seen[1:], [], "app").blind
    assert scan.judged("sqlmap", [], [], "app").blind


def test_a_tool_that_falls_over_is_blind():
    def falls() -> scan.Line:
        raise RuntimeError("wapiti is not there")

    assert "wapiti is not there" in scan.timed("wapiti", falls).blind
