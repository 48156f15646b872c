"""One meeting, one log, two people: Bo joins what Anna has logged."""

from datetime import timedelta

from app import clock
from tests import html, logs, stored

HIDDEN = "Vises, når I begge har svaret"


def cards(client, meeting):
    """The facts of every card on the meeting's page, by heading."""
    page = html.read(client.get(f"/moeder/{meeting}").text)
    cards = [s for s in page.all("section") if "card" in s.attrs.get("class", "").split()]
    return {card.one("h2").text: card for card in cards}


def facts(client, meeting, heading):
    card = cards(client, meeting)[heading]
    return {
        row.one("dt").text: row.one("dd").all("span")[0].text
        for row in card.all("div")
        if row.all("dt")
    }


def test_bo_sees_on_i_dag_that_anna_logged(anna, bo):
    logs.log(anna, note="Spørg til lejligheden")
    page = html.read(bo.get("/").text)
    assert "Anna" in page.one("dl").text
    assert "Spørg til lejligheden" in page.text


def test_bo_is_reminded_only_when_he_was_there(anna, bo):
    logs.log(anna)
    assert "mine-svar" not in bo.get("/").text
    meeting = logs.log(anna, co_mentor="y", when="yesterday")
    assert f"/moeder/{meeting}/mine-svar" in bo.get("/").text


def test_bo_s_form_asks_only_for_his_two_scores(anna, bo):
    meeting = logs.log(anna, themes=["work"], place="home")
    for path in ("/moeder/ny", f"/moeder/{meeting}/mine-svar"):
        form = html.read(bo.get(path).text).one(id="log-form")
        assert "Anna har logget mødet" in form.text
        assert "hidden" in form.one(id="about-meeting").attrs
        assert html.values(form)["join"] == [meeting]
        assert ("outcome", "cancelled") not in html.buttons(form)
        assert form.all("fieldset", id="relation")
        assert form.all("fieldset", id="wellbeing")


def test_joining_yields_one_meeting_with_two_evaluations(house, anna, bo, cast):
    meeting = logs.log(anna, relation="7", wellbeing="8", themes=["work"])
    before = stored.counts(house)
    answer = logs.join(bo, meeting, relation="5", wellbeing="6")
    assert answer.location == f"/moeder/{meeting}/kvittering"
    grown = stored.since(before, stored.counts(house))
    assert grown == {"evaluation": 1, "receipt": 1, "trail": 1}
    (row,) = stored.rows(house, "meeting")
    assert (row.logged_by, row.with_mentor) == (cast.people["Anna"], cast.people["Bo"])
    by = {
        e.author_id: (e.relation, e.wellbeing, e.themes) for e in stored.rows(house, "evaluation")
    }
    assert by == {cast.people["Anna"]: (7, 8, 1), cast.people["Bo"]: (5, 6, None)}


def test_joining_changes_nothing_that_the_first_wrote(house, anna, bo):
    meeting = logs.log(anna, comment="Annas egne ord", place="home", km="12")
    logs.join(bo, meeting, comment="Bos egne ord", place="prison", km="99")
    (row,) = stored.rows(house, "meeting")
    assert (row.place, row.km) == ("home", 12)
    assert "Annas egne ord" in bo.get(f"/moeder/{meeting}").text
    assert "Bos egne ord" in anna.get(f"/moeder/{meeting}").text


def test_a_score_shows_at_once_when_only_one_was_there(anna, bo):
    meeting = logs.log(anna, relation="3")
    assert facts(bo, meeting, "Svar fra Anna")["Relationen"] == "3"


def test_the_other_s_relation_is_hidden_until_both_have_answered(anna, bo):
    meeting = logs.log(anna, co_mentor="y", relation="3")
    assert facts(bo, meeting, "Svar fra Anna")["Relationen"] == HIDDEN
    assert facts(anna, meeting, "Dine svar")["Relationen"] == "3"
    logs.join(bo, meeting, relation="", wellbeing="")
    assert facts(bo, meeting, "Svar fra Anna")["Relationen"] == HIDDEN
    form = html.read(bo.get(f"/moeder/{meeting}/ret").text).one(id="edit-form")
    bo.post(f"/moeder/{meeting}/ret", data=html.values(form) | {"relation": "9"})
    assert facts(bo, meeting, "Svar fra Anna")["Relationen"] == "3"
    assert facts(anna, meeting, "Svar fra Bo")["Relationen"] == "9"


def test_the_last_score_shown_faintly_is_my_own(anna, bo):
    logs.log(anna, relation="3")
    assert "Sidst sagde du" not in bo.get("/moeder/ny").text


def test_co_mentor_never_sees_wellbeing(anna, bo):
    meeting = logs.log(anna, co_mentor="y", relation="3", wellbeing="2")
    logs.join(bo, meeting, relation="4", wellbeing="5")
    form = html.read(anna.get(f"/moeder/{meeting}/ret").text).one(id="edit-form")
    anna.post(f"/moeder/{meeting}/ret", data=html.values(form) | {"wellbeing": "1", "km": "4"})
    assert facts(anna, meeting, "Dine svar")["Hvordan du har det"] == "1"
    assert set(facts(bo, meeting, "Svar fra Anna")) == {"Relationen"}
    assert (
        "Hvordan du har det" in html.read(anna.get(f"/moeder/{meeting}").text).one("details").text
    )
    history = html.read(bo.get(f"/moeder/{meeting}").text).one("details").text
    assert "Kilometer" in history
    assert "Hvordan du har det" not in history


def test_co_mentor_s_forms_hold_none_of_the_other_s_answers(anna, bo):
    meeting = logs.log(anna, co_mentor="y", relation="3", wellbeing="2", comment="Annas ord")
    for path in (f"/moeder/{meeting}/mine-svar", "/moeder/ny"):
        form = bo.get(path).text
        assert "Annas ord" not in form
        assert "Sidst sagde du" not in form
        assert not {"relation", "wellbeing"} & set(html.values(html.read(form).one(id="log-form")))
    logs.join(bo, meeting, relation="8", wellbeing="9")
    kept = html.values(html.read(bo.get(f"/moeder/{meeting}/ret").text).one(id="edit-form"))
    assert (kept["relation"], kept["wellbeing"]) == (["8"], ["9"])


def test_the_relation_stays_hidden_in_the_history_too(anna, bo):
    meeting = logs.log(anna, co_mentor="y", relation="3")
    form = html.read(anna.get(f"/moeder/{meeting}/ret").text).one(id="edit-form")
    anna.post(f"/moeder/{meeting}/ret", data=html.values(form) | {"relation": "2"})
    assert "3 blev til 2" not in html.read(bo.get(f"/moeder/{meeting}").text).text
    logs.join(bo, meeting)
    assert "Relationen: 3 blev til 2" in html.read(bo.get(f"/moeder/{meeting}").text).text


def test_a_second_meeting_the_same_day_is_one_press(house, anna, bo):
    logs.log(anna)
    values = logs.opened(bo)
    asked = bo.post("/moeder", data=values | {"another": "1", "comment": "Skrevet før"})
    form = html.read(asked.text).one(id="log-form")
    again = html.values(form)
    assert (again["join"], again["comment"]) == ([""], ["Skrevet før"])
    assert "hidden" not in form.one(id="about-meeting").attrs
    assert logs.send(bo, again | {"outcome": "held", "relation": "5"}).status_code == 303
    assert len(stored.rows(house, "meeting")) == len(stored.rows(house, "evaluation")) == 2


def test_bo_answers_the_meeting_he_was_asked_about(anna, bo):
    """Anna logged two on one day: the link of each leads to that one."""
    meetings = [logs.log(anna), logs.log(anna)]
    for meeting in reversed(meetings):
        assert logs.join(bo, meeting).location == f"/moeder/{meeting}/kvittering"


def test_a_day_that_the_co_mentor_logged_asks_only_for_scores(anna, bo, cast):
    day = clock.today() - timedelta(days=3)
    logs.log(anna, when="other", date=day.isoformat())
    values = logs.opened(bo)
    asked = bo.get("/moeder/ny/dato", query_string={**values, "when": "other", "date": str(day)})
    assert "Anna har logget mødet" in asked.text
    assert html.read(asked.text).one(id="log-form").attrs["id"] == "log-form"
    free = bo.get("/moeder/ny/dato", query_string={**values, "when": "today"})
    assert "Anna har logget mødet" not in free.text


def test_who_has_answered_is_sent_to_correct_the_answers(anna, bo):
    meeting = logs.log(anna)
    logs.join(bo, meeting)
    for client in (anna, bo):
        answer = client.get(f"/moeder/{meeting}/mine-svar")
        assert (answer.status_code, answer.location) == (303, f"/moeder/{meeting}/ret")


def test_answering_again_under_a_new_id_is_refused(house, anna, bo):
    meeting = logs.log(anna)
    logs.join(bo, meeting, relation="5")
    before = stored.contents(house)
    answer = logs.send(bo, logs.filled(bo, join=meeting, relation="1"))
    assert answer.status_code == 409
    assert "allerede sendt" in html.summary(html.read(answer.text))
    assert stored.contents(house) == before
