"""What leaves for a push service, what its answers mean, and where nothing is ever sent."""

import json
import os
import re
import socket
import subprocess
import time
import urllib.request
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from app import clock, keyring, push
from app.domain import devices, heartbeats, notices, trail
from app.domain.devices import Address, Refused
from app.mail import Mailer
from app.push import GONE, LATER, OURS, TAKEN, Pusher, payload_of
from app.push_keys import PushKeys
from app.worker import Worker
from tests.conftest import settings_for
from tests.devices import address
from tests.postgres import free_port
from tests.push_service import PushService, claims_of

TEXTS = {"Der venter en evaluering", "Der venter to korte svar", "Der venter noget i appen"}
PEER = Path(__file__).parent.parent / "push_peer.cjs"
HERE = "http://127.0.0.1:8000/p/x"


@pytest.fixture
def service():
    made = PushService()
    yield made
    made.close()


@pytest.fixture
def pusher(tmp_path, service):
    keyring.add_key(tmp_path / "push-keys.json", "push")
    peers = frozenset({service.peer})
    return Pusher(replace(settings_for(tmp_path), push_peers=peers))


def send(pusher, service, **changes):
    where = Address(**(service.subscription() | changes))
    return pusher.send(where, 1, payload_of("Der venter noget i appen", HERE, "t"), "x" * 32)


# --- A real peer ---


@pytest.fixture
def peer():
    port = free_port()
    process = subprocess.Popen(("node", str(PEER), str(port)), stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while True:
        try:
            asked(port, "status", {})
            break
        except OSError:
            assert time.monotonic() < deadline, "the push peer does not start"
            time.sleep(0.05)
    yield port
    process.kill()
    process.wait()


def asked(port, path, what):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/{path}",
        json.dumps(what).encode(),
        {"content-type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
        said = answer.read()
    return json.loads(said) if said.startswith(b"{") else said


@pytest.mark.slow
def test_a_real_peer_verifies_our_key_and_decrypts_a_fixed_sentence(tmp_path, peer):
    """T7: the service carries what it cannot read; the phone reads a fixed sentence."""
    keyring.add_key(tmp_path / "push-keys.json", "push")
    netloc = f"localhost:{peer}"
    settings = replace(settings_for(tmp_path), push_peers=frozenset({netloc}))
    pusher = Pusher(settings)
    number, key = pusher.keys.public()
    wanted = {"userVisibleOnly": "true", "applicationServerKey": key}
    given = asked(peer, "subscribe", wanted)["data"]
    where = devices.checked(given["endpoint"], **given["keys"], peers=settings.push_peers)
    for text in sorted(TEXTS):
        answer = pusher.send(where, number, payload_of(text, HERE, "tag"), "x" * 32)
        assert answer.what == TAKEN
    heard = asked(peer, "get-notifications", {"clientHash": given["clientHash"]})
    messages = [json.loads(one) for one in heard["data"]["messages"]]
    assert {message["notification"]["body"] for message in messages} == TEXTS
    assert {message["web_push"] for message in messages} == {8030}
    keyring.add_key(tmp_path / "push-keys.json", "push")  # a key that the peer does not know
    os.utime(tmp_path / "push-keys.json", (1, 1))
    assert pusher.send(where, 2, payload_of("x", HERE, "t"), "x" * 32).what == OURS


# --- What a request looks like ---


def test_every_message_has_one_length_and_says_how_long_it_lives(pusher, service):
    """T6, T7: a few fixed sentences, one length, a day at the most."""
    for text in TEXTS:
        message = payload_of(text, HERE, "tag")
        pusher.send(Address(**service.subscription()), 1, message, "x" * 32)
    assert len({len(body) for body in service.received}) == 1
    assert len(service.received[0]) <= 4096
    assert {service.opened(body)[1] for body in service.received} == {push.PAYLOAD}
    for _, headers, _ in service.requests:
        assert 0 < int(headers["ttl"]) <= 86400
        assert headers["content-encoding"] == "aes128gcm"
        assert headers["urgency"] == "normal"
        assert re.fullmatch(r"[\w-]{1,32}", headers["topic"])


def test_the_signature_names_the_service_it_is_for_and_runs_out(pusher, service):
    send(pusher, service)
    claims = claims_of(service.requests[0][1])
    assert claims["aud"] == f"http://{service.peer}"
    assert claims["sub"].startswith("mailto:")
    assert 0 < claims["exp"] - time.time() <= 86400


def test_two_services_get_two_signatures_and_one_gets_one_for_an_hour(tmp_path, service):
    other = PushService()
    try:
        keyring.add_key(tmp_path / "push-keys.json", "push")
        peers = frozenset({service.peer, other.peer})
        pusher = Pusher(replace(settings_for(tmp_path), push_peers=peers))
        for one in (service, other, service):
            send(pusher, one)
        here, again = (headers["authorization"] for _, headers, _ in service.requests)
        assert here == again
        assert claims_of(other.requests[0][1])["aud"] == f"http://{other.peer}"
        assert other.requests[0][1]["authorization"] != here
    finally:
        other.close()


def test_a_payload_that_is_longer_than_all_others_is_none():
    with pytest.raises(ValueError, match="longer"):
        payload_of("x" * 5000, HERE, "t")


# --- What its answers mean ---


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (201, TAKEN),
        (200, TAKEN),
        (404, GONE),
        (410, GONE),
        (429, LATER),
        (500, LATER),
        (503, LATER),
        (400, OURS),
        (401, OURS),
        (403, OURS),
        (413, OURS),
    ],
)
def test_each_answer_has_its_meaning(pusher, service, status, what):
    service.status = status
    assert send(pusher, service).what == what


def test_the_services_own_word_for_how_long_to_wait_is_heard(pusher, service):
    service.status = 503
    service.headers = {"Retry-After": "120"}
    assert send(pusher, service).pause == timedelta(seconds=120)
    service.headers = {"Retry-After": format_datetime(clock.now() + timedelta(minutes=5))}
    assert timedelta(minutes=4) < send(pusher, service).pause <= timedelta(minutes=5)
    service.headers = {"Retry-After": "99999999"}
    assert send(pusher, service).pause == push.LONGEST_PAUSE
    service.headers = {"Retry-After": "soon"}
    assert send(pusher, service).pause is None


def test_a_redirect_is_not_followed(pusher, service):
    """T26: not by way of another."""
    other = PushService()
    try:
        service.status, service.headers = 301, {"Location": f"http://{other.peer}/x"}
        assert send(pusher, service).what == LATER
        assert other.requests == []
    finally:
        other.close()


def test_a_silent_service_is_waited_for_no_longer_than_our_patience(pusher, service, monkeypatch):
    monkeypatch.setattr(push, "PATIENCE", 0.3)
    service.behave = lambda handler: time.sleep(1.5)
    begun = time.monotonic()
    assert send(pusher, service).what == LATER
    assert time.monotonic() - begun < 1.4


def test_a_closed_connection_is_tried_later(pusher, service):
    service.behave = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)
    assert send(pusher, service).what == LATER


def test_of_an_endless_answer_little_is_read(pusher, service):
    sent = []

    def talk(handler):
        handler.send_response(201)
        handler.send_header("connection", "close")
        handler.end_headers()
        try:
            for _ in range(4096):
                handler.wfile.write(b"x" * 65536)
                sent.append(65536)
        except OSError:
            pass

    service.behave = talk
    assert send(pusher, service).what == TAKEN
    deadline = time.monotonic() + 5
    while len(sent) == 4096 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert sum(sent) < 64 * 65536  # a socket's own buffers, not 256 MB


# --- Where nothing is ever sent ---

WRONG = [
    "http://fcm.googleapis.com/x",
    "https://localhost/x",
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/x",
    "https://2130706433/x",
    "https://0x7f000001/x",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com:80/x",
    "https://user@fcm.googleapis.com/x",
    "https://fcm.googleapis.com@evil.example/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evil-fcm.googleapis.com/x",
    "https://push.apple.com.evil.example/x",
    "https://evilpush.apple.com/x",
    "https://fcm.googleapis.com./x",
    "https://fcm.googleapis.com\\@evil.example/x",
    "https://fcm.googleapis.com/x#y",
    "https://fcm.googleapis.com/x y",
    "https://fcm.googleapis.com/\r\nHost: evil",
    "https://fcm.googleapis.com/æ",
    "https://fcm.googleapis.com:x/",
    "https://[/x",
    "https://fcm.googleapis.com/" + "x" * 5000,
    "ftp://fcm.googleapis.com/x",
    "",
]


@pytest.mark.parametrize("endpoint", WRONG, ids=lambda e: e[:60])
def test_an_address_outside_the_push_services_is_refused(tmp_path, endpoint):
    """T26: asked when it is registered, and at every send."""
    with pytest.raises(Refused):
        devices.check_endpoint(endpoint, frozenset())
    keyring.add_key(tmp_path / "push-keys.json", "push")
    where = Address(**(address() | {"endpoint": endpoint}))
    answer = Pusher(settings_for(tmp_path)).send(where, 1, payload_of("x", HERE, "t"), "x")
    assert answer.what == GONE  # asked again at every send


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:443/fcm/send/abc",
        "https://web.push.apple.com/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://db5p.notify.windows.com/w/?token=abc",
    ],
)
def test_the_push_services_of_the_browsers_are_known(endpoint):
    assert devices.check_endpoint(endpoint, frozenset())


@pytest.mark.parametrize(
    "change",
    [
        {"p256dh": "x"},
        {"p256dh": address()["p256dh"][:-4]},
        {"p256dh": "B" + "A" * 86},  # 65 bytes that are no point of the curve
        {"p256dh": "***"},
        {"auth": address()["auth"][:-1]},
        {"auth": ""},
    ],
)
def test_a_malformed_key_is_refused(change):
    with pytest.raises(Refused) as refused:
        devices.checked(**(address() | change), peers=frozenset())
    assert refused.value.why == "key"


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_a_name_that_leads_into_a_house_is_not_called(tmp_path, monkeypatch, inside):
    """T26: private and wrapped addresses, whatever the name."""
    assert not push.is_public(inside)
    called = []
    kind = socket.AF_INET6 if ":" in inside else socket.AF_INET
    found = [(kind, socket.SOCK_STREAM, 6, "", (inside, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", lambda *a, **_: called.append(a))
    keyring.add_key(tmp_path / "push-keys.json", "push")
    where = Address(**address())
    answer = Pusher(settings_for(tmp_path)).send(where, 1, payload_of("x", HERE, "t"), "x")
    assert answer.what == LATER
    assert called == []


def test_the_connection_goes_to_the_address_that_was_looked_at(tmp_path, monkeypatch):
    """T26: the name is not asked twice."""
    looked, called = [], []

    def look(host, *_, **__):
        looked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("142.250.74.10", 443))]

    def connect(where, *_, **__):
        called.append(where)
        raise OSError("no way out of a test")

    monkeypatch.setattr(socket, "getaddrinfo", look)
    monkeypatch.setattr(socket, "create_connection", connect)
    keyring.add_key(tmp_path / "push-keys.json", "push")
    where = Address(**address())
    Pusher(settings_for(tmp_path)).send(where, 1, payload_of("x", HERE, "t"), "x")
    assert looked == ["fcm.googleapis.com"]
    assert called == [("142.250.74.10", 443)]


# --- What becomes of a notice ---


@pytest.fixture
def worker(house, service):
    settings = replace(house.settings, push_peers=frozenset({service.peer}))
    return Worker(replace(house, settings=settings), Pusher(settings), Mailer(settings))


@pytest.fixture
def told(house, cast, service):
    """A trial to Anna, whose phone listens here; a function that reads how it stands."""
    given = service.subscription()
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, cast.people["Anna"], None)
        now, lookup = clock.now(), house.keyring.lookup
        where = Address(**given)
        devices.subscribe(cast.people["Anna"], None, where, "x", 1, lookup, pen, now)
        notices.trial(cast.people["Anna"], now)
        unit.commit()

    def read():
        with house.work(writes=False):
            [one] = notices.lately(cast.people["Anna"], now - timedelta(days=1), 9)
            return one, devices.of(cast.people["Anna"]), heartbeats.all_of_them()

    return read


def letters(house):
    """To Anna: at some hours others are due too."""
    files = (house.settings.instance / "mail").glob("*.eml")
    return [file for file in files if "To: anna@" in file.read_text()]


def test_taken_it_is_sent_once(worker, told, service):
    now = clock.now()
    worker.run(now)
    worker.run(now)
    assert told()[0].state == notices.SENT
    assert len(service.requests) == 1


def test_gone_the_device_goes_and_a_letter_takes_its_place(worker, told, service, house):
    service.status = 410
    worker.run(clock.now())
    one, kept, _ = told()
    assert kept == []
    assert one.mailed_at is not None
    assert len(letters(house)) == 1


def test_overloaded_it_is_tried_no_sooner_than_asked(worker, told, service):
    now = clock.now()
    service.status, service.headers = 429, {"Retry-After": "300"}
    worker.run(now)
    assert told()[0].state == notices.WAITING
    service.status = 201
    worker.run(now + timedelta(seconds=299))
    assert len(service.requests) == 1
    worker.run(now + timedelta(seconds=301))
    assert told()[0].state == notices.SENT


def test_refused_it_is_our_fault_and_said_until_it_works_again(worker, told, service):
    now = clock.now()
    service.status = 403
    worker.run(now)
    one, kept, beats = told()
    assert (one.state, len(kept)) == (notices.WAITING, 1)
    assert beats["push"].trouble == heartbeats.REFUSED
    service.status = 201
    worker.run(now + timedelta(minutes=2))
    one, _, beats = told()
    assert (one.state, beats["push"].trouble) == (notices.SENT, None)


def test_a_key_that_is_gone_makes_its_devices_gone(worker, told, house):
    house.settings.push_keys.write_text('{"push": {}}')
    worker.run(clock.now())
    assert told()[1] == []


def test_an_old_key_serves_its_devices_until_they_have_changed_over(worker, told, service, house):
    keyring.add_key(house.settings.push_keys, "push")
    worker.run(clock.now())
    assert told()[0].state == notices.SENT
    used = service.requests[0][1]["authorization"].partition("k=")[2]
    assert used != PushKeys(house.settings.push_keys).public()[1]
