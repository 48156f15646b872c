"""A store with one of everything that a route can be about."""

import pytest

from tests import html, logs


@pytest.fixture
def things(signed_in, cast):
    """Ids by name: meetings of Anna's (held, cancelled, logged twice), a contact, a mentorship."""
    anna, bo = signed_in("Anna"), signed_in("Bo")
    double = logs.log(bo, when="yesterday", comment="Bos ord")
    form = html.values(html.read(anna.get("/kontakter/ny").text).one(id="contact-form"))
    contact = anna.post("/kontakter", data=form | {"kind": "call"}).location.split("/")[2]
    return {
        "held": logs.log(anna, comment="Annas ord"),
        "cancelled": logs.log(anna, outcome="cancelled", relation="", wellbeing=""),
        "double": double,
        "twin": logs.log(anna, when="yesterday", apart="1"),
        "contact": contact,
        "mentorship": str(cast.mentorships["Samir"]),
        "new": "0f8fad5b-d9cb-469f-a165-70867728950e",
    }
