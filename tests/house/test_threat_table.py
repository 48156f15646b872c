"""Each threat has an answer, and a test that is there and says which threat it is about."""

from tests.house import threats

THREATS = {f"T{number}" for number in range(1, 41)}
# What is not answered yet, and what will answer it. A line goes when its test comes.
PENDING: dict[str, str] = {}


def test_every_threat_has_a_row_with_an_answer():
    rows = threats.table()
    assert set(rows) == THREATS
    assert [number for number, (threat, answer, _) in rows.items() if not (threat and answer)] == []


def test_every_threat_has_a_test_that_is_named_after_it():
    """Those of PENDING have none; a threat that has one stands there no more."""
    without = THREATS - set(threats.by_threat())
    assert without - set(PENDING) == set(), "threats without a test"
    assert set(PENDING) - without == set(), "these have a test now: take them out of PENDING"


def test_the_table_lists_the_tests_that_are_there():
    """`python -m tests.house.threats` writes it again."""
    assert threats.README.read_text() == threats.written()


def test_no_test_is_named_after_a_threat_that_nobody_has_heard_of():
    assert set(threats.by_threat()) <= THREATS


def test_a_mark_is_seen_where_it_stands():
    """The planted control: the table would be satisfied by tests that nobody can see."""
    assert threats.marks("test_T32_erased_person_does_not_come_back") == {"T32"}
    assert threats.marks("test_t1_a_lost_phone") == {"T1"}
    assert threats.marks("T2, T3: no foreign read") == {"T2", "T3"}
    assert threats.marks("The T2 of it") == set()
    assert threats.marks("test_two_threads") == set()
