"""Who leads a branch is found among its leaders, not among all roles."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_role_leads", "role", ["role", "branch_id"])
