"""A device comes in: its session, the cookie it is known again by, and word to its person."""

import secrets
from uuid import UUID

from flask import request
from limits import parse
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain import devices, news, notices, sign_ins, trail
from app.domain.sign_ins import TOKEN_BYTES, Begun
from app.web import tries
from app.web.asking import begin_session, house
from app.web.hypertext import START, go
from app.web.tries import Limit

UNTOLD = parse("4 per day")  # wrong codes: a hand slips
A_YEAR = 60 * 60 * 24 * 365


def begin(person: UUID) -> Begun | None:
    """Sign this device in, in the unit that is open. None for a person without a role today.

    A device that the person has not used before is told of, by letter: the first one is not.
    """
    known = sign_ins.is_first(person) or sign_ins.knows(person, device())
    begun = sign_ins.begin(person, clock.today(), request.user_agent.string, _device_or_new())
    if begun is None:
        return None
    pen = trail.Pen(house().keyring.trail, person, begun.id)
    pen.write(trail.SIGNED_IN, "sign_in", begun.id)
    for old in sign_ins.others_on(person, device(), begun.id):
        devices.sign_in_anew(old, begun.id, pen)
    if not known:
        notices.at_once(person, news.NEW_DEVICE, begun.id, None, clock.now())
    return begun


def start(begun: Begun) -> str:
    """Where the day of somebody with these roles begins."""
    return START[sign_ins.home_of(begun.roles)]


def welcome(begun: Begun, target: str = "/") -> AnyResponse:
    """On to where the person was going."""
    return greet(begun, go(start(begun) if target == "/" else target))


def greet(begun: Begun, answer: AnyResponse) -> AnyResponse:
    """That answer, with a new session. Call it once the row is stored."""
    begin_session(begun.token)
    settings = house().settings
    answer.set_cookie(
        _cookie(),
        _device_or_new(),
        max_age=A_YEAR,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return answer


def device() -> str | None:
    """What this device was told to call itself; nothing on one that is new, or was logged out."""
    return (request.cookies.get(_cookie()) or "")[:100] or None


def limits(key: str, person: UUID, *of_strangers: Limit) -> tuple[Limit, ...]:
    """How often an account may fail at that. A phone that its owner has used counts apart from the
    rest, and from its network: whoever fails on purpose, from anywhere, does not lock the owner out
    (security.md, T24).
    """
    named = device()
    if sign_ins.knows(person, named):
        return (tries.of_account(f"{key} {sign_ins.hashed(named or '').hex()}"),)
    return tries.of_account(key), *of_strangers


def note_wrong_code(person: UUID) -> None:
    """Somebody has the password, a link or the open device, and not the second factor. The fifth
    within a day is told of by letter, whichever way they were tried.
    """
    if tries.is_within(UNTOLD, f"wrong code {person}"):
        return
    with house().work(writes=True) as (unit, _):
        notices.at_once(person, news.GUESSED, person, None, clock.now())  # once a day
        unit.commit()


def _device_or_new() -> str:
    """The same for one request, whoever asks."""
    kept: str = request.environ.setdefault(
        "primus.device", device() or secrets.token_urlsafe(TOKEN_BYTES)
    )
    return kept


def _cookie() -> str:
    return "__Host-device" if house().settings.secure_cookies else "device"
