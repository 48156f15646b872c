"""Starts `inside` on a demo store with people signed in, plain or under another program."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bench.client import Client
from tests.bench.pages import PAGES
from tests.bench.servers import DEMO, ROOT, app_on

LIMIT = 900  # seconds; callgrind is about 50 times slower than the processor


def ask_inside(figure: str, store: Path, under: tuple[str, ...] = ()) -> str:
    with app_on(store) as server:
        asked = [(page.path, Client(server.port).sign_in(page.who).cookie) for page in PAGES]
    done = subprocess.run(
        (*under, sys.executable, "-m", "tests.bench.inside", figure),
        input=json.dumps(asked),
        env=os.environ | DEMO | {"INSTANCE": str(store), "PYTHONHASHSEED": "0"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout
