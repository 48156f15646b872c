"""What could be counted back to a person by its being few."""

import ast

from app.config import ROOT
from app.domain.figures import Figure

MAY_COUNT = {"app/schema.py", "app/domain/erasure.py"}  # which make the table, and add to it


def test_T21_the_figures_that_stay_are_shown_nowhere():
    """Whoever shows one must hide what is below five, and come here to say so."""
    readers = set()
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom | ast.Import) and _names_them(node):
                readers.add(str(path.relative_to(ROOT)))
    assert readers == MAY_COUNT


def _names_them(node):
    asked = {name for one in node.names for name in one.name.split(".")}
    return "figures" in asked | set((getattr(node, "module", "") or "").split("."))


def test_T21_a_figure_that_stays_is_about_one_thing_at_a_time():
    """No row puts two facts of one person beside each other, and none says whose it was."""
    columns = set(Figure.__table__.columns.keys())
    assert columns == {"id", "kind", "branch_id", "month", "value", "n", "total"}
