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
LIMIT = 120  # seconds


def audit(url: str, cookie: str = "") -> dict[str, int]:
    """The scores 0-100 by category, and the times in milliseconds by audit."""
    report = run(url, cookie)
    scores = {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}
    return scores | {name: round(report["audits"][name]["numericValue"]) for name in TIMES}


def run(url: str, cookie: str) -> dict:
    if not PROGRAM.is_file():
        raise FileNotFoundError(ADVICE)
    with tempfile.TemporaryDirectory(prefix="primus-lighthouse-") as folder:
        headers, result = Path(folder, "headers.json"), Path(folder, "result.json")
        headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
        command = [
            "node",
            str(PROGRAM),
            url,
            "--quiet",
            "--form-factor=mobile",
            f"--chrome-flags={' '.join(CHROME)}",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--extra-headers={headers}",
            "--output=json",
            f"--output-path={result}",
        ]
        done = subprocess.run(
            command,
            env=environment(folder),
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"Lighthouse failed on {url}:\n{done.stderr[-2000:]}")
        return json.loads(result.read_text())


def environment(folder: str) -> dict[str, str]:
    """Only what Node and Chromium need; what they leave behind goes with the folder."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": folder,
        "TMPDIR": folder,
        "CHROME_PATH": "/usr/bin/chromium",
    }
