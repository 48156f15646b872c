"""Settings that would put people at risk are refused."""

from dataclasses import replace

import pytest

from app import config, create_app
from app.config import UnsafeSettings, from_environment, with_driver
from tests.conftest import reminders_that_arrive


@pytest.fixture
def safe(tmp_path):
    """An environment that production may run with."""
    keyring = tmp_path / "elsewhere" / "keyring.json"
    keyring.parent.mkdir()
    keyring.write_text("{}")
    keyring.chmod(0o600)
    return {
        "MODE": "production",
        "INSTANCE": str(tmp_path / "instance"),
        "SECRET_KEY": "x" * 32,
        "KEYRING": str(keyring),
        **reminders_that_arrive(tmp_path),
    }


def test_safe_settings_are_accepted(safe):
    settings = from_environment(safe)
    assert settings.secure_cookies
    assert not settings.demo


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 31}, "SECRET_KEY"),
        ({"SECURE_COOKIES": "0"}, "SECURE_COOKIES"),
        ({"KEYRING": "/nowhere/keyring.json"}, "KEYRING"),
        ({"ORIGIN": "http://mentor.primus.dk"}, "ORIGIN"),
        ({"PUSH_PEERS": "127.0.0.1:9"}, "PUSH_PEERS"),
        ({"PUSH_SUBJECT": "mailto:drift@localhost"}, "PUSH_SUBJECT"),
        ({"PUSH_SUBJECT": "mailto:x@primus-motor.invalid"}, "PUSH_SUBJECT"),
        ({"PUSH_SUBJECT": "drift@primus.dk"}, "PUSH_SUBJECT"),
        ({"PUSH_KEYS": "/nowhere/push-keys.json"}, "PUSH_KEYS"),
        ({"MAIL_SERVER": ""}, "MAIL_SERVER"),
        ({"MAIL_SERVER": "smtp://mail.primus.dk:25"}, "MAIL_SERVER"),
        ({"MAIL_FROM": "demo@primus-motor.invalid"}, "MAIL_FROM"),
        ({"MODE": "prod"}, "MODE"),
        ({"MODE": ""}, "MODE"),
        ({"KEYS_URL": "postgresql://x/a", "DATABASE_URL": "postgres://x/a"}, "KEYS_URL"),
    ],
    ids=str,
)
def test_an_unsafe_setting_is_refused_by_name(safe, change, why):
    with pytest.raises(UnsafeSettings, match=why):
        from_environment(safe | change)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_keyring_that_others_can_read_is_refused(safe, mode):
    config.Path(safe["KEYRING"]).chmod(mode)
    with pytest.raises(UnsafeSettings, match="0600"):
        from_environment(safe)


@pytest.mark.parametrize("beside", ["INSTANCE", "DATABASE_URL", "KEYS_URL"])
def test_a_keyring_beside_a_database_is_refused(safe, beside):
    folder = config.Path(safe["KEYRING"]).parent
    value = str(folder) if beside == "INSTANCE" else f"sqlite:///{folder}/x.db"
    with pytest.raises(UnsafeSettings, match="beside"):
        from_environment(safe | {beside: value})


def test_data_and_keys_in_one_database_are_refused_everywhere(tmp_path):
    one = f"sqlite:///{tmp_path}/one.db"
    for mode in ("development", "demo", "production"):
        with pytest.raises(UnsafeSettings):
            from_environment({"MODE": mode, "DATABASE_URL": one, "KEYS_URL": one})


def test_the_app_does_not_start_on_unsafe_settings(safe, monkeypatch):
    for name, value in (safe | {"SECURE_COOKIES": "0"}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UnsafeSettings):
        create_app()


def test_production_does_not_make_its_own_keyring(safe, settings):
    missing = replace(settings, mode="production", keyring=settings.instance / "none.json")
    with pytest.raises(FileNotFoundError):
        create_app(missing)
    assert not missing.keyring.exists()


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("postgres://h/d", "postgresql+psycopg://h/d"),
        ("postgresql://h/d", "postgresql+psycopg://h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:///x.db", "sqlite:///x.db"),
    ],
)
def test_every_spelling_of_a_database_address_works(spelling, expected):
    assert with_driver(spelling) == expected


def test_without_an_environment_it_is_a_development_machine():
    settings = from_environment({})
    assert settings.mode == "development"
    assert settings.database_url.startswith("sqlite:///")
    assert settings.database_url != settings.keys_url


def test_production_cookies_are_bound_to_the_host_and_to_https(settings):
    app = create_app(replace(settings, secure_cookies=True))
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-session"
    assert app.config["SESSION_COOKIE_SECURE"]
    answer = app.test_client().get("/log-ind")
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert "Secure" in cookie
    app.extensions["house"].data.dispose()
    app.extensions["house"].keys.engine.dispose()


def test_T29_the_keyring_may_be_handed_over_at_the_start(safe, tmp_path):
    """By systemd, in a folder that is gone with the service: it never lies on the host's disk."""
    lent = tmp_path / "credentials"
    lent.mkdir()
    (lent / "keyring").write_text("{}")
    (lent / "keyring").chmod(0o440)  # systemd guards it by other means
    del safe["KEYRING"]
    settings = from_environment(safe | {"CREDENTIALS_DIRECTORY": str(lent)})
    assert (settings.keyring, settings.keyring_is_lent) == (lent / "keyring", True)
    with pytest.raises(UnsafeSettings, match="KEYRING"):
        from_environment(safe | {"CREDENTIALS_DIRECTORY": str(tmp_path)})


def test_a_keyring_that_is_named_goes_before_one_that_is_handed_over(safe, tmp_path):
    (tmp_path / "keyring").write_text("{}")
    settings = from_environment(safe | {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert str(settings.keyring) == safe["KEYRING"]
    assert not settings.keyring_is_lent


def test_the_key_for_backups_is_named_or_there_is_none(safe, tmp_path):
    assert from_environment(safe).backup_key is None
    named = from_environment(safe | {"BACKUP_KEY": str(tmp_path / "key.pub")})
    assert named.backup_key == tmp_path / "key.pub"
