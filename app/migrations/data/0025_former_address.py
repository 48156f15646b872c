"""A letter to the address that somebody had before."""

import sqlalchemy as sa
from alembic import op

from app import vault

revision = "0025"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("to_ct", vault.Sealed(), nullable=True))
