"""The agreement on paper: at most two pages, all that was agreed, nothing of the app around it."""

import shutil
import subprocess

from app.domain import agreements

WORDS = (
    "Vi mødes hver onsdag på cafeen ved stationen og ringer sammen, hvis en af os må aflyse. " * 4
)


def test_it_fits_two_pages_and_names_nobody_in_full(live, phone, story, tmp_path):
    story.agree(
        "Anna",
        texts={name: f"{name}: {WORDS}" for name in agreements.TEXTS},
        focus=tuple(agreements.FOCUS),
        ways=tuple(agreements.WAYS),
        ticked=tuple(agreements.BEFORE_THE_FIRST_VISIT),
        present=("participant", "author", "co_mentor", "leader"),
        shares_plan="yes",
        release_meeting="yes",
    )
    page = phone(live, "Anna").go("/forloeb/aftale")
    file = tmp_path / "aftale.pdf"
    page.pdf(path=file, format="A4")
    printed, pages = text_of(file), pages_of(file)
    assert pages <= 2
    for name in agreements.TEXTS:
        assert f"{name}:" in printed
    for text in ("Samir", "Anna", "Bo", "Lise", "20 00 00 00", "Hvem der læser hvad"):
        assert text in printed
    for text in ("efternavn", "Møder", "Log ud", "Skriv en ny udgave", "Tidligere", "http"):
        assert text not in printed


def text_of(file):
    return _poppler("pdftotext", "-layout", str(file), "-")


def pages_of(file):
    [line] = [x for x in _poppler("pdfinfo", str(file)).splitlines() if x.startswith("Pages:")]
    return int(line.split()[1])


def _poppler(program, *arguments):
    found = shutil.which(program)
    assert found, f"{program} is missing: apt-get install -y poppler-utils"
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=True)
    return done.stdout
