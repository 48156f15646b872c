"""The only file that knows pywebpush: one wrapper, with the guards that it lacks.

No waiting for ever, no way to addresses that are not a browser's push service, no redirects, no
long answers, and one signature per push service and hour instead of one per message.
"""

import ipaddress
import json
import socket
import threading
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from py_vapid import Vapid02
from pywebpush import WebPusher
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPSConnection

from app import clock
from app.config import Settings
from app.domain import devices
from app.domain.devices import Address, Refused
from app.domain.news import TITLE
from app.push_keys import PushKeys

TAKEN, GONE, LATER, OURS = "taken", "gone", "later", "ours"
PATIENCE = 10  # seconds
LIVES = timedelta(hours=24)  # then it is no longer worth a look (security decision A11)
SIGNED_FOR = timedelta(hours=12)
SIGNED_ANEW = timedelta(hours=1)
LONGEST_ANSWER = 1024  # bytes that we read of what a push service says
PAYLOAD = 512  # bytes of every payload: its length tells nothing
LONGEST_PAUSE = timedelta(hours=6)
AT_ONCE = 64  # connections kept to one push service
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Answer(NamedTuple):
    """What a push service made of it; `pause` is how long it asks us to wait."""

    what: str  # TAKEN, GONE, LATER or OURS
    pause: timedelta | None = None


class Pusher:
    """Sends one payload to one device."""

    def __init__(self, settings: Settings, verify: bool | str = True) -> None:
        self.keys = PushKeys(settings.push_keys)
        self._subject = settings.push_subject
        self._peers = settings.push_peers
        self._verify = verify
        self._here = threading.local()
        self._signed: dict[tuple[int, str], tuple[datetime, dict[str, str]]] = {}

    def send(self, address: Address, key_number: int, payload: bytes, topic: str) -> Answer:
        """Encrypt it, sign for it, and hand it over. Never raises for what the other side does."""
        try:
            devices.check_endpoint(address.endpoint, self._peers)
        except Refused:
            return Answer(GONE)
        if key_number not in self.keys.keys:
            return Answer(GONE)
        headers = self._signature(key_number, address.endpoint) | {
            "topic": topic,
            "urgency": "normal",
            "content-type": "application/octet-stream",
        }
        keys = {"p256dh": address.p256dh, "auth": address.auth}
        pusher = WebPusher({"endpoint": address.endpoint, "keys": keys}, self._session())
        try:
            answer: Any = pusher.send(
                payload, headers, ttl=int(LIVES.total_seconds()), timeout=PATIENCE
            )
        except (requests.RequestException, OSError, ValueError):
            return Answer(LATER)
        return _read(answer)

    def _signature(self, key_number: int, endpoint: str) -> dict[str, str]:
        """Claims of its own for every push service, made anew each hour."""
        parts, now = urlsplit(endpoint), clock.now()
        audience = f"{parts.scheme}://{parts.netloc}"
        until, headers = self._signed.get((key_number, audience), (now, {}))
        if until <= now:
            expires = int((now + SIGNED_FOR).timestamp())
            claims = {"aud": audience, "sub": self._subject, "exp": expires}
            headers = Vapid02(private_key=self.keys.keys[key_number]).sign(claims)
            self._signed[key_number, audience] = (now + SIGNED_ANEW, headers)
        return headers

    def _session(self) -> requests.Session:
        """One a thread: a session is not made to be shared."""
        session: requests.Session | None = getattr(self._here, "session", None)
        if session is None:
            session = self._here.session = requests.Session()
            session.trust_env = False
            session.max_redirects = 0
            session.verify = self._verify
            session.mount("https://", Pinned(self._peers))
            session.mount("http://", Pinned(self._peers))
        return session


def payload_of(text: str, navigate: str, tag: str) -> bytes:
    """Declarative Web Push: phones that know it show it themselves, others by our worker."""
    message = {
        "web_push": 8030,
        "notification": {
            "title": TITLE,
            "body": text,
            "lang": "da",
            "dir": "ltr",
            "navigate": navigate,
            "silent": False,
            "tag": tag,
            "app_badge": "1",
        },
    }
    raw = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    if len(raw) > PAYLOAD:
        raise ValueError("a payload longer than all others would tell something")
    return raw.ljust(PAYLOAD)


def _read(answer: requests.Response) -> Answer:
    status = answer.status_code
    if status in (200, 201, 202, 204):
        return Answer(TAKEN)
    if status in (404, 410):
        return Answer(GONE)
    if status == 429 or status >= 500:
        return Answer(LATER, _pause(answer.headers.get("Retry-After")))
    return Answer(OURS)


def _pause(word: str | None) -> timedelta | None:
    """Retry-After, as seconds or as a date; never longer than six hours."""
    if word is None:
        return None
    try:
        asked = timedelta(seconds=int(word))
    except (ValueError, OverflowError):
        try:
            asked = parsedate_to_datetime(word) - clock.now()
        except (ValueError, TypeError):
            return None
    return max(timedelta(0), min(asked, LONGEST_PAUSE))


class Pinned(HTTPAdapter):
    """Goes only to public addresses, and only to the one that was looked at; reads little."""

    def __init__(self, peers: frozenset[str]) -> None:
        self._peers = peers
        super().__init__(pool_maxsize=AT_ONCE)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **_: Any
    ) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block)
        self.poolmanager.pool_classes_by_scheme = {"https": PinnedPool, "http": HTTPConnectionPool}

    def get_connection_with_tls_context(
        self, request: Any, verify: Any, *rest: Any, **more: Any
    ) -> Any:
        if urlsplit(request.url).netloc in self._peers:  # tests and demos: never in production
            pools = {"https": HTTPSConnectionPool, "http": HTTPConnectionPool}
            self.poolmanager.pool_classes_by_scheme = pools
        return super().get_connection_with_tls_context(request, verify, *rest, **more)

    def send(self, request: Any, **how: Any) -> requests.Response:  # type: ignore[override]
        answer = super().send(request, **(how | {"stream": True}))
        answer.raw.read(LONGEST_ANSWER, decode_content=False)
        if answer.raw.closed or answer.raw.length_remaining in (0, None):
            answer.raw.release_conn()
        else:
            answer.close()
        answer._content, answer._content_consumed = b"", True
        return answer


class PinnedConnection(HTTPSConnection):
    """Connects to an address that was found to be public, not to a name that may move meanwhile."""

    def _new_conn(self) -> socket.socket:
        return socket.create_connection(
            (public_address(self._dns_host, self.port or 443), self.port or 443), self.timeout
        )


class PinnedPool(HTTPSConnectionPool):
    ConnectionCls = PinnedConnection


def public_address(host: str, port: int) -> str:
    """The first address of a name, when all of its addresses are public."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise OSError("not a public address")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an address leads out of every house, also when it is wrapped in another."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in NAT64 or ip.teredo or (inner and ip.sixtofour):
            return False
        if inner:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast
