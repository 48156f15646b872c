"""What the pairs and the participants agree."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from app import vault

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXTS = ("goals", "activities", "often", "cancelling", "meeting_place", "avoid")


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentorship_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("focus", sa.Integer(), nullable=False),
        sa.Column("ways", sa.Integer(), nullable=False),
        sa.Column("ticked", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("shares_plan", sa.String(), nullable=True),
        sa.Column("release_meeting", sa.String(), nullable=True),
        *(sa.Column(f"{name}_ct", vault.Sealed(), nullable=True) for name in TEXTS),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_agreement_by_person")),
        sa.ForeignKeyConstraint(
            ["mentorship_id"],
            ["mentorship.id"],
            name=op.f("fk_agreement_mentorship_id_mentorship"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_agreement_participant_id_participant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_mentorship_id_version_at"),
            ["mentorship_id", "version", "at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_agreement_participant_id"), ["participant_id"], unique=False
        )
