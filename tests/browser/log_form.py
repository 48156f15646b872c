"""The form Log møde as a thumb finds it."""

from playwright.sync_api import Locator, Page

RELATION = "Relationen lige nu"
WELLBEING = "Hvordan har du det lige nu med at være frivillig mentor?"
DEEP_LINK = "/moeder/ny"


def score(page: Page, question: str, number: int) -> Locator:
    asked = page.get_by_role("radiogroup", name=question)
    return asked.get_by_role("radio", name=str(number), exact=True)


def theme(page: Page, label: str) -> Locator:
    asked = page.get_by_role("group", name="Hvad handlede det om?")
    return asked.get_by_role("checkbox", name=label)


def day(page: Page, label: str) -> Locator:
    return page.get_by_role("radiogroup", name="Hvornår?").get_by_role("radio", name=label)


def send(page: Page) -> Locator:
    return page.get_by_role("button", name="Send", exact=True).last


def sent(page: Page) -> Locator:
    return page.get_by_role("heading", level=1, name="Sendt")


def more(page: Page) -> Locator:
    return page.locator("summary", has_text="Fortæl mere")


def comment(page: Page) -> Locator:
    return page.get_by_label("Kommentar")


def visible_fields(page: Page) -> set[str]:
    """The names of the fields that one can see and change."""
    shown = page.locator("form :is(input, textarea, select):not([type=hidden]):visible").all()
    return {field.get_attribute("name") or "" for field in shown}


def joining(page: Page) -> Locator:
    """Says that the co-mentor has logged that day."""
    return page.locator(".joining")


def errors(page: Page) -> Locator:
    """The summary of a form's errors; announced, since it is an alert."""
    return page.get_by_role("alert").and_(page.locator(".error-summary"))


def warning(page: Page) -> Locator:
    """What the phone says at the comment before anything has left it."""
    return page.locator("#comment-guard")
