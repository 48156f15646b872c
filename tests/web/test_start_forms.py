"""The start form as the pair reads it: with the participant's yes, and not a page longer."""

from uuid import UUID, uuid4

import pytest

from app import clock, db
from app.domain import consents, intakes, trail
from app.domain.consents import RELATIVE, SHARING
from app.domain.referrals import MATCHED, Referral, ReferralStep
from tests import stored
from tests.conftest import token_on
from tests.web.conftest import town

HERE = "/forloeb/startskema"
WORD, AUNT = "Skak og fodbold", "Tante Oda"


@pytest.fixture
def life(house, cast):
    """Samir's, with a start form that the pair may read."""
    lise, samir = cast.people["Lise"], cast.participants["Samir"]
    row = {"id": uuid4(), "branch_id": cast.branches["Havn"], "participant_id": samir}
    where = {"municipality_id": UUID(town(house, cast)), "release_on": clock.today()}
    by = {"received_on": clock.today(), "leader_id": lise, "made_by": lise, "made_at": clock.now()}
    with house.work(writes=True) as (unit, _):
        db.session().add(Referral(**row, **where, **by))
        db.session().flush()
        step = {"step": MATCHED, "at": clock.now(), "by": lise}
        db.session().add(ReferralStep(id=uuid4(), referral_id=row["id"], **step))
        pen = trail.Pen(house.keyring.trail, lise, None)
        form = intakes.begin(row["id"], samir, lise)
        relative = {"relative_name": AUNT, "relative_phone": "20304050"}
        intakes.save(form, "background", {"interests": WORD}, pen, lise)
        intakes.save(form, "practical", relative, pen, lise)
        intakes.save(form, "sharing", {"sharing": True}, pen, lise)
        unit.commit()
    return cast.mentorships["Samir"]


def say(lise, life, purpose, yes):
    sent = {"purpose": purpose, "yes": yes, "csrf_token": token_on(lise, "/mig")}
    assert lise.post(f"/leder/forloeb/{life}/samtykker", data=sent).status_code == 303


def test_a_consent_taken_back_closes_the_form_at_the_next_request(anna, bo, lise, life):
    """T16: the page that was open answers without a word of it, for both of the pair."""
    for mentor in (anna, bo):
        assert WORD in mentor.get(HERE).text
    say(lise, life, SHARING, "0")
    for mentor in (anna, bo):
        assert WORD not in mentor.get(HERE).text
    say(lise, life, SHARING, "1")
    assert WORD in anna.get(HERE).text


def test_the_relative_closes_alone(anna, lise, life):
    """T16: each purpose is a yes of its own."""
    assert AUNT in anna.get(HERE).text
    say(lise, life, RELATIVE, "0")
    page = anna.get(HERE).text
    assert (AUNT in page, WORD in page) == (False, True)


def test_a_yes_taken_back_while_the_mentorship_runs_is_kept_with_its_day(lise, life, house, cast):
    """T16: what holds is the newest, and what was is known."""
    say(lise, life, SHARING, "0")
    with house.work(writes=False):
        assert not consents.given(cast.participants["Samir"], SHARING)
    rows = [r for r in stored.rows(house, "consent") if r.purpose == SHARING]
    assert [r.given for r in sorted(rows, key=lambda r: r.at)] == [True, False]
