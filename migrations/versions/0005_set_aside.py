"""What arrived beyond its hour's budget is marked; the brakes on guessing are kept in memory from now on."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("cases", sa.Column("set_aside", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_table("sign_in_throttle")
