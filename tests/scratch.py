"""Where the stores of the tests lie: in memory where there is room, since each test makes its own.

A durable commit costs what the disk costs; nothing here is about the loss of power.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it
ROOM = 4 * 2**30  # bytes that must be free


def choose() -> None:
    """All temporary folders of this run and its browsers, unless somebody has said where."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the app is started anew many times
    sys.dont_write_bytecode = False
    chosen = os.environ.get("TMPDIR")
    if not chosen and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
