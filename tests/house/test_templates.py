"""What no template may hold."""

import re
from pathlib import Path

import pytest

from app import web
from app.config import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
WORDS = TEMPLATES + sorted((ROOT / "app").rglob("*.py"))
WORDS += sorted((ROOT / "app" / "texts").glob("*.toml")) + sorted(
    (ROOT / "translations").rglob("*.po")
)


def holding(pattern, files, flags=re.IGNORECASE):
    found = re.compile(pattern, flags)
    return [f"{f.relative_to(ROOT)}: {m[0]}" for f in files for m in found.finditer(f.read_text())]


def test_there_are_templates_to_read():
    assert len(TEMPLATES) > 40
    assert Path("templates/base.html") in [t.relative_to(ROOT) for t in TEMPLATES]


@pytest.mark.parametrize(
    "pattern",
    [
        r"\|\s*safe\b",
        r"\bautoescape\b",
        r"\bMarkup\(",
        r"<[^>]*\sstyle\s*=",
        r"<style\b",
        r"<[^>]*\son[a-z]+\s*=",
        r"javascript:",
        r"<script(?![^>]*\bsrc=)",
        r"<script(?![^>]*\bnonce=)",
        r"<script(?![^>]*\bintegrity=)",
        r"""(?:src|href|action)=["']?(?:https?:)?//""",
        r"hx-on",
        r"<iframe|<object|<embed|<base\b",
        r'method="get"',
    ],
)
def test_no_template_holds(pattern):
    """T19: no markup unescaped, no script in a page."""
    assert holding(pattern, TEMPLATES) == []


def test_every_htmx_element_carries_the_nonce():
    for template in TEMPLATES:
        for tag in re.findall(
            r"<\w+[^>]*\bhx-(?:get|post|put|delete|patch)=[^>]*>", template.read_text()
        ):
            assert "hx-nonce=" in tag


def test_every_form_that_posts_carries_a_token():
    for template in TEMPLATES:
        text = template.read_text()
        assert text.count('method="post"') == text.count('name="csrf_token"'), template.name


def test_no_script_writes_markup():
    assert (
        holding(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", SCRIPTS
        )
        == []
    )


def test_no_word_that_we_do_not_use_about_people():
    banned = r"\b(?:kriminel\w*|klient\w*|udeblev\w*|den indsatte)\b"
    assert holding(banned, WORDS) == []


def test_no_exclamation_marks_on_the_screen():
    assert holding(r"_\('[^']*!'\)", TEMPLATES) == []


def test_a_sentence_that_stands_beside_its_code_is_not_written_again_in_a_template():
    """`Løsladelse` is the heading of a fact too, and `Ja` an answer to anything."""
    words = {text for choices in web.WORDS.values() for text in choices.values()} - {
        "Løsladelse",
        "Ja",
    }
    again = [
        f"{t.relative_to(ROOT)}: {text}"
        for t in TEMPLATES
        if t.parent.name != "meetings"
        for text in re.findall(r"\b_\('([^']*)'\)", t.read_text())
        if text in words
    ]
    assert again == []
