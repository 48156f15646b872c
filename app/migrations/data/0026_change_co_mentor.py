"""A mentor may wish for another co-mentor."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_NAME = "ck_wish_kind"
_KINDS = "kind IN ('stop', 'change', 'co_mentor')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(_NAME), "wish", type_="check")
        op.create_check_constraint(op.f(_NAME), "wish", sa.text(_KINDS))
        return
    # SQLite makes the table anew; what it had to check is not read back, so nothing is dropped.
    with op.batch_alter_table("wish", schema=None, recreate="always") as batch_op:
        batch_op.create_check_constraint(op.f(_NAME), sa.text(_KINDS))
