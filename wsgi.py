"""What the server runs. `python wsgi.py` starts the server itself (PORT, WORKERS)."""

import gc
import os
import subprocess
import sys
from pathlib import Path

THREADS = "128"  # a worker; with one, two hundred slow senders would silence it

if __name__ == "__main__":  # the workers build the app, so this one need not
    granian = Path(sys.executable).parent / "granian"
    how = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", os.environ.get("PORT", "8000")]
    how += ["--workers", os.environ.get("WORKERS", "2"), "--blocking-threads", THREADS]
    # A pool of memory per thread is for threads that run at once; Python's take turns.
    os.environ.setdefault("MALLOC_ARENA_MAX", "1")
    how += ["--no-ws", "--log-level", "error", "wsgi:app"]
    if os.environ.get("WITH_WORKER") == "1":  # it ends with the server, whose process this becomes
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        subprocess.Popen([*flask, "worker", "--parent", str(os.getpid())])  # noqa: S603 - our own command
    os.execv(granian, [str(granian), *how])  # noqa: S606 - our own server, no shell
else:
    from app import create_app

    app = create_app()
    gc.set_threshold(10_000, 20, 50)
    gc.freeze()  # a full collection over what never changes would stop a worker
