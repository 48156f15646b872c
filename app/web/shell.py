"""The shell that a phone keeps at hand: forms and texts without a word about anybody, and the
worker that keeps them.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response
from flask_login import current_user

from app.domain import guides
from app.domain.handovers import PROMPTS
from app.domain.meetings import OTHERS, PLACES, THEMES
from app.domain.news import SOMETHING, TITLE
from app.domain.people import MENTOR
from app.language import DANISH, LANGUAGES, mark, say, switch
from app.web import shown_handover
from app.web.asking import house
from app.web.guard import HIDDEN_PAGE
from app.web.handover_form import HandoverForm
from app.web.hypertext import asked_each_time, page
from app.web.log_form import LogForm
from app.web.shown_guide import shown_guide
from app.web.static import script

pages = Blueprint("shell", __name__)
CO_MENTOR = mark("din medmentor")  # the phone puts the name in its place
INSTEAD = {  # the page of the shell that opens when the server does not answer
    "/moeder/ny": "moede",
    "/kontakter/ny": "kontakt",
    "/uger/giv": "giv",
    "/udbakke": "udbakke",
    HIDDEN_PAGE: "ingen-forbindelse",
}
FILES = (
    "css/app.css",
    "js/page.js",
    "icons/sprite.svg",
    "icons/favicon.svg",
    "icons/mark.svg",
)
LONGEST_IN_THE_DARK = 60  # seconds that the worker waits when no page is open
OPENING = 3  # seconds until a form opens from the shell
NOBODY = UUID(int=0)
PLACE = {"moede": "logs", "kontakt": "contacts", "giv": "handovers", "regler": "guides"}
Fill = Callable[[], dict[str, Any]]


def _log_form() -> dict[str, Any]:
    form = LogForm(formdata=None, data={"when": "today", "next_who": "me"}, meta={"csrf": False})
    return {
        "form": form,
        "co_mentor": say(CO_MENTOR),
        "theme_choices": [(code, say(label), None) for code, label in THEMES.items()],
        "place_choices": [(code, say(label)) for code, label in PLACES.items()],
        "other_choices": [(code, say(label)) for code, label in OTHERS.items()],
    }


def _handover() -> dict[str, Any]:
    form = HandoverForm(formdata=None, meta={"csrf": False})
    questions = [(form[prompt], say(shown_handover.QUESTIONS[prompt])) for prompt in PROMPTS]
    return {"form": form, "questions": questions}


def _rules() -> dict[str, Any]:
    return {"texts": [shown_guide(guide) for guide in guides.standing(NOBODY).values()]}


SHELL: dict[str, tuple[str, Fill]] = {
    "moede": ("shell/log.html", _log_form),
    "kontakt": ("shell/contact.html", _log_form),
    "giv": ("shell/handover.html", _handover),
    "udbakke": ("outbox/page.html", dict),
    "regler": ("shell/rules.html", _rules),
    "uden-signal": ("shell/no_signal.html", dict),
    "ingen-forbindelse": ("hiding/page.html", lambda: {"floor": None}),
}


@pages.get("/sw.js")
def worker() -> Response:
    """The worker, under a hash of all that it keeps: another hash, and the phone fetches anew.

    It keeps the pages in one language, that of whoever is signed in.
    """
    folder = f"/static/{current_app.config['BUILD']}"
    tongue = current_user.language if current_user.is_authenticated else DANISH
    shell = {
        "build": f"{tongue}-{_build()}",
        "language": tongue,
        "pages": [f"/skal/{tongue}/{name}" for name in SHELL],
        "files": ["/manifest.webmanifest", *(f"{folder}/{name}" for name in FILES)],
        "instead": INSTEAD,
        "hidden": HIDDEN_PAGE,
        "icon": f"{folder}/icons/icon-192.png",
        "title": TITLE,
        "something": SOMETHING,
        "patience": min(OPENING, house().settings.phone_patience),
        "longest": min(LONGEST_IN_THE_DARK, 3 * house().settings.phone_patience),
    }
    answer = make_response(f"const SHELL = {json.dumps(shell)};\n{script('worker')}")
    answer.mimetype = "text/javascript"
    return asked_each_time(answer)


@pages.get("/udbakke")
def outbox() -> Response:
    """What waits on this phone. The page knows nothing; the phone fills it in."""
    if current_user.is_authenticated:
        switch(current_user.language)
    return page("outbox/page.html")


def _part(tongue: str, name: str) -> Callable[[], Response]:
    def show() -> Response:
        switch(tongue)
        template, fill = SHELL[name]
        # Whoever asks: it is kept for all who use the phone.
        nobody: dict[str, Any] = {
            "me": None,
            "floor": MENTOR,
            "my_leader": None,
            "csrf": str,
            "place": PLACE.get(name),
        }
        return page(template, **nobody | fill(), shell_word=say(CO_MENTOR))

    return show


for _tongue in LANGUAGES:
    for _name in SHELL:
        pages.add_url_rule(
            f"/skal/{_tongue}/{_name}",
            f"{_name}_{_tongue}".replace("-", "_"),
            _part(_tongue, _name),
        )


def _build() -> str:
    """Of the files, the words, the texts of the scheme, and the key that is sealed to."""
    versions = [(kind, guide.version) for kind, guide in guides.standing(NOBODY).items()]
    config, tongues = current_app.config, current_app.extensions["tongues"]
    sealing = next(iter(tongues.values())).globals["sealing"]
    made_of = (config["BUILD"], config["WORDING"], versions, sealing, script("worker"))
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]
