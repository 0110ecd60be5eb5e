"""Cases that go to another team: the slot of a receipt, to which a new bundle is posted, and what is proposed."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("receipts", sa.Column("slot", sa.LargeBinary(), nullable=True))
    op.create_table(
        "proposals",
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_proposals_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_proposals")),
        sqlite_with_rowid=False,
    )
