"""The pair's thread, pauses, and wishes to the leader."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from app import vault

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "thread_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentorship_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.Column("text_ct", vault.Sealed(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mentorship_id"],
            ["mentorship.id"],
            name=op.f("fk_thread_note_mentorship_id_mentorship"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_thread_note_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_thread_note_author_id_person")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_thread_note_to_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_note")),
    )
    op.create_index(op.f("ix_thread_note_mentorship_id_at"), "thread_note", ["mentorship_id", "at"])
    op.create_index(op.f("ix_thread_note_participant_id"), "thread_note", ["participant_id"])
    op.create_index(op.f("ix_thread_note_author_id"), "thread_note", ["author_id"])
    op.create_index(op.f("ix_thread_note_to_id"), "thread_note", ["to_id"])

    op.create_table(
        "pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentorship_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("ask_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("continues_id", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_pause_mentorship_id_mentorship")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_pause_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_pause_made_by_person")),
        sa.ForeignKeyConstraint(
            ["continues_id"], ["pause.id"], name=op.f("fk_pause_continues_id_pause")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_pause_ended_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index(op.f("ix_pause_mentorship_id"), "pause", ["mentorship_id"])
    op.create_index(op.f("ix_pause_participant_id"), "pause", ["participant_id"])
    running = sa.text("ended_on IS NULL")
    op.create_index(
        "ix_pause_running",
        "pause",
        ["mentorship_id"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )

    op.create_table(
        "wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentorship_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("handled_at", UTCDateTime(), nullable=True),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.Column("words_ct", vault.Sealed(), nullable=True),
        sa.CheckConstraint("kind IN ('stop', 'change')", name=op.f("ck_wish_kind")),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_wish_mentorship_id_mentorship")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_wish_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["handled_by"], ["person.id"], name=op.f("fk_wish_handled_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
    )
    op.create_index(op.f("ix_wish_mentorship_id"), "wish", ["mentorship_id"])
    op.create_index(op.f("ix_wish_person_id"), "wish", ["person_id"])
    still_open = sa.text("withdrawn_at IS NULL AND handled_at IS NULL")
    op.create_index(
        "ix_wish_open",
        "wish",
        ["person_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
