"""T19: whatever people write in any field is text on every page, for all, in a real browser."""

import re
from itertools import cycle

import pytest
from flask import Response, g
from markupsafe import Markup
from playwright.sync_api import Browser
from sqlalchemy import update
from sqlmodel import SQLModel

from app.config import Settings
from tests.browser import phone as phones
from tests.browser.live import serving
from tests.conftest import client_of
from tests.house import test_canaries
from tests.house.catalogue import COLUMNS, Kind
from tests.house.test_canaries import STEM, Sweep

CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover=alert(1) x='",
    "javascript:alert(1)",
    "{{ 7919 * 99991 }}{% print(7919 * 99991) %}",
    "${alert(1)}`+alert(1)+`",
    '<iframe srcdoc="<script>alert(1)</script>">',
    '<a href="javascript:alert(1)">x</a>',
    '<div hx-get="/mig" hx-trigger="load" hx-on:load="alert(1)">',
    "<style>*{display:none}</style><link rel=stylesheet href=//evil.example>",
    '<base href="//evil.example/">',
    '<meta http-equiv=refresh content="0;url=//evil.example">',
    '<form action="//evil.example"><button autofocus>x',
    "<template shadowrootmode=open><img src=x onerror=alert(1)></template>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;&#x3c;img src=x onerror=alert(1)&#x3e;",
    "\u2028\u2029</script><script>alert(1)</script>\u202e",
)
NO_WORKER = "Service Worker registration blocked by Playwright"
READERS = ("Anna", "Nora", "Lise", "Karen")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\d")
WORD = re.compile(rf"{STEM}[a-z]{{12}}")
# Elements and attributes that no page of ours has: they came out of what somebody wrote.
STRANGE = """() => [...document.querySelectorAll(`
  img[src="x"], svg[onload], iframe, object, embed, base, style, math, meta[http-equiv],
  [onerror], [onload], [onfocus], [onmouseover], [hx-on\\\\:load], [srcdoc], body a[href^="java"],
  form[action*="evil"], link[href*="evil"], script:not([src])
`)].map((one) => one.outerHTML.slice(0, 80))"""


class Written(Sweep):
    """Everything that people write. Where a push service listens is not among it."""

    def _subscribe(self, name):
        """An address of another shape is refused, which is another test's matter."""


@pytest.fixture
def written(monkeypatch, settings: Settings):
    """A server on which every word of everybody is out of the corpus."""
    turns, plain = cycle(CORPUS), test_canaries._word
    monkeypatch.setattr(test_canaries, "_word", lambda: plain() + next(turns))
    with serving(settings) as live:
        sweep = Written(live.house, live.app, live.cast)
        with live.house.data.begin() as connection:
            for table, kinds in COLUMNS.items():
                for column in (name for name, kind in kinds.items() if kind is Kind.PLACE):
                    if column != "phone":
                        known = SQLModel.metadata.tables[table]
                        connection.execute(update(known).values({column: plain() + next(turns)}))
        yield live, sweep


def holding(live, sweep, reader):
    """The pages of a reader on which something of it stands."""
    client, seen = client_of(live.app, live.cast, reader), set()
    for path in sweep.paths():
        answer = client.get(path)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        assert "791828729" not in answer.text, path  # what a template would make of it
        page = UUID.sub("", path)
        words = {(page, word) for word in WORD.findall(answer.text)}
        if words - seen:  # a page that says what another like it has said already is not opened
            seen |= words
            yield path


@pytest.fixture
def reading(browser: Browser):
    """Opens a phone, and notes what a script of somebody's would do there."""
    opened, dialogs = [], []

    def open_one(live, reader):
        one = phones.opener(browser)(live, reader, service_workers="block")
        one.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        opened.append(one)
        return one

    def told():
        heard = [complaint for one in opened for complaint in one.complaints]
        return [c for c in heard if NO_WORKER not in c] + dialogs

    yield open_one, told
    for one in opened:
        one.close()


def test_T19_nothing_that_is_written_runs_anywhere(written, reading):
    (live, sweep), (open_one, told) = written, reading
    seen = 0
    for reader in READERS:
        paths = list(holding(live, sweep, reader))
        one = open_one(live, reader)
        for path in paths:
            one.page.goto(live.url + path, wait_until="domcontentloaded")
            assert one.page.evaluate(STRANGE) == [], f"{reader} on {path}"
            seen += 1
        for form in ("moede", "giv"):  # the phone fills in names by itself
            one.page.goto(f"{live.url}/skal/da/{form}", wait_until="load")
            assert one.page.evaluate(STRANGE) == []
    assert told() == []
    assert seen > 60
    everywhere = {word for canary in sweep.canaries for word in CORPUS if word in canary.word}
    assert everywhere == set(CORPUS)


def test_T19_a_field_that_is_not_escaped_is_found(written, reading):
    """The planted control: one page that writes what it got as it is."""
    (live, _), (open_one, told) = written, reading

    def careless() -> Response:
        raw = Markup("<p>{}</p>").format(Markup("".join(CORPUS[:3])))  # noqa: S704 - the point
        return Response(
            f"<!doctype html><title>x</title>{raw}<!-- {g.nonce[:0]} -->", mimetype="text/html"
        )

    live.app.view_functions["weeks.show"] = careless
    one = open_one(live, "Anna")
    one.page.goto(f"{live.url}/uger", wait_until="load")
    assert one.page.evaluate(STRANGE) != []
    assert any("Content Security Policy" in complaint for complaint in told())
