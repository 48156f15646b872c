"""The session's cookie: what is remembered of it never outlives or leaks what it is."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import session

START = datetime(2026, 10, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cookie(app, clock):
    """A cookie that this process has signed."""
    signer = app.session_interface.get_signing_serializer(app)
    return signer.dumps({"_user_id": "a token"})


def opened(app, value):
    with app.test_request_context(headers={"Cookie": f"session={value}"}):
        return dict(session)


def test_it_is_read_again_and_again(app, cookie):
    assert [opened(app, cookie) for _ in range(3)] == [{"_user_id": "a token"}] * 3


def test_what_one_request_changes_is_its_own(app, cookie):
    with app.test_request_context(headers={"Cookie": f"session={cookie}"}):
        session["csrf_token"] = "of this request"
    assert opened(app, cookie) == {"_user_id": "a token"}


@pytest.mark.parametrize(("days", "stands"), [(30, True), (31, False)])
def test_one_that_was_read_before_still_grows_too_old(app, clock, cookie, days, stands):
    assert opened(app, cookie)
    clock.shift(timedelta(days=days))
    assert bool(opened(app, cookie)) is stands


def test_a_changed_one_is_refused_also_beside_the_true_one(app, cookie):
    assert opened(app, cookie)
    head, _, seal = cookie.rpartition(".")
    for forged in (f"{head}.{seal[::-1]}", f"x{cookie}", head, "x", "."):
        assert opened(app, forged) == {}


def test_one_signed_with_another_key_is_refused(app, cookie):
    signer = app.session_interface.get_signing_serializer(app)
    mine, signer.secret_keys = signer.secret_keys, [b"another key"]
    foreign = signer.dumps({"_user_id": "a token"})
    signer.secret_keys = mine
    assert opened(app, foreign) == {}
