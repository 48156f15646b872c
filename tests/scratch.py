"""Where the stores of the tests lie: in memory where there is room, since each test makes its own.

A durable commit costs what the disk costs; nothing here is about the loss of power.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it
ROOM = 4 * 2**30  # bytes that must be free; the tests take less than one of them


def choose() -> None:
    """All temporary folders of this run and its browsers, unless somebody has said where.

    The app is started anew in many processes, which read its byte code and so must have it kept.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    chosen = os.environ.get("TMPDIR")
    if not chosen and MEMORY.is_dir() and min(shutil.disk_usage(MEMORY).free, free()) > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def free() -> int:
    """Bytes of memory that nobody needs."""
    told = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in told if line.startswith("MemAvailable:"))
