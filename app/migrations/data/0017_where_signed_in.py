"""What a device that is signed in says it is."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("system", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("browser", sa.String(), nullable=True))
