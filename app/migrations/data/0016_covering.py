"""Indexes from which Overblik and who sits where are read alone."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_mentorship_id_on_at"))
        batch_op.create_index(
            "ix_contact_days", ["mentorship_id", "on", "at", "kind"], unique=False
        )

    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_author_id"))
        batch_op.create_index(
            "ix_evaluation_level",
            ["author_id", "participant_id", "at", "relation", "wellbeing"],
            unique=False,
        )

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_mentorship_id_held_on_logged_at"))
        batch_op.create_index(
            "ix_meeting_days",
            ["mentorship_id", "held_on", "logged_at", "outcome", "logged_by", "with_mentor"],
            unique=False,
        )

    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_person_id"))
        batch_op.create_index(
            "ix_role_held", ["person_id", "role", "from_on", "to_on", "branch_id"], unique=False
        )

    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_mentorship_id"))
        batch_op.drop_index(batch_op.f("ix_seat_person_id"))
        batch_op.create_index(
            "ix_seat_pair",
            ["mentorship_id", "from_on", "to_on", "person_id", "place"],
            unique=False,
        )
        batch_op.create_index(
            "ix_seat_person", ["person_id", "from_on", "to_on", "mentorship_id"], unique=False
        )
