"""The same fixed sentence as a letter: what it says, and a mail server that fails in every way."""

import socketserver
import threading
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from app import clock
from app.domain import heartbeats, notices
from app.mail import Mailer
from app.push import Pusher
from app.worker import Worker

NAMES = ("Anna", "Samir", "Havn", "Øst", "efternavn", "mentor")


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks just enough of SMTP, and refuses what a test says."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Session)
        self.letters, self.recipient, self.let_in = [], "250 ok", True
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def close(self):
        self.shutdown()
        self.server_close()


class Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 ready" if self.server.let_in else "554 no service")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ", 1)[0].upper()
            if word == "RCPT":
                self.say(self.server.recipient)
            elif word == "AUTH":
                self.say("535 wrong password")
            elif word == "EHLO":
                self.say("250-here")
                self.say("250 AUTH PLAIN")
            elif word == "DATA":
                self.say("354 go on")
                lines = []
                while (one := self.rfile.readline()) != b".\r\n":
                    lines.append(one)
                self.server.letters.append(b"".join(lines))
                self.say("250 taken")
            else:
                self.say("221 bye" if word == "QUIT" else "250 ok")
            if word == "QUIT":
                return


@pytest.fixture
def server():
    made = MailServer()
    yield made
    made.close()


@pytest.fixture
def worker(house, server):
    return worker_for(house, f"smtp://127.0.0.1:{server.port}")


def worker_for(house, address):
    settings = replace(house.settings, mail_server=address)
    return Worker(replace(house, settings=settings), Pusher(settings), Mailer(settings))


@pytest.fixture
def told(house, cast):
    """An answer about a week, to Anna, who has no device; a function that reads how it stands."""
    now = clock.now()
    with house.work(writes=True) as (unit, _):
        notices.trial(cast.people["Anna"], now)
        unit.commit()

    def read():
        with house.work(writes=False):
            [one] = notices.lately(cast.people["Anna"], now - timedelta(days=1), 9)
            return one, heartbeats.all_of_them()

    return read


def about(server, told):
    """The letters about that notice: at some hours others are due too."""
    one, _ = told()
    return [letter for letter in server.letters if str(one.id) in letter.decode()]


def test_a_letter_says_one_sentence_and_a_link(worker, told, server, house, cast):
    worker.run(clock.now())
    [raw] = about(server, told)
    letter = message_from_bytes(raw, policy=policy.default)
    one, beats = told()
    assert letter["To"] == cast.email("Anna")
    assert letter["Subject"] == "Der venter noget i appen"
    assert letter["Auto-Submitted"] == "auto-generated"
    body = letter.get_content().split()
    assert body == [
        *["Der", "venter", "noget", "i", "appen"],
        f"{house.settings.origin}/p/{one.id}",
    ]
    said = raw.decode().replace(cast.email("Anna"), "").replace(house.settings.mail_from, "")
    assert [name for name in NAMES if name in said.replace("primus-motor.invalid", "")] == []
    assert one.mailed_at is not None
    assert beats["mail"].trouble is None


def test_it_is_sent_once(worker, told, server):
    now = clock.now()
    for minutes in range(3):
        worker.run(now + timedelta(minutes=minutes))
    assert len(about(server, told)) == 1


def test_a_server_that_is_down_is_waited_out_and_said(worker, told, server, house, monkeypatch):
    monkeypatch.setattr("app.domain.rounds.TRIAL_LIVES", timedelta(days=3))
    now, port = clock.now(), server.port
    server.close()
    for hours in range(0, 25, 2):
        worker.run(now + timedelta(hours=hours))
    one, beats = told()
    assert one.mailed_at is None
    assert one.state == notices.WAITING
    assert beats["mail"].trouble == heartbeats.UNREACHABLE
    again = MailServer(port)
    try:
        for hours in (26, 27, 28):
            worker.run(now + timedelta(hours=hours))
        assert len(about(again, told)) == 1
    finally:
        again.close()
    one, beats = told()
    assert one.mailed_at is not None
    assert beats["mail"].trouble is None


def test_an_address_that_is_refused_for_good_is_not_tried_again(worker, told, server):
    server.recipient = "550 no such mailbox"
    now = clock.now()
    for hours in range(3):
        worker.run(now + timedelta(hours=hours))
    assert told()[0].state == notices.FAILED
    assert server.letters == []


def test_an_address_that_is_busy_is_tried_again(worker, told, server):
    server.recipient = "450 later"
    now = clock.now()
    worker.run(now)
    server.recipient = "250 ok"
    worker.run(now + timedelta(minutes=5))
    assert told()[0].mailed_at is not None


def test_a_password_that_is_refused_is_said(house, told, server):
    worker_for(house, f"smtp://anna:secret@127.0.0.1:{server.port}").run(clock.now())
    one, beats = told()
    assert one.mailed_at is None
    assert beats["mail"].trouble == heartbeats.UNREACHABLE


def test_whoever_has_left_gets_no_letter(worker, told, server, house, cast):
    with house.work(writes=True) as (unit, _):
        unit.connection.exec_driver_sql("UPDATE person SET left_at = '2026-01-01 00:00:00'")
        unit.commit()
    worker.run(clock.now())
    assert told()[0].state == notices.FAILED
    assert server.letters == []
