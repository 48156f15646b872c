"""Whose every row is: what goes with a participant, what with somebody who signs in, what fades.

A table, or a column with somebody's id, that stands nowhere here fails a test: so nothing new can
be forgotten when a person is erased.
"""

from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Delete,
    Table,
    Update,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    union,
    update,
)
from sqlmodel import SQLModel

from app import db

PARTICIPANT, PERSON = "participant", "person"

# Table: the column by which its rows are theirs. It points at one of the tables here.
OF_PARTICIPANT = {
    "participant": "id",
    "absence": "mentorship_id",
    "agreement": "participant_id",
    "alert": "participant_id",
    "alert_step": "participant_id",
    "closure": "participant_id",
    "closure_step": "participant_id",
    "consent": "participant_id",
    "contact": "participant_id",
    "debrief": "mentorship_id",
    "delivery": "notice_id",
    "disclosure": "participant_id",
    "evaluation": "participant_id",
    "exit_form": "participant_id",
    "exit_link": "participant_id",
    "expense": "participant_id",
    "expense_answer": "expense_id",
    "follow_up": "participant_id",
    "grant": "mentorship_id",
    "handover": "participant_id",
    "handover_answer": "participant_id",
    "handover_week": "mentorship_id",
    "imported": "mentorship_id",
    "intake": "participant_id",
    "intake_page": "participant_id",
    "match": "participant_id",
    "match_choice": "referral_id",
    "match_step": "match_id",
    "meeting": "mentorship_id",
    "mentorship": "participant_id",
    "move": "mentorship_id",
    "notice": "mentorship_id",
    "pause": "participant_id",
    "plan": "mentorship_id",
    "receipt": "participant_id",
    "referral": "participant_id",
    "referral_step": "referral_id",
    "revision": "participant_id",
    "rhythm": "mentorship_id",
    "seat": "mentorship_id",
    "thread_note": "participant_id",
    "wish": "mentorship_id",
}
OF_PERSON = {
    "person": "id",
    "acceptance": "person_id",
    "attendance": "person_id",
    "call": "person_id",
    "code_app": "person_id",
    "delivery": "notice_id",
    "device": "person_id",
    "feed": "person_id",
    "half_sign_in": "person_id",
    "invitation": "person_id",
    "match_choice": "person_id",
    "mentor_stage": "person_id",
    "notice": "person_id",
    "passkey": "person_id",
    "preference": "person_id",
    "profile": "person_id",
    "recovery_code": "person_id",
    "requirement": "person_id",
    "review": "person_id",
    "role": "person_id",
    "sign_in": "person_id",
    "stand_in": "role_id",
    "wish": "person_id",
}
# What somebody did for others stays with those others, until they go: then the id means nobody.
ACTS = frozenset(
    {
        "absence.person_id",
        "agreement.by",
        "alert.raised_by",
        "alert_step.by",
        "attendance.by",
        "call.by",
        "closure.proposed_by",
        "closure_step.by",
        "consent.by",
        "contact.author_id",
        "debrief.by",
        "disclosure.by",
        "erasure.asked_by",
        "erasure.confirmed_by",
        "erasure.ended_by",
        "evaluation.author_id",
        "exit_link.made_by",
        "expense.asked_by",
        "expense_answer.by",
        "follow_up.written_by",
        "gathering.made_by",
        "grant.by",
        "handover.asked_by",
        "handover.to_id",
        "handover_answer.by",
        "handover_week.from_id",
        "handover_week.to_id",
        "intake.by",
        "invitation.made_by",
        "match.first_id",
        "match.second_id",
        "match.proposed_by",
        "match_step.by",
        "meeting.logged_by",
        "meeting.with_mentor",
        "mentor_stage.by",
        "mentorship.leader_id",
        "move.by",
        "partner.made_by",
        "pause.made_by",
        "pause.ended_by",
        "plan.comes_id",
        "plan.also_id",
        "plan.made_by",
        "plan.cancelled_by",
        "receipt.author_id",
        "recovery_code.given_by",
        "referral.leader_id",
        "referral.made_by",
        "referral_step.by",
        "requirement.by",
        "revision.author_id",
        "review.looked_by",
        "rhythm.made_by",
        "seat.person_id",
        "setting.by",
        "stand_in.named_by",
        "thread_note.author_id",
        "thread_note.to_id",
        "wish.handled_by",
    }
)
# Ids that no foreign key holds, and why their rows need nothing more.
LOOSE = {
    "delivery.device_id": "the notice's row goes",
    "erasure.subject_id": "the receipt: of an erased person the id tells nothing",
    "meeting.apart_from": "a meeting of the same mentorship",
    "move.from_id": "a place",
    "move.to_id": "a place",
    "notice.about_id": "see `_ABOUT`",
    "receipt.record_id": "a record of the same participant",
    "stray.key_id": "a key that is nobody's",
    "trail.actor_id": "the access log has a clock of its own",
    "trail.object_id": "the same",
    "trail.sign_in_id": "the same",
    "trail.subject_id": "the same",
}
NOBODYS = frozenset(
    {
        "attempt",  # hashes, gone within the hour
        "branch",
        "branch_hour",
        "demo",
        "erasure",
        "erasure_count",
        "figure",
        "gathering",  # that a branch met; who came goes with each
        "guide",
        "heartbeat",
        "institution",
        "municipality",
        "partner",  # has a key and a clock of its own
        "setting",
        "stray",
        "trail",
        "trail_head",
        "trail_seal",
        "wording",
    }
)
KEYED = ("participant", "person", "partner")  # each row has a key of its own
# What notices name by its id alone: a matter without a mentorship, or somebody who waits.
_ABOUT = {PARTICIPANT: ("match", "referral"), PERSON: (PERSON,)}


class Fade(NamedTuple):
    """Words that fade six months after an end: the cells, or the whole row where none is named."""

    table: str
    through: tuple[str, ...]  # the columns that lead to the mentorship
    cells: tuple[str, ...] = ()


FADES = (
    Fade("revision", ("evaluation_id", "meeting_id", "mentorship_id")),
    Fade("thread_note", ("mentorship_id",)),
    Fade("evaluation", ("meeting_id", "mentorship_id"), ("comment_ct", "note_ct", "victory_ct")),
    Fade("handover", ("mentorship_id",), ("going_ct", "agreed_ct", "watch_ct", "promised_ct")),
    Fade("handover_answer", ("mentorship_id",), ("words_ct",)),
    Fade("follow_up", ("mentorship_id",), ("kept_ct", "works_ct", "needs_ct", "next_step_ct")),
    Fade("closure_step", ("closure_id", "mentorship_id"), ("comment_ct",)),
    Fade("alert_step", ("alert_id", "mentorship_id"), ("comment_ct",)),
    Fade("expense", ("mentorship_id",), ("what_ct",)),
    Fade("wish", ("mentorship_id",), ("words_ct",)),
)
# Words that stay until the person goes, since figures are counted from them, or both have agreed.
# A notice's own address is gone with its letter.
STAY = frozenset({"agreement", "closure", "exit_form", "intake_page", "notice", "referral"})


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def ties(whose: str) -> dict[str, str]:
    return OF_PARTICIPANT if whose == PARTICIPANT else OF_PERSON


def theirs(name: str, whose: str) -> Any:
    """The rows of that table which are the subject's, as a condition."""
    table, column = _table(name), ties(whose)[name]
    if column == "id":
        return table.c.id == bindparam("subject")
    (key,) = table.c[column].foreign_keys
    above = key.column.table
    if above.name == whose:
        found = table.c[column] == bindparam("subject")
    else:
        found = table.c[column].in_(select(above.c.id).where(theirs(above.name, whose)))
    if name == "notice":
        abouts = (select(_table(t).c.id).where(theirs(t, whose)) for t in _ABOUT[whose])
        found = or_(found, *(table.c.about_id.in_(ids) for ids in abouts))
    return found


@lru_cache
def removals(whose: str) -> tuple[tuple[str, Delete], ...]:
    """Every table that has something of theirs, what hangs on others first."""
    order = [t for t in reversed(SQLModel.metadata.sorted_tables) if t.name in ties(whose)]
    if whose == PERSON:
        order = [t for t in order if t.name != PERSON]  # others' rows may still name the id
    return tuple((t.name, delete(t).where(theirs(t.name, whose))) for t in order)


@lru_cache
def counts(whose: str) -> tuple[tuple[str, Any], ...]:
    """How many rows of theirs each table has."""
    return tuple(
        (name, select(func.count()).select_from(_table(name)).where(theirs(name, whose)))
        for name in ties(whose)
    )


@lru_cache
def named_still() -> Any:
    """Whether any row of anybody's still names the person."""
    person = _table(PERSON)
    return union(
        *(
            select(key.parent).where(key.parent == bindparam("subject"))
            for table in SQLModel.metadata.tables.values()
            for key in table.foreign_keys
            if key.column.table is person
        )
    )


def _of_mentorship(fade: Fade, mentorship: Any) -> Any:
    """The rows of a mentorship, by the way that leads to it."""
    table, (first, *rest) = _table(fade.table), fade.through
    column = table.c[first]
    if not rest:
        return column == mentorship
    (key,) = column.foreign_keys
    above = Fade(key.column.table.name, tuple(rest))
    return column.in_(select(key.column).where(_of_mentorship(above, mentorship)))


def _has_words(fade: Fade) -> Any:
    table = _table(fade.table)
    return or_(*(table.c[cell].is_not(None) for cell in fade.cells)) if fade.cells else True


@lru_cache
def fadings() -> tuple[tuple[str, Delete | Update], ...]:
    """What empties a mentorship of its words."""
    made: list[tuple[str, Delete | Update]] = []
    for fade in FADES:
        table = _table(fade.table)
        verb: Any = update(table).values(dict.fromkeys(fade.cells)) if fade.cells else delete(table)
        where = (_of_mentorship(fade, bindparam("mentorship")), _has_words(fade))
        made.append((fade.table, verb.where(*where)))
    return tuple(made)


@lru_cache
def worded() -> Any:
    """The mentorships that have words left, among those that have ended."""
    lives = _table("mentorship")
    ways = (
        exists().where(_of_mentorship(fade, lives.c.id), _has_words(fade)).correlate(lives)
        for fade in FADES
    )
    return select(lives.c.id, lives.c.participant_id, lives.c.branch_id, lives.c.ended_on).where(
        lives.c.ended_on.is_not(None), or_(*ways)
    )


@lru_cache
def keyed() -> Any:
    """Everybody who has a key by right."""
    return union(*(select(_table(name).c.id) for name in KEYED))


def remove(whose: str, subject: UUID) -> dict[str, int]:
    """Delete every row of theirs; how many, by table."""
    gone = {name: db.change(statement, subject=subject) for name, statement in removals(whose)}
    return {name: count for name, count in gone.items() if count}
