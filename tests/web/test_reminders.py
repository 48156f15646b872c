"""Påmindelser: what one chooses, on which devices, and where a notification leads."""

from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest

from app import clock
from app.domain import devices, hours, news, notices, plans, preferences
from app.domain.notices import Due
from app.domain.plans import Terms
from tests import html, stored
from tests.conftest import token_on
from tests.devices import address

HERE = "/mig/paamindelser"
OF_A_RECORD = ("evaluations", "handovers")
CHOICES = {"quiet_from": "21:00", "quiet_to": "07:30", "wanted": ["weeks", "handovers"]}


@pytest.fixture
def choose(anna):
    def send(**changes):
        token = token_on(anna, HERE)
        return anna.post(HERE, data=CHOICES | {"csrf_token": token} | changes)

    return send


@pytest.fixture
def subscribe(signed_in):
    def send(name, given=None, **more):
        client = signed_in(name)
        fields = (given or address()) | {"number": "1", "csrf_token": token_on(client, HERE)}
        return client.post("/mig/enheder", data=fields | more)

    return send


@pytest.fixture
def tell(house, cast):
    """Write a notice to somebody; its id."""

    def write(name, reminder, about=None, mentorship="Samir"):
        now, pair = clock.now(), cast.mentorships[mentorship]
        with house.work(writes=True) as (unit, _):
            day = clock.today()
            due = Due(cast.people[name], reminder, about or pair, pair, day, now)
            notices.write(due)
            told = notices.lately(cast.people[name], now - timedelta(days=1), 60)
            unit.commit()
        return next(t.id for t in told if t.reminder == reminder)

    return write


@pytest.fixture
def plan(house, cast):
    """A meeting that somebody of Samir's pair comes to; its id."""

    def write(name, on):
        made = uuid4()
        with house.work(writes=True) as (unit, _):
            terms = Terms(on, comes_id=cast.people[name])
            plans.add(cast.mentorships["Samir"], terms, cast.people[name], plan_id=made)
            unit.commit()
        return made

    return write


def one_of(house, notice):
    with house.work(writes=False):
        return notices.one(notice)


def of(house, cast, name):
    with house.work(writes=False):
        return devices.of(cast.people[name])


def test_what_is_chosen_is_kept_and_shown_again(anna, choose, house, cast):
    answer = choose(away_from="2026-12-20", away_to="2027-01-03")
    assert (answer.status_code, answer.location) == (303, f"{HERE}#gemt")
    with house.work(writes=False):
        wish = preferences.of(cast.people["Anna"])
    assert (str(wish.quiet_from), str(wish.quiet_to)) == ("21:00:00", "07:30:00")
    assert wish.unwanted == ["evaluations", "milestones"]
    form = html.values(html.read(anna.get(HERE).text).one(id="reminders-form"))
    assert form["wanted"] == ["weeks", "handovers"]
    assert (form["away_from"], form["away_to"]) == (["2026-12-20"], ["2027-01-03"])


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("quiet_from", {"quiet_from": "25:00"}, "Vælg et klokkeslæt."),
        ("quiet_to", {"quiet_to": ""}, "Vælg et klokkeslæt."),
        ("away_from", {"away_from": "32. maj", "away_to": "2026-12-01"}, "Vælg en dato."),
        (
            "away_to",
            {"away_from": "2026-12-20"},
            "Vælg både den første og den sidste dag, eller ingen.",
        ),
        (
            "away_to",
            {"away_from": "2026-12-20", "away_to": "2026-12-01"},
            "Den sidste dag ligger før den første. Ret en af dem.",
        ),
        (
            "away_to",
            {"away_from": "2026-01-01", "away_to": "2026-12-01"},
            "Ferien kan højst vare tre måneder. Vælg en tidligere dag.",
        ),
        ("wanted", {"wanted": ["birthdays"]}, "Vælg en af mulighederne."),
    ],
)
def test_a_wrong_choice_is_said_at_its_field_and_the_rest_is_kept(
    choose, house, field, wrong, sentence
):
    before = stored.counts(house)
    answer = choose(**wrong)
    assert answer.status_code == 422
    page = html.read(answer.text)
    assert html.error_at(page, field) == sentence
    kept = html.values(page.one(id="reminders-form"))
    for name, value in (CHOICES | wrong).items():
        if name != "wanted":
            assert kept[name] == [value], name
    assert stored.counts(house) == before


def test_a_phone_is_reminded_once_however_often_it_says_so(subscribe, house, cast):
    given = address()
    assert [subscribe("Anna", given).status_code for _ in range(2)] == [204, 204]
    [device] = of(house, cast, "Anna")
    with house.work(writes=False):
        assert device.address().endpoint == given["endpoint"]


def test_anothers_address_is_refused_and_theirs_stands(subscribe, house, cast):
    """T28: an address has one owner."""
    given = address()
    assert subscribe("Anna", given).status_code == 204
    assert subscribe("Bo", given).status_code == 409
    assert len(of(house, cast, "Anna")) == 1
    assert of(house, cast, "Bo") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://localhost/x"},
        {"endpoint": "https://127.0.0.1/x"},
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": "https://fcm.googleapis.com:8443/x"},
        {"endpoint": "https://fcm.googleapis.com/" + "x" * 5000},
        {"p256dh": "not a key"},
        {"auth": ""},
        {"number": "seven"},
        {"number": "99"},
    ],
)
def test_an_address_that_is_none_is_refused_with_a_sentence(subscribe, house, cast, wrong):
    answer = subscribe("Anna", **wrong)
    assert answer.status_code == 422
    assert answer.text.endswith((".", "i stedet."))
    assert of(house, cast, "Anna") == []


def test_a_phone_that_was_taken_off_the_list_does_not_put_itself_back(subscribe, house, cast):
    assert subscribe("Anna", known="1").status_code == 404
    assert of(house, cast, "Anna") == []


def test_a_device_is_taken_off_by_its_owner_only(anna, bo, subscribe, house, cast):
    subscribe("Anna")
    [device] = of(house, cast, "Anna")
    path = f"/mig/enheder/{device.id}/fjern"
    assert bo.post(path, data={"csrf_token": token_on(bo, HERE)}).status_code == 404
    assert len(of(house, cast, "Anna")) == 1
    assert anna.post(path, data={"csrf_token": token_on(anna, HERE)}).status_code == 303
    assert of(house, cast, "Anna") == []


def test_signing_out_ends_the_reminders_on_that_phone_alone(anna, subscribe, house, cast):
    subscribe("Anna")  # on another phone
    fields = address() | {"number": "1", "csrf_token": token_on(anna, HERE)}
    assert anna.post("/mig/enheder", data=fields).status_code == 204
    assert len(of(house, cast, "Anna")) == 2
    anna.post("/log-ud", data={"csrf_token": token_on(anna, "/mig")})
    assert len(of(house, cast, "Anna")) == 1


def test_ten_devices_are_enough(subscribe, house, cast):
    assert [subscribe("Anna").status_code for _ in range(11)] == [204] * 10 + [422]


def test_a_notification_leads_to_its_form_and_is_known_to_be_opened(anna, house, tell):
    notice = tell("Anna", news.NO_CONTACT)
    answer = anna.get(f"/p/{notice}")
    assert (answer.status_code, answer.location) == (303, "/kontakter/ny?hvorfor=no_contact")
    assert one_of(house, notice).opened_at is not None
    assert "Der er ikke logget kontakt i din uge endnu." in anna.get(answer.location).text


def test_a_notification_about_a_plan_fills_in_its_day(anna, plan, tell):
    day = clock.today() - timedelta(days=1)
    answer = anna.get(f"/p/{tell('Anna', news.EVALUATION, about=plan('Anna', day))}")
    assert answer.location == f"/moeder/ny?dato={day.isoformat()}&hvorfor=evaluation"
    assert anna.get(answer.location).status_code == 200


def test_a_leader_is_led_to_the_mentorship(signed_in, cast, tell):
    lise = signed_in("Lise")
    answer = lise.get(f"/p/{tell('Lise', news.SILENCE)}")
    samir = cast.mentorships["Samir"]
    assert answer.location == f"/leder/forloeb/{samir}?hvorfor=silence"
    assert lise.get(answer.location).status_code == 200


def test_every_reminder_has_a_reason_and_a_place_that_exists(anna, signed_in, tell):
    for reminder in news.GROUP:
        reader = signed_in("Lise") if news.GROUP[reminder] == "care" else anna
        name = "Lise" if reader is not anna else "Anna"
        place = reader.get(f"/p/{tell(name, reminder)}").location
        if news.GROUP[reminder] not in OF_A_RECORD:  # the others are about one that is not there
            assert 'class="flash why"' in reader.get(place).text, reminder


def test_a_word_of_somebody_elses_in_the_address_says_nothing(anna):
    assert 'class="flash why"' not in anna.get("/?hvorfor=<b>x</b>").text


def test_signed_out_it_leads_through_the_sign_in(app, tell):
    notice = tell("Anna", news.WEEK)
    answer = app.test_client().get(f"/p/{notice}")
    assert answer.location == f"/log-ind?next=/p/{notice}"


def test_nobody_elses_notification_opens(bo, house, tell):
    notice = tell("Anna", news.WEEK)
    assert bo.get(f"/p/{notice}").status_code == 404
    assert bo.get(f"/p/{uuid4()}").status_code == 404
    assert one_of(house, notice).opened_at is None


def test_a_phone_that_shows_one_says_so_and_learns_nothing(app, tell):
    client, notice = app.test_client(), tell("Anna", news.WEEK)
    answers = [client.post(f"/p/{one}/vist") for one in (notice, uuid4())]
    assert [(a.status_code, a.data) for a in answers] == [(204, b""), (204, b"")]


def test_the_last_ones_are_listed_with_their_reason_and_fate(anna, house, tell):
    first, second = tell("Anna", news.WEEK), tell("Anna", news.PAUSE)
    with house.work(writes=True) as (unit, _):
        notices.sent(first, clock.now())
        notices.withdraw(second, clock.now())
        unit.commit()
    said = html.read(anna.get(HERE).text).one(id="seneste").text
    assert "Din uge begynder." in said
    assert "Sendt" in said
    assert "Trukket tilbage" in said


def test_a_trial_is_asked_for(anna, house, cast):
    answer = anna.post(f"{HERE}/proev", data={"csrf_token": token_on(anna, HERE)})
    assert answer.location == f"{HERE}#proeve"
    with house.work(writes=False):
        [told] = notices.lately(cast.people["Anna"], clock.now() - timedelta(days=1), 5)
    assert (told.reminder, told.state) == (news.TRIAL, notices.WAITING)


def test_a_leader_moves_the_branchs_times(signed_in, house, cast):
    lise, branch = signed_in("Lise"), str(cast.branches["Havn"])
    times = {"branch": branch, "morning": "09:30", "afternoon": "17:00", "evening": "18:15"}
    token = token_on(lise, "/leder/paamindelser")
    sent = lise.post("/leder/paamindelser", data=times | {"csrf_token": token})
    assert sent.status_code == 303
    with house.work(writes=False):
        moved = hours.of(cast.branches["Havn"])
    assert [f"{at:%H.%M}" for at in moved] == ["09.30", "17.00", "18.15"]
    wrong = times | {"csrf_token": token, "evening": "21:00"}
    answer = lise.post("/leder/paamindelser", data=wrong)
    assert answer.status_code == 422
    assert html.error_at(html.read(answer.text), "evening").startswith("Vælg et klokkeslæt mellem")


def test_a_planned_meeting_that_nobody_logged_waits_on_i_dag(anna, plan):
    day = clock.today() - timedelta(days=1)
    plan("Anna", day)
    said = html.read(anna.get("/").text)
    [link] = [a for a in said.all("a") if "Blev det til noget?" in a.text]
    assert link.attrs["href"] == f"/moeder/ny?dato={day.isoformat()}"


def test_the_demo_shows_my_own_letters_only(app, anna, house, cast):
    folder = house.settings.instance / "mail"
    folder.mkdir()
    for name in ("Anna", "Bo"):
        letter = EmailMessage()
        letter["To"], letter["Subject"] = cast.email(name), f"Til {name}"
        letter.set_content(f"Der venter noget\n\nhttp://x/p/{uuid4()}\n")
        (folder / f"{name}.eml").write_bytes(bytes(letter))
    assert anna.get("/demo/breve").status_code == 404  # this is no demo
    object.__setattr__(house.settings, "mode", "demo")
    page = html.read(anna.get("/demo/breve").text)
    assert "Til Anna" in page.text
    assert "Til Bo" not in page.text
    assert [a for a in page.all("a") if a.attrs.get("href", "").startswith("/p/")]


def test_health_and_the_consultant_hear_that_nobody_keeps_the_time(app, signed_in, house):
    assert app.test_client().get("/healthz").text.startswith("ok\nreminders late\n")
    karen = signed_in("Karen")
    assert "Ingen påmindelser bliver sendt." in karen.get("/konsulent").text
