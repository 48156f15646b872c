"""Log ind by the organisation's own sign-in (OpenID Connect), where there is one: a setting.

The organisation must say that it asked for two factors (`amr` or `acr`) just now (`auth_time`), and
that the address is checked: a session that stands open over there opens nothing here. It lets in
who is invited, and creates nobody.
"""

from datetime import timedelta
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, Response, abort, current_app, session, url_for
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain import corrections, people
from app.house import House
from app.language import say
from app.web import arriving
from app.web.asking import house
from app.web.hypertext import page

pages = Blueprint("organisation", __name__)
HERE = "/log-ind/organisation"
PATIENCE = 10  # seconds
LATELY = timedelta(minutes=5)  # between the two factors over there, and being back here
CLOCKS_DIFFER = timedelta(minutes=1)
# Words of RFC 8176 that stand for two factors, or for a key that is opened by one.
TWO_FACTORS = frozenset({"mfa", "hwk", "swk", "pop"})


def install(app: Flask, house: House) -> None:
    """Know the organisation, if the settings name one. Nothing is asked of it before it is used."""
    settings = house.settings
    app.extensions["organisation"] = None
    if not settings.oidc_issuer:
        return
    known = OAuth(app)
    known.register(
        "organisation",
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE,
        },
    )
    app.extensions["organisation"] = known.organisation


@pages.get(HERE)
def leave_for_it() -> AnyResponse:
    back = house().settings.origin + url_for("organisation.come_back")
    try:
        answer: AnyResponse = _organisation().authorize_redirect(back, prompt="login", max_age=0)
    except (AuthlibBaseError, RequestException, ValueError):
        return _refused()
    return answer


@pages.get(f"{HERE}/svar")
def come_back() -> AnyResponse:
    """Back again, with what the organisation says of who it is."""
    settings = house().settings
    issuer = {"iss": {"essential": True, "value": settings.oidc_issuer}}
    try:
        said = _organisation().authorize_access_token(claims_options=issuer).get("userinfo") or {}
    except (AuthlibBaseError, JoseError, RequestException, ValueError):
        return _refused()
    finally:
        _forget_the_way()
    if not _is_enough(said):
        return _refused()
    mark = people.email_mark(str(said["email"])[:320], house().keyring.lookup)
    found = people.credentials(mark)
    if found and corrections.is_settling(found[0]):
        return _refused()
    with house().work(writes=True) as (unit, _):
        begun = arriving.begin(found[0]) if found else None
        unit.commit()
    return _refused() if begun is None else arriving.welcome(begun)


def _is_enough(said: dict[str, Any]) -> bool:
    """An address that is checked, and two factors, asked for now."""
    ways = said.get("amr")
    strong = isinstance(ways, list) and not TWO_FACTORS.isdisjoint(map(str, ways))
    strong = strong or (bool(said.get("acr")) and said["acr"] in house().settings.oidc_acr)
    strong = strong and _is_just_now(said.get("auth_time"))
    return strong and said.get("email_verified") is True and isinstance(said.get("email"), str)


def _is_just_now(asked_at: Any) -> bool:
    """Whether the person showed who they are at that time, in seconds since 1970, and lately."""
    if not isinstance(asked_at, int | float):
        return False
    ago = clock.now().timestamp() - asked_at
    return -CLOCKS_DIFFER.total_seconds() <= ago <= LATELY.total_seconds()


def _organisation() -> Any:
    known = current_app.extensions["organisation"]
    if known is None:
        abort(404)
    return known


def _forget_the_way() -> None:
    for name in [name for name in session if name.startswith("_state_")]:
        session.pop(name)


def _refused() -> Response:
    """One answer, whether nobody has that address, or the organisation did not say enough."""
    return page(
        "errors/page.html",
        status=403,
        code=403,
        heading=say("Vi kunne ikke lukke dig ind den vej"),
        text=say("Prøv igen, eller log ind på en anden måde. Er du ny, så bed om en invitation."),
        retry_href=None,
        home_href="/log-ind",
    )
