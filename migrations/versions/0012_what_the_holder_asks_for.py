"""What the holder asks for: the day on which the next stage was asked for, and the direct line of an officer whom the
holder of a complaint is told.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("cases", sa.Column("stage_asked_on", sa.Date(), nullable=True))
    op.add_column("staff", sa.Column("direct_line", sa.String(40), server_default="", nullable=False))
