"""The app as an OpenAPI description: every route of the map, with real ids and real forms."""

import inspect
import re
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from tests import html
from tests.house.matrix import ROUTES, Route
from tests.house.test_routes import UNCOUNTED, address
from tests.scan.target import Target, pages

PART = re.compile(r"<(?:\w+:)?(\w+)>")
ASKED = re.compile(r'request\.(?:args|values)\.get(?:list)?\(\s*"(\w+)"')
FIELD = re.compile(
    r'^ {4}(\w+) = \w*(?:Field|Choices?)\(|form\.get(?:list)?\(\s*"(\w+)"', re.MULTILINE
)
UNKNOWN = "0f8fad5b-d9cb-469f-a165-70867728950f"
FORM = "application/x-www-form-urlencoded"
# What answers may be at all: anything else is a finding.
STATUSES = (200, 204, 302, 303, 400, 401, 403, 404, 405, 409, 411, 413, 415, 422, 429)
# After these whoever asked is signed out, the phone is lent, or what others ask about is gone.
TAKES_AWAY = re.compile(
    r"/log-ud|/laas-op$|/bekraeft$|/laan|/laan/tilbage|/(stop|slut|sletning|seat-slut|tilbagetagning|adskillelse|"
    r"udlogning|godkendelse|tilbagetraekning|aflysning|rolle-slut|afdeling|svar|kommune)$"
)
# Where the tests' own would be refused: the beginning of the rule, the word, the thing instead.
OF_ANOTHER = (("/slut/", "token", "link"), ("/leder/match/<uuid:ref", "referral", "ready"))
LENT = "/leder/match/{ready}/katalog"  # a page that a phone may be lent with
Forms = dict[str, dict[str, set[str]]]  # by rule: each field with the values a page offers


def missing(app: Flask) -> set[tuple[str, str]]:
    """Routes of the map that the table of rights, and so the description, does not know."""
    real = {(m, r.rule) for r in app.url_map.iter_rules() for m in r.methods or set()}
    return {one for one in real if one[0] not in UNCOUNTED} - {(r.method, r.rule) for r in ROUTES}


def routes_of(who: str | None) -> list[Route]:
    """Each route by whom it is made for; those that ask nobody to sign in by nobody."""
    open_to_all = [r for r in ROUTES if r.answers.out not in (302, 303)]
    if who is None:
        return open_to_all
    return [r for r in ROUTES if r.who == who and r not in open_to_all]


def takes_away(route: Route) -> bool:
    return route.method != "GET" and TAKES_AWAY.search(route.rule) is not None


def where(route: Route, things: dict[str, str]) -> str:
    """The address of a route, about something that is there."""
    for start, word, other in OF_ANOTHER:
        if route.rule.startswith(start):
            things = things | {word: things[other]}
    return address(route, things)


def crawled(app: Flask, target: Target, things: dict[str, str], routes: list[Route]) -> Forms:
    """Every form on every kind of page that a link or a route leads to."""
    found: Forms = defaultdict(lambda: defaultdict(set))
    adapter = app.url_map.bind("")
    first = [where(route, things) for route in routes if route.method == "GET"]
    for path, markup in pages(app, target, first).items():
        for form in html.read(markup).all("form", method="post"):
            action = urlsplit(form.attrs.get("action") or path).path
            try:
                rule, _ = adapter.match(action, "POST", return_rule=True)
            except HTTPException:
                raise RuntimeError(f"a form on {path} leads nowhere: {action}") from None
            _add(found[str(rule.rule)], form)
    return found


def _add(fields: dict[str, set[str]], form: html.Element) -> None:
    for control in form.walk():
        name = control.attrs.get("name")
        if not name:
            continue
        options = [o.attrs.get("value", "") for o in control.all("option")]
        fields[name] |= set(options or [control.attrs.get("value", "")])


def described(
    app: Flask, routes: list[Route], things: dict[str, str], forms: Forms, token: str
) -> dict[str, Any]:
    paths: dict[str, Any] = defaultdict(dict)
    for route in routes:
        one: dict[str, Any] = {
            "operationId": f"{route.method} {route.rule}",
            "parameters": [*_path(route, things), *_query(app, route, things)],
            "responses": {str(status): {"description": ""} for status in STATUSES},
        }
        if route.method == "POST":
            offered = forms.get(route.rule) or _fields_in(_module(app, route))
            one["requestBody"] = _body(route, things, offered, token)
        paths[PART.sub(r"{\1}", route.rule)][route.method.lower()] = one
    return {
        "openapi": "3.0.3",
        "info": {"title": "Primus Motor", "version": "1"},
        "paths": paths,
    }


def _path(route: Route, things: dict[str, str]) -> list[dict[str, Any]]:
    pattern = re.escape(route.rule)
    for name in PART.findall(route.rule):
        pattern = re.sub(rf"<(?:\w+:)?{name}>", f"(?P<{name}>[^/]+)", pattern)
    known = re.fullmatch(pattern, where(route, things))
    assert known, route.rule
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "enum": [real, UNKNOWN]},
            "example": real,
        }
        for name, real in known.groupdict().items()
    ]


def _query(app: Flask, route: Route, things: dict[str, str]) -> list[dict[str, Any]]:
    """Every word that the module of the view asks the query for."""
    named = set(ASKED.findall(_module(app, route))) | {"hvorfor"}
    lent = LENT.format(**things)
    return [
        {"name": name, "in": "query", "schema": _field(name, {lent} if name == "til" else set())}
        for name in sorted(named)
        if route.method == "GET"
    ]


def _module(app: Flask, route: Route) -> str:
    """The text of the module that answers."""
    rule = next(r for r in app.url_map.iter_rules() if r.rule == route.rule)
    view = inspect.unwrap(app.view_functions[rule.endpoint])
    return Path(view.__code__.co_filename).read_text()


def _fields_in(module: str) -> dict[str, set[str]]:
    """Of a form that no page shows as things stand: the fields that its module knows."""
    return {one or other: {""} for one, other in FIELD.findall(module)}


def _body(
    route: Route, things: dict[str, str], offered: dict[str, set[str]], token: str
) -> dict[str, Any]:
    sent = {k: things[v[1:]] if v.startswith("@") else v for k, v in route.send.items()}
    values = {name: set(known) for name, known in offered.items()}
    if "path" in values:
        values["path"].add(LENT.format(**things))
    for name, value in sent.items():
        values.setdefault(name, set()).add(value)
    fields: dict[str, Any] = {name: _field(name, known) for name, known in values.items()}
    fields["csrf_token"] = {"type": "string", "enum": [token]}
    whole = {name: max(known) for name, known in values.items()}
    return {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "properties": fields,
                    "required": ["csrf_token", *(n for n in ("id", "mentorship") if n in fields)],
                },
                "example": whole | sent | {"csrf_token": token},
            }
        },
    }


def _field(name: str, known: set[str]) -> dict[str, Any]:
    """Mostly what a page offers, sometimes anything."""
    if name == "id":
        return {"type": "string", "format": "uuid"}
    if name == "mentorship":
        return {"type": "string", "enum": sorted(known) or [UNKNOWN]}
    some = sorted(value for value in known if value)[:40]
    anything: dict[str, Any] = {"type": "string", "maxLength": 80}
    return {"anyOf": [{"type": "string", "enum": some}, anything]} if some else anything
