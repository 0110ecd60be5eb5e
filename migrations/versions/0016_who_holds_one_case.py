"""Who holds a case that was changed by name: vaults and persons, each with its mark."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "keyholders",
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("keyholder", sa.String(40), nullable=False),
        sa.Column("scope", sa.String(12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("marked", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_keyholders_case_id")),
        sa.PrimaryKeyConstraint("case_id", "keyholder", "scope", name=op.f("pk_keyholders")),
        sqlite_with_rowid=False,
    )
