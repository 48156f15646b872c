"""What every page of a mentor starts from: the mentorship of today, and whom to call."""

from uuid import UUID

from flask import abort, g, request

from app import clock
from app.domain import meetings, mentorships
from app.domain.meetings import Seen
from app.domain.mentorships import View
from app.web.asking import id_or_404, me
from app.web.hypertext import Callee


def mine() -> View | None:
    """The mentor's mentorship today; asked once per request."""
    if "mine" not in g:
        g.mine = mentorships.of_mentor(me().id, clock.today())
        if g.mine:
            g.my_leader = Callee(g.mine.leader, g.mine.leader_phone)
    found: View | None = g.mine
    return found


def mine_or_404() -> View:
    """For pages that mean nothing without a mentorship."""
    found = mine()
    if found is None:
        abort(404)
    return found


def of_form_or_404(raw: str | None) -> View:
    """The mentorship that a form was written for. What waited on a phone without signal may come
    when its author's seat has ended: then it is that one, and not today's.
    """
    wanted, here = id_or_404(raw), mine()
    if here and here.id == wanted:
        return here
    found = mentorships.formerly(me().id, wanted, clock.today())
    if found is None:
        abort(404)
    return found


def is_mine(view: View) -> bool:
    """Whether it is the mentorship of today, and not one that the mentor has left."""
    here = mine()
    return here is not None and here.id == view.id


def meeting_or_404(meeting_id: UUID) -> tuple[Seen, View]:
    """A meeting of the mentor's own mentorship; any other does not exist."""
    changes = request.method not in ("GET", "HEAD")
    here, meeting = mine_or_404(), meetings.one(meeting_id, locked=changes)
    if meeting is None or meeting.mentorship_id != here.id:
        abort(404)
    return meeting, here
