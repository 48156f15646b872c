"""Concerns, broken agreements, stand-ins, the fixed amount, partners: a leader's small rooms."""

from datetime import timedelta

import pytest

from app import clock
from app.domain import news, notices
from app.web.shown_grant import kroner, typed
from tests import html, stored
from tests.conftest import client_of, token_on

DAY = clock.today()


@pytest.fixture
def send(signed_in):
    """A form of somebody's, with its token."""

    def post(name, path, **values):
        client = signed_in(name)
        return client.post(path, data={"csrf_token": token_on(client, "/mig")} | values)

    return post


@pytest.fixture
def fill(signed_in):
    """Fill a page's form in and send it."""

    def post(name, path, form, times=1, **values):
        client = signed_in(name)
        made = html.values(html.read(client.get(path).text).one(id=form)) | values
        answers = [client.post(path, data=made) for _ in range(times)]
        return answers[-1]

    return post


def told(house, cast, name):
    with house.work(writes=False):
        found = notices.lately(cast.people[name], clock.now() - timedelta(days=1), 60)
    return [one.reminder for one in found]


# --- Bekymring --------------------------------------------------------------------------------


def test_a_concern_says_that_it_was_raised_and_nothing_more(fill, signed_in, house, cast):
    page = html.read(signed_in("Anna").get("/bekymring").text)
    assert page.all("textarea") + page.all("input", type="text") == []
    assert "Ring til Lise" in page.text
    assert fill("Anna", "/bekymring", "concern-form", times=2).status_code == 303
    [raised] = stored.rows(house, "alert")
    assert (raised.kind, raised.code, raised.raised_by) == ("concern", None, cast.people["Anna"])
    assert told(house, cast, "Lise") == [news.ALERT]
    assert "alert" not in told(house, cast, "Bo")
    line = next(
        a for a in html.read(signed_in("Lise").get("/leder").text).all("a") if "Samir" in a.text
    )
    assert "Bekymring: Ring nu" in line.text
    assert line.attrs["href"] == "/leder/bekymringer"


def test_neither_the_co_mentor_nor_another_branch_sees_it(fill, signed_in, house):
    fill("Anna", "/bekymring", "concern-form")
    said = "Bekymringer, du har meldt"
    assert said in signed_in("Anna").get("/bekymring").text
    assert said not in signed_in("Bo").get("/bekymring").text
    for name, path in (("Bo", "/forloeb"), ("Lars", "/leder/bekymringer")):
        assert "bekymring: ring" not in signed_in(name).get(path).text.lower()
    assert "Samir" not in signed_in("Lars").get("/leder/bekymringer").text


def test_seen_and_decided_by_whom_and_when(fill, send, signed_in, house, cast):
    fill("Anna", "/bekymring", "concern-form")
    [raised] = stored.rows(house, "alert")
    here = f"/leder/bekymringer/{raised.id}"
    assert [send("Lise", f"{here}/set").status_code for _ in range(2)] == [303, 303]
    assert send("Lise", f"{here}/svar", outcome="").status_code == 422
    assert send("Lise", f"{here}/svar", outcome="continues").status_code == 422  # of another kind
    assert send("Lise", f"{here}/svar", outcome="police").status_code == 303
    assert send("Lise", f"{here}/svar", outcome="talked").status_code == 409
    steps = stored.rows(house, "alert_step")
    assert [(s.outcome, s.by) for s in steps] == [
        ("seen", cast.people["Lise"]),
        ("police", cast.people["Lise"]),
    ]
    assert "Politiet har fået besked" in signed_in("Lise").get("/leder/bekymringer").text
    assert "Bekymring: Ring nu" not in signed_in("Lise").get("/leder?alle=1").text
    assert news.DECIDED not in told(house, cast, "Bo")


@pytest.mark.parametrize(("name", "status"), [("Lars", 404), ("Anna", 403), ("Karen", 403)])
def test_only_their_leader_answers(fill, send, house, name, status):
    fill("Anna", "/bekymring", "concern-form")
    [raised] = stored.rows(house, "alert")
    for verb in ("set", "svar"):
        path = f"/leder/bekymringer/{raised.id}/{verb}"
        assert send(name, path, outcome="talked").status_code == status


# --- Aftalen er brudt -------------------------------------------------------------------------


def test_a_broken_agreement_is_decided_and_the_two_are_told(fill, send, signed_in, house, cast):
    assert fill("Bo", "/forloeb/brudt", "broken-form", code="money").status_code == 303
    assert "Aftalen er brudt" in signed_in("Lise").get("/leder").text
    [raised] = stored.rows(house, "alert")
    here = f"/leder/bekymringer/{raised.id}/svar"
    answer = send("Lise", here, outcome="changes", comment="Ring 20 30 40 50")
    assert answer.status_code == 422
    assert "Ring 20 30 40 50" in answer.text
    assert send("Lise", here, outcome="changes", comment="I mødes kun ude").status_code == 303
    for name in ("Anna", "Bo"):
        assert news.DECIDED in told(house, cast, name)
        page = signed_in(name).get("/forloeb/brudt").text
        assert "Kontakten fortsætter på en anden måde" in page
        assert "I mødes kun ude" in page
    assert "mødes kun ude" not in str(stored.contents(house))


@pytest.mark.parametrize("code", ["", "murder"])
def test_what_has_happened_is_one_of_a_few_words(fill, house, code):
    assert fill("Bo", "/forloeb/brudt", "broken-form", code=code).status_code == 422
    assert stored.rows(house, "alert") == []


# --- Stedfortræder ----------------------------------------------------------------------------


def name_nora(fill, cast, first=0, last=6, **more):
    span = {
        "person": str(cast.people["Nora"]),
        "from_on": (DAY + timedelta(days=first)).isoformat(),
        "to_on": (DAY + timedelta(days=last)).isoformat(),
    }
    return fill("Lise", "/leder/stedfortraeder", "stand-in-form", **(span | more))


def test_a_stand_in_leads_on_those_days_and_no_others(fill, app, cast, time_machine):
    assert name_nora(fill, cast, 2, 4, times=2).status_code == 303
    path = f"/leder/forloeb/{cast.mentorships['Samir']}"
    seen = []
    for day in range(6):
        time_machine.move_to(clock.midnight(DAY + timedelta(days=day)) + timedelta(hours=11))
        both = (client_of(app, cast, name) for name in ("Nora", "Lise"))
        seen.append(tuple(client.get(path).status_code for client in both))
    assert [status for status, _ in seen] == [403, 403, 200, 200, 200, 403]
    assert {status for _, status in seen} == {200}  # the leader loses nothing


def test_ended_early_it_ends_at_once(fill, send, signed_in, house, cast):
    name_nora(fill, cast)
    nora, path = signed_in("Nora"), f"/leder/forloeb/{cast.mentorships['Samir']}"
    assert nora.get(path).status_code == 200
    [named] = stored.rows(house, "stand_in")
    assert send("Lars", f"/leder/stedfortraeder/{named.id}/slut").status_code == 404
    for _ in range(2):
        assert send("Lise", f"/leder/stedfortraeder/{named.id}/slut").status_code == 303
    assert nora.get(path).status_code == 403


def test_a_stand_in_of_the_pair_reads_nothing_of_it(fill, signed_in, cast):
    name_nora(fill, cast, person=str(cast.people["Bo"]))
    bo = signed_in("Bo")
    assert bo.get("/leder").status_code == 200
    assert bo.get(f"/leder/forloeb/{cast.mentorships['Samir']}").status_code == 404


@pytest.mark.parametrize(
    ("span", "person", "field", "sentence"),
    [
        ((0, 3), "", "person", "Vælg, hvem der tager over."),
        ((0, 3), "Otto", "person", "Vælg, hvem der tager over."),  # of another branch, no leader
        ((-1, 3), "Nora", "from_on", "Vælg i dag eller en senere dag."),
        ((3, 2), "Nora", "to_on", "Den sidste dag ligger før den første. Ret en af dem."),
        ((0, 93), "Nora", "to_on", "Vælg højst tre måneder ad gangen."),
    ],
)
def test_who_and_when_must_be_possible(fill, house, cast, span, person, field, sentence):
    answer = name_nora(fill, cast, *span, person=str(cast.people.get(person, "")))
    assert answer.status_code == 422
    assert html.error_at(html.read(answer.text), field) == sentence
    assert stored.rows(house, "stand_in") == []


def test_who_has_left_cannot_be_named(fill, send, signed_in, house, cast):
    send("Lise", f"/leder/mentorer/{cast.people['Nora']}/stop", sure="y")
    assert name_nora(fill, cast).status_code == 422


# --- Det faste beløb --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "amount"),
    [
        ("125", 12500),
        ("1.250,50", 125050),
        ("125,5", 12550),
        ("125 kr.", 12500),
        ("100.000", 10000000),
        ("100.001", None),
        ("-5", None),
        ("0", None),
        ("12,345", None),
        ("ti", None),
        ("", None),
        ("1e9", None),
    ],
)
def test_amounts_as_they_are_typed(raw, amount):
    assert typed(raw) == amount


def test_amounts_as_they_are_read():
    assert [kroner(n) for n in (0, 5, 125050, -100)] == [
        "0,00 kr.",
        "0,05 kr.",
        "1.250,50 kr.",
        "-1,00 kr.",
    ]


def test_asked_for_granted_and_decided(fill, send, signed_in, house, cast):
    there = f"/leder/forloeb/{cast.mentorships['Samir']}/beloeb"
    assert fill("Lise", there, "grant-form", amount="200").status_code == 303
    asked = {"amount": "150,50", "what": "To biografbilletter"}
    assert fill("Anna", "/forloeb/beloeb", "expense-form", times=2, **asked).status_code == 303
    [expense] = stored.rows(house, "expense")
    page = signed_in("Lise").get(there).text
    assert "To biografbilletter" in page
    assert "biografbilletter" not in str(stored.contents(house))
    decide = f"/leder/udgifter/{expense.id}"
    assert send("Lars", decide, svar="ja").status_code == 404
    assert [send("Lise", decide, svar="ja").status_code for _ in range(2)] == [303, 409]
    assert "49,50 kr." in signed_in("Bo").get("/forloeb/beloeb").text
    fill("Anna", "/forloeb/beloeb", "expense-form", amount="100", what="Kaffe")
    more = next(e for e in stored.rows(house, "expense") if e.amount == 10000)
    send("Lise", f"/leder/udgifter/{more.id}", svar="ja")
    assert "Der er brugt mere, end der er bevilget." in signed_in("Lise").get(there).text


@pytest.mark.parametrize(
    ("field", "given"),
    [("amount", "-5"), ("amount", "mange"), ("what", ""), ("on", "2999-01-01"), ("on", "")],
)
def test_a_wrong_expense_is_mended(fill, house, field, given):
    said = {"amount": "100", "what": "Kaffe"} | {field: given}
    answer = fill("Anna", "/forloeb/beloeb", "expense-form", **said)
    assert answer.status_code == 422
    assert html.error_at(html.read(answer.text), field)
    assert stored.rows(house, "expense") == []


def test_a_branch_can_do_without(send, signed_in, cast):
    branch = str(cast.branches["Havn"])
    other = str(cast.branches["Skov"])
    assert send("Lise", "/leder/koersel/beloeb", branch=other, off="1").status_code == 404
    pages = {"Anna": "/forloeb", "Lise": f"/leder/forloeb/{cast.mentorships['Samir']}"}

    def linked():
        return ['/beloeb"' in signed_in(name).get(path).text for name, path in pages.items()]

    assert linked() == [True, True]
    assert send("Lise", "/leder/koersel/beloeb", branch=branch, off="1").status_code == 303
    assert linked() == [False, False]
    assert signed_in("Anna").get("/forloeb/beloeb").status_code == 404
    assert signed_in("Otto").get("/forloeb/beloeb").status_code == 200


# --- Partnere ---------------------------------------------------------------------------------


def partner(signed_in, **values):
    client = signed_in("Lise")
    form = html.values(html.read(client.get("/leder/partnere/ny").text).one(id="partner-form"))
    said = {"kind": "institution", "name": "Øst Fængsel", "contact": "Vagthavende"}
    answer = client.post("/leder/partnere", data=form | said | values)
    return answer, form["id"][0]


def test_a_partner_is_due_a_year_after_the_signing(signed_in, send, house):
    signed = (DAY - timedelta(days=340)).isoformat()
    answer, made = partner(signed_in, signed_on=signed)
    assert answer.status_code == 303
    assert "Tid til at tale sammen" in signed_in("Lise").get("/leder/partnere").text
    assert "Vagthavende" not in str(stored.contents(house))
    assert send("Lise", f"/leder/partnere/{made}/kontakt").status_code == 303
    assert "Tid til at tale sammen" not in signed_in("Lise").get("/leder/partnere").text
    assert [p.review_on for p in stored.rows(house, "partner")] == [DAY + timedelta(days=365)]
    page = signed_in("Lise").get(f"/leder/partnere/{made}").text
    assert "Vagthavende" in page
    assert "Talt sammen" in page
    send("Lise", f"/leder/partnere/{made}/slut")
    assert signed_in("Lise").get(f"/leder/partnere/{made}").status_code == 404


def test_a_call_long_before_the_yearly_look_leaves_its_day(signed_in, send, house):
    review = DAY + timedelta(days=31)
    _, made = partner(signed_in, review_on=review.isoformat())
    send("Lise", f"/leder/partnere/{made}/kontakt")
    [row] = stored.rows(house, "partner")
    assert (row.review_on, row.contacted_on) == (review, DAY)


@pytest.mark.parametrize(
    ("field", "given"),
    [("name", ""), ("kind", "bank"), ("kind", ""), ("phone", "ring"), ("signed_on", "1970-01-01")],
)
def test_a_wrong_partner_is_mended(signed_in, house, field, given):
    answer, _ = partner(signed_in, **{field: given})
    assert answer.status_code == 422
    assert html.error_at(html.read(answer.text), field)
    assert stored.rows(house, "partner") == []


def test_a_partner_of_another_branch_is_not_found(signed_in, send):
    _, made = partner(signed_in)
    lars = signed_in("Lars")
    assert lars.get(f"/leder/partnere/{made}").status_code == 404
    for verb in ("kontakt", "slut"):
        assert send("Lars", f"/leder/partnere/{made}/{verb}").status_code == 404
