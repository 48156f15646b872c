"""What the manifest promises a phone, the server keeps."""

import re
from struct import unpack

import pytest

from app.config import ROOT

ADDRESS = "/manifest.webmanifest"
CSS = (ROOT / "static" / "css" / "app.css").read_text()


@pytest.fixture
def manifest(app):
    return app.test_client().get(ADDRESS).json


def pictures(manifest):
    shortcuts = [icon for shortcut in manifest["shortcuts"] for icon in shortcut["icons"]]
    return [*manifest["icons"], *manifest["screenshots"], *shortcuts]


def test_it_says_what_a_phone_needs_to_know(manifest):
    said = {name: manifest[name] for name in ("id", "start_url", "scope", "display", "lang", "dir")}
    assert said == {
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "lang": "da",
        "dir": "ltr",
    }
    assert manifest["name"] == manifest["short_name"] == "Primus Motor"


def test_its_colours_are_the_paper_of_the_app(manifest):
    paper = re.search(r"--paper: (#\w+);", CSS)[1]
    assert manifest["theme_color"] == manifest["background_color"] == paper


def test_it_is_a_manifest_that_a_phone_asks_for_anew(app):
    answer = app.test_client().get(ADDRESS)
    assert answer.mimetype == "application/manifest+json"
    assert answer.headers["Cache-Control"] == "no-cache"
    again = app.test_client().get(ADDRESS, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_it_is_the_same_for_everyone(app, signed_in):
    assert signed_in("Anna").get(ADDRESS).data == app.test_client().get(ADDRESS).data


def test_every_page_links_to_it(app):
    assert f'<link rel="manifest" href="{ADDRESS}">' in app.test_client().get("/log-ind").text


def test_its_icons_are_of_each_kind_that_a_phone_wants(manifest):
    kinds = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert kinds == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}


def test_every_picture_is_there_in_the_size_it_is_promised(app, manifest):
    client, found = app.test_client(), pictures(manifest)
    assert len(found) == 8
    for picture in found:
        with client.get(picture["src"]) as answer:
            assert (answer.status_code, answer.mimetype) == (200, picture["type"])
            head = answer.data[:24]
        assert head.startswith(b"\x89PNG")
        width, height = unpack(">II", head[16:])
        assert picture["sizes"] == f"{width}x{height}", picture["src"]


def test_the_maskable_icon_has_no_hole(manifest):
    """A phone cuts it to its own shape: what is see-through would turn black."""
    (icon,) = [i for i in manifest["icons"] if i["purpose"] == "maskable"]
    data = (ROOT / "static" / "icons" / icon["src"].rpartition("/")[2]).read_bytes()
    assert data[25] == 2  # RGB, without alpha


def test_its_screenshots_are_of_a_phone_and_say_what_they_show(manifest):
    assert [shot["form_factor"] for shot in manifest["screenshots"]] == ["narrow", "narrow"]
    assert all(shot["label"] for shot in manifest["screenshots"])


def test_its_shortcuts_open_pages_of_the_app(manifest, signed_in):
    shortcuts = {shortcut["name"]: shortcut["url"] for shortcut in manifest["shortcuts"]}
    assert list(shortcuts) == ["Log møde", "Kontakt", "Uger"]
    anna = signed_in("Anna")
    assert [anna.get(url).status_code for url in shortcuts.values()] == [200, 200, 200]
