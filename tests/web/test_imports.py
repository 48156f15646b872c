"""Import on a page: the file stays in memory, the good rows go in, the rest is told."""

import csv
import io
import tempfile

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.domain import imports, sheets
from tests import html, stored
from tests.conftest import token_on

HERE = "/konsulent/import"
HEADER = "fornavn;efternavn;e-mail;telefon;rolle;afdeling"
GOOD = "Pia;Pedersen;pia@x.invalid;20304050;mentor;Havn"
BAD = "=1+1;Pedersen;per@x.invalid;;mentor;Havn"


@pytest.fixture
def send(signed_in):
    karen = signed_in("Karen")

    def post(text, kind="personer", client=None, **more):
        client = client or karen
        data = text if isinstance(text, bytes) else text.encode()
        sent = {"csrf_token": token_on(client, "/mig"), "kind": kind}
        if data:
            sent["file"] = FileStorage(io.BytesIO(data), "ark.csv")
        boundary, body = encode_multipart(sent | more)
        return client.post(
            HERE, data=body, content_type=f"multipart/form-data; boundary={boundary}"
        )

    return post


def told(answer):
    return [dd.text for dd in html.read(answer.text).one("dl").all("dd")]


def test_good_rows_go_in_and_the_others_are_told(send):
    answer = send(f"{HEADER}\n{GOOD}\n{BAD}")
    assert answer.status_code == 200
    assert told(answer) == ["1", "0", "1"]
    assert "Række 3: Et felt begynder med et tegn" in html.read(answer.text).text
    assert "Pedersen" not in answer.text
    assert told(send(f"{HEADER}\n{GOOD}")) == ["0", "1", "0"]


def test_the_refused_rows_come_back_as_a_file_without_formulas(send):
    """T20: no cell begins one."""
    answer = send(f"{HEADER}\n{GOOD}\n{BAD}", as_file="y")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text = answer.get_data().decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text), delimiter=";")
    assert (row["række"], row["fornavn"]) == ("3", "'=1+1")


def test_the_examples_have_the_columns_that_are_read(signed_in, send):
    for name, take in (("personer", imports.PEOPLE_COLUMNS), ("forloeb", imports.LIVES_COLUMNS)):
        answer = signed_in("Karen").get(f"{HERE}/{name}.csv")
        more = imports.PEOPLE_MORE if name == "personer" else imports.LIVES_MORE
        [line] = sheets.read(answer.get_data(), take, more)
        assert line.problem is None
        assert send(answer.get_data(), kind=name).status_code == 200


@pytest.mark.parametrize(
    ("text", "kind", "field", "sentence"),
    [
        (f"{HEADER}\n{GOOD}", "", "kind", "Vælg, hvad filen handler om."),
        (f"{HEADER}\n{GOOD}", "x", "kind", "Vælg, hvad filen handler om."),
        ("", "personer", "file", "Vælg en fil."),
        (b"PK\x03\x04\x00", "personer", "file", "ikke en CSV-fil"),
        (HEADER, "forloeb", "file", "mangler en kolonne"),
        (HEADER + f"\n{GOOD}" * 10_001, "personer", "file", "over 10.000 rækker"),
    ],
)
def test_what_is_no_sheet_is_said_at_the_field(send, house, text, kind, field, sentence):
    before = stored.contents(house)
    answer = send(text, kind=kind)
    assert answer.status_code == 422
    assert sentence in html.error_at(html.read(answer.text), field)
    assert stored.contents(house) == before


def test_a_text_where_a_file_should_be_is_no_file(send):
    answer = send("", file="fornavn;efternavn")
    assert answer.status_code == 422
    assert "Vælg en fil." in html.error_at(html.read(answer.text), "file")


def test_a_file_that_is_too_big_is_refused(send):
    assert send(b"x" * (sheets.MOST_BYTES + 200_000)).status_code == 413


def test_a_big_file_is_never_written_to_disk(send, monkeypatch):
    def spool(*_, **__):
        raise AssertionError("a file of somebody's names on the disk")

    for name in ("SpooledTemporaryFile", "TemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(tempfile, name, spool)
        monkeypatch.setattr(f"werkzeug.formparser.{name}", spool, raising=False)
    rows = [GOOD.replace("pia@", f"p{n}@") for n in range(200)]
    padding = "\n" * 1_500_000  # empty lines: over what is spooled, under the limit
    answer = send("\n".join([HEADER, *rows]) + padding)
    assert answer.status_code == 200, html.read(answer.text).one("main").text
    assert told(answer) == ["200", "0", "0"]


@pytest.mark.parametrize("name", ["Anna", "Lise"])
def test_only_the_consultant_imports_and_others_send_no_big_file(signed_in, send, house, name):
    client, before = signed_in(name), stored.contents(house)
    assert client.get(HERE).status_code == 403
    assert send(f"{HEADER}\n{GOOD}", client=client).status_code == 403
    assert stored.contents(house) == before


def test_an_old_page_imports_nothing(signed_in, house):
    karen, before = signed_in("Karen"), stored.contents(house)
    sent = {"csrf_token": "old", "kind": "personer", "file": (io.BytesIO(b"x"), "a.csv")}
    answer = karen.post(HERE, data=sent, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert stored.contents(house) == before
