"""A plain HTTP client that keeps its connection and its cookies, and reads forms."""

import gzip
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode

import brotli

PASSWORD = "demo-primus-motor"
ANNA, BO, CARLA, DAN = (f"{name}@demo.invalid" for name in ("anna", "bo", "carla", "dan"))
LEADER = "leder@demo.invalid"
LIMIT = 30  # seconds for one answer


class Answer(NamedTuple):
    status: int
    location: str
    encoding: str
    body: bytes
    headers_size: int

    @property
    def text(self) -> str:
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(self.encoding, bytes)
        return unpack(self.body).decode()

    @property
    def wire(self) -> int:
        """Bytes of the whole answer, headers included."""
        return self.headers_size + len(self.body)


class Client:
    """One person with one browser."""

    def __init__(self, port: int, accept: str = "br, gzip") -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=LIMIT)
        self.accept = accept
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, fields: list[tuple[str, str]]) -> Answer:
        return self.ask("POST", path, urlencode(fields).encode())

    def ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        headers = {"Accept-Encoding": self.accept, "Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        for value in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: part.value for name, part in SimpleCookie(value).items()}
        return Answer(
            answer.status,
            answer.headers.get("Location", ""),
            answer.headers.get("Content-Encoding", ""),
            answer.read(),
            len(f"HTTP/1.1 {answer.status} {answer.reason}\r\n{answer.headers}".encode()),
        )

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def sign_in(self, email: str) -> "Client":
        fields = form(self.get("/log-ind").text, "/log-ind")
        answer = self.post("/log-ind", [*fields, ("email", email), ("password", PASSWORD)])
        if answer.status not in (302, 303):
            raise RuntimeError(f"signing in as {email} answered {answer.status}")
        return self


def form(html: str, action: str) -> list[tuple[str, str]]:
    """What a browser would send of the form as it stands, without its empty text fields."""
    reader = FormReader(action)
    reader.feed(html)
    return reader.fields


class FormReader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.inside = False
        self.fields: list[tuple[str, str]] = []
        self.limits: dict[str, dict[str, str | None]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("action") == self.action
        if not (self.inside and tag == "input" and given.get("name")):
            return
        self.limits[given["name"]] = given
        kind = given.get("type", "text")
        ticked = "checked" in given or kind not in ("radio", "checkbox", "submit")
        if ticked and given.get("value"):
            self.fields.append((given["name"], given["value"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
