"""Of a participant's own link a lent phone keeps the hash; one that is signed out keeps nothing."""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_SIGN_IN = sa.table(
    "sign_in",
    sa.column("lent_path", sa.String),
    sa.column("lent_pin_hash", sa.String),
    sa.column("ended_at"),
)
_PATH = _SIGN_IN.c.lent_path


def upgrade() -> None:
    ended = sa.update(_SIGN_IN).where(_SIGN_IN.c.ended_at.is_not(None), _PATH.is_not(None))
    op.execute(ended.values(lent_path=None, lent_pin_hash=None))
    # Hashed as app.web.asking does it: a phone that is lent at this moment stays lent.
    paths = op.get_bind().execute(sa.select(_PATH).where(_PATH.like("/slut/%"))).scalars().all()
    for path in paths:
        hashed = f"sha256:{sha256(path.encode()).hexdigest()}"
        op.execute(sa.update(_SIGN_IN).where(path == _PATH).values(lent_path=hashed))
