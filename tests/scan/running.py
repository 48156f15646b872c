"""Where the scanners are, and how one is started and stopped."""

import os
import subprocess
from pathlib import Path

from app.config import ROOT

SCAN = ROOT / ".venv-scan" / "scan" / "bin"
WAPITI = ROOT / ".venv-scan" / "wapiti" / "bin"
LIMIT = 600  # seconds: no scanner takes longer, on a machine that does other things too


def run(command: list[str], *, folder: Path = ROOT, fine: tuple[int, ...] = (0,)) -> str:
    """What it said. One that fails, or does not end, is a scan that has not been made."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"SEMGREP_SEND_METRICS": "off"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=LIMIT,
        check=False,
    )
    if done.returncode not in fine:
        raise RuntimeError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout)[-400:]}")
    return done.stdout
