"""The app on the phone: its manifest, how it gets there, and the no of whoever wants it not."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain import people, trail
from app.domain.agents import system_of
from app.domain.people import MENTOR
from app.language import DANISH, mark, say
from app.web import desk
from app.web.asking import me, pen
from app.web.hypertext import asked_each_time, go, page

pages = Blueprint("install", __name__)  # `web.install` hangs the pages up
PAPER = "#faf5ec"  # `--paper` of the stylesheet, by day: a manifest knows no night
ICON = "icons/icon-192.png"
ICONS = (  # file, pixels, purpose
    (ICON, "192x192", "any"),
    ("icons/icon-512.png", "512x512", "any"),
    ("icons/icon-maskable-512.png", "512x512", "maskable"),
)
SHORTCUTS = (
    (mark("Log møde"), "/moeder/ny"),
    (mark("Kontakt"), "/kontakter/ny"),
    (mark("Uger"), "/uger"),
)
SCREENSHOTS = (
    ("screenshots/i-dag.png", mark("I dag: hvem der har ugen, og hvad der venter")),
    ("screenshots/log-moede.png", mark("Log møde: få spørgsmål, ét tryk til hvert")),
)


@pages.record
def _let_receipts_ask(state: BlueprintSetupState) -> None:
    """Only a receipt calls it, so that no other page pays for the statement."""
    for environment in state.app.extensions["tongues"].values():
        environment.globals["offers_install"] = lambda: people.may_be_offered_install(me().id)


@pages.get("/manifest.webmanifest")
def manifest() -> Response:
    """A phone fetches it without the cookie: it knows nobody, and speaks Danish."""
    answer = jsonify(
        id="/",
        name="Primus Motor",
        short_name="Primus Motor",
        description=say("For frivillige mentorer i Primus Motor.", DANISH),
        lang=DANISH,
        dir="ltr",
        start_url="/",
        scope="/",
        display="standalone",
        theme_color=PAPER,
        background_color=PAPER,
        icons=[_picture(*icon) | {"purpose": icon[2]} for icon in ICONS],
        shortcuts=[
            {"name": say(name, DANISH), "url": url, "icons": [_picture(ICON, "192x192")]}
            for name, url in SHORTCUTS
        ],
        screenshots=[
            _picture(file, "540x1170") | {"form_factor": "narrow", "label": say(label, DANISH)}
            for file, label in SCREENSHOTS
        ],
    )
    answer.mimetype = "application/manifest+json"
    return asked_each_time(answer)


@pages.get("/mig/installer")
def show() -> Response:
    """The steps for the phone that asks stand first."""
    if MENTOR in me().roles:
        desk.mine()  # whom to call
    apple = system_of(request.user_agent.string) == "iphone"
    return page("install/page.html", apple=apple, place="profile")


@pages.post("/mig/installer/nej")
def decline() -> AnyResponse:
    people.decline_install(me().id, clock.now())
    pen().write(trail.EDITED, "person", me().id)
    return go("/")


def _picture(file: str, sizes: str, _purpose: str = "any") -> dict[str, Any]:
    address = f"/static/{current_app.config['BUILD']}/{file}"
    return {"src": address, "sizes": sizes, "type": "image/png"}
