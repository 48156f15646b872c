"""A mentor who signed in yesterday leads today: from the leader's page to it, in a few taps."""

from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import expect

from app import clock, db
from app.domain import stand_ins, trail
from app.domain.sign_ins import OTHERS_STAY, SIGN_INS
from tests.cast import PASSWORD

DAY = clock.today()


def test_who_signed_in_before_they_led_signs_in_again_and_is_there(live, phone):
    nora = phone(live, "Nora")
    lise, person = live.cast.people["Lise"], live.cast.people["Nora"]
    with live.house.work(writes=True) as (unit, _):
        pen = trail.Pen(live.house.keyring.trail, lise, None)
        branch = live.cast.branches["Havn"]
        stand_ins.name(uuid4(), branch, person, (DAY, DAY), pen, by=lise)
        long_ago = clock.now() - OTHERS_STAY - timedelta(minutes=1)
        db.change(SIGN_INS.update().where(SIGN_INS.c.person_id == person).values(at=long_ago))
        unit.commit()
    page = nora.go("/mig")
    nora.expects(403)
    page.get_by_role("link", name="Mine sider som aktivitetsleder").tap()
    expect(page.get_by_role("heading", name="Log ind igen for at komme videre")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Log ind igen").tap()
    page.get_by_label("E-mail").fill(live.cast.email("Nora"))
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).tap()
    expect(page.get_by_role("heading", name="Overblik")).to_be_visible()
    assert nora.path == "/leder"
