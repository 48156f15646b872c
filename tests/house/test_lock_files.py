"""What we stand on is pinned to the byte, and no file says where it must come from."""

import hashlib
import json
import re
import subprocess
import sys
import zipfile

import pytest

from app.config import ROOT

LOCKS = [ROOT / "requirements.lock", *sorted((ROOT / "tests").glob("[!n]*/*.lock"))]
LOCKS.append(ROOT / "tests" / "requirements.lock")
NAME = re.compile(r"^[a-z0-9._-]+(\[[a-z0-9,_-]+\])?==[^\s;]+", re.IGNORECASE)
VENDORED = re.compile(r"^\| `?([\w.-]+)`? \| `?([0-9a-f]{64})`? \|", re.MULTILINE)


def called(path):
    return str(path.relative_to(ROOT))


def entries(text):
    """Each package with its hashes; a line that ends in a backslash goes on."""
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


@pytest.mark.parametrize("lock", LOCKS, ids=called)
def test_T35_every_package_is_pinned_with_its_hashes(lock):
    found = entries(lock.read_text())
    assert found
    for entry in found:
        assert NAME.match(entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]


@pytest.mark.parametrize("lock", LOCKS, ids=called)
def test_T35_no_lock_file_names_a_place_to_fetch_from(lock):
    text = lock.read_text()
    assert "://" not in text
    assert "index-url" not in text


def test_T35_every_script_tool_is_pinned_with_its_hash():
    packages = json.loads((ROOT / "tests/node/package-lock.json").read_text())["packages"]
    for name, one in packages.items():
        if name:
            assert one["integrity"].startswith("sha512-"), name
            assert "://" not in one.get("resolved", ""), name


def test_T35_what_lies_here_of_others_is_what_was_looked_at():
    """Scripts of others, each by the hash in the list beside it."""
    checked = 0
    for readme in (ROOT / "static" / "vendor").rglob("README.md"):
        listed = dict(VENDORED.findall(readme.read_text()))
        for path in readme.parent.glob("*.js"):
            assert hashlib.sha256(path.read_bytes()).hexdigest() == listed[path.name], path
            checked += 1
    assert checked >= 3


@pytest.mark.slow
def test_T35_a_package_with_one_changed_byte_is_refused(tmp_path):
    """As `make` installs: by hash, from a folder that stands for the registry."""
    wheel = tmp_path / "planted-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr("planted.py", "WORD = 1\n")
        for name, text in (
            ("METADATA", "Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n"),
            ("WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
            ("RECORD", ""),
        ):
            made.writestr(f"planted-1.0.dist-info/{name}", text)
    proof = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (tmp_path / "some.lock").write_text(f"planted==1.0 --hash=sha256:{proof}\n")
    command = (
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-index"),
        *("--disable-pip-version-check", "--require-hashes", "--find-links", str(tmp_path)),
        *("-r", str(tmp_path / "some.lock"), "-d"),
    )
    taken = subprocess.run((*command, str(tmp_path / "1")), capture_output=True, check=False)
    assert taken.returncode == 0
    raw = bytearray(wheel.read_bytes())
    raw[raw.index(b"WORD = 1") + 7] ^= 3
    wheel.write_bytes(raw)
    again = (*command, str(tmp_path / "2"))
    refused = subprocess.run(again, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "DO NOT MATCH THE HASHES" in refused.stderr
