"""Inquiries into concerns: the days that the tick asks of, of steps and actions that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "inquiry_dates",
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("told", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_inquiry_dates_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_inquiry_dates")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_inquiry_dates_due", "inquiry_dates", ["due", "told"])
