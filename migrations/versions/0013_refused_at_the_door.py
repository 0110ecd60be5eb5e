"""Why a complaint was refused at the door is counted, of which earlier ones say nothing; and extensions beyond."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

COUNTED = (
    "received_on measure reader outcome due_on met_on working_days extensions next_stage place_id theme_id channel "
    "allocated_in refusal beyond"
)


def upgrade() -> None:
    op.add_column("stage_receipts", sa.Column("refusal", sa.String(24), nullable=True))
    op.drop_index("ix_stage_receipts_counted", "stage_receipts")
    op.create_index("ix_stage_receipts_counted", "stage_receipts", COUNTED.split())
