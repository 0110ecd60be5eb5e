"""Who is away from when to when, and who stands in."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("cover_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_absences_staff_id"),
        sa.ForeignKeyConstraint(["cover_id"], ["staff.id"], name="fk_absences_cover_id"),
        sa.PrimaryKeyConstraint("staff_id", "first_day", name="pk_absences"),
    )
