"""Notices keep no moment any more: news goes out at fixed times, and what failed is tried again in rounds."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "post_round",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quarter_hour", sa.Integer(), nullable=False),
        sa.Column("news_of", sa.DateTime(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_post_round_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_post_round"),
    )
    op.drop_index("ix_notices_waiting", "notices")
    op.drop_column("notices", "try_at")
    op.create_index("ix_notices_waiting", "notices", ["state", "kind"], unique=False)
