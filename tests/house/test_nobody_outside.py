"""Nobody outside reads along: no role, no letter goes to a prison, a town or a relative."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

from app import clock
from app.config import ROOT
from app.domain import notices, people
from app.mail import Mailer, folder_of
from app.push import Pusher
from app.worker import Worker
from tests import stored


def test_T15_there_is_no_role_for_anybody_outside(house, things):
    roles = {people.MENTOR, people.LEADER, people.CONSULTANT}
    assert roles == {"mentor", "leader", "consultant"}
    assert {row.role for row in stored.rows(house, "role")} == roles
    assert set(people.ROLES) == roles  # what the consultant can give


def test_T15_letters_go_to_people_of_ours_and_to_nobody_else(house, cast):
    """Everybody is told something and has no phone: each gets a letter at their own address.

    Gustav, who holds no role any more, gets none.
    """
    now = clock.now()
    with house.work(writes=True) as (unit, _):
        for person in cast.people.values():
            notices.trial(person, now)
        unit.commit()
    worker = Worker(house, Pusher(house.settings), Mailer(house.settings))
    for minutes in range(3):
        worker.run(now + timedelta(minutes=minutes))
    letters = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in folder_of(house.settings).glob("*.eml")
    ]
    ours = {cast.email(name) for name in cast.people if name != "Gustav"}
    assert {letter["To"] for letter in letters} == ours
    assert not any(letter["Cc"] or letter["Bcc"] for letter in letters)


def test_T15_only_the_worker_writes_letters():
    """A page that could write one would need a recipient, which somebody could type."""
    writers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "app").rglob("*.py")
        if re.search(r"from app\.mail import .*\bLetter\b|smtplib", path.read_text())
    }
    assert writers == {"app/mail.py", "app/worker.py"}
