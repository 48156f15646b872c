"""What has happened before a test begins, and what is in the stores afterwards."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from app import clock, db
from app.domain import contacts, evaluations, logs, meetings, mentorships, trail
from app.domain.evaluations import Answer
from app.domain.logs import Facts, Log, Words
from app.domain.meetings import Seen
from app.house import House
from tests.cast import Cast

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
        with self.house.work(writes=True) as (unit, _):
            made = logs.log(entry, self._of(who), self._pen(who), by=self._id(who))
            unit.commit()
        return made

    def join(self, who: str, meeting: UUID, **said: Any) -> None:
        with self.house.work(writes=True) as (unit, _):
            seen = meetings.one(meeting)
            assert seen is not None
            entry = Log(uuid4(), Facts(seen.held_on), Words(**said))
            logs.join(entry, seen, self._of(who), self._pen(who), by=self._id(who))
            unit.commit()

    def edit(self, who: str, meeting: UUID, **said: Any) -> None:
        """Change one's own answers; what was is kept as history."""
        with self.house.work(writes=True) as (unit, _):
            seen = meetings.one(meeting)
            assert seen is not None
            mine = next(a for a in self._answers(meeting) if a.author_id == self._id(who))
            logs.edit(seen, mine, None, Words(**said), self._pen(who), by=self._id(who))
            unit.commit()

    def contact(self, who: str, kind: str, on: date) -> UUID:
        with self.house.work(writes=True) as (unit, _):
            made = contacts.log(uuid4(), self._of(who), kind, on, self._pen(who), by=self._id(who))
            unit.commit()
        return made

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
