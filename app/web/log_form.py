"""The form Log møde: what it takes, and the sentences it answers with."""

from collections.abc import Callable, Iterable
from datetime import date as date_type
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import g
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation

from app import clock
from app.domain import access, plain_text, plans
from app.domain.evaluations import LONGEST_TEXT, LONGEST_VICTORY, SCORES, Answer
from app.domain.logs import Facts, Log, Words
from app.domain.meetings import (
    CANCELLERS,
    HELD,
    LONGEST_TRIP,
    OTHERS,
    OUTCOMES,
    PLACES,
    SINCE_LAST,
    THEMES,
    Seen,
    bits,
    codes,
)
from app.language import mark, say

TODAY, YESTERDAY, OTHER = "today", "yesterday", "other"
LONGEST_OPEN = timedelta(days=30)  # a page may lie open that long; what a phone sealed, for ever
PLAN_AHEAD = timedelta(days=366)
PHONE_SIGNS = frozenset("+ ()-0123456789")
LONGEST_PHONE = 20


class OneOf:
    """Refuses a choice that the form does not offer."""

    def __init__(self, choices: Iterable[str]) -> None:
        self.choices = set(choices)

    def __call__(self, form: FlaskForm, field: Field) -> None:
        given = field.data or ()
        if not set([given] if isinstance(given, str) else given) <= self.choices:
            raise StopValidation(say(mark("Vælg en af mulighederne.")))


class Whole:
    """Refuses what is not a whole number of the range."""

    def __init__(self, allowed: range, sentence: str) -> None:
        self.allowed, self.sentence = allowed, sentence

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if field.data and whole(field.data) not in self.allowed:
            raise StopValidation(say(self.sentence))


class OfficePhone:
    """Refuses what is no phone number of an office, wherever in the world."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if not is_phone(field.data or ""):
            raise StopValidation(
                say(mark("Skriv kontorets telefonnummer, eller lad feltet stå tomt."))
            )


class MadeId:
    """Refuses what cannot be the id that a page of ours was made with."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if uuid_or_none(field.data) is None:
            raise StopValidation(say(mark("Siden har været åben for længe. Prøv igen.")))


class Text:
    """Refuses text that is too long or that points at a person."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, form: FlaskForm, field: Field) -> None:
        text = plain_text.cleaned(field.data) or ""
        if len(text) > self.longest:
            sentence = mark("Teksten er %(over)s tegn for lang. Der er plads til %(longest)s tegn.")
            raise StopValidation(say(sentence, over=len(text) - self.longest, longest=self.longest))
        if problem := plain_text.problem(text):
            raise StopValidation(say(problem))


def is_phone(given: str) -> bool:
    """What is written as a phone number is, and could not be a CPR number."""
    if len(given) > LONGEST_PHONE or set(given) - PHONE_SIGNS:
        return False
    return given.startswith("+") or not plain_text.CPR.search(given)


def day_of(field: Field) -> date_type:
    """The day that a date field holds."""
    try:
        return date_type.fromisoformat(field.data or "")
    except ValueError:
        raise StopValidation(say("Vælg en dato.")) from None


A_SCORE = mark("Vælg et tal fra 1 til 10.")
A_TRIP = mark("Skriv et helt antal kilometer fra 0 til 999.")


class DayForm(FlaskForm):
    """The day something happened: today, yesterday or another one; never one to come."""

    opened = StringField()  # the day the form was opened: what "today" meant to who chose it
    when = StringField(validators=[OneOf((TODAY, YESTERDAY, OTHER))])
    date = StringField()

    earliest: date_type | None = None  # the first day of the mentor's seat
    latest: date_type | None = None  # its last, when it has ended
    sat: Callable[[date_type], bool] | None = None  # for who has left: whether a seat was held

    def validate_date(self, field: Field) -> None:
        try:
            chosen = self.day()
        except ValueError:
            raise StopValidation(say("Vælg en dato.")) from None
        today = clock.today()
        if chosen > today:
            raise StopValidation(say("Datoen ligger i fremtiden. Vælg den dag, det skete."))
        if self.latest and chosen > self.latest:
            raise StopValidation(
                say("Den dag var du ikke længere mentor her. Vælg en tidligere dato.")
            )
        seated = access.may_log_on(self.earliest, chosen, today, self.latest)
        if not seated or (self.sat and not self.sat(chosen)):
            raise StopValidation(say("Den dag var du ikke mentor her endnu. Vælg en senere dato."))

    def day(self) -> date_type:
        """The day chosen; the one the form was opened on unless another is."""
        opened = self._opened()
        if self.when.data == YESTERDAY:
            return opened - timedelta(days=1)
        if self.when.data == OTHER or (not self.when.data and self.date.data):
            return date_type.fromisoformat(self.date.data or "")
        return opened

    def _opened(self) -> date_type:
        today = clock.today()
        try:
            opened = date_type.fromisoformat(self.opened.data or "")
        except ValueError:
            return today
        fresh = "sealed" in g or today - LONGEST_OPEN <= opened
        return opened if fresh and opened <= today else today

    def day_or_today(self) -> date_type:
        try:
            return self.day()
        except ValueError:
            return clock.today()


class WordsForm(FlaskForm):
    """One mentor's own answers."""

    relation = StringField(validators=[Whole(SCORES, A_SCORE)])
    wellbeing = StringField(validators=[Whole(SCORES, A_SCORE)])
    comment = TextAreaField(validators=[Text(LONGEST_TEXT)])
    leader_may_read = BooleanField()
    note = TextAreaField(validators=[Text(LONGEST_TEXT)])
    victory = StringField(validators=[Text(LONGEST_VICTORY)])
    themes = SelectMultipleField(validate_choice=False, validators=[OneOf(THEMES)])

    def words(self, *, asked_themes: bool = True) -> Words:
        return Words(
            relation=whole(self.relation.data),
            wellbeing=whole(self.wellbeing.data),
            themes=bits(self.themes.data or (), THEMES) if asked_themes else None,
            leader_may_read=bool(self.leader_may_read.data),
            comment=plain_text.cleaned(self.comment.data),
            note=plain_text.cleaned(self.note.data),
            victory=plain_text.cleaned(self.victory.data),
        )


class FactsForm(DayForm, WordsForm):
    """The facts of the meeting besides."""

    outcome = StringField(validators=[OneOf(OUTCOMES)])
    cancelled_by = StringField(validators=[OneOf(CANCELLERS)])
    others = SelectMultipleField(validate_choice=False, validators=[OneOf(OTHERS)])
    place = StringField(validators=[OneOf(PLACES)])
    co_mentor = BooleanField()
    companion = BooleanField()
    contact_since = SelectMultipleField(validate_choice=False, validators=[OneOf(SINCE_LAST)])
    km = StringField(validators=[Whole(range(LONGEST_TRIP + 1), A_TRIP)])

    def validate_outcome(self, field: Field) -> None:
        if field.data in (None, "", HELD) or not (self.relation.data or self.wellbeing.data):
            return
        raise StopValidation(say("Du har valgt tal. Blev mødet ikke til noget, så gem uden tal."))

    def facts(self) -> Facts:
        held = (self.outcome.data or HELD) == HELD
        return Facts(
            held_on=self.day(),
            outcome=self.outcome.data or HELD,
            cancelled_by=None if held else self.cancelled_by.data or None,
            place=self.place.data or None if held else None,
            others=bits(self.others.data or (), OTHERS) if held else 0,
            companion=held and bool(self.companion.data),
            since_last=bits(self.contact_since.data or (), SINCE_LAST),
            km=whole(self.km.data),
        )


class LogForm(FactsForm):
    """Log møde: all of it, and the id made on the phone."""

    id = StringField(validators=[MadeId()])
    mentorship = StringField()
    join = StringField()
    apart = StringField()
    next_date = StringField()
    next_who = StringField(validators=[OneOf(plans.WHO)])

    def validate_next_date(self, field: Field) -> None:
        if not field.data:
            return
        try:
            chosen = date_type.fromisoformat(field.data)
        except ValueError:
            raise StopValidation(say("Vælg en dato.")) from None
        today = clock.today()
        if not today <= chosen <= today + PLAN_AHEAD:
            raise StopValidation(say("Vælg i dag eller en senere dag, højst et år frem."))

    def log(self) -> Log:
        joining = bool(self.join.data)
        return Log(
            id=UUID(self.id.data),
            facts=self.facts(),
            words=self.words(asked_themes=not joining and self.facts().outcome == HELD),
            with_co_mentor=bool(self.co_mentor.data),
            next_on=date_type.fromisoformat(self.next_date.data) if self.next_date.data else None,
            next_who=self.next_who.data or "me",
            apart_from=uuid_or_none(self.apart.data),
        )


def filled_from(meeting: Seen, answer: Answer | None) -> dict[str, Any]:
    """What an edit form shows before anybody has typed."""
    return {
        "outcome": meeting.outcome,
        "cancelled_by": meeting.cancelled_by or "",
        "when": OTHER,
        "date": meeting.held_on.isoformat(),
        "others": codes(meeting.others, OTHERS),
        "place": meeting.place or "",
        "companion": meeting.companion,
        "co_mentor": meeting.with_mentor is not None,
        "contact_since": codes(meeting.since_last, SINCE_LAST),
        "km": "" if meeting.km is None else str(meeting.km),
        "relation": str(answer.relation) if answer and answer.relation else "",
        "wellbeing": str(answer.wellbeing) if answer and answer.wellbeing else "",
        "themes": codes(answer.themes or 0, THEMES) if answer else [],
        "leader_may_read": bool(answer and answer.leader_may_read),
        "comment": (answer and answer.text("comment")) or "",
        "note": (answer and answer.text("note")) or "",
        "victory": (answer and answer.text("victory")) or "",
    }


def uuid_or_none(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def whole(text: str | None) -> int | None:
    """A whole number as typed; -1 for what is none, None for nothing."""
    text = (text or "").strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1
