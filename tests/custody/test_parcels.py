"""A sealed file opens whole, with its own key, or not at all."""

import io

import pytest
from click.testing import CliRunner

from app import parcels
from app.parcels import PIECE, TAG_BYTES, Lock, NoKey, Parcel, Unopened, pieces

HEAD = len(parcels.FORMAT) + parcels.LID_BYTES


@pytest.fixture
def lock(opener):
    return Lock(opener)


def packed(lock, content, kind="data"):
    file = io.BytesIO()
    file.fileno = lambda: None
    parcel = Parcel(file, lock, kind)
    for start in range(0, len(content), 1000):
        parcel.write(content[start : start + 1000])
    parcel.close()
    return file


def opened(lock, raw, kind="data"):
    file = io.BytesIO(raw)
    return b"".join(pieces(file, lock.key_of(file, kind), kind))


@pytest.fixture(autouse=True)
def _in_memory(monkeypatch):
    monkeypatch.setattr("os.fsync", lambda _: None)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 200_000])
def test_what_was_packed_comes_out(lock, size):
    content = bytes(number % 251 for number in range(size))
    assert opened(lock, packed(lock, content).getvalue()) == content


def test_a_file_that_was_cut_does_not_open_wherever_it_was_cut(lock):
    whole = packed(lock, bytes(3 * PIECE)).getvalue()
    step = PIECE + TAG_BYTES
    cuts = {0, 3, HEAD - 1, HEAD, HEAD + 5, len(whole) - 1}
    cuts |= {HEAD + step, HEAD + step + 1, HEAD + 2 * step}
    for cut in cuts:
        with pytest.raises(Unopened):
            opened(lock, whole[:cut])


def test_a_file_that_was_changed_or_lengthened_does_not_open(lock):
    whole = packed(lock, b"x" * 100_000).getvalue()
    for place in (0, 10, HEAD, HEAD + PIECE, len(whole) - 1):
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises(Unopened):
            opened(lock, bytes(changed))
    with pytest.raises(Unopened):
        opened(lock, whole + b"x")


def test_pieces_that_changed_places_do_not_open(lock):
    whole, step = packed(lock, bytes(3 * PIECE)).getvalue(), PIECE + TAG_BYTES
    first, second = whole[HEAD : HEAD + step], whole[HEAD + step : HEAD + 2 * step]
    with pytest.raises(Unopened):
        opened(lock, whole[:HEAD] + second + first + whole[HEAD + 2 * step :])


def test_one_kind_of_file_does_not_pass_for_another(lock):
    with pytest.raises(Unopened):
        opened(lock, packed(lock, b"x", "keys").getvalue(), "data")


def test_another_key_does_not_open_it(lock, tmp_path):
    parcels.make_key(tmp_path / "other.json")
    with pytest.raises(Unopened):
        opened(Lock(tmp_path / "other.json"), packed(lock, b"x").getvalue())


def test_T29_what_lies_on_the_host_closes_and_does_not_open(opener, lock):
    public = Lock(opener.with_name(f"{opener.name}.pub"))
    raw = packed(public, b"x").getvalue()
    with pytest.raises(NoKey):
        opened(public, raw)
    assert opened(lock, raw) == b"x"


def test_no_two_files_are_alike(lock):
    assert packed(lock, b"x").getvalue() != packed(lock, b"x").getvalue()


def test_the_key_is_made_once_and_for_its_owner(tmp_path):
    path = tmp_path / "key.json"
    made = CliRunner().invoke(parcels.make, [str(path)])
    assert made.exit_code == 0
    assert "BACKUP_KEY=" in made.output
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    again = CliRunner().invoke(parcels.make, [str(path)])
    assert (again.exit_code, path.read_bytes()) == (1, before)
    assert "Filen findes" in again.output


@pytest.mark.parametrize("content", ["", "{", "{}"])
def test_a_file_that_is_no_key_is_refused(tmp_path, content):
    path = tmp_path / "key.json"
    path.write_text(content)
    with pytest.raises((NoKey, ValueError)):
        Lock(path)
