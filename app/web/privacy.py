"""Privatliv: what is kept, who reads it and how long, in plain words, for everybody; and where to
report a hole.
"""

import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from flask import Blueprint, Response, abort, request
from flask_login import current_user

from app import clock
from app.config import ROOT
from app.domain.people import MENTOR
from app.language import ENGLISH, say, spoken, switch
from app.web import desk
from app.web.asking import house, me
from app.web.hypertext import page
from app.web.shown_guide import sections

pages = Blueprint("privacy", __name__)
LASTS = timedelta(days=180)  # RFC 9116 asks for less than a year
QUARTER = 3  # months


@pages.get("/privatliv")
def show() -> Response:
    """In the language of whoever is signed in; for all others Danish, or English when asked for."""
    if current_user.is_authenticated:
        switch(current_user.language)
        if MENTOR in me().roles and not me().lent:
            desk.mine()  # whom to call
    elif request.args.get("sprog") == ENGLISH:
        switch(ENGLISH)
    text = _text(spoken())
    return page(
        "privacy/page.html",
        title=text["title"],
        guide={"intro": text["intro"], "sections": sections(text, contact=_contact())},
        english=spoken() == ENGLISH,
        place="profile",
    )


@pages.get("/.well-known/security.txt")
def security() -> Response:
    """RFC 9116. It lapses at the end of a quarter, so that a dead copy is known as one."""
    settings = house().settings
    if not settings.security_contact:
        abort(404)
    lines = (
        f"Contact: {settings.security_contact}",
        f"Expires: {_lapses(clock.now()):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: da, en",
        f"Canonical: {settings.origin}/.well-known/security.txt",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _lapses(now: datetime) -> datetime:
    """The first day of a quarter, about half a year ahead."""
    then = now + LASTS
    month = (then.month - 1) // QUARTER * QUARTER + 1
    return datetime(then.year, month, 1, tzinfo=UTC)


def _contact() -> str:
    known = house().settings.privacy_contact
    return say("Eller skriv til %(contact)s.", contact=known) if known else ""


@cache
def _text(tongue: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "app" / "texts" / f"privacy.{tongue}.toml").read_text())
