"""Where an attempt comes from, and a limit on how often one network may fail."""

import hashlib
import hmac
from contextlib import suppress
from ipaddress import IPv6Address, IPv6Network

from flask import request
from limits import RateLimitItem, parse

from app.web.asking import house


def limit() -> tuple[RateLimitItem, str]:
    """How often this network may fail."""
    return parse(house().settings.sign_in_attempts_per_network), _network(request.remote_addr or "")


def _network(address: str) -> str:
    """A keyed hash of where the attempt comes from; of IPv6, what one customer is given."""
    with suppress(ValueError):  # IPv4, or what a proxy made of it
        six = IPv6Address(address)
        address = str(six.ipv4_mapped or IPv6Network((six, 64), strict=False))
    return hmac.new(house().keyring.lookup, address.encode(), hashlib.sha256).hexdigest()
