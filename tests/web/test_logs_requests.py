"""Log møde: requests that no form of ours sends."""

from io import BytesIO

import pytest

from app.config import BODY_LIMIT
from tests import html, logs, stored

URLENCODED = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("token", [None, "", "x", "IjEyMyI.Zxw.abc"])
def test_without_a_valid_token_nothing_is_stored_and_all_is_kept(refused, token):
    sentence = refused(status=400, lost=(), csrf_token=token or "")
    assert "Siden har været åben for længe" in sentence
    assert "CSRF" not in sentence


def test_another_sessions_token_is_refused(refused, bo):
    refused(status=400, csrf_token=logs.opened(bo)["csrf_token"])


def test_the_form_that_comes_back_has_a_token_that_works(house, anna):
    answer = logs.send(anna, logs.filled(anna, csrf_token="x"))
    again = html.values(html.read(answer.text).one(id="log-form"))
    assert logs.send(anna, again).status_code == 303
    assert len(stored.rows(house, "meeting")) == 1


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml", "x", ""])
def test_another_content_type_is_refused(house, anna, silent, kind):
    before = stored.counts(house)
    body = b'{"relation": "7", "comment": "Samir"}'
    answer = anna.post("/moeder", data=body, content_type=kind)
    assert answer.status_code == 415
    assert "læse" in html.read(answer.text).one("h1").text
    assert stored.counts(house) == before


def test_a_body_over_64_kilobytes_is_refused_calmly(house, anna, silent):
    """T36: before it is read."""
    before = stored.counts(house)
    answer = logs.send(anna, logs.filled(anna, comment="Samir " * (BODY_LIMIT // 6 + 1)))
    page = html.read(answer.text)
    assert answer.status_code == 413
    assert page.one("h1").text == "Det var for meget på én gang"
    assert stored.counts(house) == before


@pytest.mark.parametrize("kind", [URLENCODED, "multipart/form-data; boundary=x", "text/plain"])
@pytest.mark.parametrize("path", ["/moeder", "/kontakter", "/log-ud", "/mig/sprog"])
def test_no_form_takes_more_than_64_kilobytes(house, anna, path, kind):
    before = stored.counts(house)
    answer = anna.post(path, data=b"a" * (BODY_LIMIT + 1), content_type=kind)
    assert answer.status_code in (413, 415) if kind == "text/plain" else answer.status_code == 413
    assert stored.counts(house) == before


@pytest.mark.parametrize("length", [100, BODY_LIMIT + 1])
def test_a_body_that_does_not_say_how_long_it_is_is_refused(house, anna, length):
    """It would be cut off at the limit without a word."""
    before = stored.counts(house)
    answer = anna.post(
        "/moeder",
        input_stream=BytesIO(b"a" * length),
        content_type=URLENCODED,
        environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True},
    )
    assert answer.status_code == 411
    assert stored.counts(house) == before


def test_the_largest_form_that_a_mentor_can_type_fits(house, anna):
    logs.log(anna, comment="å" * 4000, note="ø" * 4000, victory="æ" * 200)
    assert len(stored.rows(house, "evaluation")) == 1


def test_thousands_of_fields_are_no_trouble(house, anna):
    before = stored.counts(house)
    fields = "&".join(["themes=work"] * 5000)
    assert anna.post("/moeder", data=fields, content_type=URLENCODED).status_code == 404
    values = logs.filled(anna) | {"themes": ["work"] * 4000}
    assert logs.send(anna, values).status_code == 303
    assert stored.counts(house)["meeting"] == before["meeting"] + 1


def test_thousands_of_parts_are_refused(house, anna):
    """T36: a form has few parts."""
    before = stored.counts(house)
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    answer = anna.post(
        "/moeder", data=part * 300 + b"--x--", content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413
    assert stored.counts(house) == before


@pytest.mark.parametrize(
    "body", [b"", b"--x", b"--y\r\n\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\n"]
)
def test_a_broken_multipart_body_is_no_trouble(house, anna, body):
    before = stored.counts(house)
    answer = anna.post("/moeder", data=body, content_type="multipart/form-data; boundary=x")
    assert 400 <= answer.status_code < 500
    assert stored.counts(house) == before


def test_a_form_may_also_come_as_multipart(house, anna):
    answer = anna.post("/moeder", data=logs.filled(anna), content_type="multipart/form-data")
    assert answer.status_code == 303
    assert len(stored.rows(house, "meeting")) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "nonsense"},
        {"Origin": "http://["},
    ],
    ids=str,
)
def test_a_form_on_another_site_is_refused_even_with_a_token(house, anna, headers):
    values = logs.filled(anna)
    before = stored.counts(house)
    assert logs.send(anna, values, **headers).status_code == 403
    assert stored.counts(house) == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
    ],
    ids=str,
)
def test_our_own_form_is_taken(anna, headers):
    assert logs.send(anna, logs.filled(anna), **headers).status_code == 303


def test_fields_that_the_form_does_not_have_are_not_stored(house, anna, cast):
    """T5: no field of a table can be set by naming it."""
    logs.log(
        anna,
        logged_by=str(cast.people["Bo"]),
        author_id=str(cast.people["Bo"]),
        logged_at="2020-01-01",
        participant_id=str(cast.participants["Jonas"]),
        apart_from=str(cast.people["Bo"]),
    )
    (meeting,) = stored.rows(house, "meeting")
    (evaluation,) = stored.rows(house, "evaluation")
    assert meeting.logged_by == evaluation.author_id == cast.people["Anna"]
    assert evaluation.participant_id == cast.participants["Samir"]
    assert meeting.apart_from is None
