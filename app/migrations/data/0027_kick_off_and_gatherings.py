"""What two mentors have talked about before they begin; hour and place of the mentors' meetings."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("talked", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("gathering", schema=None) as batch_op:
        batch_op.add_column(sa.Column("at", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("place", sa.String(), nullable=True))
