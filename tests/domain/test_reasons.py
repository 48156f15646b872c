"""Overblik's reasons: each rule by itself, and 500 mentorships against plain SQL."""
# ruff: noqa: S608 - the statements are put together of the test's own words

import random
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select, text, union_all

from app import clock, db
from app.clock import Week
from app.domain import handovers, latest, reasons, tasks
from app.domain.agreements import AGREEMENTS
from app.domain.alerts import Alert, AlertStep
from app.domain.branches import Branch, Municipality
from app.domain.closures import Closure, ClosureStep
from app.domain.consents import Consent
from app.domain.contacts import CONTACTS
from app.domain.evaluations import EVALUATIONS
from app.domain.facts import Facts
from app.domain.grants import Expense, ExpenseAnswer
from app.domain.meetings import MEETINGS
from app.domain.mentorships import MENTORSHIPS, PARTICIPANTS, SEATS
from app.domain.pauses import ASK_AFTER, Pause
from app.domain.people import PEOPLE
from app.domain.rota import Absence
from app.domain.strand import Strand
from app.domain.wishes import Wish
from app.vault import ring
from app.web import shown_reason

DAY = date(2026, 11, 25)
MANY = 500
NOTHING = {"on": None, "until": None, "person": None, "number": None, "ref": None}
NOTHING |= {"word": None, "other": None, "cell": None}
ONE, TWO, LEADER = uuid4(), uuid4(), uuid4()


def days(n):
    return DAY - timedelta(days=n)


def of(what, **values):
    return Strand(what, **(NOTHING | values))


def facts(*strands, **changes):
    """A mentorship in which all is well: matched 100 days ago, released 40, met last week."""
    whole = {
        "id": uuid4(),
        "leader_id": LEADER,
        "matched_on": days(100),
        "release_on": days(40),
        "met_on": days(7),
        "reached_on": None,
        "no_shows": 0,
        "agreed": True,
        "followed_up": False,
        "transfer": True,
        "alone": False,
        "uneven": False,
        "strands": strands,
    }
    return Facts(**(whole | changes))


def why(*strands, **changes):
    [seen] = reasons.look([facts(*strands, **changes)], DAY)
    return [(reason.code, reason.number) for reason in seen.reasons]


def test_where_all_is_well_there_is_nothing_to_say():
    assert why() == []


@pytest.mark.parametrize(
    ("silent", "said"),
    [(9, []), (10, [("quiet", 10)]), (13, [("quiet", 13)]), (14, [("silent", 14)])],
)
def test_silence(silent, said):
    assert why(met_on=days(silent)) == said
    assert why(met_on=days(30), reached_on=days(silent)) == said  # a call is contact too


def test_after_a_pause_the_days_of_silence_are_counted_anew():
    assert why(of("resumed", on=days(3)), met_on=days(30)) == []
    assert why(of("resumed", on=days(14)), met_on=days(30)) == [("silent", 14)]


def test_in_a_pause_nobody_is_asked_why_it_is_silent():
    assert why(of("pause", on=days(5)), met_on=days(30)) == [("paused", None)]


@pytest.mark.parametrize(("matched", "said"), [(13, []), (14, [("never_met", 14)])])
def test_no_first_meeting(matched, said):
    young = {"matched_on": days(matched), "met_on": None, "reached_on": days(1)}
    assert why(**young) == said


def test_a_pair_that_is_broken():
    assert why(alone=True) == [("alone", None)]


def test_no_shows_in_a_row():
    assert why(no_shows=1) == []
    assert why(no_shows=2) == [("no_shows", 2)]


@pytest.mark.parametrize(
    ("matched", "met", "release", "said"),
    [
        (6, None, -30, []),
        (7, None, -30, [("agreement", None)]),
        (5, 1, -30, [("agreement", None)]),
        (9, 1, 1, []),  # released: it is the follow-up's turn
    ],
)
def test_the_agreement_comes_before_the_first_visit(matched, met, release, said):
    young = {"matched_on": days(matched), "release_on": days(release), "agreed": False}
    assert why(**young, met_on=met and days(met), reached_on=days(0)) == said


def test_follow_up_and_planned_end_hang_on_the_release():
    assert why(release_on=date(2026, 5, 26)) == []
    assert why(release_on=date(2026, 5, 25)) == [("follow_up", None)]
    assert why(release_on=date(2026, 5, 25), followed_up=True) == []
    assert why(release_on=date(2025, 11, 25), followed_up=True) == []
    assert why(release_on=date(2025, 11, 24), followed_up=True) == [("overdue", 1)]


def test_a_transfer_must_not_go_unheard_while_there_may_be_one():
    assert why(transfer=False) == []  # released
    assert ("transfer", None) in why(transfer=False, release_on=days(-30))


def test_the_release_is_near():
    assert why(release_on=days(-15)) == []
    assert why(release_on=days(-14)) == [("release", 14)]
    assert why(release_on=days(0)) == [("release", 0)]


def test_only_one_of_the_two_meets_the_participant():
    assert why(uneven=True) == [("uneven", None)]


@pytest.mark.parametrize(
    ("first", "until", "said"),
    [(100, None, []), (-20, None, ["uncovered"]), (100, 3, ["uncovered"])],
)
def test_a_week_is_uncovered_where_a_seat_is_not_held_on_its_sunday(first, until, said):
    here = of("seat", person=ONE, number=1, on=days(100))
    other = of("seat", person=TWO, number=2, on=days(first), until=until and days(until))
    rows = (of("start", on=days(100)), here, other)
    assert [code for code, _ in why(*rows)] == said


def test_scores_never_come_before_what_has_happened():
    said = why(of("scores", number=1), of("scores", number=2), met_on=days(20))
    assert said == [("silent", 20), ("wellbeing", None), ("relation", None)]
    assert {"wellbeing", "relation"} <= reasons.SOFT


def test_the_most_urgent_comes_first_and_of_two_alike_the_longest():
    closing = facts(of("ending", ref=uuid4()))
    quiet, silent, longer = (facts(met_on=days(n)) for n in (10, 20, 30))
    seen = reasons.look([quiet, silent, facts(), longer, closing], DAY)
    assert [one.id for one in seen][:4] == [closing.id, longer.id, silent.id, quiet.id]
    assert seen[-1].reasons == []


def test_every_reason_has_its_place_and_its_sentence():
    assert set(shown_reason.WORDS) == set(reasons.ORDER)
    assert len(set(reasons.ORDER)) == len(reasons.ORDER)
    assert set(reasons.ORDER) >= reasons.SOFT


# --- 500 mentorships, and the same read by plain SQL ------------------------------------------


@pytest.fixture
def many(any_house):
    """Random lives of one branch; nothing in them is sealed."""
    draw, branch, leader = random.Random(7), uuid4(), uuid4()  # noqa: S311 - not a secret
    rows = {t: [] for t in (PARTICIPANTS, MENTORSHIPS, SEATS, MEETINGS, EVALUATIONS, CONTACTS)}
    people, agreed, paused, away = [], [], [], []
    for _ in range(MANY):
        life, participant, pair = uuid4(), uuid4(), [uuid4(), uuid4()]
        matched = days(draw.randint(3, 420))
        release = matched + timedelta(days=draw.randint(20, 100))
        people += pair
        rows[PARTICIPANTS].append({"id": participant})
        rows[MENTORSHIPS].append(
            {
                "id": life,
                "participant_id": participant,
                "branch_id": branch,
                "leader_id": leader,
                "municipality_id": None,
                "matched_on": matched,
                "release_on": release,
            }
        )
        for place, person in enumerate(pair, 1):
            gone = matched + timedelta(days=draw.randint(1, 300)) if draw.random() < 0.1 else None
            rows[SEATS].append(
                {
                    "id": uuid4(),
                    "mentorship_id": life,
                    "person_id": person,
                    "place": place,
                    "from_on": matched,
                    "to_on": gone,
                }
            )
        _live(draw, rows, life, participant, pair, matched)
        for version, likely in (("start", 0.6), ("six_months", 0.4)):
            if draw.random() < likely:
                agreed.append((life, participant, pair[0], version, draw.choice((3, 3, 1))))
        if draw.random() < 0.1:
            paused.append((life, participant, pair[0], draw.random() < 0.5))
        if draw.random() < 0.2:
            on = DAY + timedelta(days=draw.randint(-20, 20))
            until = on + timedelta(days=draw.randint(0, 12))
            away.append((life, draw.choice(pair), on, until, draw.random() < 0.2))
    _store(any_house, branch, leader, people, rows, agreed, paused)
    _send_away(any_house, away)
    _raise(any_house, draw, rows[MENTORSHIPS], rows[SEATS])
    return any_house, branch, leader


def _live(draw, rows, life, participant, pair, matched):
    """Meetings, scores and calls until somebody lost touch, or until today."""
    on = matched + timedelta(days=draw.randint(0, 20))
    last = days(draw.choice((0, 0, 3, 9, 12, 16, 40, 90)))
    only = draw.random() < 0.1
    while on <= last:
        outcome = draw.choices(("held", "no_show", "cancelled"), (7, 2, 1))[0]
        who = pair[0] if only else draw.choice(pair)
        meeting = uuid4()
        at = datetime.combine(on, time(18), tzinfo=UTC)
        both = outcome == "held" and not only and draw.random() < 0.3
        other = next(p for p in pair if p != who)
        rows[MEETINGS].append(
            {
                "id": meeting,
                "mentorship_id": life,
                "held_on": on,
                "outcome": outcome,
                "logged_by": who,
                "with_mentor": other if both else None,
                "logged_at": at,
                "others": 0,
                "companion": False,
                "since_last": 0,
            }
        )
        if outcome == "held":
            rows[EVALUATIONS].append(
                {
                    "id": uuid4(),
                    "meeting_id": meeting,
                    "participant_id": participant,
                    "author_id": who,
                    "at": at,
                    "relation": draw.choice((None, *range(3, 11))),
                    "wellbeing": draw.choice((None, 3, 5, 7, 8, 9, 9, 10)),
                    "leader_may_read": False,
                }
            )
        if draw.random() < 0.2:
            rows[CONTACTS].append(
                {
                    "id": uuid4(),
                    "mentorship_id": life,
                    "on": on + timedelta(days=1),
                    "participant_id": participant,
                    "kind": draw.choice(("call", "sms", "attempt")),
                    "author_id": who,
                    "at": at,
                }
            )
        on += timedelta(days=draw.randint(4, 16))


def _store(house, branch, leader, people, rows, agreed, paused):
    at = datetime.combine(days(2), time(12), tzinfo=UTC)
    with house.work(writes=True) as (unit, _):
        ring().add_many([*people, leader, *(p["id"] for p in rows[PARTICIPANTS])])
        db.session().add(Branch(id=branch, name="Havn"))
        db.session().flush()
        town = Municipality(id=uuid4(), name="By", branch_id=branch)
        db.session().add(town)
        db.session().flush()
        db.connection().execute(
            PEOPLE.insert(),
            [{"id": p, "email_mark": p.bytes, "language": "da"} for p in (*people, leader)],
        )
        for life in rows[MENTORSHIPS]:
            life["municipality_id"] = town.id
        for table, some in rows.items():
            db.connection().execute(table.insert(), some)
        latest.keep_all()
        db.connection().execute(
            AGREEMENTS.insert(),
            [
                {
                    "id": uuid4(),
                    "mentorship_id": life,
                    "participant_id": participant,
                    "version": version,
                    "at": at,
                    "by": by,
                    "focus": 0,
                    "ways": 0,
                    "ticked": 7,
                    "present": present,
                }
                for life, participant, by, version, present in agreed
            ],
        )
        for life, participant, by, ended in paused:
            row = Pause(
                id=uuid4(),
                mentorship_id=life,
                participant_id=participant,
                from_on=days(6),
                ask_on=days(6) + ASK_AFTER,
                made_by=by,
                made_at=at,
                ended_on=days(1) if ended else None,
            )
            db.session().add(row)
        db.session().flush()
        unit.commit()


def _send_away(house, away):
    with house.work(writes=True) as (unit, _):
        at = datetime.combine(days(30), time(12), tzinfo=UTC)
        for life, who, on, until, taken_back in away:
            db.session().add(
                Absence(
                    mentorship_id=life,
                    person_id=who,
                    from_on=on,
                    to_on=until,
                    made_at=at,
                    taken_back_at=at if taken_back else None,
                )
            )
        db.session().flush()
        unit.commit()


def _raise(house, draw, lives, seats):
    """What the two tell and ask the leader, and what has become of some of it."""
    first = {seat["mentorship_id"]: seat["person_id"] for seat in reversed(seats)}
    with house.work(writes=True) as (unit, _):
        for life in lives:
            for row in _raised(draw, life["id"], life["participant_id"], first[life["id"]]):
                db.session().add(row)
                db.session().flush()
        unit.commit()


def _raised(draw, life, participant, by):
    at, later = (datetime.combine(days(n), time(12), tzinfo=UTC) for n in (3, 2))
    about = {"mentorship_id": life, "participant_id": participant}
    for kind, decided in (("concern", "decided"), ("broken", "continues")):
        if draw.random() < 0.15:
            made = uuid4()
            yield Alert(id=made, **about, kind=kind, raised_by=by, raised_at=at)
            for outcome in draw.choice(((), ("seen",), ("seen", decided))):
                step = {"alert_id": made, "participant_id": participant, "outcome": outcome}
                yield AlertStep(id=uuid4(), **step, at=later, by=by)
    if draw.random() < 0.15:
        made = uuid4()
        end = {"ending": "planned", "ended_by": "both", "end_on": days(-5)}
        yield Closure(id=made, **about, **end, proposed_by=by, proposed_at=at)
        for outcome in draw.choice(((), ("returned",), ("withdrawn",))):
            step = {"closure_id": made, "participant_id": participant, "outcome": outcome}
            yield ClosureStep(id=uuid4(), **step, at=later, by=by)
    if draw.random() < 0.15:
        done = draw.choice(({}, {"withdrawn_at": later}, {"handled_at": later, "handled_by": by}))
        yield Wish(id=uuid4(), mentorship_id=life, person_id=by, kind="stop", at=at, **done)
    if draw.random() < 0.15:
        made = uuid4()
        yield Expense(id=made, **about, on=days(4), amount=100, asked_by=by, asked_at=at)
        if draw.random() < 0.5:
            yield ExpenseAnswer(id=uuid4(), expense_id=made, yes=True, at=later, by=by)
    for given, when in draw.choice(((), ((True, at),), ((True, at), (False, later)))):
        said = {"participant_id": participant, "purpose": "transfer", "given": given}
        yield Consent(id=uuid4(), **said, on=days(3), version=1, by=by, at=when)


# One statement per reason, written from product.md and not from the app. :day and the like are
# days as text, which both databases take.
HELD = "SELECT max(held_on) FROM meeting WHERE mentorship_id = m.id AND outcome = 'held'"
REACHED = "SELECT max(\"on\") FROM contact WHERE mentorship_id = m.id AND kind <> 'attempt'"
RESUMED = "SELECT max(ended_on) FROM pause WHERE mentorship_id = m.id AND ended_on IS NOT NULL"
PAUSED = "EXISTS (SELECT 1 FROM pause WHERE mentorship_id = m.id AND ended_on IS NULL)"
SITS = "mentorship_id = m.id AND from_on <= :day AND (to_on IS NULL OR to_on >= :day)"
READY = (
    "EXISTS (SELECT 1 FROM agreement WHERE mentorship_id = m.id AND version = '{}'"
    " AND present IN (3, 7, 11, 15))"
)
LAST = (
    f"(SELECT max(x) FROM (SELECT m.matched_on AS x UNION ALL {HELD} UNION ALL {REACHED}"
    f" UNION ALL {RESUMED}) AS days)"
)
SILENT = f"NOT {PAUSED} AND {LAST} <= :two_weeks"
NEVER = f"NOT {PAUSED} AND ({HELD}) IS NULL AND m.matched_on <= :two_weeks"
ANSWERS = """
    SELECT e.author_id, e.relation, e.wellbeing, g.held_on,
      (SELECT count(*) FROM evaluation f JOIN meeting h ON h.id = f.meeting_id
        WHERE h.mentorship_id = m.id AND f.author_id = e.author_id AND h.held_on > g.held_on)
        AS later
    FROM evaluation e JOIN meeting g ON g.id = e.meeting_id WHERE g.mentorship_id = m.id
"""
OWN_LEVEL = f"""
    SELECT author_id, wellbeing FROM (
      SELECT author_id, wellbeing,
        row_number() OVER (PARTITION BY author_id ORDER BY held_on DESC) AS nth
      FROM ({ANSWERS}) AS all_of_them WHERE later > 0 AND wellbeing IS NOT NULL) AS in_order
    WHERE nth <= 10
"""
RAISED = """EXISTS (SELECT 1 FROM alert a WHERE a.mentorship_id = m.id AND a.kind = '{}'
        AND NOT EXISTS (SELECT 1 FROM alert_step s WHERE s.alert_id = a.id
            AND s.outcome <> 'seen'))"""
SQL = {
    "concern": RAISED.format("concern"),
    "broken": RAISED.format("broken"),
    "closure": """EXISTS (SELECT 1 FROM closure c WHERE c.mentorship_id = m.id
        AND NOT EXISTS (SELECT 1 FROM closure_step s WHERE s.closure_id = c.id))""",
    "wish": """EXISTS (SELECT 1 FROM wish WHERE mentorship_id = m.id
        AND withdrawn_at IS NULL AND handled_at IS NULL)""",
    "expense": """EXISTS (SELECT 1 FROM expense e WHERE e.mentorship_id = m.id
        AND NOT EXISTS (SELECT 1 FROM expense_answer s WHERE s.expense_id = e.id))""",
    "transfer": """m.release_on > :day AND coalesce((SELECT given FROM consent
        WHERE participant_id = m.participant_id AND purpose = 'transfer'
        ORDER BY at DESC LIMIT 1), false) = false""",
    "alone": f"(SELECT count(*) FROM seat WHERE {SITS}) < 2",
    "paused": PAUSED,
    "never_met": NEVER,
    "silent": f"{SILENT} AND NOT ({NEVER})",
    "quiet": f"NOT {PAUSED} AND {LAST} <= :ten_days AND {LAST} > :two_weeks AND NOT ({NEVER})",
    "no_shows": f"""NOT {PAUSED} AND (SELECT count(*) FROM meeting WHERE mentorship_id = m.id AND
        outcome = 'no_show' AND (held_on > ({HELD}) OR ({HELD}) IS NULL)) >= 2""",
    "agreement": f"""NOT {READY.format("start")} AND m.release_on >= :day AND
        (({HELD}) IS NOT NULL OR m.matched_on <= :week_ago)""",
    "overdue": "m.release_on < :year_ago",
    "follow_up": f"""m.release_on <= :half_year_ago AND m.release_on >= :year_ago AND
        NOT {READY.format("six_months")}""",
    "release": "m.release_on >= :day AND m.release_on <= :in_two_weeks",
    "uneven": f"""(SELECT count(*) FROM seat WHERE {SITS}) = 2
        AND m.matched_on <= :eight_weeks
        AND (SELECT max(n) FROM (SELECT count(*) AS n FROM seat s JOIN meeting g
            ON g.mentorship_id = m.id AND g.outcome = 'held' AND g.held_on >= :eight_weeks
            AND s.person_id IN (g.logged_by, g.with_mentor)
            WHERE s.mentorship_id = m.id GROUP BY s.person_id) AS counts) >= 4
        AND EXISTS (SELECT 1 FROM seat s WHERE s.{SITS} AND NOT EXISTS (
            SELECT 1 FROM meeting g WHERE g.mentorship_id = m.id AND g.outcome = 'held'
            AND g.held_on >= :eight_weeks AND s.person_id IN (g.logged_by, g.with_mentor)))""",
    "wellbeing": f"""EXISTS (SELECT 1 FROM ({ANSWERS}) AS a WHERE later = 0
        AND held_on >= :month_ago AND (wellbeing <= 4 OR (
          (SELECT count(*) FROM ({OWN_LEVEL}) AS b WHERE b.author_id = a.author_id) >= 3
          AND wellbeing <= (SELECT avg(b.wellbeing) FROM ({OWN_LEVEL}) AS b
            WHERE b.author_id = a.author_id) - 3)))""",
    "relation": f"""EXISTS (SELECT 1 FROM ({ANSWERS}) AS a
        JOIN ({ANSWERS}) AS b ON b.author_id = a.author_id AND b.later = 1
        JOIN ({ANSWERS}) AS c ON c.author_id = a.author_id AND c.later = 2
        WHERE a.later = 0 AND a.held_on >= :month_ago
          AND a.relation < b.relation AND b.relation < c.relation)""",
}
DAYS = {
    "day": DAY,
    "ten_days": days(10),
    "two_weeks": days(14),
    "week_ago": days(7),
    "month_ago": days(30),
    "year_ago": date(2025, 11, 25),
    "half_year_ago": date(2026, 5, 25),
    "in_two_weeks": days(-14),
    "eight_weeks": days(56),
}


@pytest.mark.slow
def test_of_500_mentorships_the_reasons_are_those_that_plain_sql_finds(many, subtests):
    house, branch, reader = many
    with house.work(writes=False):
        sent = []
        event.listen(db.connection(), "before_cursor_execute", lambda *a: sent.append(a[2]))
        found = tasks.overview(frozenset({branch}), reader, DAY)[0]
        assert len(sent) == 1
        seen = {one.id: {r.code for r in one.reasons} for one in reasons.look(found, DAY)}
        assert len(seen) == MANY
        for code, condition in SQL.items():
            with subtests.test(code):
                statement = text(f"SELECT m.id FROM mentorship m WHERE {condition}")
                asked = {k: v for k, v in DAYS.items() if f":{k}" in condition}
                asked = {k: v if _is_postgres() else v.isoformat() for k, v in asked.items()}
                rows = db.connection().execute(statement, asked).scalars()
                by_sql = {_id(row) for row in rows}
                assert by_sql, "the random lives have none of it"
                assert {life for life, codes in seen.items() if code in codes} == by_sql


@pytest.mark.slow
def test_of_500_mentorships_none_is_missed_whose_week_is_uncovered(many):
    """Rotas are woven where a week is at risk only; here each of them is."""
    house, branch, reader = many
    with house.work(writes=False):
        found = tasks.overview(frozenset({branch}), reader, DAY)[0]
        weeks = [Week.of(DAY).monday, Week.of(DAY).plus(1).monday]
        woven = defaultdict(list)
        rows = union_all(*handovers.rotas(select(MENTORSHIPS.c.id)))
        for row in db.rows(rows, since=weeks[0]):
            woven[row.other].append(Strand._make(row))
        bare = set(handovers.first_uncovered(woven, weeks))
    uncovered = {
        one.id for one in reasons.look(found, DAY) if "uncovered" in {r.code for r in one.reasons}
    }
    assert 20 < len(bare) < MANY
    assert uncovered == bare


def _is_postgres():
    return db.connection().dialect.name == "postgresql"


def _id(raw):
    return raw if isinstance(raw, UUID) else UUID(raw)


def test_the_reader_s_own_pair_and_other_branches_are_left_out(house, cast):
    with house.work(writes=False):
        of_lise = tasks.overview(
            frozenset({cast.branches["Havn"]}), cast.people["Lise"], clock.today()
        )[0]
        of_anna = tasks.overview(
            frozenset({cast.branches["Havn"]}), cast.people["Anna"], clock.today()
        )[0]
    assert [one.id for one in of_lise] == [cast.mentorships["Samir"]]
    assert of_anna == []
