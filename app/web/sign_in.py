"""Log ind and Log ud. Known and unknown accounts are answered alike and as slowly."""

from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import Blueprint, Response, abort, request, session
from flask_login import current_user
from flask_wtf import FlaskForm
from limits import RateLimitItem, parse
from limits.strategies import FixedWindowRateLimiter
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField

from app import clock
from app.attempts import Attempts
from app.domain import devices, people, sign_ins, trail
from app.domain.demo import ACCOUNTS
from app.domain.sign_ins import Begun
from app.extensions import csrf
from app.language import say
from app.web import network
from app.web.guard import begin_session, house, local_path, me, pen
from app.web.hypertext import START, go, page

pages = Blueprint("sign_in", __name__)
hasher = PasswordHasher()  # RFC 9106 low-memory: 64 MiB, 3 passes, 4 lanes


class SignInForm(FlaskForm):
    email = StringField()
    password = PasswordField()


@pages.get("/log-ind")
def show() -> AnyResponse:
    if current_user.is_authenticated:
        return go("/")
    return _form(SignInForm(), 200)


@pages.post("/log-ind")
@csrf.exempt  # the form checks its token itself, so that the address typed is kept
def enter() -> AnyResponse:
    """Sign in, unless the account or the network has failed too often of late."""
    window, limits = FixedWindowRateLimiter(Attempts(engine=house().data)), _limits()
    if not all(window.test(limit, key) for limit, key in limits):
        abort(429)
    answer = _enter()
    if answer.status_code == 422:  # a password was tried, and was wrong
        for limit, key in limits:
            window.hit(limit, key)
    return answer


def _enter() -> AnyResponse:
    form = SignInForm()
    if not form.validate_on_submit():
        return _form(form, 400, say("Siden havde ligget for længe. Prøv igen."))
    person = _person_with(form.password.data or "")
    begun = _begin(person) if person else None
    if begun is None:
        return _form(form, 422, say("E-mail eller adgangskode passer ikke."))
    begin_session(begun.token)
    target = local_path(request.form.get("next"))
    return go(START[sign_ins.home_of(begun.roles)] if target == "/" else target)


@pages.post("/log-ud")
def leave() -> AnyResponse:
    sign_ins.end(me().sign_in_id)
    devices.forget(me().sign_in_id)
    pen().write(trail.SIGNED_OUT, "sign_in", me().sign_in_id)
    session.clear()
    answer = go("/log-ind")
    # What still waits on the phone is its author's: it is cleared only where nothing does.
    empty = request.form.get("empty") == "1"
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"' if empty else '"cookies"'
    return answer


def _mark() -> bytes:
    return people.email_mark(request.form.get("email", "")[:320], house().keyring.lookup)


def _limits() -> tuple[tuple[RateLimitItem, str], ...]:
    """How often one account, and one network, may fail."""
    settings = house().settings
    return (
        (parse(settings.sign_in_attempts), _mark().hex()),
        network.limit(),
    )


def _person_with(password: str) -> UUID | None:
    """Whose password it is. The same work is done when there is no such account."""
    found = people.credentials(_mark())
    known_hash = found[1] if found and found[1] else None
    try:
        hasher.verify(known_hash or _nobody(), password[:1000])
    except VerificationError:
        return None
    return found[0] if found and known_hash else None


def _begin(person: UUID) -> Begun | None:
    with house().work(writes=True) as (unit, _):
        begun = sign_ins.begin(person, clock.today(), request.user_agent.string)
        if begun is None:
            return None
        own = trail.Pen(house().keyring.trail, person, begun.id)
        own.write(trail.SIGNED_IN, "sign_in", begun.id)
        unit.commit()
    return begun


@cache
def _nobody() -> str:
    return hasher.hash("the account that nobody has")


def _form(form: SignInForm, status: int, problem: str | None = None) -> Response:
    demo = house().settings.demo
    return page(
        "sign_in/page.html",
        status=status,
        form=form,
        problem=problem,
        next=local_path(request.values.get("next")),
        demo=demo,
        demo_accounts=ACCOUNTS if demo else (),
    )
