"""Where I am signed in, and how a phone that I have lost is signed out from here."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort
from werkzeug.wrappers import Response as AnyResponse

from app.domain import devices, sign_ins
from app.domain.agents import BROWSERS, SYSTEMS
from app.language import mark, say
from app.web.asking import me, pen
from app.web.hypertext import go, page

pages = Blueprint("my_sign_ins", __name__)
HERE = "/mig/indlogninger"
UNKNOWN = mark("Ukendt enhed")  # signed in before that was kept


class Shown(NamedTuple):
    id: UUID
    system: str
    browser: str
    since: datetime
    here: bool


@pages.get(HERE)
def show() -> Response:
    """This one first, then the newest."""
    found = [
        Shown(
            one.id,
            say(SYSTEMS[one.system] if one.system else UNKNOWN),
            say(BROWSERS[one.browser]) if one.browser else "",
            one.at,
            one.id == me().sign_in_id,
        )
        for one in sign_ins.of(me().id)
    ]
    return page("my_sign_ins/page.html", sign_ins=sorted(found, key=lambda one: not one.here))


@pages.post(f"{HERE}/<uuid:sign_in_id>/udlogning")
def end(sign_in_id: UUID) -> AnyResponse:
    """Sign another device of mine out, once; from this one there is Log ud."""
    if sign_in_id == me().sign_in_id or not sign_ins.is_of(me().id, sign_in_id):
        abort(404)
    if sign_in_id in _others():
        devices.sign_out(sign_in_id, pen())
    return go(HERE)


@pages.post(f"{HERE}/udlogning")
def end_others() -> AnyResponse:
    devices.sign_out_all(me().id, pen(), but=me().sign_in_id)
    return go(HERE)


def _others() -> list[UUID]:
    return [one.id for one in sign_ins.of(me().id) if one.id != me().sign_in_id]
