"""The files of a build are made once, whichever worker is first."""

import os
import time

from app.web import static


def test_workers_forked_from_one_parent_do_not_write_into_one_draft(tmp_path, monkeypatch):
    monkeypatch.setattr(static, "compress", lambda _: time.sleep(0.5))
    workers = []
    for _ in range(2):
        if (worker := os.fork()) == 0:
            try:
                static.built(tmp_path / "static", "build")
                os._exit(0)
            finally:
                os._exit(1)
        workers.append(worker)
    assert [os.waitpid(worker, 0)[1] for worker in workers] == [0, 0]
    assert [p.name for p in (tmp_path / "static").iterdir()] == ["build"]
