"""What free text may not hold; the phone is asked the same in plain_text_guard.test.js."""

import json

import pytest

from app.config import ROOT
from app.domain import plain_text

SIGNS = {sentence: sign for sign, _, sentence in plain_text.FORBIDDEN}
EXAMPLES = json.loads((ROOT / "tests" / "scripts" / "plain_text.json").read_text())


@pytest.mark.parametrize(
    ("sign", "typed"), [(sign, typed) for sign, texts in EXAMPLES.items() for typed in texts]
)
def test_each_example_is_seen_as_what_it_is(sign, typed):
    for text in (typed, f"Han sagde {typed} til mig"):
        assert SIGNS.get(plain_text.problem(text), "nothing") == sign
