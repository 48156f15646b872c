"""The key store's first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_key",
        sa.Column("person_id", sa.Uuid(), primary_key=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "tombstone",
        sa.Column("person_id", sa.Uuid(), primary_key=True),
        sa.Column("erased_on", sa.Date(), nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first tables")
