"""Matches, and what becomes of them."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("mentorship_id", sa.Uuid(), nullable=True),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_match_branch_id_branch")
        ),
        sa.ForeignKeyConstraint(["first_id"], ["person.id"], name=op.f("fk_match_first_id_person")),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_match_mentorship_id_mentorship")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_match_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_match_proposed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_match_referral_id_referral")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["person.id"], name=op.f("fk_match_second_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
    )
    with op.batch_alter_table("match", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_first_id"), ["first_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_mentorship_id"), ["mentorship_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_match_participant_id"), ["participant_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_match_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_second_id"), ["second_id"], unique=False)

    op.create_table(
        "match_choice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_match_choice_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_match_choice_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_choice")),
    )
    with op.batch_alter_table("match_choice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_match_choice_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "match_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_match_step_by_person")),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_match_step_match_id_match")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_step")),
    )
    with op.batch_alter_table("match_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_match_step_match_id_at"), ["match_id", "at"], unique=False
        )
