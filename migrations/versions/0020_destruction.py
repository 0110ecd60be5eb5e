"""Holds, lists of cases to be destroyed, and what is left for the holder of a receipt whose case was."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_holds_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_holds")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "destructions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("reader", sa.String(40), nullable=False),
        sa.Column("proposed_by", sa.String(32), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("confirmed_by", sa.String(32), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("destroyed", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("wiped_on", sa.Date(), nullable=True),
        sa.Column("backup_key", sa.String(40), nullable=False),
        sa.Column("beyond_backups_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.id"], name=op.f("fk_destructions_proposed_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name=op.f("fk_destructions_confirmed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destructions")),
    )
    under_way = sa.text("done_on IS NULL")
    op.create_index(
        "ix_destructions_under_way",
        "destructions",
        ["reader"],
        sqlite_where=under_way,
        postgresql_where=under_way,
    )
    op.create_table(
        "destined",
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("destruction_id", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_destined_case_id")),
        sa.ForeignKeyConstraint(
            ["destruction_id"], ["destructions.id"], name=op.f("fk_destined_destruction_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_destined")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_destined_destruction_id"), "destined", ["destruction_id"])
    op.create_table(
        "tombstones",
        sa.Column("lookup", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("until_year", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("lookup", name=op.f("pk_tombstones")),
        sqlite_with_rowid=False,
    )
