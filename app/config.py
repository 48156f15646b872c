"""Typed settings from the environment. Unsafe production settings refuse to start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 32  # characters
RESERVED = (".invalid", ".test", ".example", ".localhost", "localhost")  # RFC 2606
BODY_LIMIT = 64 * 1024  # bytes of one form, security decision A14
UPLOAD_LIMIT = 5 * 1024 * 1024 + BODY_LIMIT  # of a form with a sheet in it


class UnsafeSettings(Exception):
    """The settings would put people at risk; the message says which and why."""


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations."""

    mode: str  # "development", "demo" or "production"
    instance: Path  # where the embedded databases and the keyring lie
    database_url: str
    keys_url: str  # the key store: never the same database as the data
    keyring: Path  # master keys by epoch, outside both stores
    secret_key: str
    secure_cookies: bool
    sign_in_attempts: str = "10 per hour"  # failed ones, per account
    sign_in_attempts_per_network: str = "100 per hour"
    phone_patience: float = (
        20  # seconds a phone waits for an answer before it keeps and tries again
    )
    origin: str = "http://127.0.0.1:8000"  # where people reach the app: links in reminders
    push_keys: Path = ROOT / "instance" / "push-keys.json"
    push_subject: str = "mailto:demo@primus-motor.invalid"  # whom a push service may write to
    push_peers: frozenset[str] = frozenset()  # host:port of push services that are none: tests
    mail_server: str = ""  # smtp[s]://user:password@host:port, smtp+tls://…; none: files
    mail_from: str = "demo@primus-motor.invalid"
    security_contact: str = ""  # mailto: or https:, whom to tell of a hole (RFC 9116)
    privacy_contact: str = ""  # whom to ask about one's data; a sentence of the page ends with it
    keyring_is_lent: bool = False  # by systemd: it guards the file, and gives it at the start
    backup_key: Path | None = None  # what closes backups; the key that opens them lies elsewhere
    proxies: int = 0  # how many proxies of ours stand in front and set X-Forwarded-For

    @property
    def demo(self) -> bool:
        return self.mode == "demo"


def from_environment(env: Mapping[str, str]) -> Settings:
    """Read the settings, and refuse those that production must not run with."""
    mode = env.get("MODE", "development")
    instance = Path(env.get("INSTANCE", str(ROOT / "instance"))).resolve()
    credential = Path(env.get("CREDENTIALS_DIRECTORY", "/nowhere")) / "keyring"
    lent = "KEYRING" not in env and credential.is_file()
    backup_key = env.get("BACKUP_KEY")
    settings = Settings(
        mode=mode,
        instance=instance,
        database_url=with_driver(env.get("DATABASE_URL", f"sqlite:///{instance}/primus.db")),
        keys_url=with_driver(env.get("KEYS_URL", f"sqlite:///{instance}/keys.db")),
        keyring=credential
        if lent
        else Path(env.get("KEYRING", str(instance / "keyring.json"))).resolve(),
        keyring_is_lent=lent,
        backup_key=Path(backup_key).resolve() if backup_key else None,
        secret_key=env.get("SECRET_KEY", ""),
        secure_cookies=env.get("SECURE_COOKIES", "1" if mode == "production" else "0") == "1",
        sign_in_attempts=env.get("SIGN_IN_ATTEMPTS", "10 per hour"),
        sign_in_attempts_per_network=env.get("SIGN_IN_ATTEMPTS_PER_NETWORK", "100 per hour"),
        phone_patience=float(env.get("PHONE_PATIENCE", "20")),
        origin=env.get("ORIGIN", f"http://127.0.0.1:{env.get('PORT', '8000')}").rstrip("/"),
        push_keys=Path(env.get("PUSH_KEYS", str(instance / "push-keys.json"))).resolve(),
        push_subject=env.get("PUSH_SUBJECT", "mailto:demo@primus-motor.invalid"),
        push_peers=frozenset(env.get("PUSH_PEERS", "").split()),
        mail_server=env.get("MAIL_SERVER", ""),
        mail_from=env.get("MAIL_FROM", "demo@primus-motor.invalid"),
        security_contact=env.get("SECURITY_CONTACT", ""),
        privacy_contact=env.get("PRIVACY_CONTACT", ""),
        proxies=int(env.get("PROXIES", "0")),
    )
    refuse_what_is_unsafe(settings)
    return settings


def with_driver(url: str) -> str:
    """Name the driver, so that every spelling of a PostgreSQL address works."""
    for spelling in ("postgres://", "postgresql://"):
        if url.startswith(spelling):
            return "postgresql+psycopg://" + url.removeprefix(spelling)
    return url


def refuse_what_is_unsafe(settings: Settings) -> None:
    if settings.mode not in ("development", "demo", "production"):
        raise UnsafeSettings(f"MODE is {settings.mode!r}: use development, demo or production")
    files = store_files(settings)
    if settings.database_url == settings.keys_url or len(files) != len(set(files)):
        raise UnsafeSettings("KEYS_URL must not be the database that holds the data")
    if settings.mode != "production":
        return
    if len(settings.secret_key) < SHORTEST_SECRET:
        raise UnsafeSettings(f"SECRET_KEY needs at least {SHORTEST_SECRET} characters")
    if not settings.secure_cookies:
        raise UnsafeSettings("SECURE_COOKIES=0 would send the session over plain HTTP")
    if not settings.keyring.is_file():
        raise UnsafeSettings("KEYRING names no file: make one with 'python -m app.keyring FILE'")
    if not settings.keyring_is_lent and settings.keyring.stat().st_mode & 0o077:
        raise UnsafeSettings("KEYRING can be read by others: give it mode 0600")
    refuse_reminders_that_do_not_arrive(settings)
    if settings.keyring.parent in (settings.instance, *(file.parent for file in files)):
        raise UnsafeSettings("KEYRING lies beside a database: one stolen copy would hold both")


def refuse_reminders_that_do_not_arrive(settings: Settings) -> None:
    """What push services and mail servers turn away, said at the start and not at night."""
    if not settings.origin.startswith("https://"):
        raise UnsafeSettings("ORIGIN must be the https address that people reach the app by")
    if settings.push_peers:
        raise UnsafeSettings("PUSH_PEERS opens a way past the list of push services")
    mail = settings.push_subject.partition("mailto:")[2]
    domain = mail.rpartition("@")[2]
    if not mail.partition("@")[0] or "." not in domain or domain.endswith(RESERVED):
        raise UnsafeSettings("PUSH_SUBJECT must be mailto: and an address that somebody reads")
    if not settings.push_keys.is_file():
        raise UnsafeSettings(
            "PUSH_KEYS names no file: make one with 'python -m app.keyring FILE --push'"
        )
    if settings.push_keys.stat().st_mode & 0o077:
        raise UnsafeSettings("PUSH_KEYS can be read by others: give it mode 0600")
    if urlsplit(settings.mail_server).scheme not in ("smtps", "smtp+tls"):
        raise UnsafeSettings("MAIL_SERVER must be smtps:// or smtp+tls://")
    if "@" not in settings.mail_from or settings.mail_from.endswith(RESERVED):
        raise UnsafeSettings("MAIL_FROM must be an address of yours")


def store_files(settings: Settings) -> list[Path]:
    """The files of the embedded stores, however their addresses are written."""
    urls = [make_url(url) for url in (settings.database_url, settings.keys_url)]
    embedded = [u for u in urls if u.get_backend_name() == "sqlite" and u.database]
    return [Path(str(url.database)).resolve() for url in embedded]
