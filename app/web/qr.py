"""An address as a picture that a phone's camera reads."""

import segno
from markupsafe import Markup

QUIET = 4  # modules of white around it, as the standard asks for
SCALE = 5  # pixels a module: the address fits a phone of 360


def picture(address: str, title: str) -> Markup:
    """Dark on white, also in dark mode: a camera reads it so."""
    made = segno.make(address, error="m", micro=False)
    svg = made.svg_inline(scale=SCALE, border=QUIET, dark="#000", light="#fff", title=title)
    return Markup(svg)  # noqa: S704 - drawn here; the library escapes the title
