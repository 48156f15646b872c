"""Demo data: the same from the same seed, and never among real people."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app import clock
from app.domain import demo, mentorships, sign_ins
from app.domain.demo import ACCOUNTS, NotADemo
from app.domain.people import email_mark
from app.house import open_house
from app.vault import ring
from tests import cast as casting
from tests import stored
from tests.conftest import copied

pytestmark = pytest.mark.slow

SEALED = "_ct"


def fill(house, seed=1, mode="demo"):
    with house.work(writes=True) as (unit, _):
        made = demo.fill(replace(house.settings, mode=mode), house.keyring, seed, clock.today())
        unit.commit()
    return made


def plain(house):
    """Every row without what is random by design: sealed cells, hashes and marks."""
    skipped = {"password_hash", "email_mark", "published_at", "mark", "guide_id"}
    found = {}
    for name, table in stored.TABLES.items():
        columns = [c.name for c in table.c if c.name not in skipped and not c.name.endswith(SEALED)]
        if name != "guide":
            rows = stored.rows(house, name)
            found[name] = sorted(str([getattr(row, c) for c in columns]) for row in rows)
    return found


@pytest.fixture(scope="module")
def two_stores(migrated, tmp_path_factory):
    """Two stores filled from one seed, and a third from another."""
    houses = [open_house(copied(migrated, tmp_path_factory.mktemp("demo"))) for _ in range(3)]
    for house, seed in zip(houses, (1, 1, 2), strict=True):
        fill(house, seed)
    yield houses
    for house in houses:
        house.data.dispose()
        house.keys.engine.dispose()


def test_the_same_seed_makes_the_same_people(two_stores):
    one, same, other = two_stores
    assert plain(one) == plain(same)
    assert plain(one) != plain(other)


def test_the_same_seed_gives_them_the_same_names(two_stores):
    names = []
    for house in two_stores:
        with house.work(writes=False):
            rows = stored.rows(house, "participant")
            ring().take(row.id for row in rows)
            first = mentorships.Participant.first_name
            names.append(sorted(first.open(r.id, r.id, r.first_name_ct) for r in rows))
    assert names[0] == names[1] != names[2]


def test_there_are_thirty_mentorships_in_three_branches_and_every_phase(two_stores):
    house, today = two_stores[0], clock.today()
    rows = stored.rows(house, "mentorship")
    assert len(rows) == 30
    assert len({row.branch_id for row in rows}) == len(stored.rows(house, "branch")) == 3
    phases = {mentorships.phase(row.release_on, row.ended_on, today) for row in rows}
    assert phases == {"before", "release", "after", "ended"}
    assert {row.ending for row in rows} >= {None, "planned", "interrupted"}


def test_the_history_goes_back_a_year_and_never_ahead(two_stores):
    days = [row.held_on for row in stored.rows(two_stores[0], "meeting")]
    assert min(days) < clock.today() - timedelta(days=365)
    assert max(days) <= clock.today()
    assert all(row.on <= clock.today() for row in stored.rows(two_stores[0], "contact"))


def test_nobody_logged_before_the_seat_began_or_after_it_ended(two_stores):
    seats = {}
    for seat in stored.rows(two_stores[0], "seat"):
        seats[seat.mentorship_id, seat.person_id] = seat
    for meeting in stored.rows(two_stores[0], "meeting"):
        seat = seats[meeting.mentorship_id, meeting.logged_by]
        assert seat.from_on <= meeting.held_on
        assert seat.to_on is None or meeting.held_on <= seat.to_on


def test_every_meeting_that_was_held_has_an_evaluation(two_stores):
    answered = {row.meeting_id for row in stored.rows(two_stores[0], "evaluation")}
    held = {r.id for r in stored.rows(two_stores[0], "meeting") if r.outcome == "held"}
    assert held == answered


def test_the_accounts_that_are_printed_can_sign_in(two_stores):
    house = two_stores[0]
    rows = {row.email_mark: row for row in stored.rows(house, "person")}
    with house.work(writes=True):
        for email, _ in ACCOUNTS:
            person = rows[email_mark(email, house.keyring.lookup)]
            assert person.password_hash
            assert sign_ins.begin(person.id, clock.today()), email
    assert len([r for r in rows.values() if r.password_hash]) == len(ACCOUNTS)


def test_anna_and_bo_are_a_pair_and_leder2_leads_another_branch(two_stores):
    house = two_stores[0]
    rows = {row.email_mark: row for row in stored.rows(house, "person")}
    by = {e: rows[email_mark(e, house.keyring.lookup)] for e, _ in ACCOUNTS}
    with house.work(writes=False):
        for one, other in (("anna", "bo"), ("carla", "dan")):
            views = [
                mentorships.of_mentor(by[f"{n}@demo.invalid"].id, clock.today())
                for n in (one, other)
            ]
            assert views[0].id == views[1].id
            assert views[0].co.person_id == by[f"{other}@demo.invalid"].id
    branches = {e.split("@")[0]: person.branch_id for e, person in by.items()}
    assert branches["anna"] == branches["carla"] == branches["leder"] != branches["leder2"]
    assert branches["konsulent"] is None


def test_filling_it_again_changes_nothing(two_stores):
    before = stored.contents(two_stores[0])
    assert fill(two_stores[0], seed=7) is False
    assert stored.contents(two_stores[0]) == before


def test_it_refuses_a_store_with_other_people_in_it(house):
    casting.call(house, clock.today())
    before = stored.contents(house)
    with pytest.raises(NotADemo):
        fill(house)
    assert stored.contents(house) == before


def test_it_refuses_production(house):
    before = stored.contents(house)
    with pytest.raises(NotADemo):
        fill(house, mode="production")
    assert stored.contents(house) == before


def test_it_fills_either_database(any_house):
    assert fill(any_house) is True
    assert len(stored.rows(any_house, "mentorship")) == 30
