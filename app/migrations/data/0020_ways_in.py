"""Passkeys, code apps, recovery codes, half sign-ins; and when a device was last used."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from app import vault

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "code_app",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("secret_ct", vault.Sealed(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_code_app_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_app")),
        sa.UniqueConstraint("person_id", name=op.f("uq_code_app_person_id")),
    )
    op.create_table(
        "half_sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_half_sign_in_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_half_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_half_sign_in_token_hash")),
    )
    with op.batch_alter_table("half_sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_half_sign_in_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_half_sign_in_until"), ["until"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("system", sa.String(), nullable=True),
        sa.Column("browser", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_passkey_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_person_id"), ["person_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code_mark", sa.LargeBinary(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["given_by"], ["person.id"], name=op.f("fk_recovery_code_given_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_mark", name=op.f("uq_recovery_code_code_mark")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("proved_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("pin_hash", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("pin_tries", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("old_token_hash", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("renewed_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("device_hash", sa.LargeBinary(), nullable=True))
    # Who is signed in stays so, and is asked who they are when the device is opened next.
    op.execute("UPDATE sign_in SET seen_at = at, proved_at = at, pin_tries = 0")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.alter_column("seen_at", nullable=False)
        batch_op.alter_column("proved_at", nullable=False)
        batch_op.alter_column("pin_tries", nullable=False)
