"""The app factory. Nobody imports from here."""

import base64
import importlib
import os

import click
from flask import Flask
from flask.cli import AppGroup
from werkzeug.middleware.proxy_fix import ProxyFix

from app import config, extensions, push_keys, web
from app.config import Settings, UnsafeSettings
from app.cookies import Cookies
from app.domain import demo
from app.house import open_house
from app.web.guard import GuardedFlask


class Commands(AppGroup):
    """`flask --app wsgi …`, read when one is asked for: a worker needs no migrations."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _commands().get(cmd_name)


def _commands() -> dict[str, click.Command]:
    found: dict[str, click.Command] = importlib.import_module("app.cli").COMMANDS
    return found


def create_app(settings: Settings | None = None) -> Flask:
    """Build the app from the settings, or from the environment."""
    settings = settings or config.from_environment(os.environ)
    house = open_house(settings)
    if settings.mode == "production" and demo.lies_in(house.data):
        raise UnsafeSettings("DATABASE_URL names a store of the demo, whose password is public")
    app = GuardedFlask(__name__, static_folder=None, template_folder=str(config.ROOT / "templates"))
    if settings.mode != "production":
        push_keys.make_key(settings.push_keys, first=True)
    app.extensions["house"] = house
    app.extensions["push_keys"] = push_keys.PushKeys(settings.push_keys)
    app.session_interface = Cookies()
    app.config.update(
        SECRET_KEY=settings.secret_key or base64.b64encode(house.keyring.forms).decode(),
        MAX_CONTENT_LENGTH=config.BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=config.BODY_LIMIT,
        MAX_FORM_PARTS=200,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure_cookies else "session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=60 * 60 * 24 * 30,
        WTF_CSRF_TIME_LIMIT=None,  # a form may lie open overnight; its token follows the session
        WTF_CSRF_CHECK_DEFAULT=True,
        WTF_I18N_ENABLED=False,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=1,
        COMPRESS_MIN_SIZE=500,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,  # pages are never stored
    )
    for extension in (extensions.login, extensions.htmx, extensions.compress):
        extension.init_app(app)
    web.install(app, house)
    extensions.csrf.init_app(app)  # the guard asks first
    app.cli = Commands()
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    return app
