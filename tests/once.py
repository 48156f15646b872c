"""What is compiled once for a whole run of tests: routes, statements, templates and the hash of
the files.

Every test has an app of its own all the same; it only does not work out again what never changes.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, event, make_url
from werkzeug.routing import Rule

from app import db
from app.web import static

_make_engine, _compile_route = db.engine, Rule._compile_builder
_engines: dict[str, tuple[Any, dict[Any, Any]]] = {}  # a dialect and its statements, by kind
_routes: dict[tuple[Any, ...], Callable[..., Any]] = {}


class Compiled(BytecodeCache):
    """Templates compiled once per language and test run, not once per app."""

    kept: ClassVar[dict[tuple[str, str, str], bytes]] = {}

    def __init__(self, tongue: str) -> None:
        self.tongue = tongue

    def load_bytecode(self, bucket: Bucket) -> None:
        if found := self.kept.get((self.tongue, bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[self.tongue, bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def engine(url: str) -> Engine:
    """An engine that knows the statements of those before it: they are kept by dialect."""
    made, kind = _make_engine(url), make_url(url).get_backend_name()
    if kind in _engines:
        made.dialect, statements = _engines[kind]
        made.update_execution_options(compiled_cache=statements)
    else:  # a dialect knows its database when it has been there once
        mine = (made.dialect, {})
        event.listen(made, "connect", lambda *_: _engines.setdefault(kind, mine), once=True)
    return made


def route(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
    """How an address is put together follows from how it is written."""
    defaults = tuple(sorted((rule.defaults or {}).items()))
    key = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, defaults, append_unknown)
    if key not in _routes:
        _routes[key] = _compile_route(rule, append_unknown)
    return _routes[key]


def install() -> None:
    db.engine = engine
    static.fingerprint = cache(static.fingerprint)
    Rule._compile_builder = route  # type: ignore[method-assign]
