"""A page as a person finds it: elements, forms as a browser would send them, errors at fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "meta", "link", "br", "img", "use", "hr"}


@dataclass
class Element:
    """One element with its attributes; text lies between its children."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    parts: list["Element | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        yield self
        for part in self.parts:
            if isinstance(part, Element):
                yield from part.walk()

    def all(self, tag: str | None = None, **attrs: str) -> list["Element"]:
        return [
            e
            for e in self.walk()
            if (tag is None or e.tag == tag) and all(e.attrs.get(k) == v for k, v in attrs.items())
        ]

    def one(self, tag: str | None = None, **attrs: str) -> "Element":
        found = self.all(tag, **attrs)
        assert found, f"no <{tag or '*'}> with {attrs}"
        return found[0]

    @property
    def raw(self) -> str:
        return "".join(p if isinstance(p, str) else p.raw for p in self.parts)

    @property
    def text(self) -> str:
        return " ".join(self.raw.split())


class Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("page")]

    def handle_starttag(self, tag, attrs):
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].parts.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        while tag not in VOID and len(self.open) > 1:
            if self.open.pop().tag == tag:
                break

    def handle_data(self, data):
        self.open[-1].parts.append(data)


def read(markup: str) -> Element:
    builder = Builder()
    builder.feed(markup)
    builder.close()
    return builder.open[0]


def values(form: Element) -> dict[str, list[str]]:
    """What the form would send, but for its buttons."""
    found: dict[str, list[str]] = {}
    for control in form.walk():
        name, kind = control.attrs.get("name"), control.attrs.get("type")
        if name and control.tag == "select":
            chosen = [o for o in control.all("option") if "selected" in o.attrs]
            some = chosen or control.all("option")[:1]
            found.setdefault(name, []).extend(o.attrs.get("value", "") for o in some)
            continue
        if not name or control.tag not in ("input", "textarea"):
            continue
        if kind in ("radio", "checkbox") and "checked" not in control.attrs:
            continue
        # A browser drops one line end right after the tag.
        typed = control.raw.removeprefix("\n") if control.tag == "textarea" else None
        found.setdefault(name, []).append(
            control.attrs.get("value", "on") if typed is None else typed
        )
    return found


def buttons(form: Element) -> list[tuple[str, str]]:
    """Name and value of every button that has a name."""
    return [
        (b.attrs["name"], b.attrs.get("value", ""))
        for b in form.all("button")
        if b.attrs.get("name")
    ]


def error_at(page: Element, name: str) -> str:
    """The sentence at a field: tied to it, and the field marked as wrong."""
    marked = [e for e in page.all(id=name) if e.tag in ("input", "textarea", "select", "fieldset")]
    assert marked, f"no field {name}"
    one = marked[0]
    assert f"{name}-error" in one.attrs.get("aria-describedby", "").split(), (
        f"the sentence is not tied to {name}"
    )
    if one.tag != "fieldset" or one.attrs.get("role") == "radiogroup":  # a plain group has no state
        assert one.attrs.get("aria-invalid") == "true", f"{name} is not marked as wrong"
    return page.one(id=f"{name}-error").text


def summary(page: Element) -> str:
    """What stands at the top of a form that was refused."""
    return page.one("div", role="alert").text


def without_chance(markup: str) -> str:
    """All of a page but what is drawn by lot: in a key or a token a short name stands by chance."""
    drawn = r'(?:data-sealing|nonce|(?:data-)?integrity|name="csrf_token" value)="[^"]*"'
    return re.sub(drawn, "", markup)
