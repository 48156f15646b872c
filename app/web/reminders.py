"""Mig → Påmindelser: what, when not, on which devices, and what became of the last ones."""

from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, SelectMultipleField, StringField
from wtforms.validators import StopValidation

from app import clock, db, mail
from app.domain import access, devices, grants, news, notices, plans, preferences, wishes
from app.domain.agents import BROWSERS, SYSTEMS, system_of
from app.domain.devices import Refused, Taken
from app.domain.notices import Told
from app.domain.people import LEADER, MENTOR, Person
from app.domain.preferences import GROUPS, Wish
from app.extensions import csrf
from app.language import mark, say
from app.web import because, desk
from app.web.asking import house, me, pen
from app.web.hypertext import go, page
from app.web.log_form import OneOf

pages = Blueprint("reminders", __name__)
HERE = "/mig/paamindelser"
SHOWN = 20  # of the last notices
SHOWN_FOR = timedelta(days=30)
LONGEST_HOLIDAY = timedelta(days=92)
FATES = {
    notices.WAITING: mark("Venter"),
    notices.SENT: mark("Sendt"),
    "shown": mark("Afleveret"),
    "opened": mark("Åbnet"),
    "mailed": mark("Sendt som e-mail"),
    notices.FAILED: mark("Kunne ikke sendes"),
    notices.WITHDRAWN: mark("Trukket tilbage"),
    notices.SPARED: mark("Ikke sendt: Du havde fået fem den uge"),
}
REFUSALS = {
    "endpoint": mark("Browserens beskedtjeneste er ikke en, vi kender. Du får e-mail i stedet."),
    "key": mark("Browseren sendte en nøgle, der ikke kan bruges. Prøv igen."),
    "many": mark("Du har allerede ti enheder. Fjern en, du ikke bruger."),
}


class PreferenceForm(FlaskForm):
    wanted = SelectMultipleField(validate_choice=False)
    quiet_from = StringField()
    quiet_to = StringField()
    away_from = StringField()
    away_to = StringField()

    def validate_wanted(self, field: Field) -> None:
        OneOf(GROUPS)(self, field)

    def validate_quiet_from(self, field: Field) -> None:
        _time(field)

    def validate_quiet_to(self, field: Field) -> None:
        _time(field)

    def validate_away_from(self, field: Field) -> None:
        _day(field)

    def validate_away_to(self, field: Field) -> None:
        last, first = _day(field), _day(self.away_from)
        if (first is None) != (last is None):
            raise StopValidation(say("Vælg både den første og den sidste dag, eller ingen."))
        if first and last and last < first:
            raise StopValidation(say("Den sidste dag ligger før den første. Ret en af dem."))
        if first and last and last - first > LONGEST_HOLIDAY:
            raise StopValidation(say("Ferien kan højst vare tre måneder. Vælg en tidligere dag."))


class ShownDevice(NamedTuple):
    id: UUID
    system: str
    browser: str
    since: datetime
    here: bool


class ShownNotice(NamedTuple):
    at: datetime
    reason: str
    fate: str


class ShownLetter(NamedTuple):
    subject: str
    link: str


@pages.get(HERE)
def show() -> Response:
    return _page(_fresh())


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def choose() -> AnyResponse:
    form = PreferenceForm()
    if not form.validate_on_submit():
        return _page(form, status=400 if form.errors.get("csrf_token") else 422)
    unwanted = [group for group in _groups() if group not in (form.wanted.data or [])]
    wish = Wish(
        quiet_from=_time(form.quiet_from),
        quiet_to=_time(form.quiet_to),
        off=preferences.off(unwanted),
        away_from=_day(form.away_from),
        away_to=_day(form.away_to),
    )
    preferences.choose(me().id, wish, pen())
    return go(f"{HERE}#gemt")


@pages.post("/mig/enheder")
def subscribe() -> Response:
    """From a phone's script: remind me here. With `known`, only if we know it already."""
    sent = request.form
    try:
        number = int(sent.get("number", ""))
        address = devices.checked(
            sent.get("endpoint", ""),
            sent.get("p256dh", ""),
            sent.get("auth", ""),
            house().settings.push_peers,
        )
        if number not in current_app.extensions["push_keys"].keys:
            raise Refused("key")
        if sent.get("known") and not devices.knows(address, me().id, house().keyring.lookup):
            return Response(status=404)
        devices.subscribe(
            me().id,
            me().sign_in_id,
            address,
            request.user_agent.string,
            number,
            house().keyring.lookup,
            pen(),
            clock.now(),
        )
    except (Refused, ValueError) as refused:
        why = refused.why if isinstance(refused, Refused) else "key"
        return _sentence(REFUSALS[why], 422)
    except Taken:
        return _sentence(mark("Telefonen hører til en anden. Prøv igen."), 409)
    return Response(status=204)


@pages.post("/mig/enheder/<uuid:device_id>/fjern")
def remove(device_id: UUID) -> AnyResponse:
    if not devices.remove(device_id, me().id, pen()):
        abort(404)
    return go(HERE)


@pages.get("/mig/enheder/noegle")
def key() -> Response:
    """What a phone subscribes with: our key and its number."""
    public = current_app.extensions["push_keys"].public()
    if public is None:
        abort(404)
    return jsonify(number=public[0], key=public[1])


@pages.post(f"{HERE}/proev")
def trial() -> AnyResponse:
    """A reminder to all of my devices, within seconds."""
    notices.trial(me().id, clock.now())
    return go(f"{HERE}#proeve")


@pages.get(f"{HERE}/hjaelp")
def help_page() -> Response:
    """How to say yes again on a phone that has said no."""
    _whom_to_call()
    apple = system_of(request.user_agent.string) == "iphone"
    return page("reminders/help.html", apple=apple, place="profile")


@pages.get("/p/<uuid:notice_id>")
def opened(notice_id: UUID) -> AnyResponse:
    """From the notification or the letter to the form, in one tap."""
    told = notices.one(notice_id)
    if told is None or told.person_id != me().id:
        abort(404)
    if request.method == "GET":
        notices.opened(told.carrier_id or told.id, clock.now())
    if notices.gathers(told.id):
        return go("/" if MENTOR in me().roles else "/leder")
    return go(_target(told))


@pages.post("/p/<uuid:notice_id>/vist")
@csrf.exempt  # from the worker, which has no page: the id is the secret, and nothing is told back
def shown(notice_id: UUID) -> Response:
    notices.shown(notice_id, clock.now())
    return Response(status=204)


@pages.get("/demo/breve")
def letters() -> Response:
    """The demo has no mail server: here lie the letters to whoever is signed in."""
    if not house().settings.demo or house().settings.mail_server:
        abort(404)
    _whom_to_call()
    mine = db.session().get_one(Person, me().id).email
    found = sorted(mail.folder_of(house().settings).glob("*.eml"), key=lambda f: -f.stat().st_mtime)
    read = (message_from_bytes(file.read_bytes(), policy=policy.default) for file in found)
    return page(
        "reminders/letters.html",
        letters=[
            ShownLetter(str(letter["Subject"]), _link_in(letter))
            for letter in read
            if letter["To"] == mine
        ][:SHOWN],
        place="profile",
    )


def _link_in(letter: Any) -> str:
    """Only the path: a demo may be reached by more than one name."""
    words: str = letter.get_content()
    return "/p/" + words.rpartition("/p/")[2].strip()


def _target(told: Told) -> str:
    """Where the thing can be done, with the word for why the reminder came."""
    why = f"hvorfor={told.reminder}"
    mentors = MENTOR in me().roles and _is_of_my_pair(told)
    if (
        not mentors
        and told.reminder not in OF_LEADERS
        and LEADER in me().roles | me().waiting
        and told.mentorship_id
    ):
        return f"/leder/forloeb/{told.mentorship_id}?{why}"
    place: str = PLACES_OF[told.reminder](told)
    return f"{place}&{why}" if "?" in place else f"{place}?{why}"


def _is_of_my_pair(told: Told) -> bool:
    mine = desk.mine()
    return mine is not None and mine.id == told.mentorship_id


def _closures_of(told: Told) -> str:
    """Where no leader can answer it, it is the consultant's."""
    leads = told.mentorship_id and access.leads(me(), told.mentorship_id)
    return "/leder/afslutninger" if leads else "/konsulent/afslutninger"


def _log_of(told: Told) -> str:
    """The day of the planned meeting is filled in."""
    planned = plans.one(told.about_id)
    return f"/moeder/ny?dato={planned.on.isoformat()}" if planned else "/moeder/ny"


CONCERNS = "/konsulent/bekymringer"  # where nobody leads, it reaches the consultants


def _wish_of(told: Told) -> str:
    wish = wishes.one(told.about_id)
    return f"/leder/forloeb/{wish.mentorship_id}" if wish and wish.mentorship_id else "/leder"


def _expense_of(told: Told) -> str:
    life = grants.owner_of(told.about_id)
    return f"/leder/forloeb/{life}/beloeb" if life else "/leder"


# Their own pages say more than that of the mentorship.
OF_LEADERS = frozenset({news.CLOSURE, news.ALERT, news.MATCH_ANSWERED, news.WATCH, news.RENUMBERED})
PLACES_OF: dict[str, Any] = {
    news.EVALUATION: _log_of,
    news.AGAIN: _log_of,
    news.SCORES: lambda told: f"/moeder/{told.about_id}/mine-svar",
    news.WEEK: lambda _: "/uger",
    news.NO_CONTACT: lambda _: "/kontakter/ny",
    news.ASKED: lambda told: f"/uger/overdragelser/{told.about_id}",
    news.GIVEN: lambda told: f"/uger/overdragelser/{told.about_id}",
    news.ANSWERED: lambda told: f"/uger/overdragelser/{told.about_id}",
    news.UNCOVERED: lambda _: "/uger",
    news.AGREEMENT: lambda _: "/forloeb/aftale",
    news.RELEASE_MEETING: lambda _: "/forloeb",
    news.RELEASE_WEEK: lambda _: "/forloeb",
    news.FOLLOW_UP: lambda _: "/forloeb",
    news.GOODBYE: lambda _: "/forloeb",
    news.PLANNED_END: lambda _: "/forloeb",
    news.PAUSE: lambda _: "/forloeb/pause",
    news.SILENCE: lambda _: "/leder",  # of a mentorship that somebody else leads by now
    news.WELLBEING: lambda _: "/leder",
    news.DIGEST: lambda _: "/leder",
    news.CLOSURE: lambda told: f"{_closures_of(told)}/{told.about_id}",
    news.CLOSED: lambda _: "/",
    news.REFERRAL: lambda told: f"/leder/henvisninger/{told.about_id}",
    news.CLEARANCE: lambda told: f"/leder/mentorer/{told.about_id}",
    news.FAREWELL: lambda _: "/privatliv",
    news.INVITED: lambda _: "/",
    news.GATHERING: lambda _: "/mig",
    news.WISH: _wish_of,
    news.EXPENSE: _expense_of,
    news.IDLE: lambda told: f"/leder/mentorer/{told.about_id}",
    news.MOVED: lambda _: "/forloeb",
    news.ALERT: lambda _: "/leder/bekymringer" if LEADER in me().roles else CONCERNS,
    news.DECIDED: lambda _: "/forloeb/brudt",
    news.MATCH: lambda told: f"/match/{told.about_id}",
    news.MATCH_ANSWERED: lambda _: "/leder/match",
    news.SENT_BACK: lambda _: "/forloeb/afslutning",
    news.NEW_DEVICE: lambda _: "/mig/indlogninger",
    news.ACCESS_CHANGED: lambda _: "/mig/adgang",
    news.GUESSED: lambda _: "/mig/adgang",
    news.READDRESSED: lambda _: "/mig",
    news.RENUMBERED: lambda told: f"/leder/mentorer/{told.about_id}",
    news.WATCH: lambda _: "/konsulent/adgangslog",
    news.TRIAL: lambda _: HERE,
}


def _groups() -> dict[str, str]:
    """The groups that somebody with these roles can get."""
    own = set(preferences.OF_MENTORS) if MENTOR in me().roles else set()
    own |= set(preferences.OF_LEADERS) if LEADER in me().roles else set()
    return {code: say(label) for code, label in GROUPS.items() if code in own}


def _fresh() -> PreferenceForm:
    wish = preferences.of(me().id)
    data = {
        "wanted": [group for group in GROUPS if group not in wish.unwanted],
        "quiet_from": wish.quiet_from.strftime("%H:%M"),
        "quiet_to": wish.quiet_to.strftime("%H:%M"),
        "away_from": wish.away_from and wish.away_from.isoformat(),
        "away_to": wish.away_to and wish.away_to.isoformat(),
    }
    return PreferenceForm(formdata=None, data=data)


def _whom_to_call() -> None:
    """The leader is one tap away on a mentor's every page."""
    if MENTOR in me().roles:
        desk.mine()


def _page(form: PreferenceForm, *, status: int = 200) -> Response:
    _whom_to_call()
    here = devices.subscribed_on(me().sign_in_id)
    told = notices.lately(me().id, clock.now() - SHOWN_FOR, SHOWN)
    return page(
        "reminders/page.html",
        status=status,
        place="profile",
        form=form,
        groups=list(_groups().items()),
        today=clock.today(),
        devices=[
            ShownDevice(
                d.id, say(SYSTEMS[d.system]), say(BROWSERS[d.browser]), d.made_at, d.id == here
            )
            for d in devices.of(me().id)
        ],
        told=[_shown(one, {t.id: t for t in told}) for one in told],
        demo=house().settings.demo and not house().settings.mail_server,
        hours=LEADER in me().roles,
    )


def _shown(told: Told, known: dict[UUID, Told]) -> ShownNotice:
    fate = notices.fate(told, known.get(told.carrier_id) if told.carrier_id else None)
    return ShownNotice(
        told.sent_at or told.ended_at or told.due_at,
        because.sentence(told.reminder),
        say(FATES[fate]),
    )


def _sentence(sentence: str, status: int) -> Response:
    return Response(say(sentence), status, mimetype="text/plain")


def _time(field: Field) -> time:
    try:
        return time.fromisoformat(field.data or "")
    except ValueError:
        raise StopValidation(say("Vælg et klokkeslæt.")) from None


def _day(field: Field) -> date | None:
    if not field.data:
        return None
    try:
        return date.fromisoformat(field.data)
    except ValueError:
        raise StopValidation(say("Vælg en dato.")) from None
