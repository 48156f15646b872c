"""A mentor leaves while fifty of their pages are being read: none begun afterwards is shown."""

import threading
import time

import pytest

from tests.conftest import client_of, token_on

pytestmark = pytest.mark.slow

READERS = 50
PAGES = ("/", "/moeder", "/uger", "/forloeb", "/udbakke/viden")
AT_MOST = 20  # seconds


def test_T2_no_page_begun_after_a_mentor_has_left_is_shown(any_app, any_cast):
    anna, lise = (client_of(any_app, any_cast, name) for name in ("Anna", "Lise"))
    cookie = anna.get_cookie("session").value
    seen, left, lock = [], [], threading.Lock()
    leaving = {"csrf_token": token_on(lise, "/mig"), "sure": "y"}
    ready = threading.Barrier(READERS + 1)

    def read(number):
        client = any_app.test_client()
        client.set_cookie("session", cookie)
        path, after, until = PAGES[number % len(PAGES)], 0, time.monotonic() + AT_MOST
        ready.wait()
        while after < 2 and time.monotonic() < until:
            begun = time.monotonic()
            status = client.get(path).status_code
            with lock:
                seen.append((begun, status, path))
            after += bool(left and begun > left[0])

    readers = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    ready.wait()
    answer = lise.post(f"/leder/mentorer/{any_cast.people['Anna']}/stop", data=leaving)
    left.append(time.monotonic())
    for reader in readers:
        reader.join()
    assert answer.status_code == 200
    afterwards = [(status, path) for begun, status, path in seen if begun > left[0]]
    assert len(afterwards) >= READERS
    # 503: so many at once are more than PostgreSQL has connections for.
    assert {status for status, _ in afterwards} <= {303, 503}
    assert any(status == 303 for status, _ in afterwards)
    assert any(status == 200 for begun, status, _ in seen if begun < left[0])
