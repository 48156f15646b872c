"""What has happened before a test begins, and what is in the stores afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from app import clock, db
from app.clock import Week
from app.domain import (
    absences,
    agreements,
    closures,
    consents,
    contacts,
    departures,
    erasure,
    evaluations,
    exit_links,
    follow_ups,
    gatherings,
    handovers,
    invitations,
    logs,
    matches,
    meetings,
    mentorships,
    news,
    notices,
    pauses,
    places,
    plans,
    referrals,
    rota,
    threads,
    trail,
    turns,
    wishes,
)
from app.domain.agreements import Terms as Agreed
from app.domain.branches import MUNICIPALITIES
from app.domain.closures import Terms as End
from app.domain.evaluations import Answer
from app.domain.follow_ups import PRESENT, Notes
from app.domain.handovers import Asked
from app.domain.logs import Facts, Log, Words
from app.domain.meetings import Seen
from app.domain.mentorships import Mentorship, Seat
from app.domain.plans import Terms
from app.domain.turns import Note, Request
from app.house import House
from tests.cast import Cast
from tests.devices import subscribe

YESTERDAY, LAST_WEEK = timedelta(days=1), timedelta(days=6)


class Story:
    """Tells of the pair of one participant through the app's own verbs."""

    def __init__(self, house: House, cast: Cast) -> None:
        self.house = house
        self.cast = cast

    def log(self, who: str, on: date, *, together: bool = False, **said: Any) -> UUID:
        """A meeting logged by one of the pair; `said` are facts and words by name."""
        facts = {name: said.pop(name) for name in list(said) if name in Facts.__annotations__}
        entry = Log(uuid4(), Facts(on, **facts), Words(**said), together)
        with self._act():
            return logs.log(entry, self._of(who), self._pen(who), by=self._id(who))

    def join(self, who: str, meeting: UUID, **said: Any) -> None:
        with self._act():
            seen = meetings.one(meeting)
            assert seen is not None
            entry = Log(uuid4(), Facts(seen.held_on), Words(**said))
            logs.join(entry, seen, self._of(who), self._pen(who), by=self._id(who))

    def edit(self, who: str, meeting: UUID, **said: Any) -> None:
        """Change one's own answers; what was is kept as history."""
        with self._act():
            seen = meetings.one(meeting)
            assert seen is not None
            mine = next(a for a in self._answers(meeting) if a.author_id == self._id(who))
            logs.edit(seen, mine, None, Words(**said), self._pen(who), by=self._id(who))

    def contact(self, who: str, kind: str, on: date) -> UUID:
        with self._act():
            return contacts.log(uuid4(), self._of(who), kind, on, self._pen(who), by=self._id(who))

    def ask(self, who: str, give: Sequence[Week], take: Sequence[Week] = (), **note: Any) -> UUID:
        """One of the pair asks the other to take weeks; `note` are prompts by name."""
        mondays = [[week.monday for week in weeks] for weeks in (give, take)]
        with self._act():
            request = Request(uuid4(), *mondays, note=Note(**note))
            return turns.ask(request, self._of(who), self._pen(who), by=self._id(who))

    def answer(
        self,
        who: str,
        handover: UUID,
        outcome: str,
        weeks: Sequence[Week] = (),
        words: str | None = None,
    ) -> None:
        mondays = [week.monday for week in weeks]
        with self._act():
            mine, pen = self._of(who), self._pen(who)
            turns.answer(handover, mine, outcome, pen, self._id(who), mondays, words)

    def withdraw(self, who: str, handover: UUID) -> None:
        with self._act():
            turns.withdraw(handover, self._of(who), self._pen(who), self._id(who))

    def read(self, who: str, handover: UUID) -> None:
        """Tick the note of a handover."""
        with self._act():
            turns.read(handover, self._of(who), self._pen(who), self._id(who))

    def hand_over(self, leader: str, weeks: Sequence[Week], taker: str, message: str) -> UUID:
        """A leader gives weeks to one of the pair."""
        request = Request(uuid4(), [week.monday for week in weeks], note=Note(going=message))
        with self._act():
            life, pen = self._of(taker), self._pen(leader)
            return turns.give_for(request, life, self._id(taker), pen, self._id(leader))

    def be_away(self, who: str, first: date, last: date) -> UUID:
        with self._act():
            wanted, pen = Request(uuid4(), ()), self._pen(who)
            return absences.be_away(wanted, first, last, self._of(who), pen, self._id(who))

    def leave(self, who: str) -> None:
        """The seat ends, and access with it."""
        with self._act():
            mine = self._of(who)
            departures.leave(mine.id, mine.participant_id, self._id(who), self._pen(who))

    def plan(self, who: str, on: date, *comers: str, **terms: Any) -> UUID:
        """A meeting to which these come, or else who plans it."""
        ids = [self._id(name) for name in comers or (who,)]
        also = ids[1] if len(ids) > 1 else None
        with self._act():
            mine, pen = self._of(who), self._pen(who)
            agreed = Terms(on, comes_id=ids[0], also_id=also, **terms)
            people = (mine.id, mine.participant_id)
            return plans.plan(uuid4(), *people, agreed, pen, by=self._id(who))

    def remind(self, who: str) -> None:
        """A phone that is reminded, and notices of every fate."""
        with self._act():
            subscribe(self.house, self.cast, who)
            now, mentorship = clock.now(), self._of(who).id
            for reminder in (
                news.WEEK,
                news.NO_CONTACT,
                news.PAUSE,
                news.GOODBYE,
            ):
                notices.at_once(self._id(who), reminder, mentorship, mentorship, now)
            told = notices.lately(self._id(who), now - timedelta(days=1), 4)
            notices.sent(told[0].id, now)
            notices.mailed(told[1].id, now)
            notices.withdraw(told[2].id, now)

    def agree(self, who: str, **terms: Any) -> UUID:
        """One of the pair writes down what the participant agrees to."""
        with self._act():
            mine, pen = self._of(who), self._pen(who)
            said = Agreed(agreements.START, **terms)
            return agreements.save(uuid4(), mine, said, pen, by=self._id(who))

    def gather(self, leader: str, on: date) -> UUID:
        """A meeting of the mentors of the leader's branch, with Anna there."""
        made = uuid4()
        with self._act():
            pen, branch = self._pen(leader), self.cast.branches["Havn"]
            gatherings.hold(made, branch, gatherings.MEETING, on, pen, by=self._id(leader))
            held = gatherings.one(made)
            assert held is not None
            came = {self._id("Anna")}
            gatherings.tick(held, came, came, pen, by=self._id(leader))
        return made

    def refer(self, leader: str, *steps: str) -> UUID:
        """Somebody is referred to the leader's branch, and goes these steps."""
        made, day = uuid4(), clock.today()
        with self._act():
            pen, by = self._pen(leader), self._id(leader)
            found = db.rows(MUNICIPALITIES.select())
            branch = self.cast.branches["Havn"]
            town = next(m.id for m in found if m.branch_id == branch)
            terms = referrals.Terms(
                "Tarek",
                "Tareksen",
                None,
                town,
                None,
                day + timedelta(days=50),
                "parole",
                day,
                "Socialrådgiveren",
                "70102030",
                (consents.CONTACT, consents.RESEARCH),
            )
            referrals.receive(made, branch, terms, pen, by=by)
            for step in steps:
                referral = referrals.one(made)
                assert referral is not None
                referrals.move(referral, step, pen, by=by)
        return made

    def ended(self, leader: str, *pair: str) -> tuple[UUID, str]:
        """A mentorship that ended yesterday, and the token of its exit form."""
        with self._act():
            known = db.session().get_one(Mentorship, self.cast.mentorships["Samir"])
            mine = self._begin(leader, known.participant_id, pair)
            terms = End("planned", "together", clock.today() - timedelta(days=1))
            author = self._id(pair[0])
            made = closures.propose(uuid4(), mine, terms, self._pen(pair[0]), by=author)
            closure = closures.one(made)
            assert closure is not None
            closures.approve(closure, self._pen(leader), by=self._id(leader))
            closure = closures.one(made)
            assert closure is not None
            token, _ = exit_links.make(closure, self._pen(leader), by=self._id(leader))
        return made, token

    def propose(self, leader: str, *pair: str) -> UUID:
        """The leader of this pair proposes that it ends today."""
        participant = self.participant_of(self.refer(leader))
        with self._act():
            mine = self._begin(leader, participant, pair)
            terms = End("planned", "mentors", clock.today())
            return closures.propose(uuid4(), mine, terms, self._pen(leader), by=self._id(leader))

    def ask_to_match(self, leader: str, referral: UUID, *pair: str) -> UUID:
        """A leader asks two mentors."""
        with self._act():
            made = referrals.one(referral)
            assert made is not None
            two = [self._id(who) for who in pair]
            by = self._id(leader)
            return matches.propose(uuid4(), made, two, self._pen(leader), by=by)

    def end(self, who: str, ending: str, **terms: Any) -> UUID:
        """One of the pair proposes that it ends today."""
        with self._act():
            mine, pen = self._of(who), self._pen(who)
            said = End(ending, "participant", clock.today(), **terms)
            return closures.propose(uuid4(), mine, said, pen, by=self._id(who))

    def follow_up(self, leader: str, participant: str, **texts: str) -> None:
        """The leader writes what was agreed on today."""
        with self._act():
            here = self.cast.mentorships[participant]
            person = self.cast.participants[participant]
            notes = Notes(clock.today(), "six_months", tuple(PRESENT), True, True, **texts)
            follow_ups.write(uuid4(), here, person, notes, self._pen(leader), by=self._id(leader))

    def call_off(self, who: str, plan: UUID) -> None:
        with self._act():
            planned = plans.one(plan)
            assert planned is not None
            participant = self._of(who).participant_id
            plans.cancel(planned, self._pen(who), participant, self._id(who))

    def write(self, who: str, text: str) -> UUID:
        """A note in the pair's thread."""
        with self._act():
            mine = self._of(who)
            to = mine.co and mine.co.person_id
            return threads.write(uuid4(), mine, to, text, self._pen(who), by=self._id(who))

    def tick(self, note: UUID, who: str) -> None:
        """Who it is to has read a note of the thread."""
        with self._act():
            found = threads.one(note)
            assert found is not None
            threads.tick(found, self._pen(who))

    def pause(self, who: str, since: date) -> UUID:
        with self._act():
            mine, pen = self._of(who), self._pen(who)
            return pauses.start(uuid4(), mine, since, pen, by=self._id(who))

    def wish(self, who: str, kind: str, words: str) -> UUID:
        with self._act():
            life = self._of(who).id
            return wishes.send(uuid4(), life, kind, words, self._pen(who), by=self._id(who))

    def weeks_of(self, who: str) -> list[Week]:
        """The weeks from this one on that somebody has and nobody has asked for."""
        with self.house.work(writes=False):
            mine, today = self._of(who), clock.today()
            current = Week.of(today)
            held, asks = handovers.strip(mine, current.monday, today)
            asked = {ask.on for ask in asks}
            coming = [current.plus(n) for n in range(rota.AHEAD + 1)]
            return [
                week
                for week in coming
                if rota.holder(held, week) == self._id(who) and week.monday not in asked
            ]

    def has(self, who: str, week: Week) -> bool:
        """Whether that mentor has the week."""
        with self.house.work(writes=False):
            mine = self._of(who)
            held, _ = handovers.strip(mine, week.monday, clock.today())
            return rota.holder(held, week) == self._id(who)

    def handovers(self, participant: str = "Samir") -> list[Asked]:
        """Every request in the store with its weeks, newest first."""
        with self.house.work(writes=False):
            return handovers.of(self.cast.mentorships[participant], clock.today())

    def meetings(self, participant: str = "Samir") -> list[tuple[Seen, list[Answer]]]:
        """Every meeting in the store with its answers, newest first."""
        with self.house.work(writes=False):
            return evaluations.lately(self.cast.mentorships[participant], 100)

    def contacts(self, participant: str = "Samir") -> list[contacts.Made]:
        with self.house.work(writes=False):
            return contacts.of(self.cast.mentorships[participant])

    def words(self, answer: Answer) -> dict[str, str | None]:
        """The sealed texts of an answer, opened."""
        with self.house.work(writes=False):
            return {name: answer.text(name) for name in ("comment", "note", "victory")}

    def acts(self, action: str) -> int:
        """How many acts of that kind the trail holds."""
        with self.house.work(writes=False):
            rows = db.rows(db.columns(trail.Entry).select())
        return sum(row.action == action for row in rows)

    def participant_of(self, referral: UUID) -> UUID:
        with self.house.work(writes=False):
            found = referrals.one(referral)
        assert found is not None
        return found.participant_id

    def ask_to_erase(self, leader: str, participant: UUID) -> UUID:
        with self._act():
            branch, pen = self.cast.branches["Havn"], self._pen(leader)
            where = (erasure.PARTICIPANT, branch, erasure.WISH)
            return erasure.ask(participant, *where, pen, by=self._id(leader))

    def invite(self, who: str) -> str:
        """A link that lets somebody in."""
        with self._act():
            return invitations.invite(self._id(who), self._pen(who), by=None)

    def places(self) -> dict[str, UUID]:
        """A municipality and an institution."""
        with self.house.work(writes=False):
            town, prison = places.municipalities()[0], places.institutions()[0]
        return {"town": town.id, "prison": prison.id}

    def _begin(self, leader: str, participant: UUID, pair: Sequence[str]) -> mentorships.View:
        """A mentorship of 300 days, in Samir's branch."""
        day, life = clock.today(), uuid4()
        known = db.session().get_one(Mentorship, self.cast.mentorships["Samir"])
        row = Mentorship(
            id=life,
            participant_id=participant,
            branch_id=known.branch_id,
            leader_id=self._id(leader),
            municipality_id=known.municipality_id,
            matched_on=day - timedelta(days=300),
            release_on=day - timedelta(days=200),
        )
        db.session().add(row)
        db.session().flush()
        for place, who in enumerate(pair, 1):
            seat = Seat(
                id=uuid4(),
                mentorship_id=life,
                person_id=self._id(who),
                place=place,
                from_on=row.matched_on,
            )
            db.session().add(seat)
        db.session().flush()
        mine = mentorships.one(life, day)
        assert mine is not None
        return mine

    @contextmanager
    def _act(self) -> Iterator[None]:
        with self.house.work(writes=True) as (unit, _):
            yield
            unit.commit()

    def _answers(self, meeting: UUID) -> list[Answer]:
        return evaluations.of([meeting])[meeting]

    def _of(self, who: str) -> mentorships.View:
        found = mentorships.of_mentor(self._id(who), clock.today())
        assert found is not None, f"{who} has no participant"
        return found

    def _pen(self, who: str) -> trail.Pen:
        return trail.Pen(self.house.keyring.trail, self._id(who), None)

    def _id(self, who: str) -> UUID:
        return self.cast.people[who]
