"""Lighthouse on one page, as on a middling phone. Its Node package is pinned in tests/node."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

PROGRAM = Path(__file__).parent / "node" / "node_modules" / "lighthouse" / "cli" / "index.js"
ADVICE = "Lighthouse is missing. Type: sh .ci/install"
CATEGORIES = ("performance", "accessibility", "best-practices")
TIMES = ("first-contentful-paint", "interactive")  # milliseconds
CHROME = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TRIES = 2
LIMIT = 120  # seconds a try


def audit(url: str, cookie: str = "") -> dict[str, int]:
    """The scores 0-100 by category, and the times in milliseconds by audit."""
    report = run(url, cookie)
    scores = {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}
    return scores | {name: round(report["audits"][name]["numericValue"]) for name in TIMES}


def run(url: str, cookie: str) -> dict:
    """The whole report. Asked once more when Chromium gave no page, as it may on a busy machine."""
    if not PROGRAM.is_file():
        raise FileNotFoundError(ADVICE)
    with tempfile.TemporaryDirectory(prefix="primus-lighthouse-") as folder:
        command = prepared(Path(folder), url, cookie)
        for _ in range(TRIES):
            done = subprocess.run(
                command,
                env=environment(folder),
                capture_output=True,
                text=True,
                timeout=LIMIT,
                check=False,
            )
            if not done.returncode:
                return json.loads(done.stdout)
    raise RuntimeError(f"Lighthouse failed on {url}:\n{done.stderr[-2000:]}")


def prepared(folder: Path, url: str, cookie: str) -> list[str]:
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
    return [
        "node",
        str(PROGRAM),
        url,
        "--quiet",
        "--form-factor=mobile",
        f"--chrome-flags={' '.join(CHROME)}",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--extra-headers={headers}",
        "--output=json",
    ]


def environment(folder: str) -> dict[str, str]:
    """Only what Node and Chromium need; what they leave behind goes with the folder."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": folder,
        "TMPDIR": folder,
        "CHROME_PATH": "/usr/bin/chromium",
    }
