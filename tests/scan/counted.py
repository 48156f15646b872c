"""The app as the server runs it, with a note of every answer: which route, which status."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from app import create_app

NOTES = "answers.txt"


class Counted:
    """Stands before the app. The scanners' own words for what they saw are not all there is."""

    def __init__(self, app: Flask, notes: Path) -> None:
        self._app, self._map = app.wsgi_app, app.url_map.bind("")
        self._notes = os.open(notes, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        def noted(status: str, *rest: Any) -> Any:
            line = (
                f"{environ['REQUEST_METHOD']} {self._rule(environ)} {status.split(maxsplit=1)[0]}\n"
            )
            os.write(self._notes, line.encode())
            return start_response(status, *rest)

        return self._app(environ, noted)

    def _rule(self, environ: dict[str, Any]) -> str:
        try:
            method = environ["REQUEST_METHOD"].replace("HEAD", "GET")
            rule, _ = self._map.match(environ["PATH_INFO"], method, return_rule=True)
        except HTTPException:
            return "-"
        return str(rule.rule)


if "GRANIAN_PORT" in os.environ:  # started as a server, not read by another module
    app = Counted(create_app(), Path(os.environ["INSTANCE"]) / NOTES)
