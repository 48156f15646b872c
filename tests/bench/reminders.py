"""Reminders: 10,000 messages to a push service over TLS, the cost of one, and the store's part."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pywebpush import WebPusher

from app import clock, keyring, schema
from app.domain import devices, notices, trail
from app.domain.devices import Address
from app.house import open_house
from app.mail import Mailer
from app.push import TAKEN, Pusher, payload_of
from app.worker import AT_ONCE, Worker
from tests import cast as casting
from tests.bench.table import Line, at_least, at_most
from tests.conftest import settings_for
from tests.devices import address

MESSAGES, EARLY, STORED = 10_000, 2_000, 1_000
SECONDS = 25  # performance.md
SHARE = 20  # per cent of what OpenSSL can do
GROWTH = 1.1
LINK = "https://mentor.primus.dk/p/0f8fad5b-d9cb-469f-a165-70867728950e"


def lines() -> Iterator[Line]:
    with TemporaryDirectory() as folder, peer(Path(folder)) as (netloc, certificate):
        where = Path(folder)
        keyring.add_key(where / "push-keys.json", "push")
        settings = replace(settings_for(where), push_peers=frozenset({netloc}))
        pusher = Pusher(settings, verify=str(certificate))
        endpoint = f"https://{netloc}/x"
        took, early, late = sent(pusher, endpoint)
        yield at_most(f"{MESSAGES:,} notices to a TLS peer answering in 30 ms", took, "s", SECONDS)
        yield at_most("the same: memory, against after 2,000", round(late / early, 2), "x", GROWTH)
        yield at_least("encrypting, share of OpenSSL's P-256 limit a core", share(), "%", SHARE)
        yield at_least("through the store, a second", stored(settings, pusher, endpoint), "/s", 50)


def sent(pusher: Pusher, endpoint: str) -> tuple[float, int, int]:
    """Seconds for all, and the memory (kB) early and late."""
    where = [Address(**(address() | {"endpoint": endpoint})) for _ in range(100)]
    payload, early = payload_of("Der venter noget i appen", LINK, "t" * 32), 0

    def one(n: int) -> None:
        answer = pusher.send(where[n % 100], 1, payload, "x" * 32)
        assert answer.what == TAKEN, answer

    begun = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done, _ in enumerate(pool.map(one, range(MESSAGES))):
            if done == EARLY:
                early = resident()
    return round(time.monotonic() - begun, 1), early, resident()


def share() -> float:
    """Our encryption beside the bare agreement on a key, round by round."""
    own, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    public, where = other.public_key(), address()
    payload = payload_of("Der venter noget i appen", LINK, "t" * 32)
    keys = {"endpoint": where["endpoint"], "keys": {n: where[n] for n in ("p256dh", "auth")}}
    ours = floor = 0.0
    for _ in range(10):
        floor += cpu(lambda: own.exchange(ec.ECDH(), public))
        ours += cpu(lambda: WebPusher(keys).encode(payload))
    return round(100 * floor / ours, 1)


def cpu(act: object, times: int = 200) -> float:
    begun = time.process_time()
    for _ in range(times):
        act()  # type: ignore[operator]
    return time.process_time() - begun


def stored(settings: object, pusher: Pusher, endpoint: str) -> int:
    """Notices a second with their claim, delivery and end in a durable store."""
    house = open_house(settings)  # type: ignore[arg-type]
    schema.upgrade(house)
    cast = casting.call(house, clock.today())
    with house.work(writes=True) as (unit, _):
        anna, lookup = cast.people["Anna"], house.keyring.lookup
        pen = trail.Pen(house.keyring.trail, anna, None)
        given = Address(**(address() | {"endpoint": endpoint}))
        devices.subscribe(anna, None, given, "x", 1, lookup, pen, clock.now())
        for _ in range(STORED):
            notices.trial(anna, clock.now())
        unit.commit()
    worker, now = Worker(house, pusher, Mailer(house.settings)), clock.now()
    ids = worker.plan(now).push
    begun = time.monotonic()
    worker.send(ids, now)
    took = time.monotonic() - begun
    with house.work(writes=False):
        told = notices.lately(anna, now - timedelta(days=1), STORED + 1)
    assert {one.state for one in told} == {notices.SENT}
    house.data.dispose()
    house.keys.engine.dispose()
    return round(STORED / took)


def resident() -> int:
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


@contextmanager
def peer(folder: Path) -> Iterator[tuple[str, Path]]:
    certificate = folder / "peer.pem"
    certificate.write_bytes(self_signed())
    command = (sys.executable, "-m", "tests.bench.push_peer", str(certificate))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        try:
            yield f"127.0.0.1:{port}", certificate
        finally:
            process.kill()


def self_signed() -> bytes:
    """For 127.0.0.1, good for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "peer")])
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + made.public_bytes(serialization.Encoding.PEM)
