"""Cases that are marked as significant governance issues are found without walking all records."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    few = sa.text("kind = 'governance'")
    op.create_index("ix_records_governance", "records", ["case_id"], sqlite_where=few, postgresql_where=few)
