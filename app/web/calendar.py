"""The calendar link, and one meeting for the phone's own calendar."""

from uuid import UUID

from flask import Blueprint, Response, abort, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain import feeds, plans
from app.web import desk
from app.web.asking import me, pen
from app.web.hypertext import go, page

pages = Blueprint("calendar", __name__)


@pages.get("/mig/kalender")
def show() -> Response:
    return _page(None)


@pages.post("/mig/kalender")
def make() -> Response:
    """The link is shown on this one answer and never again: only its hash is kept."""
    token = feeds.make(pen(), by=me().id)
    return _page(url_for("calendar.feed", token=token, _external=True))


@pages.post("/mig/kalender/sletning")
def remove() -> AnyResponse:
    feeds.revoke(pen(), by=me().id)
    return go("/mig/kalender")


@pages.get("/kalender/<token>.ics")
def feed(token: str) -> Response:
    """What a calendar asks for by itself, without signing in: the link is the secret."""
    today = clock.today()
    owner = feeds.owner(token, today)
    if owner is None:
        abort(404)
    return _calendar(feeds.year(owner, today))


@pages.get("/aftaler/<uuid:plan_id>/kalender.ics")
def single(plan_id: UUID) -> Response:
    """One meeting, for the phone's own calendar."""
    mine, planned = desk.mine_or_404(), plans.one(plan_id)
    if planned is None or planned.mentorship_id != mine.id:
        abort(404)
    return _calendar(feeds.single(planned))


def _page(address: str | None) -> Response:
    desk.mine()  # the leader is one tap from here too
    return page("calendar/page.html", since=feeds.since(me().id), address=address)


def _calendar(content: bytes) -> Response:
    answer = Response(content, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="mentor.ics"'
    return answer
