"""Lighthouse, as on a middling phone, signed in. Its speed is measured by `make bench`."""

import pytest

from tests import lighthouse


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", "/moeder/ny"])
def test_lighthouse_gives_full_marks(live, path):
    scores = lighthouse.audit(live.url + path, f"session={live.cookie('Anna')}")
    assert (scores["accessibility"], scores["best-practices"]) == (100, 100)
