"""Mig: who I am here, my language, the rules, log out."""

from datetime import date, timedelta
from typing import NamedTuple

from flask import Blueprint, Response, request
from sqlalchemy import bindparam
from sqlmodel import col, select
from werkzeug.wrappers import Response as AnyResponse

from app import clock, db
from app.domain import corrections, gatherings, guides, people, plans, trail
from app.domain.branches import Branch
from app.domain.gatherings import Gathering
from app.domain.people import CONSULTANT, LEADER, MENTOR, Person
from app.extensions import csrf
from app.language import LANGUAGES, mark, say, spoken
from app.web import desk
from app.web.asking import me, pen
from app.web.hypertext import clock_time, go, page
from app.web.person_form import NumberForm, form_status

pages = Blueprint("profile", __name__)
AHEAD = timedelta(days=366)
FLOORS = {
    MENTOR: (mark("Mine sider som mentor"), "/"),
    LEADER: (mark("Mine sider som aktivitetsleder"), "/leder"),
    CONSULTANT: (mark("Mine sider som konsulent"), "/konsulent"),
}


_ME = (
    select(Person, Branch, Gathering)
    .outerjoin(Branch, col(Branch.id) == Person.branch_id)
    .outerjoin(Gathering, col(Gathering.id) == gatherings.NEXT)
    .where(col(Person.id) == bindparam("person"))
)


class ShownProfile(NamedTuple):
    first_name: str
    surname: str
    email: str
    phone: str | None
    branch: str | None


class ShownGuide(NamedTuple):
    kind: str
    title: str
    version: int
    accepted: bool


class Called(NamedTuple):
    """The next meeting that the branch's mentors are called to."""

    kind: str
    on: date
    begins: str | None
    place: str | None


@pages.get("/mig")
def show() -> Response:
    if MENTOR in me().roles:
        desk.mine()
    held = me().roles | me().waiting
    today = clock.today()
    asked = {"person": me().id, "first": today, "last": today + AHEAD}
    person, branch, called = db.session().exec(_ME, params=asked).one()
    return page(
        "profile/page.html",
        profile=ShownProfile(
            first_name=person.first_name or "",
            surname=person.surname or "",
            email=person.email or "",
            phone=person.phone,
            branch=branch.name if branch else None,
        ),
        called=_called(called) if called and MENTOR in me().roles else None,
        languages=list(LANGUAGES.items()),
        guides=[
            ShownGuide(g.kind, g.text(spoken())["title"], g.version, g.accepted_at is not None)
            for g in guides.standing(me().id).values()
        ],
        floors=[(say(text), href) for role, (text, href) in FLOORS.items() if role in held]
        if len(held) > 1
        else [],
    )


def _called(one: Gathering) -> Called:
    begins = clock_time(plans.begins(one.on, one.at)) if one.at else None
    return Called(say(gatherings.KINDS[one.kind]), one.on, begins, one.place)


@pages.get("/mig/nummer")
def number() -> Response:
    known = people.cards({me().id})[me().id]
    return _number_page(NumberForm(formdata=None, data={"phone": known.phone}))


@pages.post("/mig/nummer")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def change_number() -> AnyResponse:
    form = NumberForm()
    if not form.validate_on_submit():
        return _number_page(form, form_status(form))
    corrections.of_number(me().id, form.number(), pen())
    return go("/mig")


@pages.post("/mig/sprog")
def speak() -> AnyResponse:
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        people.speak(me().id, chosen)
        pen().write(trail.EDITED, "person", me().id)
    return go("/mig")


def _number_page(form: NumberForm, status: int = 200) -> Response:
    mentor = MENTOR in me().roles
    if mentor:
        desk.mine()
    return page("corrections/number.html", status=status, form=form, place="profile", tells=mentor)
