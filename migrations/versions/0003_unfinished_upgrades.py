"""A mark that stands while an upgrade is under way: whoever finds it does not serve.

`intake.migrating` makes the table before anything else is changed, so that it may be here already.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "upgrade_under_way",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_upgrade_under_way_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_upgrade_under_way"),
        if_not_exists=True,
    )
