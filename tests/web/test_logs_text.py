"""Log møde: free text, what it may not hold and what it may."""

from urllib.parse import urlencode

import pytest

from tests import html, logs, stored

CPR = ["170590-1234", "1705901234", "170590 1234", "(170590-1234)", "CPR:170590-1234."]
EMAIL = ["samir@example.org", "Skriv til a.b+c@d-e.dk i morgen", "<x@y.dk>"]
PHONE = [
    "20304050",
    "20 30 40 50",
    "20-30-40-50",
    "20.30.40.50",
    "2030 4050",
    "+4520304050",
    "+45 20 30 40 50",
    "0045 20304050",
    "004520304050",
    "tlf.20304050",
    "(+45) 20304050",
    "+46 70 123 45 67",
]
HARMLESS = [
    "Vi ses den 24.11.2026 kl. 10.30-12.00.",
    "Fra 24.11.2026 til 01.12.2026, i perioden 2025-2026 og i 2025/26",
    "Huslejen er 4.500 kr., gælden 125.000,50 kr. og depositum 13500 kr.",
    "Tidspunkterne 10:15, 11.30 og 12-13; uge 48; nr. 12, 3. sal; § 253; 1-2-3",
    "Bus 150S, linje 6A, 7-8 stykker, 100 %, 3/4, 2 x 20 min.",
    "Spurgte @kommunen om a@b og fik intet svar",
]


@pytest.mark.parametrize(
    ("typed", "word"),
    [(t, "CPR-nummer") for t in CPR]
    + [(t, "e-mailadresse") for t in EMAIL]
    + [(t, "telefonnummer") for t in PHONE],
)
def test_what_points_at_a_person_is_stopped(refused, typed, word):
    for field in ("comment", "note", "victory"):
        assert word in refused(field, **{field: f"Han sagde {typed} til mig"})


@pytest.mark.parametrize("typed", HARMLESS)
def test_dates_years_times_and_amounts_are_not_stopped(anna, typed):
    meeting = logs.log(anna, comment=typed)
    quotes = html.read(anna.get(f"/moeder/{meeting}").text).all("blockquote")
    assert [quote.raw for quote in quotes] == [typed]


@pytest.mark.parametrize(
    "text",
    ["a" * 4000, "😀" * 4000, "é\r\n" * 1999 + "én", "\n\n" + "a" * 4000 + "  \r\n"],
    ids=["letters", "emoji", "line ends", "space around"],
)
def test_4000_characters_are_stored(house, anna, text):
    meeting = logs.log(anna, comment=text)
    shown = html.read(anna.get(f"/moeder/{meeting}").text).one("blockquote").raw
    assert shown == text.replace("\r\n", "\n").strip()


@pytest.mark.parametrize(
    "text", ["a" * 4001, "😀" * 4001, "é\r\n" * 2000 + "é"], ids=["letters", "emoji", "line ends"]
)
def test_4001_characters_are_refused(refused, text):
    assert "1 tegn for lang" in refused("comment", comment=text)


def test_a_victory_has_room_for_200_characters(refused):
    assert "200 tegn" in refused("victory", victory="a" * 201)


@pytest.mark.parametrize(
    "text",
    [
        "👩🏽‍🤝‍👨🏿 🇩🇰 ❤️‍🔥 e\u0301",
        "\u202eמחר\u202c שלום וברכה",
        "مرحبا، كيف حالك؟ " + "abc",
        "<script>alert(1)</script> & \" ' {{ 7 * 7 }} </textarea>",
        "\u200b\u2066tegn\u2069\ufeff",
        "Ænøå\ttab\nny linje\n\n\nmed luft",
    ],
    ids=["emoji", "hebrew", "arabic", "markup", "invisible", "lines"],
)
def test_every_script_is_stored_and_shown_exactly(anna, bo, text):
    meeting = logs.log(anna, comment=text, note=text, victory=text)
    page = html.read(bo.get(f"/moeder/{meeting}").text)
    assert [quote.raw for quote in page.all("blockquote")] == [text.strip()] * 2
    assert all(quote.attrs["dir"] == "auto" for quote in page.all("blockquote"))
    form = html.read(anna.get(f"/moeder/{meeting}/ret").text).one(id="edit-form")
    assert html.values(form)["comment"] == [text.strip()]


@pytest.mark.parametrize("text", ["a\x00b", "\x01\x08\x0b\x1f\x7f", "\ufffe\uffff\U0010ffff"])
def test_control_characters_are_stored_and_shown_or_dropped(any_signed_in, any_house, text):
    anna = any_signed_in("Anna")
    logs.log(anna, comment=text, note=text, victory=text)
    assert len(stored.rows(any_house, "evaluation")) == 1
    assert anna.get("/moeder").status_code == 200


@pytest.mark.parametrize(
    "field", ["comment", "when", "date", "place", "themes", "id", "km", "join"]
)
def test_bytes_that_are_no_text_break_nothing(any_signed_in, any_house, field):
    anna = any_signed_in("Anna")
    for raw in ("%ED%A0%80", "%00", "%FF%FE", "%C3%28", "%F4%90%80%80"):
        values = logs.filled(anna, apart="1")
        values.pop(field, None)
        body = urlencode(values, doseq=True) + f"&{field}={raw}"
        before = stored.counts(any_house)
        answer = anna.post("/moeder", data=body, content_type="application/x-www-form-urlencoded")
        grown = stored.since(before, stored.counts(any_house))
        assert (answer.status_code, bool(grown)) in ((303, True), (404, False), (422, False))


def test_text_is_sealed_in_the_store(house, anna):
    logs.log(anna, comment="Nøglen til kælderen", note="Ved døren", victory="Job")
    (row,) = stored.rows(house, "evaluation")
    for cell in (row.comment_ct, row.note_ct, row.victory_ct):
        assert cell.startswith(b"PM1")
        assert "Nøglen".encode() not in cell


def test_a_text_of_only_space_is_none(house, anna):
    logs.log(anna, comment=" \r\n\t ")
    assert [row.comment_ct for row in stored.rows(house, "evaluation")] == [None]
