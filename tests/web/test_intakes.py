"""The start form in the participant's hands: every question, page by page, and half a WHO-5."""

import pytest

from app import clock
from app.domain import consents, intakes, who5
from app.domain.intakes import MANY, SECTIONS, WHO5, YES
from tests import html, stored
from tests.conftest import token_on
from tests.web.test_referrals import made

FIRST = SECTIONS[0].key


@pytest.fixture
def answer(lise):
    def post(path, **values):
        return lise.post(path, data={"csrf_token": token_on(lise, path)} | values)

    return post


def everything():
    """An answer to each question, by section, as a form sends it."""
    sent = {}
    for section in SECTIONS:
        some = sent.setdefault(section.key, {})
        for q in section.questions:
            if q.kind == WHO5:
                some |= {f"{q.key}-{item}": "3" for item in who5.ITEMS}
            elif q.kind == MANY:
                some[q.key] = list(q.options)[:2]
            elif q.options:
                some[q.key] = next(iter(q.options))
            elif q.kind == "day":
                some[q.key] = "1990-05-17"
            elif q.kind == "phone":
                some[q.key] = "20 30 40 50"
            elif q.kind == YES:
                some[q.key] = "y"
            else:
                some[q.key] = f"svar {q.key}"
    return sent


def test_every_question_of_the_start_form_is_there():
    numbers = {q.number for section in SECTIONS for q in section.questions}
    assert numbers == {"", *(str(n) for n in range(2, 19))}  # 1 is the date, known by itself
    keys = [q.key for section in SECTIONS for q in section.questions]
    assert len(keys) == len(set(keys))


def test_answered_whole_the_leader_reads_all_of_it(form, answer, lise, house):
    for section, values in everything().items():
        assert answer(f"{form}/{section}", **values).status_code == 303
    page = html.read(lise.get(form.removesuffix("/skema")).text).text
    for text in ("svar name", "17. maj 1990", "svar release", "WHO-5: 60 af 100", "20 30 40 50"):
        assert text in page
    assert "Startskemaet er udfyldt." in page
    [intake] = stored.rows(house, "intake")
    assert intake.finished_at


def test_what_the_answers_say_yes_to_is_a_consent(form, answer, house):
    sent = everything()
    for section in ("practical", "sharing"):
        answer(f"{form}/{section}", **sent[section])
    participant = made(house, form.split("/")[3]).participant_id
    with house.work(writes=False):
        found = {p: s.given for p, s in consents.of(participant).items()}
    assert found == {"contact": True, "action_plan": True, "relative": True, "sharing": True}
    answer(f"{form}/practical", plan="no")
    answer(f"{form}/sharing")
    with house.work(writes=False):
        found = {p: s.given for p, s in consents.of(participant).items()}
    assert found == {"contact": True, "action_plan": False, "relative": False, "sharing": False}


def test_it_goes_on_where_it_was_left_and_shows_what_was_said(form, answer, lise, house):
    answer(f"{form}/{FIRST}", name="Tarek", language="Arabisk")
    begin = html.read(lise.get(form).text)
    assert f"{form}/{SECTIONS[1].key}" in [a.attrs.get("href") for a in begin.all("a")]
    page = html.read(lise.get(f"{form}/{FIRST}").text)
    assert html.values(page.one(id="intake-form"))["language"] == ["Arabisk"]
    answer(f"{form}/{FIRST}", name="Tarek", language="Dansk")
    assert len(stored.rows(house, "intake_page")) == 1


def test_all_of_it_may_be_skipped(form, answer):
    for section in SECTIONS:
        assert answer(f"{form}/{section.key}").status_code == 303


@pytest.mark.parametrize("given", [("a",), ("a", "b", "c", "d")])
def test_half_a_who5_is_refused_and_kept_for_mending(form, answer, house, given):
    sent = {f"who5-{item}": "4" for item in given}
    refused = answer(f"{form}/wellbeing", **sent)
    assert refused.status_code == 422
    page = html.read(refused.text)
    assert "Svar på alle fem, eller lad dem alle stå tomme." in page.text
    kept = html.values(page.one(id="intake-form"))
    assert {k for k in kept if k.startswith("who5")} == set(sent)
    assert stored.rows(house, "intake_page") == []


@pytest.mark.parametrize(
    ("section", "field", "given"),
    [
        ("wellbeing", "who5-a", "9"),
        ("about", "birth_date", "2999-01-01"),
        ("about", "birth_date", "1800-01-01"),
        ("about", "gender", "secret"),
        ("background", "background", "Ring 20 30 40 50"),
        ("background", "background", "x" * 2001),
        ("practical", "relative_phone", "ring til mor"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(form, answer, house, section, field, given):
    refused = answer(f"{form}/{section}", **{field: given})
    assert refused.status_code == 422
    assert html.read(refused.text).all("p", **{"class": "field-error"})
    assert stored.rows(house, "intake_page") == []


def test_answers_are_sealed_and_go_with_the_participants_key(form, answer, lise, house):
    answer(f"{form}/background", background="Smed i ti år")
    assert "Smed" not in str(stored.contents(house))
    referral = made(house, form.split("/")[3])
    with house.work(writes=False):
        begun = intakes.of_referral(referral.id)
        assert intakes.answers(begun)["background"]["background"] == "Smed i ti år"
    house.keys.erase(referral.participant_id, clock.today())
    page = lise.get(form.removesuffix("/skema"))
    assert page.status_code == 200
    assert "Smed" not in page.text


@pytest.mark.parametrize(
    ("answers", "score", "band"),
    [
        ("00000", 0, "low"),
        ("55555", 100, "high"),
        ("22221", 36, "middle"),
        ("33332", 56, "high"),
        ("1111 ", None, None),
    ],
)
def test_who5_is_the_sum_times_four(answers, score, band):
    given = dict(zip(who5.ITEMS, (int(a) if a.strip() else None for a in answers), strict=True))
    assert who5.score(given) == score
    if score is not None:
        assert who5.band(score) == band


def test_the_bands_of_who5():
    assert [who5.band(n) for n in (35, 36, 50, 51)] == ["low", "middle", "middle", "high"]


def test_another_branch_or_an_ended_referral_has_no_form(form, send, signed_in, house):
    assert signed_in("Lars").get(form).status_code == 404
    assert signed_in("Lise").get(f"{form}/nothing").status_code == 404
    send(f"{form.removesuffix('/skema')}/slut", way="withdrawn")
    assert signed_in("Lise").get(form).status_code == 404
