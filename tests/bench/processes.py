"""What a server and its workers use, from the kernel's own accounting."""

import os
import signal
import subprocess
from pathlib import Path

PROC = Path("/proc")
NANOSECONDS = 1_000_000_000
STOP_LIMIT = 15  # seconds


def family(pid: int) -> list[int]:
    """The process and all its descendants."""
    children = [
        int(child)
        for task in (PROC / str(pid) / "task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return [pid, *(member for child in children for member in family(child))]


def cpu_seconds(pid: int) -> float:
    """On a processor, to the nanosecond; threads that have ended are not in it."""
    return (
        sum(
            int((task / "schedstat").read_text().split()[0])
            for member in family(pid)
            for task in (PROC / str(member) / "task").iterdir()
        )
        / NANOSECONDS
    )


def memory_megabytes(pid: int) -> float:
    """Proportional set size: a page that two processes share counts once."""
    return sum(proportional_kilobytes(member) for member in family(pid)) / 1024


def proportional_kilobytes(pid: int) -> int:
    for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def stop(process: subprocess.Popen) -> None:
    """Ask it to end; after the limit end it with its workers (it leads a session of its own)."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=STOP_LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
