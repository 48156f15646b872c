"""What was last in a mentorship, kept beside it."""

# ruff: noqa: S608 - the statements are put together of the migration's own words

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Filled from the rows, as `app.domain.latest` and `contacts` do it; what they say of scores too.
_LIVES = """
UPDATE mentorship SET
  met_on = (SELECT max(g.held_on) FROM meeting g
    WHERE g.mentorship_id = mentorship.id AND g.outcome = 'held'),
  reached_on = (SELECT max(c."on") FROM contact c
    WHERE c.mentorship_id = mentorship.id AND c.kind <> 'attempt'),
  no_shows = (SELECT count(*) FROM meeting n
    WHERE n.mentorship_id = mentorship.id AND n.outcome = 'no_show' AND NOT EXISTS (
      SELECT 1 FROM meeting g WHERE g.mentorship_id = mentorship.id AND g.outcome = 'held'
        AND g.held_on >= n.held_on))
"""
_NEWEST = """
  (SELECT {column} FROM evaluation e WHERE e.author_id = seat.person_id AND e.participant_id =
    (SELECT participant_id FROM mentorship WHERE mentorship.id = seat.mentorship_id)
  ORDER BY e.at DESC LIMIT 1)
"""
_BEFORE = "b.author_id = e.author_id AND b.participant_id = e.participant_id AND b.at < e.at"
_NTH = f"""(SELECT b.relation FROM evaluation b WHERE {_BEFORE}
    ORDER BY b.at DESC LIMIT 1 OFFSET %s)"""
_SAID = f"""
  CASE WHEN e.wellbeing <= 4 OR e.wellbeing <= (
    SELECT avg(own.wellbeing) FROM (SELECT b.wellbeing FROM evaluation b WHERE {_BEFORE}
      AND b.wellbeing IS NOT NULL ORDER BY b.at DESC LIMIT 10) own HAVING count(*) >= 3) - 3
    THEN 1 ELSE 0 END
  + CASE WHEN e.relation < {_NTH % 0} AND {_NTH % 0} < {_NTH % 1} THEN 2 ELSE 0 END
"""
_SEATS = f"""
UPDATE seat SET
  met_on = (SELECT max(g.held_on) FROM meeting g WHERE g.mentorship_id = seat.mentorship_id
    AND g.outcome = 'held' AND seat.person_id IN (g.logged_by, g.with_mentor)),
  scored_at = {_NEWEST.format(column="e.at")},
  scores = coalesce({_NEWEST.format(column=_SAID)}, 0)
"""


def upgrade() -> None:
    with op.batch_alter_table("mentorship", schema=None) as batch_op:
        batch_op.add_column(sa.Column("met_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("no_shows", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("reached_on", sa.Date(), nullable=True))
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("met_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("scored_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("scores", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_index("ix_seat_pair")
        batch_op.create_index(
            "ix_seat_pair", ["mentorship_id", "from_on", "to_on", "person_id", "place", "met_on"]
        )
        batch_op.create_index(
            "ix_seat_scores",
            ["mentorship_id", "scored_at", "scores"],
            sqlite_where=sa.text("scores > 0"),
            postgresql_where=sa.text("scores > 0"),
        )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("ix_person_branch_id")
        batch_op.create_index("ix_person_there", ["branch_id", "left_at", "id"])
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.drop_index("ix_requirement_person_id_kind_at")
        batch_op.create_index("ix_requirement_days", ["person_id", "kind", "at", "until_on"])
    op.execute(_LIVES)
    op.execute(_SEATS)
