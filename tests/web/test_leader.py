"""The leader's overview, where the leader is one of a pair too."""

import pytest

from app import clock, db
from app.domain.people import LEADER, Role
from tests import logs


@pytest.fixture
def anna_leads(house, cast):
    with house.work(writes=True) as (unit, _):
        db.session().add(
            Role(
                person_id=cast.people["Anna"],
                role=LEADER,
                branch_id=cast.branches["Havn"],
                from_on=cast.seated,
            )
        )
        unit.commit()


def test_a_leader_does_not_read_the_co_mentor_s_wellbeing_in_the_own_pair(
    anna_leads, signed_in, cast
):
    logs.log(signed_in("Bo"), wellbeing="2")
    own = f"/leder/forloeb/{cast.mentorships['Samir']}"
    assert signed_in("Anna").get(own).status_code == 404
    assert own not in signed_in("Anna").get("/leder").text
    assert signed_in("Lise").get(own).status_code == 200


def test_an_erased_mentor_takes_no_page_from_the_leader(house, signed_in, cast):
    logs.log(signed_in("Bo"))
    house.keys.erase(cast.people["Bo"], clock.today())
    page = signed_in("Lise").get(f"/leder/forloeb/{cast.mentorships['Samir']}")
    assert page.status_code == 200
    assert "Samir" in page.text
