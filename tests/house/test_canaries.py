"""The canary sweep: a unique word in every sealed cell, then a search through every channel."""

import base64
import json
import logging
import re
import secrets
import shutil
import string
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle, product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, text
from sqlmodel import SQLModel

from app import backups, clock, create_app, db, key_store, parcels
from app.clock import Week
from app.domain import (
    agreements,
    alerts,
    closures,
    code_apps,
    contacts,
    erasure,
    exit_forms,
    exit_links,
    feeds,
    follow_ups,
    gatherings,
    grants,
    handovers,
    intakes,
    invitations,
    logs,
    meetings,
    mentorships,
    news,
    notices,
    partners,
    people,
    plans,
    profiles,
    rota,
    threads,
    trail,
    turns,
    wishes,
)
from app.domain.agreements import Agreement
from app.domain.alerts import AlertStep
from app.domain.branches import BRANCHES, INSTITUTIONS, MUNICIPALITIES
from app.domain.closures import Closure, ClosureStep
from app.domain.closures import Terms as End
from app.domain.code_apps import CodeApp
from app.domain.devices import Device
from app.domain.evaluations import Evaluation, Revision
from app.domain.exit_forms import ExitForm
from app.domain.follow_ups import FollowUp, Notes
from app.domain.grants import Expense
from app.domain.handovers import ACCEPTED, Handover, HandoverAnswer
from app.domain.intakes import IntakePage
from app.domain.logs import Facts, Log, Words
from app.domain.matches import Match
from app.domain.mentorships import Participant
from app.domain.notices import NOTICES, Notice
from app.domain.partners import Partner
from app.domain.people import Person
from app.domain.plans import Terms
from app.domain.profiles import Profile
from app.domain.referrals import Referral, ReferralStep
from app.domain.threads import ThreadNote
from app.domain.turns import Note, Request
from app.domain.wishes import Wish
from app.house import House
from app.key_store import KeyGone
from app.vault import Sealed
from tests.cast import PASSWORD, Cast
from tests.conftest import client_of, settings_for, token_on
from tests.devices import subscribe
from tests.house.catalogue import COLUMNS, MAY_SEE, NOT_SHOWN_YET, Kind, Tie

pytestmark = pytest.mark.slow

PAIR, FORMER, OUTSIDERS = ("Anna", "Bo"), "Mia", ("Otto", "Ida")
READERS = (*PAIR, FORMER, *OUTSIDERS, "Nora", "Lise", "Lars", "Karen", "Gustav", None)
LED_BY = {"Nora": "Lise", "Anna": "Lise", "Bo": "Lise", "Otto": "Lars", "Ida": "Lars"}
BRANCH = {"Havn": ("Anna", "Bo", "Mia", "Nora", "Lise", "Gustav"), "Skov": ("Otto", "Ida", "Lars")}
SAT = ((PAIR, FORMER), (OUTSIDERS, None))  # who sits in the pair now, and who sat there before
OF_THE_END = (
    Kind.AGREED,
    Kind.DECISION,
    Kind.EXPENSE,
    Kind.ENDING,
    Kind.EXIT_ANSWERS,
    Kind.FOLLOW_UP,
)
KEPT = {"Samir": PAIR, "Jonas": OUTSIDERS}
# Canaries share their beginnings, so that many megabytes of files are searched for three words.
STEM, STEM_OF_NUMBERS, STEM_OF_DAYS = "Zqxkv", "2976", "1899"
DAYS_OF_BIRTH = cycle(range(3 * 18))
MONTHS = {"okt": 10, "oct": 10, "nov": 11, "dec": 12}
DAY_IN_WORDS = re.compile(rf"(\d\d)\.? ({'|'.join(MONTHS)})[a-z]*\.? ({STEM_OF_DAYS})")
STEMS = (STEM, STEM_OF_NUMBERS, STEM_OF_DAYS)
STORES = (SQLModel.metadata, key_store.key_metadata)


@dataclass(frozen=True)
class Canary:
    """A word that stands in one cell of one person and nowhere else."""

    word: str
    kind: Kind
    column: str
    about: str  # whose it is: a member of the cast, a participant, or the author of words
    row: UUID
    ticked: bool = False  # the leader may read it
    to: str = ""  # whom a note is to

    def found_in(self, content: str) -> bool:
        return self.heard_in(folded(content))

    def heard_in(self, content: str) -> bool:
        """The same for what is folded already."""
        return self.word.casefold() in content


def folded(content: str) -> str:
    """Without case, with phone numbers in one piece, and days of birth as they are kept."""
    one_piece = re.sub(r"(?<=\d)[\s\u00a0](?=\d)", "", content.casefold())
    return DAY_IN_WORDS.sub(lambda m: f"{m[3]}-{MONTHS[m[2]]}-{m[1]}", one_piece)


class Sweep:
    """The cast with a canary in every sealed cell, and everything that has been said about them."""

    def __init__(self, house: House, app: Any, cast: Cast) -> None:
        self.house, self.app, self.cast = house, app, cast
        self.canaries: list[Canary] = []
        self.addresses: list[str] = []
        self.clients: dict[str | None, Any] = {}  # who is signed in
        with house.work(writes=True) as (unit, _):
            for name, person in cast.people.items():
                self._mark_person(name, db.session().get_one(Person, person))
            for name, participant in cast.participants.items():
                self._mark_participant(name, db.session().get_one(Participant, participant))
            unit.commit()
        self.meetings: list[UUID] = []
        self.contacts: list[UUID] = []
        today = clock.today()
        for author, ticked, day in (
            ("Anna", True, 9),
            ("Anna", False, 5),
            ("Bo", False, 3),
            ("Otto", True, 4),
            ("Mia", True, 30),
        ):
            self._log(author, ticked, today - timedelta(days=day))
        for author, reader, day in (
            ("Anna", "Bo", 0),
            ("Bo", "Anna", 0),
            ("Otto", "Ida", 0),
            ("Mia", "Anna", 30),  # while she sat in the pair
            ("Anna", "Mia", 30),
        ):
            self._note(author, reader, today - timedelta(days=day))
        self.handovers = [
            self._hand_over("Anna", "Bo", 0, ticked=True),
            self._hand_over("Anna", "Bo", 1, ticked=False),
            self._hand_over("Bo", "Anna", 0, ticked=False),
            self._hand_over("Otto", "Ida", 0, ticked=True),
            self._give("Lise", "Anna"),
        ]
        for author in ("Bo", "Otto", "Nora"):
            self._wish(author)
        self._subscribe("Anna")
        self._tie_app("Anna")
        self._agree("Bo")
        for author in ("Anna", "Nora"):
            self._profile(author)
        self.gathering = self._gather("Lise")
        self.referral = self._refer("Lise")
        self.match = self._ask("Lise", "Nora")
        self._spend("Bo")
        self._break("Bo", "Lise")
        self.partner = self._partner("Lise")
        self.closures = [self._end("Bo", "Lise"), self._exit("Otto", "Lars")]
        self._follow_up("Lise", "Samir")
        self.notices = [self._notice("Anna"), self._notice("Lise")]
        self.secret = self._invite("Nora")
        self.plans, self.tokens = [self._plan("Anna"), self._plan("Otto")], [self._link("Anna")]

    def _subscribe(self, name: str) -> None:
        word = _word()
        with self.house.work(writes=True) as (unit, _):
            made = subscribe(self.house, self.cast, name, word)
            unit.commit()
        self.canaries.append(Canary(word, Kind.ADDRESS, "device.address_ct", name, made))

    def _tie_app(self, name: str) -> None:
        person = self.cast.people[name]
        with self.house.work(writes=True) as (unit, _):
            code_apps.put(person, secret := _word(), 0)
            [row] = db.rows(code_apps.CODE_APPS.select())
            unit.commit()
        self.canaries.append(Canary(secret, Kind.CODE_SECRET, "code_app.secret_ct", name, row.id))

    def _notice(self, name: str) -> UUID:
        person, mentorship, now = (
            self.cast.people[name],
            self.cast.mentorships["Samir"],
            clock.now(),
        )
        with self.house.work(writes=True) as (unit, _):
            notices.at_once(person, news.UNCOVERED, mentorship, mentorship, now)
            told = notices.lately(person, now - timedelta(days=1), 60)
            unit.commit()
        return next(t.id for t in told if t.reminder == news.UNCOVERED)

    def _mark_person(self, name: str, row: Person) -> None:
        row.first_name = self._plant(row, "first_name", Kind.STAFF_FIRST_NAME, name)
        row.surname = self._plant(row, "surname", Kind.STAFF_SURNAME, name)
        row.phone = self._plant(row, "phone", Kind.STAFF_PHONE, name, _number())
        address = f"{_word()}@test.invalid"
        row.email = self._plant(row, "email", Kind.STAFF_EMAIL, name, address)
        row.email_mark = people.email_mark(address, self.house.keyring.lookup)
        db.session().add(row)
        if name == "Anna":
            self._letter_to_the_one_before(row.id)

    def _letter_to_the_one_before(self, person: UUID) -> None:
        """To the address that Anna had before: it waits."""
        before = f"{_word()}@test.invalid"
        notices.by_letter(person, news.READDRESSED, before, clock.now())
        [made] = db.rows(select(NOTICES.c.id).where(NOTICES.c.to_ct.is_not(None)))
        canary = Canary(before, Kind.STAFF_EMAIL, "notice.to_ct", "Anna", made.id)
        self.canaries.append(canary)

    def _mark_participant(self, name: str, row: Participant) -> None:
        row.first_name = self._plant(row, "first_name", Kind.PARTICIPANT_FIRST_NAME, name)
        row.surname = self._plant(row, "surname", Kind.PARTICIPANT_SURNAME, name)
        row.phone = self._plant(row, "phone", Kind.PARTICIPANT_PHONE, name, _number())
        row.birth_date = self._plant(
            row, "birth_date", Kind.PARTICIPANT_BIRTH_DATE, name, _birthday()
        )
        db.session().add(row)

    def _plant(self, row: Any, name: str, kind: Kind, about: str, word: str = "") -> str:
        word = word or _word()
        column = f"{row.__tablename__}.{name}_ct"
        self.canaries.append(Canary(word, kind, column, about, row.id))
        return word

    def _log(self, author: str, ticked: bool, day: Any) -> None:
        """A meeting with words in every field, corrected once, so that there is history too."""
        by = self.cast.people[author]
        first = Words(7, 3, 2, ticked, _word(), _word(), _word())
        then = Words(8, 4, 2, ticked, _word(), _word(), _word())
        with self.house.work(writes=True) as (unit, _):
            asked = day if author == FORMER else clock.today()
            view = mentorships.of_mentor(by, asked)
            assert view is not None
            pen = trail.Pen(self.house.keyring.trail, by, None)
            entry = Log(uuid4(), Facts(day), first, with_co_mentor=True)
            made = logs.log(entry, view, pen, by=by)
            seen = meetings.one(made)
            answer = db.session().get_one(Evaluation, entry.id)
            plain = {n: getattr(answer, n) for n in _ANSWER}
            logs.edit(seen, _ANSWER_TYPE(**plain), None, then, pen, by=by)
            kept = db.rows(db.columns(Revision).select())
            revision = next(r for r in kept if r.evaluation_id == entry.id)
            self.contacts.append(contacts.log(uuid4(), view, contacts.CALL, day, pen, by=by))
            unit.commit()
        self.meetings.append(made)
        for name in ("comment", "note", "victory"):
            # The leader reads a comment that was ticked; notes and victories are the pair's.
            open_to_leader = ticked and name == "comment"
            self._planted_words(name, then, entry.id, author, open_to_leader)
            word = getattr(first, name)
            self.canaries.append(
                Canary(word, Kind.WORDS, "revision.before_ct", author, revision.id)
            )

    def _note(self, author: str, reader: str, day: Any) -> None:
        """A note in the thread, to whoever was the co-mentor on that day."""
        by, word, made = self.cast.people[author], _word(), uuid4()
        with self.house.work(writes=True) as (unit, _):
            view = mentorships.of_mentor(by, day)
            assert view is not None
            pen = trail.Pen(self.house.keyring.trail, by, None)
            threads.write(made, view, self.cast.people[reader], word, pen, by=by)
            unit.commit()
        canary = Canary(word, Kind.THREAD, "thread_note.text_ct", author, made, to=reader)
        self.canaries.append(canary)

    def _hand_over(self, author: str, reader: str, n: int, *, ticked: bool) -> UUID:
        """A request for the n-th week to come of one's own, accepted with a few words."""
        by, to, made = self.cast.people[author], self.cast.people[reader], uuid4()
        words = {prompt: _word() for prompt in handovers.PROMPTS}
        with self.house.work(writes=True) as (unit, _):
            view = mentorships.of_mentor(by, clock.today())
            theirs = mentorships.of_mentor(to, clock.today())
            assert view is not None
            assert theirs is not None
            key = self.house.keyring.trail
            held = handovers.rota_of(view.id, view.seats, handovers.start_of(view))
            coming = rota.mondays(Week.of(clock.today()).plus(1).monday, 12)
            own = [monday for monday in coming if rota.holder_from(held, monday) == by]
            asked = Request(made, [own[n]], note=Note(**words, leader_may_read=ticked))
            turns.ask(asked, view, trail.Pen(key, by, None), by=by)
            turns.answer(made, theirs, ACCEPTED, trail.Pen(key, to, None), to, words=_word())
            (week,) = handovers.one(made, clock.today()).weeks
            reply = db.session().get_one(HandoverAnswer, week.answer_id)
            self.canaries.append(
                Canary(reply.words, Kind.REPLY, "handover_answer.words_ct", reader, reply.id)
            )
            unit.commit()
        self.canaries += [
            Canary(word, Kind.WORDS, f"handover.{prompt}_ct", author, made, ticked)
            for prompt, word in words.items()
        ]
        return made

    def _give(self, leader: str, taker: str) -> UUID:
        """A leader's message to the one who gets a week."""
        by, to, word, made = self.cast.people[leader], self.cast.people[taker], _word(), uuid4()
        with self.house.work(writes=True) as (unit, _):
            view = mentorships.of_mentor(to, clock.today())
            assert view is not None
            held = handovers.rota_of(view.id, view.seats, handovers.start_of(view))
            coming = rota.mondays(Week.of(clock.today()).plus(13).monday, 2)
            free = [monday for monday in coming if rota.holder_from(held, monday) != to]
            pen = trail.Pen(self.house.keyring.trail, by, None)
            turns.give_for(Request(made, free, note=Note(going=word)), view, to, pen, by)
            unit.commit()
        self.canaries.append(Canary(word, Kind.WORDS, "handover.going_ct", leader, made))
        return made

    def _wish(self, author: str) -> None:
        """A wish to stop, in the mentor's own words."""
        by, word, made = self.cast.people[author], _word(), uuid4()
        with self.house.work(writes=True) as (unit, _):
            view = mentorships.of_mentor(by, clock.today())
            pen = trail.Pen(self.house.keyring.trail, by, None)
            wishes.send(made, view and view.id, wishes.STOP, word, pen, by=by)
            unit.commit()
        self.canaries.append(Canary(word, Kind.WISH, "wish.words_ct", author, made))

    def _end(self, author: str, leader: str) -> UUID:
        """A closure that one of the pair proposes and the leader sends back."""
        reason, comment, made = _word(), _word(), uuid4()
        by, then = self.cast.people[author], self.cast.people[leader]
        with self.house.work(writes=True) as (unit, _):
            view = mentorships.of_mentor(by, clock.today())
            assert view is not None
            pens = [trail.Pen(self.house.keyring.trail, who, None) for who in (by, then)]
            terms = End(closures.INTERRUPTED, "others", clock.today(), reason=reason)
            closures.propose(made, view, terms, pens[0], by=by)
            proposed = closures.one(made)
            assert proposed is not None
            closures.send_back(proposed, comment, pens[1], by=then)
            step = closures.one(made).step_id
            unit.commit()
        for word, column, row in (
            (reason, "closure.reason_ct", made),
            (comment, "closure_step.comment_ct", step),
        ):
            self.canaries.append(Canary(word, Kind.ENDING, column, leader, row))
        return made

    def _agree(self, author: str) -> None:
        """What one of the pair writes down with the participant."""
        by, made = self.cast.people[author], uuid4()
        words = {name: _word() for name in agreements.TEXTS}
        with self.house.work(writes=True) as (unit, _):
            view = mentorships.of_mentor(by, clock.today())
            assert view is not None
            pen = trail.Pen(self.house.keyring.trail, by, None)
            agreements.save(made, view, agreements.Terms(agreements.START, words), pen, by=by)
            unit.commit()
        for name, word in words.items():
            column = f"agreement.{name}_ct"
            self.canaries.append(Canary(word, Kind.AGREED, column, author, made))

    def _profile(self, author: str) -> None:
        """What a mentor says of themselves."""
        by = self.cast.people[author]
        words = {name: _word() for name in profiles.TEXTS}
        born = _birthday()
        with self.house.work(writes=True) as (unit, _):
            pen = trail.Pen(self.house.keyring.trail, by, None)
            said = profiles.Written("woman", True, date.fromisoformat(born), words)
            profiles.write(by, said, pen)
            [row] = db.rows(
                db.columns(Profile).select().where(db.columns(Profile).c.person_id == by)
            )
            unit.commit()
        column = "profile.birth_date_ct"
        self.canaries.append(Canary(born, Kind.STAFF_BIRTH_DATE, column, author, row.id))
        for name, word in words.items():
            self.canaries.append(Canary(word, Kind.PROFILE, f"profile.{name}_ct", author, row.id))

    def _refer(self, leader: str) -> UUID:
        """Samir's own referral and start form, shared with nobody but the leader."""
        by, made = self.cast.people[leader], uuid4()
        samir = self.cast.participants["Samir"]
        words = {name: _word() for name in ("source", "source_phone", "answers")}
        with self.house.work(writes=True) as (unit, _):
            pen = trail.Pen(self.house.keyring.trail, by, None)
            town = db.rows(MUNICIPALITIES.select())[0].id
            row = Referral(
                id=made,
                branch_id=self.cast.branches["Havn"],
                participant_id=samir,
                municipality_id=town,
                release_on=clock.today() + timedelta(days=90),
                received_on=clock.today(),
                leader_id=by,
                made_by=by,
                made_at=clock.now(),
            )
            row.source, row.source_phone = words["source"], words["source_phone"]
            db.session().add(row)
            step = ReferralStep(
                id=uuid4(), referral_id=made, step="screened", at=clock.now(), by=by
            )
            db.session().flush()
            db.session().add(step)
            db.session().flush()
            begun = intakes.begin(made, samir, by)
            intakes.save(begun, "background", {"background": words["answers"]}, pen, by)
            [answers] = db.rows(intakes.PAGES.select())
            unit.commit()
        for name, word in words.items():
            row_id = answers.id if name == "answers" else made
            table = "intake_page" if name == "answers" else "referral"
            column = f"{table}.{name}_ct"
            self.canaries.append(Canary(word, Kind.INTAKE, column, "Samir", row_id))
        return made

    def _ask(self, leader: str, mentor: str) -> UUID:
        """A mentor is asked about Samir."""
        with self.house.work(writes=True) as (unit, _):
            row = Match(
                id=uuid4(),
                participant_id=self.cast.participants["Samir"],
                branch_id=self.cast.branches["Havn"],
                mentorship_id=self.cast.mentorships["Samir"],
                way="leader",
                first_id=self.cast.people[mentor],
                proposed_by=self.cast.people[leader],
                proposed_at=clock.now(),
            )
            made = row.id
            db.session().add(row)
            db.session().flush()
            unit.commit()
        return made

    def _spend(self, author: str) -> None:
        """One of the pair asks for money for something."""
        by, made, word = self.cast.people[author], uuid4(), _word()
        with self.house.work(writes=True) as (unit, _):
            view = mentorships.of_mentor(by, clock.today())
            pen = trail.Pen(self.house.keyring.trail, by, None)
            grants.ask(made, view, clock.today(), 100_00, word, pen, by=by)
            unit.commit()
        self.canaries.append(Canary(word, Kind.EXPENSE, "expense.what_ct", author, made))

    def _break(self, author: str, leader: str) -> None:
        """An agreement is broken, and the leader says a word about it."""
        by, then = self.cast.people[author], self.cast.people[leader]
        made, word = uuid4(), _word()
        with self.house.work(writes=True) as (unit, _):
            view = mentorships.of_mentor(by, clock.today())
            pens = [trail.Pen(self.house.keyring.trail, who, None) for who in (by, then)]
            alerts.raise_one(made, view, alerts.BROKEN, "other", pens[0], by=by)
            alerts.decide(alerts.one(made), "continues", word, pens[1], by=then)
            step = alerts.one(made).decided
            unit.commit()
        column = "alert_step.comment_ct"
        self.canaries.append(Canary(word, Kind.DECISION, column, leader, step.id))

    def _partner(self, leader: str) -> UUID:
        by, made = self.cast.people[leader], uuid4()
        words = [_word(), _number()]
        with self.house.work(writes=True) as (unit, _):
            pen = trail.Pen(self.house.keyring.trail, by, None)
            terms = partners.Terms("other", "Biblioteket", *words, None, None, None)
            partners.save(made, self.cast.branches["Havn"], terms, pen, by=by)
            unit.commit()
        for name, word in zip(("contact", "phone"), words, strict=True):
            column = f"partner.{name}_ct"
            self.canaries.append(Canary(word, Kind.PARTNER, column, leader, made))
        return made

    def _gather(self, leader: str) -> UUID:
        """A meeting of the mentors of a leader's branch."""
        by, made = self.cast.people[leader], uuid4()
        with self.house.work(writes=True) as (unit, _):
            pen = trail.Pen(self.house.keyring.trail, by, None)
            branch = self.cast.branches["Havn"]
            gatherings.hold(made, branch, gatherings.MEETING, clock.today(), pen, by=by)
            unit.commit()
        return made

    def _exit(self, author: str, leader: str) -> UUID:
        """An end that is approved, and what the participant says of it through the link."""
        best, closure, made = _word(), uuid4(), uuid4()
        by, then = self.cast.people[author], self.cast.people[leader]
        with self.house.work(writes=True) as (unit, _):
            view = mentorships.of_mentor(by, clock.today())
            assert view is not None
            pens = [trail.Pen(self.house.keyring.trail, who, None) for who in (by, then)]
            terms = End(closures.PLANNED, "together", clock.today())
            closures.propose(closure, view, terms, pens[0], by=by)
            closures.approve(closures.one(closure), pens[1], by=then)
            token, _until = exit_links.make(closures.one(closure), pens[1], by=then)
            link, told = exit_links.known(token), exit_forms.Answers(best=best)
            assert exit_forms.send(made, link, told, trail.Pen(pens[0]._key, None, None))
            unit.commit()
        column = "exit_form.answers_ct"
        self.canaries.append(Canary(best, Kind.EXIT_ANSWERS, column, leader, made))
        return closure

    def _follow_up(self, leader: str, participant: str) -> None:
        words, made = {name: _word() for name in follow_ups.TEXTS}, uuid4()
        by, here = self.cast.people[leader], self.cast.mentorships[participant]
        with self.house.work(writes=True) as (unit, _):
            pen = trail.Pen(self.house.keyring.trail, by, None)
            notes = Notes(clock.today(), "other", ("leader",), **words)
            follow_ups.write(made, here, self.cast.participants[participant], notes, pen, by=by)
            unit.commit()
        for name, word in words.items():
            column = f"follow_up.{name}_ct"
            self.canaries.append(Canary(word, Kind.FOLLOW_UP, column, leader, made))

    def _plan(self, author: str) -> UUID:
        """A meeting that both of the pair come to."""
        by, made = self.cast.people[author], uuid4()
        with self.house.work(writes=True) as (unit, _):
            view = mentorships.of_mentor(by, clock.today())
            assert view is not None
            day = clock.today() + timedelta(days=5)
            comes = plans.comers(plans.BOTH, view.seats, day, by)
            plans.add(view.id, Terms(day, None, "outside", *comes), by, plan_id=made)
            unit.commit()
        return made

    def _link(self, author: str) -> str:
        """The token of a calendar that needs no sign-in."""
        by = self.cast.people[author]
        with self.house.work(writes=True) as (unit, _):
            token = feeds.make(trail.Pen(self.house.keyring.trail, by, None), by=by)
            unit.commit()
        return token

    def _planted_words(
        self, name: str, words: Words, row: UUID, author: str, open_to_leader: bool
    ) -> None:
        word, column = getattr(words, name), f"evaluation.{name}_ct"
        self.canaries.append(Canary(word, Kind.WORDS, column, author, row, open_to_leader))

    def tie(self, reader: str | None, canary: Canary) -> Tie:
        """How the reader stands to whom the canary is about."""
        if reader == "Karen" and canary.about != "Karen":
            return Tie.CONSULTANT
        if canary.about in KEPT:
            return self._tie_to_participant(reader, canary.about)
        if canary.kind in (Kind.WORDS, Kind.REPLY, *OF_THE_END):
            return self._tie_to_words(reader, canary)
        if canary.kind is Kind.THREAD:
            return self._tie_to_note(reader, canary)
        return Tie.SELF if reader == canary.about else self._tie_to_colleague(reader, canary.about)

    def _tie_to_colleague(self, reader: str | None, colleague: str) -> Tie:
        if LED_BY.get(reader or "") == colleague:
            return Tie.LED
        if any(reader in pair and colleague in (*pair, before) for pair, before in SAT):
            return Tie.PAIR
        if {reader, colleague} == {"Lise", "Lars"}:  # a leader can ask another to stand in
            return Tie.LEADER
        same = any(reader in team and colleague in team for team in BRANCH.values())
        return Tie.LEADER if reader in ("Lise", "Lars") and same else Tie.NONE

    def _tie_to_participant(self, reader: str | None, participant: str) -> Tie:
        if reader in KEPT[participant]:
            return Tie.PAIR
        leader = LED_BY[KEPT[participant][0]]
        return Tie.LEADER if reader == leader else Tie.NONE

    def _tie_to_words(self, reader: str | None, canary: Canary) -> Tie:
        pair = _pair(canary.about)
        if reader in pair:
            return Tie.SELF if reader == canary.about else Tie.PAIR
        if reader == LED_BY[pair[0]]:
            return Tie.LEADER_TICKED if canary.ticked else Tie.LEADER
        return Tie.NONE

    def _tie_to_note(self, reader: str | None, note: Canary) -> Tie:
        """The two it is between, while they sit; a successor stands to it as the pair does."""
        if reader in (note.about, note.to):
            here = any(reader in pair for pair, _ in SAT)
            between = Tie.SELF if reader == note.about else Tie.ADDRESSEE
            return between if here else Tie.NONE
        return self._tie_to_words(reader, note)

    def paths(self) -> Iterator[str]:
        """Every page there is, with every id there is."""
        ids = {
            "meeting_id": self.meetings,
            "contact_id": self.contacts,
            "record_id": self.contacts,
            "plan_id": self.plans,
            "handover_id": self.handovers,
            "token": self.tokens,
            "secret": [self.secret],
            "notice_id": self.notices,
            "person_id": list(self.cast.people.values()),
            "gathering_id": [self.gathering],
            "referral_id": [self.referral],
            "match_id": [self.match],
            "erasure_id": [self._ask_to_erase()],
            "subject_id": [*self.cast.participants.values(), self.cast.people["Gustav"]],
            "partner_id": [self.partner],
            "section": ["background"],
            "closure_id": self.closures,
            **self._places(),
            "mentorship_id": list(self.cast.mentorships.values()),
            "kind": ["rules", "mentor_guide", "companion_guide"],
        }
        for rule in self.app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint == "static":
                continue
            taken = [[(name, str(value)) for value in ids[name]] for name in rule.arguments]
            for choice in product(*taken):
                filled = dict(choice)
                yield re.sub(r"<(?:\w+:)?(\w+)>", lambda m, f=filled: f[m[1]], rule.rule)
        for meeting in self.meetings:
            yield f"/moeder/ny?dato={self._day_of(meeting)}"
            yield f"/moeder/ny/dato?when=other&date={self._day_of(meeting)}"
        yield from ("/findes-ikke", "/moeder?fra=2", "/log-ind?next=/moeder")

    def _invite(self, name: str) -> str:
        """A link that lets somebody in."""
        with self.house.work(writes=True) as (unit, _):
            pen = trail.Pen(self.house.keyring.trail, None, None)
            secret = invitations.invite(self.cast.people[name], pen, by=None)
            unit.commit()
        return secret

    def _ask_to_erase(self) -> UUID:
        """Lise asks for it ahead of time; sent again, it is the same wish."""
        lise, samir = self.cast.people["Lise"], self.cast.participants["Samir"]
        with self.house.work(writes=True) as (unit, _):
            pen = trail.Pen(self.house.keyring.trail, lise, None)
            where = (erasure.PARTICIPANT, self.cast.branches["Havn"])
            made = erasure.ask(samir, *where, erasure.WISH, pen, by=lise)
            unit.commit()
        return made

    def _places(self) -> dict[str, list[UUID]]:
        tables = {
            "branch_id": BRANCHES,
            "municipality_id": MUNICIPALITIES,
            "institution_id": INSTITUTIONS,
        }
        with self.house.work(writes=False):
            return {
                name: [row.id for row in db.rows(table.select())] for name, table in tables.items()
            }

    def _day_of(self, meeting: UUID) -> str:
        with self.house.work(writes=False):
            seen = meetings.one(meeting)
        return seen.held_on.isoformat() if seen else ""

    def read_everything(self, reader: str | None) -> dict[str, str]:
        """Every page as that reader gets it, with its headers; addresses are noted."""
        client = self.app.test_client()
        if reader not in (None, "Gustav"):  # whose role has run out: nobody can sign him in
            # Once: Mig shows where its reader is signed in.
            client = self.clients.get(reader) or client_of(self.app, self.cast, reader)
            self.clients[reader] = client
        if reader == "Karen":
            self.open_up(client)
        return {path: self._noted(client.get(path), path) for path in self.paths()}

    def open_up(self, client: Any) -> None:
        """The consultant says why, and may then read what is behind a reason."""
        for mentorship in self.cast.mentorships.values():
            here = f"/konsulent/forloeb/{mentorship}"
            sent = {"csrf_token": token_on(client, "/mig"), "reason": "access"}
            assert client.post(here, data=sent).status_code == 303

    def _noted(self, answer: Any, path: str) -> str:
        assert answer.status_code < 500, f"{path} answered {answer.status_code}"
        links = re.findall(r'(?:href|src|action|hx-\w+)="([^"]*)"', answer.text)
        self.addresses += [path, *(link for link in links if not link.startswith("tel:"))]
        self.addresses += [v for n, v in answer.headers if n in ("Location", "HX-Redirect")]
        return folded(f"{answer.headers}\n{answer.text}")

    def opened(self, canary: Canary) -> str | None:
        """The cell through its one door."""
        model = _MODELS[canary.column.split(".")[0]]
        with self.house.work(writes=False):
            row = db.session().get_one(model, canary.row)
            return getattr(row, canary.column.split(".")[1].removesuffix("_ct"))


_ANSWER_TYPE = logs.Answer
_ANSWER = _ANSWER_TYPE._fields
_MODELS = {"person": Person, "participant": Participant, "evaluation": Evaluation}
_MODELS |= {"revision": Revision, "thread_note": ThreadNote, "wish": Wish}
_MODELS |= {
    "agreement": Agreement,
    "closure": Closure,
    "code_app": CodeApp,
    "profile": Profile,
    "alert_step": AlertStep,
    "expense": Expense,
    "partner": Partner,
    "intake_page": IntakePage,
    "referral": Referral,
    "closure_step": ClosureStep,
    "device": Device,
    "exit_form": ExitForm,
    "follow_up": FollowUp,
    "notice": Notice,
    "handover": Handover,
    "handover_answer": HandoverAnswer,
}


@pytest.fixture
def sweep(app: Any, house: House, cast: Cast) -> Sweep:
    return Sweep(house, app, cast)


@pytest.fixture
def any_sweep(any_app: Any, any_house: House, any_cast: Cast) -> Sweep:
    """Where the database is the point."""
    return Sweep(any_house, any_app, any_cast)


def test_every_column_has_a_kind():
    """T33: nothing is stored that the catalogue does not name."""
    there = {
        table.name: {column.name for column in table.columns}
        for store in STORES
        for table in store.tables.values()
    }
    assert {name: set(kinds) for name, kinds in COLUMNS.items()} == there


def test_every_sealed_column_has_a_rule():
    sealed = {
        (table.name, column.name): isinstance(column.type, Sealed)
        for store in STORES
        for table in store.tables.values()
        for column in table.columns
    }
    for (table, column), is_sealed in sealed.items():
        assert (COLUMNS[table][column] in MAY_SEE) is is_sealed, f"{table}.{column}"


def test_every_sealed_column_carries_a_canary(any_sweep):
    sealed = {
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Sealed)
    }
    assert {canary.column for canary in any_sweep.canaries} == sealed
    for canary in any_sweep.canaries:
        assert canary.found_in(any_sweep.opened(canary) or ""), canary


def test_each_reads_what_product_section_3_allows_and_nothing_else(sweep):
    """T4, T5: every sealed field, every role, every page."""
    forbidden, seen = [], set()
    for reader in READERS:
        for path, page in sweep.read_everything(reader).items():
            for canary in sweep.canaries:
                if not canary.heard_in(page):
                    continue
                tie = sweep.tie(reader, canary)
                seen.add((canary.kind, tie))
                if tie not in MAY_SEE[canary.kind]:
                    forbidden.append((reader, path, canary.column, canary.about))
    assert forbidden == []
    allowed = {(kind, tie) for kind, ties in MAY_SEE.items() for tie in ties}
    assert seen == allowed - NOT_SHOWN_YET


def test_no_other_channel_carries_anything(any_sweep, any_settings, caplog, capfd):
    """T6, T17: a failure, a refusal and every page leave no word in any log, address or file."""
    caplog.set_level(logging.DEBUG)
    _use_the_app(any_sweep)
    for reader in READERS:
        any_sweep.read_everything(reader)
    printed = capfd.readouterr()
    channels: dict[str, str] = {
        "log": "\n".join(f"{r.getMessage()} {r.args} {r.exc_text}" for r in caplog.records),
        "standard output and error": printed.out + printed.err,
        "addresses": "\n".join(any_sweep.addresses),
        "trail": _told(any_sweep.house.data, "trail"),
        "dump": _dump(any_sweep.house),
    }
    assert "broken on purpose" not in channels["log"]
    assert "RuntimeError in weeks.show" in channels["log"]  # else nobody was listening
    assert all(channels[name] for name in ("addresses", "trail", "dump"))
    assert [
        (name, canary.column)
        for name, content in ((name, folded(said)) for name, said in channels.items())
        for canary in any_sweep.canaries
        if canary.heard_in(content)
    ] == []
    assert _found_in_files(any_sweep, any_settings.instance) == []


def test_T31_no_backup_carries_anything(any_sweep, any_settings, tmp_path):
    """Neither the files nor what somebody reads in them who has the key that opens them."""
    opener, everything = tmp_path / "elsewhere" / "key.json", tmp_path / "everything"
    public = parcels.make_key(opener)
    object.__setattr__(any_sweep.house, "settings", replace(any_settings, backup_key=public))
    made, _ = backups.make(any_sweep.house, everything / "files")
    (everything / "inside").mkdir()
    for kind in (backups.DATA, backups.KEYS, backups.NOTES):
        with made.file(kind).open("rb") as file:
            key = parcels.Lock(opener).key_of(file, kind)
            content = b"".join(parcels.pieces(file, key, kind))
        if content.startswith(b"PGDMP"):  # its tables are compressed
            read = ("pg_restore", "--file=-")
            content = subprocess.run(read, input=content, capture_output=True, check=True).stdout
        (everything / "inside" / kind).write_bytes(content)
    assert b"Havn Kommune" in (everything / "inside" / backups.DATA).read_bytes(), "read in vain"
    assert _found_in(any_sweep, [p for p in everything.rglob("*") if p.is_file()]) == []


def test_the_search_through_files_finds_what_lies_there(any_sweep, any_settings):
    """The planted control: a word stored in the open is found, in the file or beside it."""
    plain = _word()
    with any_sweep.house.work(writes=True) as (unit, _):
        branch = any_sweep.cast.branches["Havn"]
        db.session().connection().execute(
            text("UPDATE branch SET name = :name WHERE id = :id"),
            {"name": plain, "id": branch.hex if _is_sqlite(any_sweep.house.data) else branch},
        )
        unit.commit()
    any_sweep.canaries = [Canary(plain, Kind.PLACE, "branch.name", "Havn", branch)]
    assert _found_in_files(any_sweep, any_settings.instance) != []
    assert any_sweep.canaries[0].found_in(_dump(any_sweep.house))


def test_the_co_mentors_pages_do_not_change_with_my_scores(sweep, subtests):
    """Nothing that Bo can open depends on how Anna says she is, nor on her relation until both have
    answered; Anna's own and Lise's pages do.
    """
    before = _all_read(sweep, wellbeing=2, relation=2)
    for change in ({"wellbeing": 9}, {"relation": 9}):
        after = _all_read(sweep, **change)
        with subtests.test(str(change)):
            assert {r for r in READERS if before[r] != after[r]} == {"Anna", "Lise"}
        before = after


def _all_read(sweep, **scores):
    """What each reader can open when Anna has said so."""
    _change_scores(sweep, "Anna", **scores)
    return {reader: _comparable(sweep.read_everything(reader)) for reader in READERS}


@pytest.mark.parametrize(
    ("name", "reader", "path"),
    [("Samir", "Lise", "/leder"), ("Bo", "Anna", "/forloeb"), ("Lise", "Anna", "/")],
)
def test_others_go_on_working_when_one_is_erased(sweep, name, reader, path):
    everyone = sweep.cast.people | sweep.cast.participants
    sweep.house.keys.erase(everyone[name], clock.today())
    answer = client_of(sweep.app, sweep.cast, reader).get(path)
    assert answer.status_code == 200
    assert "–" in answer.text  # in place of the name


@pytest.mark.parametrize("name", ["Samir", "Bo", "Lise"])
def test_erasing_one_key_makes_exactly_that_person_unreadable(sweep, name):
    everyone = sweep.cast.people | sweep.cast.participants
    sweep.house.keys.erase(everyone[name], clock.today())
    gone = {c for c in sweep.canaries if _owner(sweep, c) == name}
    assert gone
    for canary in sweep.canaries:
        if canary in gone:
            with pytest.raises(KeyGone):
                sweep.opened(canary)
        else:
            assert canary.found_in(sweep.opened(canary) or "")
    for reader in READERS:
        for path, page in sweep.read_everything(reader).items():
            assert not [c for c in gone if c.heard_in(page)], f"{reader} on {path}"


def test_a_backup_of_the_data_does_not_bring_an_erased_person_back(
    any_sweep, any_settings, tmp_path
):
    copy = tmp_path / "backup"
    restored = _backup(any_sweep.house, any_settings, copy)
    samir = any_sweep.cast.participants["Samir"]
    any_sweep.house.keys.erase(samir, clock.today())
    again = Sweep.__new__(Sweep)
    again.__dict__.update(any_sweep.__dict__)
    again.app = create_app(restored)
    again.house = again.app.extensions["house"]
    try:
        for canary in any_sweep.canaries:
            if _owner(any_sweep, canary) == "Samir":
                with pytest.raises(KeyGone):
                    again.opened(canary)
            else:
                assert canary.found_in(again.opened(canary) or "")
        assert _found_in_files(any_sweep, copy) == []
    finally:
        again.house.data.dispose()
        again.house.keys.engine.dispose()


def _word() -> str:
    return STEM + "".join(secrets.choice(string.ascii_lowercase) for _ in range(12))


def _number() -> str:
    return f"{STEM_OF_NUMBERS}{secrets.randbelow(10_000):04}"


def _birthday() -> str:
    """Another one each time: two people with one birthday would be taken for each other."""
    month, day = divmod(next(DAYS_OF_BIRTH), 18)
    return f"{STEM_OF_DAYS}-{10 + month}-{10 + day}"


def _owner(sweep: Sweep, canary: Canary) -> str:
    """Whose key seals it: the pair's words are sealed under the participant's."""
    if canary.kind is Kind.PARTNER:
        return "nobody of the cast: a partner has a key of its own"
    if canary.kind not in (Kind.WORDS, Kind.THREAD, Kind.REPLY, *OF_THE_END):
        return canary.about
    return next(name for name, pair in KEPT.items() if pair == _pair(canary.about))


def _pair(name: str) -> tuple[str, ...]:
    """The two of whom somebody is one, was one, or is the leader."""
    return next(pair for pair, before in SAT if name in (*pair, before, LED_BY[pair[0]]))


def _use_the_app(sweep: Sweep) -> None:
    """Everything that may make an app talk: sign-in, forms good and bad, and a fault."""
    by_column = {(c.about, c.column): c.word for c in sweep.canaries}
    stranger = sweep.app.test_client()
    for password in (PASSWORD, "forkert"):
        stranger.post(
            "/log-ind",
            data={
                "csrf_token": token_on(stranger, "/log-ind") if password != PASSWORD else "",
                "email": by_column["Nora", "person.email_ct"],
                "password": password,
            },
        )
    signed_in = sweep.app.test_client()
    answer = signed_in.post(
        "/log-ind",
        data={
            "csrf_token": token_on(signed_in, "/log-ind"),
            "email": by_column["Anna", "person.email_ct"],
            "password": PASSWORD,
        },
    )
    assert answer.status_code == 303
    anna = client_of(sweep.app, sweep.cast, "Anna")
    words = [_word() for _ in range(3)]
    form = {
        "csrf_token": token_on(anna, "/moeder/ny"),
        "id": str(uuid4()),
        "mentorship": str(sweep.cast.mentorships["Samir"]),
        "outcome": "held",
        "when": "today",
        "comment": words[0],
        "note": words[1],
        "victory": words[2],
    }
    good = anna.post("/moeder", data=form)
    assert good.status_code == 303
    sweep.addresses.append(good.location)
    answers = [
        anna.post("/moeder", data=form | {"comment": words[0] + "x"}),  # the same id: 409
        anna.post("/moeder", data=form | {"id": str(uuid4()), "km": "x"}),
        anna.post("/moeder", data=form | {"comment": words[0] + "x" * 70_000}),
        anna.post("/moeder", data=json.dumps(form), content_type="application/json"),
        anna.post("/moeder", data=form | {"csrf_token": "", "id": str(uuid4())}),
    ]
    assert [answer.status_code for answer in answers] == [409, 422, 413, 415, 400]
    words += [_write_a_note(sweep, anna, form), _wish(anna, form), _ask(anna, form)]
    _break(sweep.app, "weeks.show", words[0])
    assert anna.get("/uger?" + "x=1").status_code == 500
    sweep.app.view_functions["weeks.show"] = sweep.app.extensions.pop("kept")
    for word in words:
        sweep.canaries.append(Canary(word, Kind.WORDS, "sent by a form", "Anna", uuid4()))


def _write_a_note(sweep: Sweep, anna: Any, form: dict[str, str]) -> str:
    """A note to Bo: taken, then another one under its id, then one too long."""
    word, bo = _word(), str(sweep.cast.people["Bo"])
    note = form | {"id": str(uuid4()), "to": bo, "text": word}
    changes: tuple[dict[str, str], ...] = ({}, {"text": word + "x"}, {"text": word * 100})
    answers = [anna.post("/forloeb/traad", data=note | changed) for changed in changes]
    assert [answer.status_code for answer in answers] == [303, 409, 422]
    return word


def _ask(anna: Any, form: dict[str, str]) -> str:
    """A request for a week: taken, then another note under its id, then one too long."""
    word = _word()
    offered = re.findall(r'name="weeks"[^>]* value="([^"]+)"', anna.get("/uger/giv").text)
    request = form | {"id": str(uuid4()), "weeks": offered[0], "watch": word}
    changes: tuple[dict[str, str], ...] = ({}, {"watch": word + "x"}, {"watch": word * 100})
    answers = [anna.post("/uger/overdragelser", data=request | changed) for changed in changes]
    assert [answer.status_code for answer in answers] == [303, 409, 422]
    return word


def _wish(anna: Any, form: dict[str, str]) -> str:
    """A wish: refused without a choice, then taken."""
    word = _word()
    wish = form | {"id": str(uuid4()), "words": word}
    answers = [anna.post("/mig/stop", data=wish | {"choice": choice}) for choice in ("", "stop")]
    assert [answer.status_code for answer in answers] == [422, 303]
    return word


def _break(app: Any, endpoint: str, word: str) -> None:
    def fail() -> None:
        raise RuntimeError(f"broken on purpose over {word}")

    app.extensions["kept"] = app.view_functions[endpoint]
    app.view_functions[endpoint] = fail


def _change_scores(sweep: Sweep, author: str, **scores: int) -> None:
    """Set a mentor's scores, in the history too."""
    by = sweep.cast.people[author]
    with sweep.house.work(writes=True) as (unit, _):
        for row in db.rows(db.columns(Evaluation).select()):
            if row.author_id == by:
                answer = db.session().get_one(Evaluation, row.id)
                for name, value in scores.items():
                    setattr(answer, name, value)
                db.session().add(answer)
        for row in db.rows(db.columns(Revision).select()):
            if row.author_id == by:
                kept = db.session().get_one(Revision, row.id)
                told = json.loads(kept.before or "{}")
                told |= {name: [value - 1, value] for name, value in scores.items()}
                kept.before = json.dumps(told)
                db.session().add(kept)
        unit.commit()


def _comparable(pages: dict[str, str]) -> dict[str, str]:
    """Pages without what differs each time: nonces, tokens, fresh ids, cookies and lengths; and
    without the access log, which grows by being read.
    """
    noise = (
        r'nonce[-=]"?[\w-]+',
        r'name="csrf_token" value="[^"]*"',
        r'name="id" value="[^"]*"',
        r'"token":"[^"]*"',
        r'"challenge": ?"[^"]*"',
        r'name="seed".*?</form>',  # of a code app that is not tied yet: new at every look
        r'<h2 id="readings">.*?</section>',
        r"åbent til kl. [\d.]+",
        r"(?:Date|ETag|Set-Cookie|Content-Length): [^\n]*\n?",
    )
    return {
        path: re.sub("|".join(noise), "", page, flags=re.IGNORECASE | re.DOTALL)
        for path, page in pages.items()
        if not path.endswith(("/adgang", "/adgangslog", "/mig/log"))
    }


def _is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def _told(engine: Engine, table: str) -> str:
    with engine.connect() as connection:
        rows = connection.execute(SQLModel.metadata.tables[table].select()).all()
    return "\n".join(str(tuple(row)) for row in rows)


def _dump(house: House) -> str:
    """Both stores as a logical backup would write them."""
    parts = []
    for engine, metadata in ((house.data, STORES[0]), (house.keys.engine, STORES[1])):
        raw = engine.raw_connection()
        try:
            if _is_sqlite(engine):
                parts += [str(row) for row in _cells(raw.driver_connection, metadata)]
                continue
            with raw.driver_connection.cursor() as cursor:
                for table in metadata.tables:
                    with cursor.copy(f'COPY "{table}" TO STDOUT') as copied:
                        parts += [bytes(chunk).decode() for chunk in copied]
        finally:
            raw.close()
    return "\n".join(parts)


def _cells(connection: Any, metadata: Any) -> Iterator[tuple[Any, ...]]:
    for table in metadata.tables:
        cursor = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
        yield from cursor.fetchall()
        cursor.close()


def _found_in_files(sweep: Sweep, folder: Path) -> list[tuple[str, str]]:
    """Which canaries lie, in any common coding, in the files of the stores."""
    files = [path for path in folder.rglob("*") if path.is_file() and "static" not in path.parts]
    if not _is_sqlite(sweep.house.data):
        files += _postgres_files(sweep.house)
    return _found_in(sweep, files)


def _found_in(sweep: Sweep, files: list[Path]) -> list[tuple[str, str]]:
    assert files
    stems = {coded for stem in STEMS for coded in _codings(stem)}
    found = []
    for path in files:
        content = path.read_bytes()
        if any(stem in content for stem in stems):
            found += [
                (path.name, canary.column)
                for canary in sweep.canaries
                if any(coded in content for coded in _codings(canary.word))
            ]
    return found


def _codings(word: str) -> set[bytes]:
    """A word as it may lie in a file: plain, wide, as hex, as base64 at any place."""
    raw = word.encode()
    wide = (word.encode("utf-16-le"), word.encode("utf-16-be"))
    shifted = (base64.b64encode(b"\0" * n + raw)[-(-n * 4 // 3) : -4] for n in range(3))
    return {raw, raw.lower(), *wide, raw.hex().encode(), *(s for s in shifted if len(s) > 3)}


def _postgres_files(house: House) -> list[Path]:
    """The tables of both databases, the cluster's WAL and its log; written out first."""
    found = []
    for engine in (house.data, house.keys.engine):
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            home = Path(connection.execute(text("SHOW data_directory")).scalar_one())
            connection.execute(text("CHECKPOINT"))
            tables = connection.execute(
                text("SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i')")
            ).scalars()
            found += [home / path for path in tables if path]
    return [*found, *(p for p in home.glob("pg_wal/*") if p.is_file()), home.parent / "log"]


def _backup(house: House, settings: Any, folder: Path) -> Any:
    """A copy of the data store, to be opened beside the live key store."""
    folder.mkdir()
    if _is_sqlite(house.data):
        for path in settings.instance.glob("*.db*"):
            shutil.copy(path, folder / path.name)
        data = f"sqlite:///{folder}/primus.db"
    else:
        data = _copy_of(house.data)
    made = settings_for(folder, data, settings.keys_url)
    shutil.copy(settings.keyring, made.keyring)
    (folder / "static").symlink_to(settings.instance / "static")
    return made


def _copy_of(engine: Engine) -> str:
    name, source = f"t{uuid4().hex}", engine.url.database
    engine.dispose()
    server = engine.url.set(database="postgres")
    maker = db.engine(server.render_as_string(hide_password=False))
    with maker.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{source}"'))
    maker.dispose()
    return engine.url.set(database=name).render_as_string(hide_password=False)
