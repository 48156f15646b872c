"""T22: what is read over a shoulder, kept in a history or sent along names nobody: titles,
addresses, descriptions, file names. And nothing is fetched from anybody else.
"""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from app import create_app
from app.config import ROOT
from tests import html
from tests.conftest import copied
from tests.house.matrix import ROUTES
from tests.house.test_canaries import READERS, Sweep

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SECRET = r"[\w-]{22,}"  # random, of a link that is a secret
WORD = r"[a-z][a-z0-9_-]*"
FILE = r"[a-z0-9-]+\.[a-z0-9]+"
BUILD = r"static/[0-9a-f]{12}"
PATH = rf"/|(/{BUILD})?(/({UUID}|{SECRET}(\.ics)?|{WORD}|{FILE}|\.well-known))+"
QUERY = {  # what an address may say beside its path
    "dato": r"\d{4}-\d\d-\d\d",
    "date": r"\d{4}-\d\d-\d\d",
    "when": r"today|yesterday|other",
    "fra": r"\d+",
    "sprog": r"da|en",
    "uge": r"\d{4}-\d\d",
    "udgave": WORD,
    "trin": rf"({WORD})?",
    "ejer": WORD,
    "alle": "",
    "arbejde": WORD,
    "hvorfor": WORD,
    "afdeling": UUID,
    "hvad": UUID,
    "til": PATH,
    "next": PATH,
}
HINTS = ("description", "color-scheme", "theme-color", "viewport", "htmx-config")
LINKS = re.compile(r'(?:href|src|action|hx-(?:get|post|put|patch|delete)|data-hypertext)="([^"]*)"')
# The last opens an app of the phone: no server hears of it.
OURS = ("tel:", "#", "mailto:", "otpauth://totp/Primus%20Motor:Primus%20Motor?")
ELSEWHERE = re.compile(r"""(?:https?:)?//[\w.-]+\.\w+|@import|url\(["']?(?:https?:|//)""")
NAMESPACES = ("http://www.w3.org/", "https://www.w3.org/")


@pytest.fixture(scope="module")
def crawl(with_cast, tmp_path_factory):
    """Every page of everybody, as (reader, path, answer)."""
    app = create_app(copied(with_cast[0], tmp_path_factory.mktemp("crawl")))
    sweep = Sweep(app.extensions["house"], app, with_cast[1])
    kept = []
    original = sweep._noted

    def noted(answer, path):
        kept.append((path, answer))
        return original(answer, path)

    sweep._noted = noted
    for reader in READERS:
        sweep.read_everything(reader)
    return sweep, kept


@pytest.mark.slow
def test_T22_no_title_address_description_or_file_name_names_anybody(crawl):
    sweep, answers = crawl
    said = set()
    for path, answer in answers:
        said |= {("address", path)}
        said |= {(name, value) for name, value in answer.headers if name != "Set-Cookie"}
        if answer.mimetype == "text/html":
            page = html.read(answer.text)
            said |= {("title", one.text) for one in page.all("title")}
            said |= {
                ("title", one.attrs["data-title"])
                for one in page.walk()
                if "data-title" in one.attrs
            }
            said |= {("meta", f"{one.attrs}") for one in page.all("meta")}
            assert {one.attrs.get("name", "charset") for one in page.all("meta")} <= {
                *HINTS,
                "charset",
            }
        said |= {("link", link) for link in LINKS.findall(answer.text) if not link.startswith(OURS)}
    assert len({kind for kind, _ in said}) > 10
    named = [(kind, one) for kind, one in said if any(c.found_in(one) for c in sweep.canaries)]
    assert named == []


@pytest.mark.slow
def test_T22_an_address_is_words_of_ours_and_random_ids(crawl):
    _, answers = crawl
    addresses = {path for path, _ in answers}
    for _, answer in answers:
        addresses |= {link for link in LINKS.findall(answer.text) if not link.startswith(OURS)}
        addresses |= {
            value for name, value in answer.headers if name in ("Location", "HX-Redirect")
        }
    assert len(addresses) > 200
    odd = sorted(one for one in addresses if one and not plain(one))
    assert odd == [], "\n".join(odd)


def plain(address):
    parts = urlsplit(address.partition("#")[0])
    said = parse_qsl(parts.query, keep_blank_values=True)
    known = all(name in QUERY and re.fullmatch(QUERY[name], value) for name, value in said)
    return not parts.scheme and not parts.netloc and bool(re.fullmatch(PATH, parts.path)) and known


@pytest.mark.parametrize(
    "address",
    [
        "/leder?navn=Samir",
        "/forloeb/Samir",
        "//evil.example/x",
        "https://evil.example",
        "/x?next=//e",
    ],
)
def test_T22_such_an_address_would_be_found(address):
    """The planted controls."""
    assert not plain(address)


def test_T22_no_route_takes_a_word_of_somebodys():
    for route in ROUTES:
        for kind in re.findall(r"<(?:(\w+):)?(\w+)>", route.rule):
            assert kind[0] == "uuid" or kind[1] in ("token", "secret", "kind", "section"), (
                route.rule
            )


def test_T22_nothing_of_ours_is_fetched_from_elsewhere():
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.css")]
    files += [*(ROOT / "static" / "js").glob("*.js"), *(ROOT / "static" / "icons").glob("*.svg")]
    assert len(files) > 100
    found = [
        (file.name, one)
        for file in files
        for one in ELSEWHERE.findall(file.read_text())
        if not one.startswith(NAMESPACES) and "w3.org" not in one
    ]
    assert found == []
    assert ELSEWHERE.findall('<img src="https://evil.example/x">')
