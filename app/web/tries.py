"""How often something may fail, by account or by network: whoever guesses too often has to wait."""

from flask import abort
from limits import RateLimitItem, parse
from limits.strategies import FixedWindowRateLimiter

from app.attempts import Attempts
from app.web.asking import house

Limit = tuple[RateLimitItem, str]  # how often; and by what it is counted


def of_account(key: str) -> Limit:
    """How often one account may fail, at what the key says."""
    return parse(house().settings.sign_in_attempts), key


def refuse_after_too_many(*limits: Limit) -> None:
    if not all(_window().test(limit, key) for limit, key in limits):
        abort(429)


def count(*limits: Limit) -> None:
    """Something was tried, and was wrong."""
    for limit, key in limits:
        _window().hit(limit, key)


def is_first(limit: RateLimitItem, key: str) -> bool:
    """Whether that has not come before, as long as the limit remembers. It has, from then on."""
    return _window().hit(limit, key)


def _window() -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(Attempts(engine=house().data))
