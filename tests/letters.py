"""What the worker sends by letter, read where it lies when there is no server.

At some hours it sends reminders too: a test asks for the letters to one address.
"""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from app import clock
from app.house import House
from app.mail import Mailer, folder_of
from app.push import Pusher
from app.worker import Worker


def to(house: House, address: str) -> list[EmailMessage]:
    """All that has been sent to that address by now."""
    return [mail for mail in _sent(house) if mail["To"] == address]


def invitations(house: House) -> dict[str, str]:
    """To whom an invitation has gone since this was last asked, and its link."""
    links = {mail["To"]: re.search(r"/invitation/\S+", mail.get_content()) for mail in _sent(house)}
    for file in folder_of(house.settings).glob("*.eml"):
        file.unlink()
    return {address: link[0] for address, link in links.items() if link}


def _sent(house: House) -> list[EmailMessage]:
    Worker(house, Pusher(house.settings), Mailer(house.settings)).run(clock.now())
    files = sorted(folder_of(house.settings).glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
