"""A device that is reminded, with an address that only a push service could use."""

import base64
import os

from cryptography.hazmat.primitives.asymmetric import ec

from app import clock, db, keyring
from app.domain import devices, trail

PEERS = frozenset()
AGENT = "Mozilla/5.0 (Linux; Android 15) Chrome/156.0 Mobile"


def text(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def address(word=""):
    """At a known push service, with a key of its own."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    return {
        "endpoint": f"https://fcm.googleapis.com/fcm/send/{word or text(os.urandom(24))}",
        "p256dh": text(point.public_bytes(*keyring.UNCOMPRESSED)),
        "auth": text(os.urandom(16)),
    }


def subscribe(house, cast, name, word=""):
    """Remind a member of the cast there, in the unit of work that is under way."""
    person = cast.people[name]
    checked = devices.checked(**address(word), peers=PEERS)
    pen = trail.Pen(house.keyring.trail, person, None)
    lookup = house.keyring.lookup
    return devices.subscribe(person, None, checked, AGENT, 1, lookup, pen, clock.now())


def remind_on(house, cast, name, sign_in):
    """Where a member of the cast is signed in, reminders arrive as well."""
    with house.work(writes=True) as (unit, _):
        device = subscribe(house, cast, name)
        db.session().get(devices.Device, device).sign_in_id = sign_in
        db.session().flush()
        unit.commit()
    return device


def reminded(house, cast, name):
    """The devices that a member of the cast is reminded on."""
    with house.work(writes=False):
        return [one.id for one in devices.of(cast.people[name])]
