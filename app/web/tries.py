"""How often something may fail, by account or by network: whoever guesses too often has to wait.

A try is counted before it is looked at, so that of many at once no more are looked at than may be;
whoever was right gets it back. A secret that nobody guesses is looked at first, and only a miss is
counted: so strangers keep nobody out.
"""

from flask import abort
from limits import RateLimitItem, parse

from app.attempts import Attempts
from app.web.asking import house

Limit = tuple[RateLimitItem, str]  # how often; and by what it is counted


def of_account(key: str) -> Limit:
    """How often one account may fail, at what the key says."""
    return parse(house().settings.sign_in_attempts), key


def take(*limits: Limit) -> None:
    """One try of each, or none and 429. It stays counted until it is given back."""
    if limits and not _attempts().take(limits):
        abort(429)


def give_back(*limits: Limit) -> None:
    """It was right, and is no guess."""
    if limits:
        _attempts().give_back(limits)


def is_within(limit: RateLimitItem, key: str) -> bool:
    """Whether that has not come more often, as long as the limit remembers. It counts as come."""
    return _attempts().take([(limit, key)])


def _attempts() -> Attempts:
    return Attempts(house().data)
