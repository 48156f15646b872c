"""The only file that knows SMTP: the same fixed sentence, and a link."""

import secrets
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from app.config import Settings

PATIENCE = 15  # seconds
DOMAIN = "primus-motor.invalid"  # of Message-IDs: it names no machine


class Undeliverable(Exception):
    """The mail server will never take a letter to that address."""


class Unreachable(Exception):
    """The mail server does not answer, or does not let us in."""


class Letter(NamedTuple):
    to: str
    subject: str
    link: str


class Mailer:
    """Sends letters by SMTP; without a server, into files that the demo shows."""

    def __init__(self, settings: Settings) -> None:
        self._server = settings.mail_server
        self._sender = settings.mail_from
        self._folder = folder_of(settings)

    def send(self, letter: Letter) -> None:
        """Raises Unreachable, or Undeliverable for an address that is refused for good."""
        message = EmailMessage()
        message["From"], message["To"] = self._sender, letter.to
        message["Subject"] = letter.subject
        message["Message-ID"] = f"<{secrets.token_hex(16)}@{DOMAIN}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(f"{letter.subject}\n\n{letter.link}\n")
        if self._server:
            self._by_smtp(message)
        else:
            self._into_a_file(message)

    def _by_smtp(self, message: EmailMessage) -> None:
        where = urlsplit(self._server)
        kind = smtplib.SMTP_SSL if where.scheme == "smtps" else smtplib.SMTP
        try:
            with kind(where.hostname or "", where.port or 0, timeout=PATIENCE) as server:
                if where.scheme == "smtp+tls":
                    server.starttls(context=ssl.create_default_context())
                if where.username:
                    server.login(unquote(where.username), unquote(where.password or ""))
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise (Undeliverable if code >= 500 else Unreachable) from None
        except (OSError, smtplib.SMTPException):
            raise Unreachable from None  # its words may hold the address

    def _into_a_file(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        draft = self._folder / f"{name}.draft"
        draft.write_bytes(bytes(message))
        draft.rename(draft.with_suffix(".eml"))


def folder_of(settings: Settings) -> Path:
    """Where letters lie when there is no server."""
    return settings.instance / "mail"
