"""What a form does not ask for is not stored: every column's name is posted to every route."""

import inspect
import re
import sys
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.domain.intakes import SECTIONS
from tests import stored
from tests.conftest import token_on
from tests.house.matrix import ROUTES
from tests.house.test_routes import READS, address

pytestmark = pytest.mark.slow

ASKED = re.compile(
    r"^ {4}(\w+)\s*(?::[^=\n]+)?= \w*(?:Field|Choices?)\(|form\.get(?:list)?\(\s*[\"'](\w+)", re.M
)
PLANTED = {
    UUID: str(uuid4()),
    date: "2031-03-03",
    datetime: "2031-03-03T03:03:03+00:00",
    int: "771771771",
    float: "771771771",
    bool: "1",
    bytes: "zqmasszq",
    str: "zqmasszq",
}
TRACES = {PLANTED[UUID], PLANTED[UUID].replace("-", ""), "2031-03-03", "771771771", "zqmasszq"}
POSTS = [r for r in ROUTES if r.method not in READS and r.answers.right == 303]


def kinds():
    """Every column's name, with the type of what it holds; sealed ones as the model calls them."""
    found = {}
    for table in stored.TABLES.values():
        for column in table.columns:
            try:
                found[column.name] = column.type.python_type
            except NotImplementedError:
                found[column.name] = bytes
            if column.name.endswith("_ct"):
                found[column.name.removesuffix("_ct")] = str
    return found


def asked_by(view):
    """The words that the view's module, or what it uses of the web floor, asks a form for."""
    module = sys.modules[inspect.unwrap(view).__module__]
    used = {module.__name__}
    for value in vars(module).values():
        name = value.__name__ if inspect.ismodule(value) else getattr(value, "__module__", "")
        if str(name).startswith("app.web."):
            used.add(name)
    texts = [Path(inspect.getfile(sys.modules[name])).read_text() for name in used]
    found = {one or other for text in texts for one, other in ASKED.findall(text)}
    if module.__name__ == "app.web.intakes":  # its questions are data
        found |= {question.key for section in SECTIONS for question in section.questions}
    return found


def view_of(app, route):
    rule = next(r for r in app.url_map.iter_rules() if r.rule == route.rule and "POST" in r.methods)
    return app.view_functions[rule.endpoint]


@pytest.mark.parametrize("route", POSTS, ids=lambda r: r.rule)
def test_T5_what_no_form_asks_for_changes_nothing(app, house, signed_in, things, route):
    sent = {k: things[v[1:]] if v.startswith("@") else v for k, v in route.send.items()}
    asked = asked_by(view_of(app, route)) | set(sent)
    more = {n: PLANTED.get(kind, "zqmasszq") for n, kind in kinds().items() if n not in asked}
    assert len(more) > 100
    client = signed_in(route.who)
    token = {"csrf_token": token_on(client, "/mig")}
    answer = client.post(address(route, things), data=more | sent | token)
    assert answer.status_code == route.answers.right
    assert traces(house) == []


def traces(house):
    return [
        (name, trace)
        for name, rows in stored.contents(house).items()
        for row in rows
        for cell in row
        for trace in TRACES
        if trace in str(cell)
    ]


def test_the_search_sees_a_field_that_came_along(house, cast):
    """The planted control."""
    assert traces(house) == []
    with house.data.begin() as connection:
        connection.exec_driver_sql("UPDATE institution SET name = 'zqmasszq'")
    assert traces(house) == [("institution", "zqmasszq")]
