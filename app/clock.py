"""The only door to time. Instants are UTC, days are calendar days in Denmark."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DENMARK = ZoneInfo("Europe/Copenhagen")
SUNDAY = 7


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Denmark."""
    return in_denmark(now()).date()


def in_denmark(instant: datetime) -> datetime:
    return instant.astimezone(DENMARK)


def midnight(day: date) -> datetime:
    """The instant at which a day begins in Denmark, in UTC."""
    return datetime.combine(day, time(), DENMARK).astimezone(UTC)


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week: Monday to Sunday, numbered 1 to 52 or 53."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Week":
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return date.fromisocalendar(self.year, self.number, SUNDAY)

    def plus(self, weeks: int) -> "Week":
        return Week.of(self.monday + timedelta(weeks=weeks))

    def since(self, other: "Week") -> int:
        """How many weeks this one lies after the other (negative when before)."""
        return (self.monday - other.monday).days // 7
