"""What leaves the app or is kept about its reader: files without names, and one's own data."""

import csv
import io

from app.config import ROOT
from tests import html, logs, stored
from tests.web.conftest import post

FILE = "/konsulent/adgangslog/fil"
WORDS = "Han var nervøs for mødet med kommunen"


def test_T40_a_file_is_named_logged_with_its_reason_and_says_no_name(karen, lise, house, life):
    lise.get(f"/leder/forloeb/{life}")
    assert post(karen, FILE).status_code == 422
    assert stored.acts(house, "exported") == []
    answer = post(karen, FILE, reason="authority")
    [act] = stored.acts(house, "exported")
    assert (act.kind, act.reason) == ("trail", "authority")
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="adgangslog-{act.object_id.hex[:8]}.csv"'
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == "text/csv"
    text = answer.data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert "Læst: Overblik og forløb" in {row["hvad"] for row in rows}
    assert {row["udtræk"] for row in rows} == {str(act.object_id)}
    assert {row["person"][:1] for row in rows} == {"P"}
    for name in ("Samir", "Lise", "Karen", "efternavn"):
        assert name not in text


def test_a_mentor_reads_what_is_kept_about_them(signed_in):
    anna = signed_in("Anna")
    logs.log(anna, wellbeing="3", comment=WORDS)
    page = html.read(anna.get("/mig/data").text).text
    for word in ("Annaefternavn", "anna@test.invalid", "Dine svar efter møder"):
        assert word in page
    for word in ("Samir", WORDS):
        assert word not in page


def test_my_own_log_says_what_i_did_and_names_nobody(signed_in, lise, cast, life):
    lise.get(f"/leder/forloeb/{life}")
    mine = html.read(lise.get("/mig/log").text).text
    assert "Læst: Overblik og forløb" in mine
    assert "Samir" not in mine
    assert "Overblik" not in html.read(signed_in("Anna").get("/mig/log").text).text


def test_T15_no_file_leaves_but_through_the_one_writer():
    writers = {
        path.name
        for path in (ROOT / "app").rglob("*.py")
        if "csv.writer" in path.read_text() or "text/csv" in path.read_text()
    }
    assert writers == {"sheets.py", "exported.py"}
