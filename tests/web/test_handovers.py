"""Giv ugen videre: asked, answered, read; and whoever comes too late is told how it stands."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app import clock
from tests import cast as casting
from tests import html, stored, weeks
from tests.conftest import client_of, token_on
from tests.threads import at_once
from tests.weeks import (
    ASKED,
    GONE,
    act,
    answer,
    ask,
    at_noon,
    holder,
    send,
    take,
    wednesday,
    week,
    with_cast,
)

__all__ = ["wednesday", "with_cast"]
NOTE = "Han er træt efter samtalen"
SECOND = timedelta(seconds=1)


def refusal(answer, status=422):
    """The page of a refused form, and what it kept."""
    page = html.read(answer.text)
    assert answer.status_code == status
    return page, html.values(page.one("form", id="handover-form"))


def late(client, path, sent):
    """Send an answer from a page that was opened while the request still waited."""
    return client.post(f"{path}/svar", data=sent)


def yes(client, path):
    return weeks.opened(client, path, "answer-form") | {"svar": "ja"}


# Asked


def test_the_giver_has_the_week_until_it_is_accepted(house, anna, bo):
    before = stored.counts(house)
    path = ask(anna, 48)
    grown = stored.since(before, stored.counts(house))
    assert grown == {"handover": 1, "handover_week": 1, "notice": 1, "receipt": 1, "trail": 1}
    assert "Indtil Bo svarer, har du ugen." in weeks.read(anna, path)
    assert "Du har spurgt Bo om uge 48. Indtil der er svar, har du den." in weeks.read(anna, "/")
    assert holder(anna, 48) == "Dig"
    assert holder(bo, 48) == "Anna"


def test_the_co_mentor_meets_it_on_i_dag_and_answers_with_one_tap(anna, bo):
    path = ask(anna, 48, 50)
    today = html.read(bo.get("/").text)
    rows = [a for a in today.all("a", href=path) if "uge 48 og 50" in a.text]
    assert len(rows) == 1
    assert "Anna spørger, om du tager" in rows[0].text
    form = html.read(bo.get(path).text).one("form", id="answer-form")
    assert [b.text for b in form.all("button")] == ["Jeg tager dem", "Kan ikke"]
    assert html.values(form)["weeks"] == [week(48), week(50)]
    one = html.read(bo.get(ask(anna, 52)).text).one("form", id="answer-form")
    assert one.all("button")[0].text == "Jeg tager den"


def test_the_asker_is_not_offered_an_answer(anna):
    page = html.read(anna.get(ask(anna, 48)).text)
    assert page.all("form", id="answer-form") == []


# Answered


def test_one_week_accepted_moves_to_the_taker_everywhere(house, anna, bo):
    path = ask(anna, 48)
    take(bo, path)
    assert holder(anna, 48) == "Bo"
    assert holder(bo, 48) == "Dig"
    assert "næste: Bo" in weeks.read(anna, "/")
    assert "næste: dig" in weeks.read(bo, "/")
    assert "Bo tager den" in weeks.read(anna, path)
    assert "Du tager den" in weeks.read(bo, path)
    (row,) = stored.rows(house, "handover_answer")
    assert (row.outcome, row.number) == ("accepted", 1)
    assert len(stored.acts(house, "took_on")) == 1


def test_the_running_week_can_be_given_too(anna, bo):
    assert "Du har ugen" in weeks.read(bo, "/")
    take(anna, ask(bo, 47))
    assert "Du har ugen" in weeks.read(anna, "/")
    assert "Anna har ugen" in weeks.read(bo, "/")


def test_several_weeks_are_accepted_at_once(anna, bo):
    take(bo, ask(anna, 48, 50, 52))
    assert [holder(bo, n) for n in (48, 50, 52)] == ["Dig"] * 3


def test_some_of_several_can_be_accepted_and_the_rest_waits(anna, bo):
    path = ask(anna, 48, 50, 52)
    take(bo, path, weeks=[week(48), week(52)])
    assert [holder(anna, n) for n in (48, 50, 52)] == ["Bo", "Dig", "Bo"]
    form = html.read(bo.get(path).text).one("form", id="answer-form")
    assert html.values(form)["weeks"] == [week(50)]
    assert answer(bo, path, "nej").status_code == 303
    assert holder(anna, 50) == "Dig"
    assert "Uge 48: Bo tager den · Uge 50: Bo kan ikke · Uge 52: Bo tager den" in weeks.read(
        anna, ASKED
    )


def test_declined_with_words_that_the_asker_sees(house, anna, bo):
    path = ask(anna, 48)
    assert answer(bo, path, "nej", words="Jeg er på kursus").status_code == 303
    assert "Bo kan ikke" in weeks.read(anna, path)
    assert "Jeg er på kursus" in weeks.read(anna, path)
    assert holder(anna, 48) == "Dig"
    assert len(stored.acts(house, "declined")) == 1
    take(bo, ask(anna, 48))  # and it may be asked for again


def test_the_words_of_an_answer_are_the_pair_s_alone(signed_in, cast, anna, bo):
    path = ask(anna, 48, leader_may_read="y", going=NOTE)
    answer(bo, path, "nej", words="Jeg er på kursus")
    page = weeks.read(signed_in("Lise"), f"/leder/forloeb/{cast.mentorships['Samir']}")
    assert NOTE in page
    assert "kursus" not in page


def test_a_note_that_was_not_ticked_is_the_pair_s_alone(signed_in, cast, anna):
    ask(anna, 48, going=NOTE)
    page = weeks.read(signed_in("Lise"), f"/leder/forloeb/{cast.mentorships['Samir']}")
    assert NOTE not in page


def test_what_was_accepted_can_be_given_back(anna, bo):
    take(bo, ask(anna, 48))
    take(anna, ask(bo, 48))
    assert holder(anna, 48) == "Dig"


# Read


def test_the_note_stands_on_i_dag_from_the_answer_until_it_is_ticked(house, anna, bo):
    path = ask(anna, 48, going=NOTE, promised="Bo ringer til banken")
    assert NOTE not in weeks.read(bo, "/")
    assert NOTE in weeks.read(bo, path)
    take(bo, path)
    page = html.read(bo.get("/").text)
    assert NOTE in page.text
    assert page.text.index(NOTE) < page.text.index("Uge 47")
    tick = page.one("form", action=f"{path}/laest")
    ticked = bo.post(f"{path}/laest", data=html.values(tick))
    assert (ticked.status_code, ticked.location) == (303, "/")
    assert NOTE not in weeks.read(bo, "/")
    assert "Læst af Bo" in weeks.read(anna, path)
    assert "Bo ringer til banken" in weeks.read(bo, path)
    assert len(stored.acts(house, "read_note")) == 1


def test_the_note_is_ticked_on_its_own_page_too_and_once_is_enough(house, anna, bo):
    path = ask(anna, 48, watch=NOTE)
    take(bo, path)
    for _ in range(2):
        ticked = act(bo, f"{path}/laest")
        assert (ticked.status_code, ticked.location) == (303, path)
    assert html.read(bo.get(path).text).all("form", action=f"{path}/laest") == []
    assert len(stored.acts(house, "read_note")) == 1


def test_opening_a_note_ticks_nothing(house, anna, bo):
    path = ask(anna, 48, going=NOTE)
    take(bo, path)
    bo.get(path)
    assert [row.read_at for row in stored.rows(house, "handover")] == [None]
    assert NOTE in weeks.read(bo, "/")


def test_a_request_without_a_note_leaves_nothing_to_tick(anna, bo):
    path = ask(anna, 48)
    take(bo, path)
    assert f"{path}/laest" not in bo.get("/").text + bo.get(path).text


# Withdrawn, and too late


def test_the_giver_takes_back_what_nobody_has_answered(house, anna, bo):
    path = ask(anna, 48)
    assert act(anna, f"{path}/tilbagetraekning").status_code == 303
    assert path not in bo.get("/").text
    assert "Trukket tilbage" in weeks.read(bo, path)
    assert "Venter på svar" not in weeks.said(anna, 48)
    assert len(stored.acts(house, "took_back")) == 1


def test_withdrawing_keeps_what_was_accepted(anna, bo):
    path = ask(anna, 48, 50)
    take(bo, path, weeks=[week(48)])
    act(anna, f"{path}/tilbagetraekning")
    assert [holder(anna, n) for n in (48, 50)] == ["Bo", "Dig"]


def is_too_late(house, client, sent, before, state):
    assert sent.status_code == 409
    page = html.read(sent.text)
    assert page.one(role="alert").text == GONE
    assert state in page.text
    assert stored.contents(house) == before


def test_accepting_twice_changes_nothing(house, anna, bo):
    path = ask(anna, 48)
    form = yes(bo, path)
    assert late(bo, path, form).status_code == 303
    before = stored.contents(house)
    is_too_late(house, bo, late(bo, path, form), before, "Du tager den")
    assert holder(bo, 48) == "Dig"


def test_accepting_after_withdrawal_changes_nothing(house, anna, bo):
    path = ask(anna, 48)
    form = yes(bo, path)
    act(anna, f"{path}/tilbagetraekning")
    before = stored.contents(house)
    is_too_late(house, bo, late(bo, path, form), before, "Trukket tilbage")
    assert holder(bo, 48) == "Anna"


def test_a_week_declined_cannot_be_accepted_afterwards(house, anna, bo):
    path = ask(anna, 48)
    form = yes(bo, path)
    answer(bo, path, "nej")
    before = stored.contents(house)
    is_too_late(house, bo, late(bo, path, form), before, "Du kan ikke")
    assert holder(anna, 48) == "Dig"


@pytest.mark.parametrize(("reply", "state"), [("ja", "Bo tager den"), ("nej", "Bo kan ikke")])
def test_withdrawing_after_the_answer_changes_nothing(house, anna, bo, reply, state):
    path = ask(anna, 48)
    answer(bo, path, reply)
    before = stored.contents(house)
    is_too_late(house, anna, act(anna, f"{path}/tilbagetraekning"), before, state)


def test_an_answer_to_a_week_that_has_gone_answers_no_other(house, anna, bo):
    path = ask(anna, 48, 50)
    form = yes(bo, path)
    take(bo, path, weeks=[week(48)])
    before = stored.contents(house)
    is_too_late(house, bo, late(bo, path, form), before, "Du tager den")
    assert holder(anna, 50) == "Dig"


# Expired


@pytest.mark.parametrize(
    ("day", "numbers", "too_late"),
    [
        (date(2026, 11, 18), (47, 48), datetime(2026, 11, 22, 23, tzinfo=UTC)),
        # On the Sunday in between the clocks change.
        (date(2026, 10, 21), (43, 44), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2027, 3, 24), (12, 13), datetime(2027, 3, 28, 22, tzinfo=UTC)),
    ],
)
def test_a_request_ends_when_sunday_is_over_in_denmark(app, wednesday, day, numbers, too_late):
    """The running week's at its end, the next one's when it begins: the same midnight."""
    wednesday.move_to(at_noon(day))
    house = app.extensions["house"]
    cast = casting.call(house, day)
    anna, bo = (client_of(app, cast, name) for name in ("Anna", "Bo"))
    running, coming = ([week(number, day.year)] for number in numbers)
    asked = [(anna, ask(bo, weeks=running)), (bo, ask(anna, weeks=coming))]
    forms = [yes(client, path) for client, path in asked]
    wednesday.move_to(too_late - SECOND)
    for client, path in asked:
        assert path in client.get("/").text
        assert "answer-form" in client.get(path).text
    wednesday.move_to(too_late)
    before = stored.contents(house)
    for (client, path), form in zip(asked, forms, strict=True):
        assert path not in client.get("/").text
        is_too_late(house, client, late(client, path, form), before, "Udløb uden svar")
    assert holder(anna, numbers[1]) == "Dig"
    ask(anna, weeks=coming)  # now the running one: it may be asked for again
    expired = [row for row in stored.rows(house, "handover_answer") if row.outcome == "expired"]
    assert len(expired) == 2
    assert {row.by for row in expired} == {None}
    at = {row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC) for row in expired}
    assert at == {too_late}


def test_the_weeks_of_a_request_expire_one_by_one(wednesday, anna, bo):
    path = ask(anna, 48, 50)
    wednesday.move_to(at_noon(date(2026, 11, 23)))
    assert "Uge 48: Udløb uden svar" in weeks.read(bo, path)
    take(bo, path)
    assert [holder(anna, n) for n in (48, 50)] == ["Dig", "Bo"]


# Byttet


def swap(client, give, back):
    return ask(client, give, take=[week(back)])


def test_a_swap_is_taken_whole(anna, bo):
    path = swap(anna, 48, 49)
    page = weeks.read(bo, path)
    assert "Anna vil bytte uge 48 med dig" in page
    assert "Du tager uge 48. Til gengæld tager Anna uge 49." in page
    take(bo, path, weeks=[week(48)])
    assert [holder(anna, n) for n in (48, 49)] == ["Bo", "Dig"]


def test_a_swap_declined_moves_nothing(anna, bo):
    path = swap(anna, 48, 49)
    assert answer(bo, path, "nej").status_code == 303
    assert [holder(anna, n) for n in (48, 49)] == ["Dig", "Bo"]


def test_a_swap_of_which_one_week_has_moved_is_over_whole(house, cast, anna, bo):
    path = swap(anna, 48, 49)
    form = yes(bo, path)
    weeks.lead(house, cast, "Anna", date(2026, 11, 30))  # week 49, which she was to take in return
    before = stored.contents(house)
    is_too_late(house, bo, late(bo, path, form), before, "Gælder ikke længere")
    assert holder(anna, 48) == "Dig"


def test_a_swap_ends_with_the_first_of_its_weeks(wednesday, anna, bo):
    path = swap(anna, 52, 49)
    form = yes(bo, path)
    wednesday.move_to(at_noon(date(2026, 11, 30)))
    assert late(bo, path, form).status_code == 409
    assert [holder(anna, n) for n in (49, 52)] == ["Bo", "Dig"]


# What is refused

UNKNOWN = "Den uge findes ikke."


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ([], "Vælg mindst én uge."),
        (["2026-W46"], "Uge 46 er gået."),
        (["2026-W49"], "Du har ikke uge 49"),
        (["2026-W48", "2026-W49"], "Du har ikke uge 49"),
        (["2027-W21"], "højst 26 uger frem"),
        (["2027-W53"], UNKNOWN),  # 2027 has 52
    ],
)
def test_a_week_that_cannot_be_given_is_refused_at_the_field(house, anna, silent, chosen, why):
    before = stored.counts(house)
    page, kept = refusal(send(anna, weeks=chosen, going=NOTE, leader_may_read="y"))
    assert why in html.error_at(page, "weeks")
    assert why in html.summary(page)
    assert (kept["going"], kept["leader_may_read"]) == ([NOTE], ["y"])
    assert stored.counts(house) == before


@pytest.mark.parametrize("field", ["weeks", "take"])
def test_what_is_no_week_is_refused(house, anna, silent, field):
    values = weeks.opened(anna) | {"weeks": [week(48)], "going": NOTE}
    before = stored.counts(house)
    for code in ("2025-W53", "2026-W00", "2026-W54", "2026-W5", "0001-W01", "48", "", "\x00"):
        page, kept = refusal(anna.post(ASKED, data=values | {field: [week(48), code]}))
        assert UNKNOWN in html.error_at(page, "weeks"), code
        assert kept["going"] == [NOTE]
    assert stored.counts(house) == before


def test_week_53_of_a_year_that_has_one_and_the_last_week_shown_are_taken(anna, bo):
    ask(bo, 53)
    ask(anna, weeks=[week(19, 2027)])
    ask(bo, weeks=[week(20, 2027)])


def test_a_week_that_is_asked_for_is_not_asked_for_again(house, anna, silent):
    ask(anna, 48)
    before = stored.counts(house)
    page, kept = refusal(send(anna, 48, 50, going=NOTE, watch="Huslejen"))
    assert html.error_at(page, "weeks") == "Der er allerede spurgt om uge 48."
    assert kept["weeks"] == [week(50)]  # week 48 is not there to be chosen
    assert (kept["going"], kept["watch"]) == ([NOTE], ["Huslejen"])
    assert stored.counts(house) == before


def test_a_week_in_a_swap_is_not_asked_for_again_by_the_other(anna, bo):
    swap(anna, 48, 49)
    page, _ = refusal(send(bo, 49))
    assert html.error_at(page, "weeks") == "Der er allerede spurgt om uge 49."


@pytest.mark.parametrize(
    ("back", "field", "why"),
    [
        ("2026-W50", "take", "Din medmentor har ikke uge 50."),
        ("2027-W53", "weeks", UNKNOWN),
        ("2026-W45", "weeks", "Uge 45 er gået."),
    ],
)
def test_a_week_that_cannot_be_taken_in_return_is_refused(house, anna, back, field, why):
    before = stored.counts(house)
    page, kept = refusal(send(anna, 48, take=[back], going=NOTE))
    assert why in html.error_at(page, field)
    assert (kept["weeks"], kept["going"]) == ([week(48)], [NOTE])
    assert stored.counts(house) == before


@pytest.mark.parametrize(
    ("prompt", "text", "why"),
    [
        ("going", "Han hedder 010190-1234", "CPR-nummer"),
        ("agreed", "Ring 20 30 40 50", "telefonnummer"),
        ("watch", "Skriv til ham@eksempel.dk", "e-mailadresse"),
        ("promised", "x" * 1001, "1 tegn for lang"),
    ],
)
def test_a_wrong_text_is_refused_at_its_prompt_and_kept(house, anna, silent, prompt, text, why):
    before = stored.counts(house)
    page, kept = refusal(send(anna, 48, **{prompt: text}))
    assert why in html.error_at(page, prompt)
    assert (kept[prompt], kept["weeks"]) == ([text], [week(48)])
    assert stored.counts(house) == before


def test_a_thousand_characters_are_taken(anna):
    ask(anna, 48, going="å" * 1000)


@pytest.mark.parametrize(
    ("words", "why"), [("Ring 20304050", "telefonnummer"), ("x" * 301, "1 tegn for lang")]
)
def test_wrong_words_of_an_answer_are_refused_and_all_is_kept(house, anna, bo, silent, words, why):
    path = ask(anna, 48, 50)
    before = stored.counts(house)
    sent = answer(bo, path, words=words, weeks=[week(50)])
    assert sent.status_code == 422
    page = html.read(sent.text)
    assert why in html.error_at(page, "words")
    kept = html.values(page.one("form", id="answer-form"))
    assert (kept["words"], kept["weeks"]) == ([words], [week(50)])
    assert stored.counts(house) == before


@pytest.mark.parametrize(
    ("chosen", "why"), [([], "Vælg mindst én uge."), (["x"], UNKNOWN), (["2026-W52"], UNKNOWN)]
)
def test_an_answer_to_no_week_of_the_request_is_refused(house, anna, bo, chosen, why):
    path = ask(anna, 48, 50)
    before = stored.counts(house)
    sent = answer(bo, path, weeks=chosen)
    assert sent.status_code == 422
    assert why in html.error_at(html.read(sent.text), "weeks")
    assert stored.counts(house) == before


def test_an_answer_is_yes_or_no(house, anna, bo):
    path = ask(anna, 48)
    before = stored.counts(house)
    assert answer(bo, path, "måske").status_code == 422
    assert stored.counts(house) == before


def test_a_token_that_is_too_old_gives_the_form_back(house, anna, bo):
    page, kept = refusal(send(anna, 48, going=NOTE, csrf_token="x"), 400)
    assert "Siden har været åben for længe" in html.summary(page)
    assert (kept["weeks"], kept["going"]) == ([week(48)], [NOTE])
    assert stored.rows(house, "handover") == []
    path = ask(anna, 48)
    again = answer(bo, path, csrf_token="x", words="Det går fint")
    assert again.status_code == 400
    form = html.values(html.read(again.text).one("form", id="answer-form"))
    assert (form["weeks"], form["words"]) == ([week(48)], ["Det går fint"])


# Whose it is


@pytest.mark.parametrize(
    ("name", "status"),
    [("Mia", 404), ("Otto", 404), ("Nora", 404), ("Lise", 403), ("Lars", 403), ("Karen", 403)],
)
def test_nobody_else_opens_or_answers_it(house, signed_in, anna, name, status):
    path = ask(anna, 48, going=NOTE)
    client = signed_in(name)
    token, before = token_on(client, "/mig"), stored.contents(house)
    assert client.get(path).status_code == status
    sent = {"svar": "ja", "weeks": [week(48)]}
    assert act(client, f"{path}/svar", token, **sent).status_code == status
    for verb in ("tilbagetraekning", "laest"):
        assert act(client, f"{path}/{verb}", token).status_code == status
    assert stored.contents(house) == before


def test_each_of_the_two_does_only_the_own_part(house, anna, bo):
    path = ask(anna, 48, going=NOTE)
    before = stored.contents(house)
    assert act(anna, f"{path}/svar", svar="ja", weeks=[week(48)]).status_code == 404
    assert act(anna, f"{path}/laest").status_code == 404
    assert act(bo, f"{path}/tilbagetraekning").status_code == 404
    assert stored.contents(house) == before


def test_a_request_for_another_mentorship_does_not_exist(house, cast, anna):
    before = stored.counts(house)
    assert send(anna, 48, mentorship=str(cast.mentorships["Jonas"])).status_code == 404
    assert stored.counts(house) == before


def test_who_is_alone_is_told_so(house, cast, anna):
    values = weeks.opened(anna) | {"weeks": [week(48)], "going": NOTE}
    weeks.leave(house, cast, "Bo")
    before = stored.counts(house)
    sent = anna.post(ASKED, data=values)
    assert sent.status_code == 422
    page = html.read(sent.text).text
    assert "Der er ingen medmentor til at tage ugen. Ring til aktivitetslederen" in page
    assert NOTE in page  # there is nowhere to send it, so it can be copied out
    assert stored.counts(house) == before
    assert "Du er alene om det lige nu" in weeks.read(anna, "/uger/giv")


def test_a_request_ends_with_the_seat_of_either(house, cast, anna, bo):
    path = ask(anna, 48, 50)
    weeks.leave(house, cast, "Bo")
    assert "Gælder ikke længere" in weeks.read(anna, path)
    assert bo.get(path).status_code == 404
    assert act(anna, f"{path}/tilbagetraekning").status_code == 409


def test_the_pages_stand_when_the_participant_s_key_is_gone(house, cast, signed_in, anna, bo):
    path = ask(anna, 48, going=NOTE, leader_may_read="y")
    answer(bo, path, words="Det går fint")
    house.keys.erase(cast.participants["Samir"], clock.today())
    lise = signed_in("Lise")
    for client, page in (
        (anna, path),
        (bo, path),
        (bo, "/"),
        (anna, ASKED),
        (lise, f"/leder/forloeb/{cast.mentorships['Samir']}"),
    ):
        assert NOTE not in weeks.read(client, page)


def test_what_is_written_lies_sealed_and_is_shown_as_text(settings, anna, bo):
    """T19: markup is shown as text."""
    path = ask(anna, 48, going="<b>Fed</b>")
    assert "&lt;b&gt;Fed&lt;/b&gt;" in bo.get(path).text
    files = [f for f in settings.instance.iterdir() if f.is_file()]
    assert files
    assert [f.name for f in files if b"<b>Fed" in f.read_bytes()] == []


# Again, and at once


def test_sent_twice_it_is_one_request(house, anna):
    values = weeks.opened(anna) | {"weeks": [week(48)], "going": NOTE}
    first, second = (anna.post(ASKED, data=values) for _ in range(2))
    assert first.location == second.location
    assert len(stored.rows(house, "handover")) == len(stored.acts(house, "asked")) == 1


def test_the_same_id_with_other_weeks_is_another_request(house, anna):
    values = weeks.opened(anna) | {"weeks": [week(48)]}
    anna.post(ASKED, data=values)
    page, kept = refusal(anna.post(ASKED, data=values | {"weeks": [week(50)], "going": NOTE}), 409)
    assert "Det blev ikke sendt" in html.error_at(page, "weeks")
    assert kept["id"] != values["id"]
    assert (kept["weeks"], kept["going"]) == ([week(50)], [NOTE])
    assert anna.post(ASKED, data=kept).status_code == 303
    assert len(stored.rows(house, "handover")) == 2


def test_an_id_of_the_other_s_request_stores_nothing(house, anna, bo):
    path = ask(anna, 48)
    refusal(send(bo, 49, id=path.rpartition("/")[2]), 409)
    assert len(stored.rows(house, "handover")) == 1


def phones(app, cast, *names):
    return [client_of(app, cast, name) for name in names]


def at_one_moment(clients, sends):
    pairs = zip(clients, sends, strict=True)
    return at_once([lambda c=c, v=v: c.post(ASKED, data=v) for c, v in pairs])


def test_sent_ten_times_at_once_it_is_one_request(any_app, any_house, any_cast):
    clients = phones(any_app, any_cast, *["Anna"] * 10)
    made, values = weeks.opened(clients[0])["id"], {"weeks": [week(48)], "going": NOTE}
    answers = at_one_moment(clients, [weeks.opened(c) | values | {"id": made} for c in clients])
    assert {sent.status_code for sent in answers} == {303}
    assert {sent.location for sent in answers} == {f"{ASKED}/{made[0]}"}
    assert len(stored.rows(any_house, "handover_week")) == 1


def test_a_week_asked_for_from_two_phones_at_once_is_asked_for_once(any_app, any_house, any_cast):
    clients = phones(any_app, any_cast, "Anna", "Anna")
    answers = at_one_moment(clients, [weeks.opened(c) | {"weeks": [week(48)]} for c in clients])
    assert sorted(sent.status_code for sent in answers) == [303, 422]
    assert len(stored.rows(any_house, "handover_week")) == 1


def test_two_who_want_to_swap_the_same_weeks_at_once_ask_once(any_app, any_house, any_cast):
    clients = phones(any_app, any_cast, "Anna", "Bo")
    wanted = ({"weeks": [week(48)], "take": [week(49)]}, {"weeks": [week(49)], "take": [week(48)]})
    sends = [weeks.opened(c) | some for c, some in zip(clients, wanted, strict=True)]
    answers = at_one_moment(clients, sends)
    assert sorted(sent.status_code for sent in answers) == [303, 422]
    assert len(stored.rows(any_house, "handover")) == 1


def test_accepted_and_withdrawn_at_one_moment_has_one_outcome(any_app, any_house, any_cast):
    anna, bo = phones(any_app, any_cast, "Anna", "Bo")
    for number in (48, 50, 52):
        path = ask(anna, number)
        form, token = yes(bo, path), token_on(anna, "/mig")
        taken, withdrawn = at_once(
            [
                lambda p=path, f=form: late(bo, p, f),
                lambda p=path, t=token: act(anna, f"{p}/tilbagetraekning", t),
            ]
        )
        (outcome,) = outcomes(any_house, path)
        assert (taken.status_code, withdrawn.status_code) == {
            "accepted": (303, 409),
            "withdrawn": (409, 303),
        }[outcome]
        loser = html.read((taken if taken.status_code == 409 else withdrawn).text).text
        assert GONE in loser
        assert {"accepted": "Bo tager den", "withdrawn": "Trukket tilbage"}[outcome] in loser
        assert holder(anna, number) == {"accepted": "Bo", "withdrawn": "Dig"}[outcome]


def outcomes(house, path):
    """What became of the weeks of a request."""
    rows = stored.rows(house, "handover_week")
    asked = {row.id for row in rows if path.endswith(str(row.handover_id))}
    return [row.outcome for row in stored.rows(house, "handover_answer") if row.week_id in asked]


def test_a_week_that_changed_hands_stands_in_the_timeline_of_both(anna, bo, wednesday):
    take(anna, path := ask(bo, 47))
    take(bo, ask(anna, 50))
    for client, sentence in ((anna, "Du tog uge 47"), (bo, "Anna tog uge 47")):
        page = client.get("/forloeb").text
        assert sentence in page
        assert f'href="{path}"' in page
        assert "uge 50" not in page  # it lies ahead


@pytest.mark.parametrize(("days", "told"), [(6, True), (8, False)])
def test_a_no_is_told_on_i_dag_for_a_week(anna, bo, wednesday, days, told):
    answer(bo, ask(anna, 52), svar="nej")
    assert "Bo kan ikke tage uge 52" in weeks.read(anna, "/")
    assert "kan ikke tage" not in weeks.read(bo, "/")
    wednesday.shift(timedelta(days=days))
    assert ("Bo kan ikke tage uge 52" in weeks.read(anna, "/")) is told


def test_a_no_is_not_told_once_the_week_is_asked_for_again_or_taken(anna, bo):
    answer(bo, ask(anna, 52), svar="nej")
    path = ask(anna, 52)
    assert "kan ikke tage" not in weeks.read(anna, "/")
    take(bo, path)
    assert "kan ikke tage" not in weeks.read(anna, "/")


@pytest.mark.parametrize("path", ["/", "/uger", "/forloeb", "/uger/giv", "/uger/fravaer", ASKED])
def test_the_pages_ask_in_words_that_both_databases_understand(any_signed_in, path):
    assert any_signed_in("Anna").get(path).status_code == 200
