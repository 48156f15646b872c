"""A phone whose every tab sends what waits, at once. On both databases."""

from tests import logs, sealed, stored
from tests.conftest import client_of
from tests.threads import at_once

TABS = 6


def test_one_record_from_many_tabs_is_stored_once(any_app, any_cast, any_house, any_signed_in):
    fields = sealed.record(any_signed_in("Anna"), logs.filled(any_signed_in("Anna")))
    tabs = [client_of(any_app, any_cast, "Anna") for _ in range(TABS)]
    tokens = [sealed.key(tab)["token"] for tab in tabs]
    pairs = zip(tabs, tokens, strict=True)
    answers = at_once([lambda t=t, k=k: sealed.send(t, fields, csrf_token=k) for t, k in pairs])
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["Stored"].split(" ")[0] for answer in answers} == {fields["record"]}
    assert len({answer.headers["HX-Redirect"] for answer in answers}) == 1
    for table in ("meeting", "evaluation", "receipt"):
        assert len(stored.rows(any_house, table)) == 1


def test_its_author_is_answered_and_another_is_refused_at_once(
    any_app, any_cast, any_house, any_signed_in
):
    fields = sealed.record(any_signed_in("Anna"), logs.filled(any_signed_in("Anna")))
    phones = [client_of(any_app, any_cast, name) for name in ("Anna", "Bo") * 3]
    tokens = [sealed.key(phone)["token"] for phone in phones]
    pairs = zip(phones, tokens, strict=True)
    answers = at_once([lambda p=p, k=k: sealed.send(p, fields, csrf_token=k) for p, k in pairs])
    assert [answer.status_code for answer in answers] == [200, 403] * 3
    [meeting] = stored.rows(any_house, "meeting")
    assert meeting.logged_by == any_cast.people["Anna"]
