"""Plans name who comes, may have a time and a place, and count their changes; calendar links."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

plan = sa.table(
    "plan",
    sa.column("mentorship_id", sa.Uuid()),
    sa.column("who", sa.String()),
    sa.column("made_by", sa.Uuid()),
    sa.column("made_at", UTCDateTime()),
    sa.column("comes_id", sa.Uuid()),
    sa.column("also_id", sa.Uuid()),
    sa.column("sequence", sa.Integer()),
    sa.column("changed_at", UTCDateTime()),
)
seat = sa.table(
    "seat",
    sa.column("mentorship_id", sa.Uuid()),
    sa.column("person_id", sa.Uuid()),
    sa.column("from_on", sa.Date()),
    sa.column("to_on", sa.Date()),
)


def upgrade() -> None:
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("at", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("place", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("comes_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("also_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("changed_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("cancelled_by", sa.Uuid(), nullable=True))
        for column in ("comes_id", "also_id", "cancelled_by"):
            batch_op.create_foreign_key(
                batch_op.f(f"fk_plan_{column}_person"), "person", [column], ["id"]
            )
    _name_who_comes()
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.alter_column("sequence", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("changed_at", existing_type=UTCDateTime(), nullable=False)
        batch_op.drop_column("who")

    op.create_table(
        "feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_feed_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_hash")),
    )
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_person_id"), ["person_id"], unique=False)


def _name_who_comes() -> None:
    """The one called "me" made it; "co" is the other, who sits there still or sat there last."""
    other = (
        sa.select(seat.c.person_id)
        .where(
            seat.c.mentorship_id == plan.c.mentorship_id,
            seat.c.person_id != plan.c.made_by,
        )
        .order_by(
            sa.case((seat.c.to_on.is_(None), 0), else_=1),
            seat.c.to_on.desc(),
            seat.c.from_on.desc(),
        )
        .limit(1)
        .scalar_subquery()
    )
    op.execute(
        plan.update().values(
            comes_id=sa.case((plan.c.who == "co", other), else_=plan.c.made_by),
            also_id=sa.case((plan.c.who == "both", other), else_=sa.null()),
            sequence=0,
            changed_at=plan.c.made_at,
        )
    )
