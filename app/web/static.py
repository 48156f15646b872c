"""Styles, scripts and icons under a hash of them all, so that a phone may keep them for ever."""

import base64
import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import main as compress

from app.config import ROOT
from app.house import House
from app.web.guard import on_everything

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

SOURCE = ROOT / "static"
SCRIPTS = {  # what one page fetches as one file, in the order in which it runs
    "page": (
        "js/cover.js",  # first: nothing that fails after it may take the cover away
        "vendor/idb-8.0.4/idb.min.js",
        "js/plain_text_guard.js",  # looks before once.js counts a form as sent
        "js/once.js",
        "js/sealing.js",
        "js/phone_store.js",
        "js/locked_away.js",
        "js/form_values.js",
        "js/drafts.js",
        "js/facts.js",
        "js/outbox.js",
        "js/back_off.js",
        "js/sending.js",
        "js/phone.js",
        "js/when_needed.js",
        "js/autosave.js",
        "js/kept_forms.js",
        "js/waiting.js",
        "js/send_off.js",
        "js/shell_form.js",
        "js/hide.js",
        "js/awake.js",
        "js/idle.js",
        "js/start.js",
    ),
    "passkeys": ("js/passkeys.js",),  # on the few pages that ask for one; it leans on "page"
    "hypertext": (
        "js/after_swap.js",
        "js/no_answer.js",
        "vendor/htmx-4.0.1/htmx.min.js",
        "vendor/htmx-4.0.1/hx-csp.min.js",
    ),
    "worker": (
        "vendor/idb-8.0.4/idb.min.js",
        "js/phone_store.js",
        "js/outbox.js",
        "js/sending.js",
        "js/service_worker.js",
    ),
}
YEAR = 60 * 60 * 24 * 365
OF_A_FILE = "default-src 'none'; frame-ancestors 'none'"


class Files(WhiteNoise):
    """Adds the headers of every answer, also where the file has not changed or is not to be had."""

    always: Mapping[str, str]

    def serve(self, static_file: Any, environ: Any, start_response: "StartResponse") -> Any:
        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            return start_response(status, [*headers, *self.always.items()], *failure)

        return super().serve(static_file, environ, start)


def install(app: Flask, house: House) -> None:
    """Serve the files of the build, compressed once."""
    build = fingerprint()
    folder = built(house.settings.instance / "static", build)
    served = Files(
        app.wsgi_app,
        max_age=YEAR,
        immutable_file_test=lambda *_: True,
        allow_all_origins=False,
    )
    served.always = on_everything(house.settings) | {"Content-Security-Policy": OF_A_FILE}
    served.add_files(str(folder), prefix=f"static/{build}/")
    app.wsgi_app = served  # type: ignore[method-assign]
    app.config["BUILD"] = build
    app.config["INTEGRITY"] = integrity(folder)


def integrity(folder: Path) -> dict[str, str]:
    """What each script must be, byte for byte, or the browser does not run it."""
    return {path.stem: f"sha256-{_digest(path)}" for path in (folder / "js").glob("*.js")}


def _digest(path: Path) -> str:
    return base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()


def fingerprint() -> str:
    """A hash of every file, its name included."""
    digest = hashlib.sha256(repr(SCRIPTS).encode())
    for path in sorted(p for p in SOURCE.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(SOURCE)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def built(folder: Path, build: str) -> Path:
    """A copy of the files with their compressed twins; made once per build."""
    target = folder / build
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=folder))
        shutil.copytree(SOURCE, draft, dirs_exist_ok=True)
        for name in SCRIPTS:
            (draft / "js" / f"{name}.js").write_text(script(name))
        compress(["--quiet", str(draft)])
        try:
            draft.rename(target)
        except OSError:  # another worker was first
            shutil.rmtree(draft)
    return target


def script(name: str) -> str:
    """One file of scripts, made of one behaviour after the other."""
    return "\n".join((SOURCE / part).read_text() for part in SCRIPTS[name])
