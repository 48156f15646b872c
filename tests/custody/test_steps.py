"""docs/operations.md says what to do when keys or hosts are lost: its steps are done here."""

import re
import shlex
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner
from flask.cli import FlaskGroup

from app import clock, create_app, keyring, parcels
from app.config import ROOT
from app.key_store import KeyStore, WrongEpoch
from app.keyring.__main__ import make as keyring_command
from tests.custody.conftest import everybody, names, write

DOCUMENT = (ROOT / "docs" / "operations.md").read_text()
PROGRAMS = {"app.keyring": keyring_command, "app.parcels": parcels.make}


def steps_of(heading):
    """The commands of one section, in their order."""
    section = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", DOCUMENT, re.M | re.S)
    assert section, heading
    blocks = re.findall(r"^```sh\n(.*?)^```$", section[1], re.M | re.S)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


class Host:
    """A machine on which the steps are typed; its folders stand for those of the document."""

    def __init__(self, folder, settings):
        self.folder = folder
        self.settings = replace(
            settings,
            instance=folder / "instance",
            keyring=self.path("/etc/primus/keys/keyring.json"),
            backup_key=settings.backup_key,
            database_url=f"sqlite:///{folder}/instance/primus.db",
            keys_url=f"sqlite:///{folder}/instance/keys.db",
        )
        self.words = {}
        self.app = None

    def path(self, word):
        kept = ("/media/escrow/", "/var/backups/")  # these are not on the host
        under = self.folder.parent / "kept" if word.startswith(kept) else self.folder
        return under / word.lstrip("/")

    def start(self):
        self.settings.instance.mkdir(parents=True, exist_ok=True)
        self.app = create_app(self.settings)
        return self.app.extensions["house"]

    def type(self, step):
        """One line of the document; what it printed."""
        told = [self.words.get(word, word) for word in step]
        told = [str(self.path(word)) if word.startswith("/") else word for word in told]
        if told[0] == "flask":
            if self.app is None:
                self.start()
            made, (command, rest) = self.app, (FlaskGroup(create_app=lambda: made), told[3:])
        else:
            assert told[:2] == ["python", "-m"], step
            command, rest = PROGRAMS[told[2]], told[3:]
        answer = CliRunner().invoke(command, rest)
        assert answer.exit_code == 0, (step, answer.output)
        return answer.output

    def close(self):
        if self.app:
            self.app.extensions["house"].data.dispose()
            self.app.extensions["house"].keys.engine.dispose()


@pytest.fixture
def host(settings, opener, cast, tmp_path):
    """The host with the cast in it; people outside hold the escrow copies."""
    made = Host(tmp_path / "host", settings)
    made.settings.instance.mkdir(parents=True)
    made.settings.keyring.parent.mkdir(parents=True)
    for name in ("primus.db", "keys.db"):
        shutil.copy(settings.instance / name, made.settings.instance)
    shutil.copy(settings.keyring, made.settings.keyring)
    keyring.copy(made.settings.keyring, made.path("/media/escrow/keyring.json"))
    shutil.copy(opener, made.path("/media/escrow/backup-key.json"))
    yield made
    made.close()


def head_of(house):
    seq, mac = write(house)
    return f"{seq}:{mac.hex()}"


def test_what_is_done_once(settings, tmp_path):
    host = Host(tmp_path / "new", settings)
    said = [host.type(step) for step in steps_of("Once, before the first start")]
    assert said[2] == said[3]
    ring = keyring.load(host.settings.keyring)
    assert keyring.load(host.path("/media/escrow/keyring.json")) == ring
    assert host.path("/root/backup-key.json.pub").is_file()


def test_every_day(host, cast):
    house = host.start()
    host.words["SEQ:HEX"] = head_of(house)
    for step in steps_of("Every day"):
        host.type(step)
    assert len(list(host.path("/var/backups/primus").glob("*.data"))) == 1


def roll(host, steps):
    for step in steps:
        said = host.type(step)
        if "--copy" in step:
            host.words["FINGERPRINT"] = said.strip()


def test_T27_every_month_the_master_key_is_rolled(host, cast):
    house = host.start()
    before = keyring.load(host.settings.keyring).masters
    roll(host, steps_of("Every month, and after an early erasure: roll the master key"))
    ring = keyring.load(host.settings.keyring)
    assert not set(ring.masters.values()) & set(before.values())
    assert names(house, cast) == everybody(cast)
    escrow = keyring.load(host.path("/media/escrow/keyring-new.json"))
    assert escrow.fingerprint == ring.fingerprint


def test_the_host_is_lost_and_the_drill_restores_it_from_escrow(host, settings, cast, tmp_path):
    """F8: integrity, rows, the log's chain, cells open; the erased do not."""
    house = host.start()
    house.keys.erase(cast.participants["Samir"], clock.today())
    for step in steps_of("Every day")[:1]:
        head = head_of(house)
        host.type(step)
    host.close()
    shutil.rmtree(host.folder)
    new = Host(tmp_path / "new-host", settings)
    new.words["SEQ:HEX"] = head
    steps = steps_of("The host is lost")
    for step in steps[:3]:
        new.type(step)
    there = new.app.extensions["house"]
    assert names(there, cast) == everybody(cast) | {"Samir": "no row"}
    assert new.app.test_client().get("/healthz").status_code == 200
    (stamp,) = [f.stem.partition("-")[2] for f in new.path("/var/backups/primus").glob("*.data")]
    new.words["STAMP"] = stamp
    new.type(steps[3])
    assert names(there, cast) == everybody(cast) | {"Samir": "no row"}
    new.close()


def test_the_master_key_is_lost(host, cast):
    host.settings.keyring.unlink()
    for step in steps_of("The master key is lost"):
        host.type(step)
    assert names(host.start(), cast) == everybody(cast)


def test_T27_the_master_key_is_stolen(host, cast):
    house = host.start()
    stolen = host.folder / "stolen.json"
    shutil.copy(host.settings.keyring, stolen)
    thief = keyring.load(stolen)
    roll(host, steps_of("The master key is stolen, or somebody was on the host"))
    with pytest.raises(WrongEpoch):
        KeyStore(house.keys.engine, keyring.Kept(stolen)).check()
    ring = house.keyring
    assert thief.trail != ring.trail
    assert thief.forms != ring.forms
    assert names(house, cast) == everybody(cast)


def test_no_command_of_the_document_is_left_untried():
    tried = [
        "Once, before the first start",
        "Every day",
        "Every month, and after an early erasure: roll the master key",
        "The host is lost",
        "The master key is lost",
        "The master key is stolen, or somebody was on the host",
    ]
    headings = re.findall(r"^## (.+)$", DOCUMENT, re.M)
    assert [heading for heading in headings if steps_of(heading)] == tried
