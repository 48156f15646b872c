"""What is done from a shell."""

import os
import subprocess
import sys
from uuid import uuid4

import pytest
from flask.cli import FlaskGroup

from app import keyring
from app.config import ROOT
from app.domain import heartbeats, trail
from tests import stored

pytestmark = pytest.mark.slow


@pytest.fixture
def run(app):
    def invoke(*arguments):
        flask = FlaskGroup(create_app=lambda: app)
        return app.test_cli_runner().invoke(flask, arguments)

    return invoke


@pytest.fixture
def written(house):
    """Three entries of the trail, and the head after them."""
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, None, None)
        for _ in range(3):
            pen.write(trail.SIGNED_OUT, "sign_in")
        unit.commit()
        seq, mac = trail.head()
    return f"{seq}:{mac.hex()}"


def cut(house, left):
    """Cut the tail as somebody would who may write to the store: no chain is broken by it."""
    mac = next(row.mac for row in stored.rows(house, "trail") if row.seq == left)
    with house.data.begin() as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.exec_driver_sql(triggers).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("DELETE FROM trail WHERE seq > ?", (left,))
        connection.exec_driver_sql("UPDATE trail_head SET seq = ?, mac = ?", (left, mac))


def test_verify_trail_prints_the_whole_head(run, written):
    answer = run("verify-trail")
    assert answer.exit_code == 0, answer.output
    assert written in answer.output.split()


def test_verify_trail_sees_a_cut_tail_by_the_head_kept_elsewhere(run, house, written):
    assert run("verify-trail", "--anchor", written).exit_code == 0
    cut(house, 2)
    assert run("verify-trail").exit_code == 0, "nothing in the store itself tells"
    answer = run("verify-trail", "--anchor", written)
    assert answer.exit_code == 1
    assert "brudt" in answer.output


def test_verify_trail_sees_a_chain_that_was_written_anew(run, written):
    seq, _, mac = written.partition(":")
    other = mac[:-1] + ("0" if mac[-1] != "0" else "1")
    assert run("verify-trail", "--anchor", f"{seq}:{other}").exit_code == 1


@pytest.mark.parametrize("wrong", ["3", "three:00", "3:zz", ":", ""])
def test_an_anchor_that_is_none_is_refused(run, written, wrong):
    answer = run("verify-trail", "--anchor", wrong)
    assert (answer.exit_code, "SEQ:HEX" in answer.output) == (2, True)


def test_the_keyring_is_made_before_production_may_start(tmp_path):
    path = tmp_path / "keyring.json"
    command = [sys.executable, "-m", "app.keyring", str(path)]
    env = os.environ | {"MODE": "production"}
    first = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert (first.returncode, first.stderr) == (0, "")
    assert keyring.load(path).current == 1
    assert path.stat().st_mode & 0o777 == 0o600
    made = path.read_bytes()
    again = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert "Filen findes" in again.stderr
    assert path.read_bytes() == made


def test_erase_says_what_it_did(run, house, cast):
    answer = run("erase")
    assert answer.exit_code == 0, answer.output
    assert "Slettet: 0 personer." in answer.output
    assert heartbeats.ERASING in {row.name for row in stored.rows(house, "heartbeat")}


def test_erase_takes_one_ahead_of_time_and_prints_the_receipt(run, house, cast):
    samir = cast.participants["Samir"]
    answer = run("erase", "--person", str(samir), "--why", "wish")
    assert answer.exit_code == 0, answer.output
    assert "mentorship: 1" in answer.output
    assert "Samir" not in answer.output
    assert samir not in {row.id for row in stored.rows(house, "participant")}
    again = run("erase", "--person", str(samir), "--why", "wish")
    assert (again.exit_code, "Der er ingen" in again.output) == (1, True)


@pytest.mark.parametrize("words", [["--why", "wish"], ["--person", str(uuid4())]])
def test_erase_asks_for_both_who_and_why(run, words):
    assert run("erase", *words).exit_code == 2


def test_erase_refuses_who_has_a_role(run, house, cast):
    answer = run("erase", "--person", str(cast.people["Anna"]), "--why", "wish")
    assert (answer.exit_code, "Afslut den først" in answer.output) == (1, True)
    assert stored.rows(house, "erasure") == []
