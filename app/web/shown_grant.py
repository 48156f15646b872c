"""Money as it is read and typed in Denmark: øre as "1.250,50 kr."."""

import re
from datetime import date
from typing import NamedTuple
from uuid import UUID

from app.domain.grants import MOST, Account

TYPED = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,6})(?:,(\d{1,2}))?")


class ShownExpense(NamedTuple):
    id: UUID
    on: date
    amount: str
    what: str | None
    by: str
    yes: bool | None


def kroner(amount: int) -> str:
    whole, rest = divmod(abs(amount), 100)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole:,}".replace(",", ".") + f",{rest:02} kr."


def typed(raw: str | None) -> int | None:
    """Øre of an amount as typed; None for what is none, or more than there can be."""
    found = TYPED.fullmatch((raw or "").strip().removesuffix("kr.").removesuffix("kr").strip())
    if found is None:
        return None
    amount = int(found[1].replace(".", "")) * 100 + int((found[2] or "0").ljust(2, "0"))
    return amount if 0 < amount <= MOST else None


def expenses(account: Account, names: dict[UUID, str]) -> list[ShownExpense]:
    return [
        ShownExpense(one.id, one.on, kroner(one.amount), one.what(), names[one.asked_by], one.yes)
        for one in account.spent
    ]
