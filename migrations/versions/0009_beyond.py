"""Extensions that only good reason allows are told apart. None could be given before, so none is among the old ones."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("extensions", sa.Column("beyond", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("stage_receipts", sa.Column("beyond", sa.Integer(), server_default="0", nullable=False))
