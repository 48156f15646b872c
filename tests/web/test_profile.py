"""Mig."""

import pytest

from tests import stored
from tests.conftest import token_on


def test_choosing_a_language_stands_in_the_trail(house, cast, signed_in):
    anna = signed_in("Anna")
    chosen = {"language": "en", "csrf_token": token_on(anna, "/mig")}
    assert anna.post("/mig/sprog", data=chosen).status_code == 303
    (act,) = stored.acts(house, "edited")
    assert (act.actor_id, act.kind, act.object_id) == (
        cast.people["Anna"],
        "person",
        cast.people["Anna"],
    )
    assert act.subject_id is None


def test_a_language_that_is_none_changes_nothing(house, signed_in):
    anna = signed_in("Anna")
    before = stored.counts(house)
    chosen = {"language": "xx", "csrf_token": token_on(anna, "/mig")}
    assert anna.post("/mig/sprog", data=chosen).status_code == 303
    assert stored.counts(house) == before


@pytest.mark.parametrize(
    ("header", "status"), [({}, 303), ({"HX-Request": "true"}, 200), ({"HX-Request": "false"}, 303)]
)
def test_a_form_sent_by_htmx_is_told_where_to_go_on(signed_in, header, status):
    anna = signed_in("Anna")
    chosen = {"language": "da", "csrf_token": token_on(anna, "/mig")}
    answer = anna.post("/mig/sprog", data=chosen, headers=header)
    assert answer.status_code == status
    assert answer.headers["HX-Redirect" if status == 200 else "Location"] == "/mig"
