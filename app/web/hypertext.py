"""Pages and fragments: one template environment per language, Danish dates, answers for htmx."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from babel.dates import format_date
from flask import Flask, Response, current_app, g, make_response, redirect
from flask.templating import Environment
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from htmx_flask import request
from jinja2 import Environment as AnyEnvironment
from jinja2 import FileSystemBytecodeCache, Template, nodes
from jinja2.environment import TemplateModule
from jinja2.visitor import NodeTransformer
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app import clock, language, sealing
from app.domain.people import CONSULTANT, LEADER, MENTOR
from app.language import LANGUAGES, mark, say, spoken
from app.web.asking import lent_page

PHONE_PAIR = 2
START = {MENTOR: "/", LEADER: "/leder", CONSULTANT: "/konsulent"}  # where each role begins


class Place(NamedTuple):
    """One of the places in the bar."""

    key: str
    label: str
    href: str
    icon: str
    current: bool


class Callee(NamedTuple):
    """Someone to call: first name and Red Cross phone only."""

    first_name: str
    phone: str | None


BARS = {
    MENTOR: (
        ("home", mark("I dag"), "/", "home"),
        ("meetings", mark("Møder"), "/moeder", "meetings"),
        ("weeks", mark("Uger"), "/uger", "weeks"),
        ("mentorships", mark("Forløb"), "/forloeb", "mentorship"),
        ("profile", mark("Mig"), "/mig", "me"),
    ),
    LEADER: (
        ("leader", mark("Overblik"), "/leder", "overview"),
        ("leader_referrals", mark("Henvisninger"), "/leder/henvisninger", "rules"),
        ("leader_mentors", mark("Mentorer"), "/leder/mentorer", "mentorship"),
        ("leader_closures", mark("Afslutninger"), "/leder/afslutninger", "check"),
        ("profile", mark("Mig"), "/mig", "me"),
    ),
    CONSULTANT: (
        ("consultant", mark("Landet"), "/konsulent", "overview"),
        ("profile", mark("Mig"), "/mig", "me"),
    ),
}


INSIDE = {  # pages that lie inside a place of the bar
    "agreements": "mentorships",
    "start_forms": "mentorships",
    "contacts": "meetings",
    "logs": "meetings",
    "handovers": "weeks",
    "absences": "weeks",
    "plans": "weeks",
    "threads": "mentorships",
    "pauses": "mentorships",
    "closures": "mentorships",
    "follow_ups": "mentorships",
    "leader_exit_forms": "leader_closures",
    "leader_follow_ups": "leader",
    "calendar": "profile",
    "wishes": "profile",
    "my_access": "profile",
    "my_sign_ins": "profile",
    "guides": "profile",
    "leader_weeks": "leader",
    "leader_moves": "leader",
    "leader_owners": "leader",
    "leader_gatherings": "leader_mentors",
    "alerts": "mentorships",
    "grants": "mentorships",
    "leader_alerts": "leader",
    "leader_grants": "leader",
    "stand_ins": "profile",
    "partners": "profile",
    "intakes": "leader_referrals",
    "leader_matches": "leader_referrals",
    "matches": "home",
    "lending": "leader_referrals",
    "profiles": "profile",
    "consultant_places": "consultant",
    "consultant_staff": "consultant",
    "consultant_owners": "consultant",
    "consultant_exit_forms": "consultant",
    "consultant_imports": "consultant",
    "consultant_laws": "consultant",
    "consultant_rules": "consultant",
    "consultant_closures": "consultant",
    "consultant_erasures": "consultant",
    "leader_erasures": "leader",
    "consultant_lives": "consultant",
    "consultant_trail": "consultant",
    "leader_access": "leader",
    "leader_consents": "leader",
    "leader_extracts": "leader",
    "own_data": "profile",
    "readings": "mentorships",
}


class Folded(NodeTransformer):
    """Puts sentences, addresses of files, and what it includes into a template when compiled."""

    def __init__(self, environment: "SpokenEnvironment") -> None:
        self.environment = environment

    def visit_Include(self, node: nodes.Include) -> nodes.Node | list[nodes.Node]:
        loader = self.environment.loader
        if loader is None or not isinstance(node.template, nodes.Const):
            return node
        source, filename, _ = loader.get_source(self.environment, node.template.value)
        return self.environment._parse(source, node.template.value, filename).body

    def visit_Block(self, node: nodes.Block) -> nodes.Node:
        """A block is written into a list and handed up whole, not piece by piece through each
        template that it lies in.
        """
        self.generic_visit(node)
        whole = nodes.Filter(None, "safe", [], [], None, None, lineno=node.lineno)
        node.body = [nodes.FilterBlock(node.body, whole, lineno=node.lineno)]
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name not in self.environment.known:
            return node
        (given,) = node.args
        if not isinstance(given, nodes.Const):
            raise TypeError(f"line {node.lineno}: {node.node.name}() takes one constant text")
        found = self.environment.known[node.node.name](given.value)
        return nodes.Const(found, lineno=node.lineno)


class Component(Template):
    """A template whose macros know no page: they are made once, whoever imports them."""

    def _get_default_module(self, ctx: Any = None) -> TemplateModule:
        if self._module is None:
            self._module = self.make_module()
        return self._module


class SpokenEnvironment(Environment):
    """A template environment for one language."""

    template_class = Component
    tongue = language.DANISH
    build = ""  # names the static files of this build
    integrity: Callable[[str], str]  # of a script: what the browser holds it to

    @property
    def known(self) -> dict[str, Callable[[str], str]]:
        """What is the same at every rendering, and therefore said when compiled."""
        return {"_": self.sentence, "asset": self.asset, "integrity": self.integrity}

    def sentence(self, text: str) -> str:
        return say(text, self.tongue)

    def asset(self, path: str) -> str:
        return f"/static/{self.build}/{path}"

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        found: nodes.Template = Folded(self).visit(tree)
        return found


def install(app: Flask, words: Mapping[str, Mapping[str, str]]) -> None:
    """One environment per language, with the same filters, and the words for codes by name."""
    app.jinja_environment = SpokenEnvironment
    app.extensions["tongues"] = {}
    house = app.extensions["house"]
    for tongue in LANGUAGES:
        environment = app.create_jinja_environment()
        environment.tongue, environment.build = tongue, app.config["BUILD"]  # type: ignore[attr-defined]
        environment.integrity = app.config["INTEGRITY"].__getitem__  # type: ignore[attr-defined]
        environment.bytecode_cache = _compiled(app, tongue)
        environment.trim_blocks = environment.lstrip_blocks = True
        environment.filters.update(FILTERS)
        environment.globals.update(
            csrf=generate_csrf,
            lang=tongue,
            demo=house.settings.demo,
            patience=f"{house.settings.phone_patience:g}",
            sealing=sealing.public(house.keyring),
            bar=lru_cache(maxsize=128)(partial(_bar, environment)),
            **{name: _said(choices, tongue) for name, choices in words.items()},
        )
        app.extensions["tongues"][tongue] = environment


def _said(choices: Mapping[str, str], tongue: str) -> dict[str, str]:
    return {code: say(text, tongue) for code, text in choices.items()}


def _compiled(app: Flask, tongue: str) -> FileSystemBytecodeCache:
    """Compiled templates are kept beside the stores, so that a worker starts quickly.

    They hold the sentences, each other, and what this file makes of them: all name their folder.
    """
    named = f"{tongue}-{_wording(tongue, app.config['BUILD'], str(app.template_folder))}"
    app.config["WORDING"] = app.config.get("WORDING", "") + named
    folder = app.extensions["house"].settings.instance / "templates" / named
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@lru_cache
def _wording(tongue: str, build: str, folder: str) -> str:
    """A hash of all that is said in one language; read once a process."""
    digest = hashlib.sha256(repr(sorted(language.catalogue(tongue).items())).encode())
    digest.update(build.encode())
    for file in (Path(__file__), *sorted(Path(folder).rglob("*.html"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def page(template: str, *, status: int = 200, **values: Any) -> Response:
    """A whole page or a fragment, in the language spoken."""
    environment = current_app.extensions["tongues"][spoken()]
    html = environment.get_template(template).render(_shared() | values)
    response = make_response(html, status)
    response.headers["Content-Language"] = spoken()
    return response


def go(path: str) -> AnyResponse:
    """On to another page, for a form sent with or without htmx."""
    if request.htmx:
        return Response(status=200, headers={"HX-Redirect": path})
    return redirect(path, 303)


def asked_each_time(answer: Response) -> Response:
    """What a phone may keep, if it asks each time whether it still holds."""
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _shared() -> dict[str, Any]:
    who = current_user._get_current_object()
    known = who.is_authenticated
    lent = who.lent if known else None
    floor = _floor(who.roles) if known and not lent else None
    return {
        "nonce": g.get("nonce", ""),
        "me": who if known else None,
        "floor": floor,
        "lent": bool(lent),
        "lent_page": lent_page(lent) if lent else None,
        "place": request.blueprint,
        "my_leader": g.get("my_leader"),
        "replaces": g.get("sealed"),  # the record on the phone that this form is the newer word of
    }


def _floor(roles: frozenset[str]) -> str:
    for role in (LEADER, CONSULTANT):
        if request.path.startswith(START[role]):
            return role
    return next(role for role in (MENTOR, LEADER, CONSULTANT) if role in roles)


def _bar(environment: AnyEnvironment, floor: str, current: str | None) -> Markup:
    """The places of one role, with the one that is open; the same on all its pages."""
    current = INSIDE.get(current or "", current)
    places = [
        Place(key, say(label, str(environment.globals["lang"])), href, icon, key == current)
        for key, label, href, icon in BARS[floor]
    ]
    return Markup(environment.get_template("components/_bar.html").render(bar=places))  # noqa: S704


@lru_cache(maxsize=4096)
def long_day(day: date, tongue: str) -> str:
    pattern = "EEEE 'den' d. MMM" if tongue == language.DANISH else "EEEE d MMM"
    return format_date(day, pattern, locale=tongue)


@lru_cache(maxsize=4096)
def short_day(day: date, tongue: str) -> str:
    return format_date(day, "d. MMM" if tongue == language.DANISH else "d MMM", locale=tongue)


def ago(day: date | None) -> str:
    """How long since, in words."""
    if day is None:
        return ""
    days = (clock.today() - day).days
    if days <= 0:
        return say("i dag")
    if days == 1:
        return say("i går")
    if days < 14:
        return say("for %(n)s dage siden", n=days)
    if days < 70:
        return say("for %(n)s uger siden", n=days // 7)
    return say("for %(n)s måneder siden", n=days // 30)


def weeks_ago(day: date | None) -> str | None:
    """How long a theme has been away: "5 uger"."""
    if day is None:
        return None
    weeks = (clock.today() - day).days // 7
    if weeks == 0:
        return say("denne uge")
    return say("1 uge") if weeks == 1 else say("%(n)s uger", n=weeks)


def clock_time(instant: datetime) -> str:
    here = clock.in_denmark(instant)
    return f"{here:%H.%M}" if spoken() == language.DANISH else f"{here:%H:%M}"


def phone(number: str | None) -> str:
    digits = (number or "").removeprefix("+45").replace(" ", "")
    return " ".join(digits[i : i + PHONE_PAIR] for i in range(0, len(digits), PHONE_PAIR))


def labels(codes: Iterable[str], choices: dict[str, str]) -> list[str]:
    """The words for some choices, in the language spoken."""
    return [say(choices[code]) for code in codes]


def local_day(value: date | datetime) -> date:
    return clock.in_denmark(value).date() if isinstance(value, datetime) else value


FILTERS: dict[str, Callable[..., Any]] = {
    "day": lambda value: long_day(local_day(value), spoken()),
    "day_short": lambda value: short_day(local_day(value), spoken()),
    "ago": lambda value: ago(local_day(value)) if value else "",
    "clock": clock_time,
    "iso": lambda value: value.isoformat() if value else "",
    "phone": phone,
}
