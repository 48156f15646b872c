"""Regler: the rules of the scheme and the guides, read and accepted version by version."""

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from app.domain import guides
from app.domain.guides import RULES
from app.domain.people import MENTOR
from app.language import spoken
from app.web import desk
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.shown_guide import shown_guide

pages = Blueprint("guides", __name__)


@pages.get("/regler")
def rules() -> Response:
    return show(RULES)


@pages.get("/regler/<kind>")
def show(kind: str) -> Response:
    if MENTOR in me().roles:
        desk.mine()
    standing = guides.standing(me().id)
    if kind not in standing:
        abort(404)
    guide = standing[kind]
    others = [(k, g.text(spoken())["title"]) for k, g in standing.items() if k != kind]
    return page(
        "guides/page.html",
        guide=shown_guide(guide),
        accepted=guide.accepted_at,
        may_accept=guide.accepted_at is None,
        changed=guide.version > 1,
        others=others,
    )


@pages.post("/regler/<kind>/accept")
def accept(kind: str) -> AnyResponse:
    standing = guides.standing(me().id)
    if kind not in standing:
        abort(404)
    if request.form.get("version") != str(standing[kind].version):
        abort(409)  # the text was changed while it was being read
    guides.accept(standing[kind], pen(), by=me().id)
    return go(f"/regler/{kind}")
