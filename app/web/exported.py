"""A file that leaves the app: named, logged, saved and never shown."""

from uuid import UUID, uuid4

from flask import Response, make_response

from app.domain import trail
from app.web.asking import pen


def watermark(kind: str, reason: str | None = None) -> UUID:
    """The name of a new export, once it is in the access log."""
    made = uuid4()
    pen().write(trail.EXPORTED, kind, made, reason=reason)
    return made


def file(text: str, name: str) -> Response:
    """An attachment: a browser must not guess what it is (with nosniff, which every answer has)."""
    answer = make_response(text.encode("utf-8-sig"))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
