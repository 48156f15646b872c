"""The access log is looked at, and its oldest part is sealed and let go."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# Only whole, oldest ranges, and none younger than this by the database's own clock.
YOUNG = "23 months"
NOT_TO_BE_SEALED = """
    NEW.first_seq <> (SELECT coalesce(max(last_seq), 0) + 1 FROM trail_seal)
    OR NEW.entries <> NEW.last_seq - NEW.first_seq + 1
    OR NEW.entries <> (SELECT count(*) FROM trail WHERE seq BETWEEN NEW.first_seq AND NEW.last_seq)
    OR NOT EXISTS (SELECT 1 FROM trail WHERE seq = NEW.last_seq AND mac = NEW.last_mac)
    OR EXISTS (SELECT 1 FROM trail WHERE seq BETWEEN NEW.first_seq AND NEW.last_seq AND at > %s)
"""
SEALED = "(SELECT coalesce(max(last_seq), 0) FROM trail_seal)"


def upgrade() -> None:
    op.create_table(
        "trail_seal",
        sa.Column("last_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("last_mac", sa.LargeBinary(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("last_seq", name=op.f("pk_trail_seal")),
    )
    op.create_index(op.f("ix_trail_at"), "trail", ["at"], unique=False)
    op.create_index(op.f("ix_trail_actor_id"), "trail", ["actor_id"], unique=False)
    op.create_index(op.f("ix_trail_subject_id"), "trail", ["subject_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("how_many", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("looked_by", sa.Uuid(), nullable=True),
        sa.Column("looked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["looked_by"], ["person.id"], name=op.f("fk_review_looked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_review_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint(
            "kind", "person_id", "on", "seq", name=op.f("uq_review_kind_person_id_on_seq")
        ),
    )
    op.create_index(op.f("ix_review_person_id"), "review", ["person_id"], unique=False)
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_disclosure_by_person")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_disclosure_participant_id_participant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index(
        op.f("ix_disclosure_participant_id"), "disclosure", ["participant_id"], unique=False
    )
    if op.get_bind().dialect.name == "sqlite":
        guard_in_sqlite()
    else:
        guard_in_postgresql()


def guard_in_sqlite() -> None:
    """What is under a seal may go, and nothing else; a seal itself is never changed."""
    refuse = "BEGIN SELECT RAISE(ABORT, '%s'); END"
    op.execute("DROP TRIGGER trail_no_delete")
    op.execute(
        f"CREATE TRIGGER trail_no_delete BEFORE DELETE ON trail WHEN OLD.seq > {SEALED} "
        + refuse % "the trail only grows"
    )
    young = f"strftime('%Y-%m-%d %H:%M:%f', 'now', '-{YOUNG}')"
    op.execute(
        f"CREATE TRIGGER trail_seal_is_old BEFORE INSERT ON trail_seal "
        f"WHEN {NOT_TO_BE_SEALED.replace('%s', young)} " + refuse % "only what is old is sealed"
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER trail_seal_no_{verb.lower()} BEFORE {verb} ON trail_seal "
            + refuse % "a seal stays"
        )


def guard_in_postgresql() -> None:
    """The same; emptying either table is refused too."""
    op.execute("DROP TRIGGER trail_only_grows ON trail")
    op.execute(
        "CREATE TRIGGER trail_only_grows BEFORE UPDATE OR TRUNCATE ON trail "
        "FOR EACH STATEMENT EXECUTE FUNCTION trail_only_grows()"
    )
    _function("trail_goes_when_sealed", f"OLD.seq > {SEALED}", "the trail only grows", "OLD")
    op.execute(
        "CREATE TRIGGER trail_goes_when_sealed BEFORE DELETE ON trail "
        "FOR EACH ROW EXECUTE FUNCTION trail_goes_when_sealed()"
    )
    young = f"(now() - interval '{YOUNG}')"
    _function(
        "trail_seal_is_old",
        NOT_TO_BE_SEALED.replace("%s", young),
        "only what is old is sealed",
        "NEW",
    )
    op.execute(
        "CREATE TRIGGER trail_seal_is_old BEFORE INSERT ON trail_seal "
        "FOR EACH ROW EXECUTE FUNCTION trail_seal_is_old()"
    )
    _function("trail_seal_stays", "true", "a seal stays", "NULL")
    op.execute(
        "CREATE TRIGGER trail_seal_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON trail_seal "
        "FOR EACH STATEMENT EXECUTE FUNCTION trail_seal_stays()"
    )


def _function(name: str, wrong: str, sentence: str, else_returns: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {wrong} THEN RAISE EXCEPTION '{sentence}'; END IF; RETURN {else_returns}; END $$"
    )


def downgrade() -> None:
    raise NotImplementedError("what is sealed does not come back")
