"""What follows on an end: the link to the exit form, its answers, the debrief; follow-up notes."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from app import vault

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exit_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("closure_id", sa.Uuid(), nullable=False),
        sa.Column("mentorship_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name=op.f("fk_exit_link_closure_id_closure")
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_exit_link_mentorship_id_mentorship")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_exit_link_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_exit_link_made_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_exit_link_token_hash")),
    )
    with op.batch_alter_table("exit_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exit_link_closure_id"), ["closure_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_exit_link_mentorship_id"), ["mentorship_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_exit_link_participant_id"), ["participant_id"], unique=False
        )

    op.create_table(
        "exit_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("closure_id", sa.Uuid(), nullable=False),
        sa.Column("mentorship_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("answers_ct", vault.Sealed(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name=op.f("fk_exit_form_closure_id_closure")
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_exit_form_mentorship_id_mentorship")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_exit_form_participant_id_participant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_form")),
        sa.UniqueConstraint("closure_id", name=op.f("uq_exit_form_closure_id")),
    )
    with op.batch_alter_table("exit_form", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exit_form_mentorship_id"), ["mentorship_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_exit_form_participant_id"), ["participant_id"], unique=False
        )

    op.create_table(
        "debrief",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("closure_id", sa.Uuid(), nullable=False),
        sa.Column("mentorship_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name=op.f("fk_debrief_closure_id_closure")
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_debrief_mentorship_id_mentorship")
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_debrief_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debrief")),
        sa.UniqueConstraint("closure_id", name=op.f("uq_debrief_closure_id")),
    )
    with op.batch_alter_table("debrief", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_debrief_mentorship_id"), ["mentorship_id"], unique=False
        )

    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentorship_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("focus_changed", sa.Boolean(), nullable=False),
        sa.Column("frequency_changed", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("kept_ct", vault.Sealed(), nullable=True),
        sa.Column("works_ct", vault.Sealed(), nullable=True),
        sa.Column("needs_ct", vault.Sealed(), nullable=True),
        sa.Column("next_step_ct", vault.Sealed(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_follow_up_mentorship_id_mentorship")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_follow_up_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_follow_up_written_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_follow_up_mentorship_id"), ["mentorship_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_follow_up_participant_id"), ["participant_id"], unique=False
        )
