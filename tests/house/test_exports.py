"""No page hands out a file of what is stored. The few that are files are named here.

What the import sends back is the consultant's own file of a moment ago (tests/web/test_imports.py).
"""

from tests.house.matrix import ROUTES
from tests.house.test_routes import READS, ask

FILES = {"text/csv", "text/calendar", "application/pdf", "application/zip"}
HANDED_OUT = {
    "/aftaler/<uuid:plan_id>/kalender.ics": "one's own plan, without a name",
    "/kalender/<token>.ics": "one's own plans of a year, without a name",
    "/konsulent/import/personer.csv": "an example about people who do not exist",
    "/konsulent/import/forloeb.csv": "an example about people who do not exist",
}


def test_T40_what_leaves_as_a_file_is_named_here(signed_in, things):
    """A new export fails here until it is named, with its reason and its row in the log."""
    handed_out = set()
    for route in (route for route in ROUTES if route.method in READS):
        answer = ask(signed_in(route.who), route, things, "/mig")
        is_saved = answer.headers.get("Content-Disposition", "").startswith("attachment")
        if is_saved or answer.mimetype in FILES:
            handed_out.add(route.rule)
    assert handed_out == set(HANDED_OUT)
