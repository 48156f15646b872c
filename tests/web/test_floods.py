"""T36: what is too much is answered calmly and at once, and the next visitor is served."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from http.client import HTTPConnection

import pytest

from app.config import BODY_LIMIT, ROOT
from tests import html, stored
from tests.conftest import client_of, token_on

FORM = "application/x-www-form-urlencoded"
BOUNDARY = "zqx"
PARTS = "".join(
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a{n}"\r\n\r\n\r\n' for n in range(300)
).encode()
NESTED = b"a[" * 20_000
TOO_MUCH = {
    "a body": (b"a=" + b"a" * BODY_LIMIT, FORM, 413),
    "many parts": (PARTS + f"--{BOUNDARY}--\r\n".encode(), "multipart", 413),
    "many fields": (b"&".join(b"a%d=" % n for n in range(9_000)), FORM, 400),
    "a file": (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n'.encode()
        + b"x" * (BODY_LIMIT + 1)
        + f"\r\n--{BOUNDARY}--\r\n".encode(),
        "multipart",
        413,
    ),
    "a part without an end": (PARTS[:-2], "multipart", 413),
    "a long name": (NESTED, FORM, 400),
}
START_LIMIT, AT_ONCE = 30, 2.0  # seconds


@pytest.mark.parametrize("what", TOO_MUCH)
@pytest.mark.parametrize("path", ["/mig/sprog", "/moeder", "/log-ind"])
def test_T36_too_much_is_answered_calmly_and_changes_nothing(app, cast, house, what, path):
    body, kind, status = TOO_MUCH[what]
    anna = client_of(app, cast, "Anna")
    token_on(anna, "/mig")
    before = stored.counts(house)
    how = f"multipart/form-data; boundary={BOUNDARY}" if kind == "multipart" else kind
    began = time.perf_counter()
    answer = anna.post(path, data=body, content_type=how)
    assert time.perf_counter() - began < AT_ONCE
    # Where nothing is too long it is read, and refused for what it lacks.
    assert answer.status_code in ((400, 404) if status == 400 else (status,))
    heading = html.read(answer.text).one("h1").text
    if status == 413:
        assert heading == "Det var for meget på én gang"
    assert stored.counts(house) == before


@pytest.fixture
def port(settings, cast):
    """The real server, as production runs it, with one worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    told = {"INSTANCE": str(settings.instance), "PORT": str(number), "WORKERS": "1"}
    process = subprocess.Popen(
        (sys.executable, "wsgi.py"), cwd=ROOT, env=os.environ | told, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + START_LIMIT
        while not well(number):
            assert time.monotonic() < deadline, "no server"
        yield number
    finally:
        process.terminate()
        process.wait()


def well(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=AT_ONCE)
    with closing(connection), suppress(OSError):
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    return False


def told(port, head, body=b""):
    """What the server says to something that no browser sends: the first line, if any."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        with suppress(OSError):  # it may hang up while we are still talking
            line.sendall(head + body)
        heard = b""
        with suppress(OSError):
            while b"\r\n" not in heard and (more := line.recv(4096)):
                heard += more
    return heard.partition(b"\r\n")[0].decode()


ASK = b"GET /log-ind HTTP/1.1\r\nHost: localhost\r\n"
SEND = ASK.replace(b"GET", b"POST") + f"Content-Type: {FORM}\r\n".encode()


@pytest.mark.slow
def test_T36_a_flood_of_headers_or_a_huge_body_leaves_the_server_well(port):
    floods = {
        "many headers": (ASK + b"".join(b"X-%d: a\r\n" % n for n in range(20_000)) + b"\r\n", b""),
        "a long header": (ASK + b"X-Long: " + b"a" * 2_000_000 + b"\r\n\r\n", b""),
        "a long cookie": (ASK + b"Cookie: " + b"a=b; " * 400_000 + b"\r\n\r\n", b""),
        "a long address": (b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b""),
        "a huge body": (SEND + b"Content-Length: 50000000\r\n\r\n", b"a=" + b"a" * 3_000_000),
        "a body without a length": (
            SEND + b"Transfer-Encoding: chunked\r\n\r\n",
            b"10000\r\n" + b"a" * 65_536 + b"\r\n",
        ),
    }
    said = {}
    for name, (head, body) in floods.items():
        said[name] = told(port, head, body)
        assert well(port), name
    assert {name: line for name, line in said.items() if " 200 " in line or " 500 " in line} == {}
    assert " 413 " in said["a huge body"]
