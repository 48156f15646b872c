"""I dag answers its four questions at a glance, and the keyboard's focus is always seen."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app import clock
from tests.browser.phone import SCREEN

FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const label = one.closest('label');
  const shown = one.matches('.chip input, .scale input') ? label.querySelector('span') : one;
  // The last stop in a date or time field is the picker's own button: Chromium rings it itself.
  const picker = ['date', 'time'].includes(one.type) && !one.matches(':focus-visible');
  const style = getComputedStyle(shown), box = shown.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    what: one.outerHTML.slice(0, 120),
    outline: picker || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    uncovered: Boolean(top && (shown.contains(top) || top.contains(shown) || label?.contains(top))),
  };
}"""


def test_i_dag_answers_without_scrolling(live, phone, story):
    story.log("Bo", clock.today() - timedelta(days=2), together=True, note="Ring til banken først")
    story.contact("Bo", "sms", clock.today() - timedelta(days=1))
    anna = phone(live, "Anna")
    page = anna.go("/regler")
    for kind in ("rules", "mentor_guide", "companion_guide"):
        anna.go(f"/regler/{kind}")
        with page.expect_navigation():
            page.locator("form button").first.click()
    anna.go("/")
    dock = page.locator(".dock").bounding_box()
    for answer in (
        page.locator(".week-line"),  # who has this week
        page.locator(".facts > div", has_text="Sidste møde"),  # when, and by whom
        page.locator(".waiting"),  # what waits for me
        page.get_by_text("Ring til banken først"),  # what my co-mentor wants me to know
    ):
        box = answer.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= dock["y"] + 1
    assert dock["y"] + dock["height"] <= SCREEN["height"]
    assert page.evaluate("scrollY") == 0
    expect(page.locator(".lede").first).to_contain_text("løsladelsen")  # where we are


FORMS = ("/uger/giv", "/uger/fravaer", "/aftaler/ny", "/forloeb/traad", "/mig/stop")


@pytest.mark.parametrize(
    "path", ["/", "/moeder/ny", "/kontakter/ny", "/uger", "/forloeb", "/mig", *FORMS]
)
def test_the_focus_is_always_seen(live, phone, story, path):
    story.log("Bo", clock.today() - timedelta(days=2), together=True, note="Ring til banken")
    story.write("Bo", "Har du nøglen?")
    page = phone(live, "Anna", has_touch=False, is_mobile=False).go(path)
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true })")
    seen = []
    for _ in range(120):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None or (seen and focus["what"] == seen[0]):
            break
        assert focus["outline"], focus["what"]
        assert focus["uncovered"], focus["what"]
        seen.append(focus["what"])
    assert len(seen) > 6  # the skip link, the brand, the five places at least
