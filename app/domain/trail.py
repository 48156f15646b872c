"""Who did and read what, when: append-only, and chained so that a change is seen.

Ids and fixed words only; never a name or a text (security decision A3). What is older than it is
kept is sealed as a range and deleted; the chain is then followed from the seal on.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, bindparam, delete, func, insert, select, update
from sqlmodel import Field, SQLModel

from app import clock, db
from app.vault import ring

READ, LOGGED, JOINED, EDITED, TOOK_BACK = "read", "logged", "joined", "edited", "took_back"
ASKED, TOOK_ON, DECLINED = "asked", "took_on", "declined"  # weeks
HANDED_OVER, READ_NOTE, LEFT = "handed_over", "read_note", "left"
MERGED, SEPARATED, ACCEPTED = "merged", "separated", "accepted"
PLANNED, CALLED_OFF = "planned", "called_off"  # meetings to come
LINKED, UNLINKED = "linked", "unlinked"  # a calendar
PAUSED, PROLONGED, RESUMED = "paused", "prolonged", "resumed"
PROPOSED, APPROVED, RETURNED, REOPENED = "proposed", "approved", "returned", "reopened"  # the end
SETTLED = "settled"  # a mentor's wish, once it was talked about
MOVED = "moved"  # release, institution, municipality
CONSENTED = "consented"
LENT, GIVEN_BACK = "lent", "given_back"  # a phone
MATCHED = "matched"
RAISED = "raised"  # a concern, a broken agreement
AGREED = "agreed"  # a wording of the agreement
SIGNED_IN, SIGNED_OUT, ERASED = "signed_in", "signed_out", "erased"
FADED = "faded"  # the words of a mentorship that has ended
RESTORED, ROLLED = "restored", "rolled"  # a backup; a key
PROVED, RENEWED = "proved", "renewed"  # who one is; how one signs in
HELPED = "helped"  # a code in the place of a lost app
INVITED, CAME_IN, IMPORTED = "invited", "came_in", "imported"  # the first time
OPENED = "opened"  # with a reason, for a quarter of an hour
EXPORTED, DISCLOSED = "exported", "disclosed"  # a file; an extract that was handed over
LOOKED_AT = "looked_at"  # a reading, by somebody else
SEALED = "sealed"  # the oldest entries, before they were deleted

MOST_REMEMBERED = 10_000  # readings known to be written; then it begins anew
AT_A_TIME = 2_000  # entries in hand while the chain is followed


class Entry(SQLModel, table=True):
    """One act of one person. `mac` seals the entry together with the one before it."""

    __tablename__ = "trail"
    __table_args__ = (Index(None, "sign_in_id", "subject_id", "at"),)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(index=True)
    actor_id: UUID | None = Field(index=True)
    sign_in_id: UUID | None
    action: str
    kind: str  # the noun it was done to
    object_id: UUID | None
    subject_id: UUID | None = Field(index=True)  # the participant it concerns
    reason: str | None
    prev: bytes
    mac: bytes


class Head(SQLModel, table=True):
    """Where the chain ends; one row, locked by whoever appends."""

    __tablename__ = "trail_head"
    id: int = Field(primary_key=True)
    seq: int
    mac: bytes


class Seal(SQLModel, table=True):
    """A range of entries that was deleted because it was old: how many, and where it ended."""

    __tablename__ = "trail_seal"
    last_seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    first_seq: int
    entries: int
    last_mac: bytes  # of the last entry: the next one names it
    at: datetime
    mac: bytes  # over all this


class TooOld(Exception):
    """The anchor lies in what has been deleted: a newer one is needed."""


_ENTRIES, _HEADS, _SEALS = db.columns(Entry), db.columns(Head), db.columns(Seal)
ENTRIES = _ENTRIES
_HEAD = select(_HEADS.c.seq, _HEADS.c.mac).where(_HEADS.c.id == 1).with_for_update()
_APPEND = insert(_ENTRIES)
_MOVE = (
    update(_HEADS)
    .where(
        _HEADS.c.id == 1,
        _HEADS.c.seq == bindparam("old_seq"),
        _HEADS.c.mac == bindparam("old_mac"),
    )
    .values(seq=bindparam("new_seq"), mac=bindparam("new_mac"))
    .returning(_HEADS.c.id)
)
_READ_ALREADY = select(_ENTRIES.c.subject_id).where(
    _ENTRIES.c.sign_in_id == bindparam("sign_in"),
    _ENTRIES.c.action == READ,
    _ENTRIES.c.subject_id.in_(bindparam("subjects", expanding=True)),
    _ENTRIES.c.at >= bindparam("since"),
)
_LAST: dict[bytes, tuple[int, bytes]] = {}  # by key: where this process last saw the chain end
_WRITTEN: set[tuple[UUID, UUID, datetime]] = set()  # device, participant, hour
_AFTER = (
    select(_ENTRIES)
    .where(_ENTRIES.c.seq > bindparam("after"))
    .order_by(_ENTRIES.c.seq)
    .limit(db.number("count"))
)
_ALL_SEALS = select(_SEALS).order_by(_SEALS.c.first_seq)
_KEPT_FROM = select(func.min(_ENTRIES.c.seq)).where(_ENTRIES.c.at >= bindparam("before"))
_OLD = select(_ENTRIES.c.seq, _ENTRIES.c.mac).where(_ENTRIES.c.seq == bindparam("last"))
_FORGET = delete(_ENTRIES).where(_ENTRIES.c.seq <= bindparam("last"))
_OPENED = (
    select(_ENTRIES.c.reason, _ENTRIES.c.at)
    .where(
        _ENTRIES.c.sign_in_id == bindparam("sign_in"),
        _ENTRIES.c.subject_id == bindparam("subject"),
        _ENTRIES.c.action == OPENED,
        _ENTRIES.c.at > bindparam("since"),
    )
    .order_by(_ENTRIES.c.seq.desc())
    .limit(db.ONE)
)


class Pen:
    """Writes the trail for one person on one device."""

    def __init__(self, key: bytes, actor: UUID | None, sign_in: UUID | None) -> None:
        self._key = key
        self.actor = actor
        self.sign_in = sign_in

    def write(
        self,
        action: str,
        kind: str,
        obj: UUID | None = None,
        subject: UUID | None = None,
        reason: str | None = None,
    ) -> None:
        """Append one entry, in the transaction of the act itself."""
        self._append(action, kind, obj, reason, [subject])

    def read(self, kind: str, subjects: Iterable[UUID], reason: str | None = None) -> None:
        """That the person has read about each of these participants, and why if it was asked."""
        self._append(READ, kind, None, reason, sorted(subjects))

    def _append(
        self,
        action: str,
        kind: str,
        obj: UUID | None,
        reason: str | None,
        subjects: Sequence[UUID | None],
    ) -> None:
        last = _LAST.get(self._key)
        if last is None or not self._extend(last, action, kind, obj, reason, subjects):
            # Another process wrote meanwhile, or what we wrote was rolled back: ask, and wait.
            head = db.connection().execute(_HEAD).one()
            self._key = ring().trail_key(self._key)  # whoever holds the head may have rolled it
            self._extend((head.seq, head.mac), action, kind, obj, reason, subjects)

    def _extend(
        self,
        last: tuple[int, bytes],
        action: str,
        kind: str,
        obj: UUID | None,
        reason: str | None,
        subjects: Sequence[UUID | None],
    ) -> bool:
        """Append after that head, if the chain still ends there."""
        connection, at, (seq, mac) = db.connection(), clock.now(), last
        entries = []
        for subject in subjects:
            seq += 1
            entry = {
                "seq": seq,
                "at": at,
                "actor_id": self.actor,
                "sign_in_id": self.sign_in,
                "action": action,
                "kind": kind,
                "object_id": obj,
                "subject_id": subject,
                "reason": reason,
                "prev": mac,
            }
            mac = _seal(self._key, entry)
            entries.append(entry | {"mac": mac})
        moved = {"old_seq": last[0], "old_mac": last[1], "new_seq": seq, "new_mac": mac}
        if connection.execute(_MOVE, moved).first() is None:
            return False
        connection.execute(_APPEND, entries)
        _LAST[self._key] = (seq, mac)
        return True


def read_this_hour(sign_in: UUID, subjects: Iterable[UUID]) -> set[UUID]:
    """Of these participants, those whose reading on this device is written for this hour.

    What is written stays written, so an answer once found need not be asked for again.
    """
    since = clock.now().replace(minute=0, second=0, microsecond=0)
    known = {s for s in subjects if (sign_in, s, since) in _WRITTEN}
    asked = set(subjects) - known
    if not asked:
        return known
    rows = db.rows(_READ_ALREADY, sign_in=sign_in, subjects=list(asked), since=since)
    found = {row.subject_id for row in rows}
    if len(_WRITTEN) > MOST_REMEMBERED:
        _WRITTEN.clear()
    _WRITTEN.update((sign_in, subject, since) for subject in found)
    return known | found


def remember(sign_in: UUID, subjects: Iterable[UUID]) -> None:
    """These readings are committed for this hour."""
    since = clock.now().replace(minute=0, second=0, microsecond=0)
    _WRITTEN.update((sign_in, subject, since) for subject in subjects)


def opened(sign_in: UUID, subject: UUID, since: datetime) -> Any:
    """The reason this device gave for reading about a participant since then, and when; or None."""
    return db.first(_OPENED, sign_in=sign_in, subject=subject, since=since)


def first_broken(
    key: bytes, anchor: tuple[int, bytes] | None = None, older: Sequence[bytes] = ()
) -> int | None:
    """The first entry that was changed, lost or moved; None when the whole chain holds.

    `anchor` is a head (sequence, mac) that was kept elsewhere: with it a cut tail shows.
    `older` are the keys that sealed entries before this one did: once passed, none counts again.
    """
    seq, mac = 0, b""
    keys, sealers = [*older, key], [*older, key]  # once passed, none counts again
    known = {0: b""}
    for seal in db.rows(_ALL_SEALS):
        if seal.first_seq != seq + 1 or not _is_whole(sealers, seal):
            return seq + 1
        seq, mac = seal.last_seq, seal.last_mac
        known[seq] = mac
    if anchor and anchor[0] < seq and anchor[0] not in known:
        raise TooOld
    anchored = anchor is None or known.get(anchor[0]) == anchor[1]
    while some := db.rows(_AFTER, after=seq, count=AT_A_TIME):
        for row in some:
            if row.seq != seq + 1 or row.prev != mac or not _passed(keys, row):
                return seq + 1
            seq, mac = int(row.seq), row.mac
            if anchor and anchor[0] == seq:
                if anchor[1] != mac:
                    return seq
                anchored = True
    head = db.first(_HEAD)
    whole = head is not None and (head.seq, head.mac) == (seq, mac) and anchored
    return None if whole else seq + 1


def genuine(keys: Iterable[bytes], row: Any) -> bool:
    """Whether that entry says what it said when it was written, under any of these keys."""
    entry = dict(row._mapping)
    mac = entry.pop("mac")
    return any(hmac.compare_digest(mac, _seal(key, entry)) for key in keys)


def _passed(keys: list[bytes], row: Any) -> bool:
    """Whether one of the keys that are left sealed it; those before it are dropped."""
    while keys and not genuine(keys[:1], row):
        keys.pop(0)
    return bool(keys)


def prune(key: bytes, before: datetime, pen: Pen) -> int:
    """Seal and delete the entries older than that; how many they were.

    The database lets nothing go that is not under a seal, and takes none over what is younger.
    """
    key = ring().trail_key(key)  # as a pen does
    first = max((row.last_seq for row in db.rows(_ALL_SEALS)), default=0) + 1
    kept = db.rows(_KEPT_FROM, before=before)[0][0]
    last = db.first(_OLD, last=(kept or head()[0] + 1) - 1)
    if last is None or last.seq < first:
        return 0
    seal: dict[str, object] = {
        "first_seq": first,
        "last_seq": last.seq,
        "entries": last.seq - first + 1,
        "last_mac": last.mac,
        "at": clock.now(),
    }
    db.connection().execute(insert(_SEALS), seal | {"mac": _seal(key, seal)})
    db.change(_FORGET, last=last.seq)
    pen.write(SEALED, "trail")
    return int(last.seq) - first + 1


def _is_whole(keys: list[bytes], seal: Any) -> bool:
    counted = seal.entries == seal.last_seq - seal.first_seq + 1
    return counted and _passed(keys, seal)


def head() -> tuple[int, bytes]:
    """Where the chain ends now: keep it elsewhere, and a cut tail is seen."""
    found = db.rows(_HEAD)[0]
    return found.seq, found.mac


def _seal(key: bytes, entry: dict[str, object]) -> bytes:
    parts = (_plain(entry[name]) for name in sorted(entry))
    return hmac.new(key, b"".join(len(p).to_bytes(4) + p for p in parts), hashlib.sha256).digest()


def _plain(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, datetime):
        return str(int(value.timestamp() * 1_000_000)).encode()
    return b"" if value is None else str(value).encode()
