"""Receipts at a stage carry everything that is counted; themes, editions, registers.

A receipt that was there before has no channel yet: `services.restating` fills it in from its case, by the rules,
as the next step of the upgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

COUNTED = (
    "received_on",
    "measure",
    "reader",
    "outcome",
    "due_on",
    "met_on",
    "working_days",
    "extensions",
    "next_stage",
    "service",
    "theme_id",
    "channel",
    "allocated_in",
)


def upgrade() -> None:
    op.create_table(
        "themes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["merged_into"], ["themes.id"], name="fk_themes_merged_into"),
        sa.PrimaryKeyConstraint("id", name="pk_themes"),
        sa.UniqueConstraint("name", name="uq_themes_name"),
    )
    op.create_table(
        "reclassifications",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("from_procedure", sa.String(length=40), nullable=False),
        sa.Column("to_procedure", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_reclassifications"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reclassifications_received", "reclassifications", ["received_on"], unique=False)
    op.create_table(
        "editions",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quarter", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("published_by", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("open_figures", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["staff.id"], name="fk_editions_published_by"),
        sa.PrimaryKeyConstraint("year", "quarter", "number", name="pk_editions"),
        sa.UniqueConstraint("sequence", name="uq_editions_sequence"),
    )
    op.create_table(
        "register_entries",
        sa.Column("vault", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.LargeBinary(length=32), nullable=False),
        sa.Column("imported_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_register_entries_case_id"),
        sa.PrimaryKeyConstraint("vault", "reference", name="pk_register_entries"),
        sa.UniqueConstraint("case_id", name="uq_register_entries_case_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "register_headings",
        sa.Column("heading", sa.String(length=80), nullable=False),
        sa.Column("column", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("heading", name="pk_register_headings"),
    )
    op.add_column("cases", sa.Column("allocated_on", sa.Date(), nullable=True))
    _add_theme()
    _widen_receipts()


def _add_theme() -> None:
    """SQLite takes a column with its reference in one go; the other takes them one after the other."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE cases ADD COLUMN theme_id VARCHAR(32) "
            "CONSTRAINT fk_cases_theme_id REFERENCES themes (id)"
        )
        return
    op.add_column("cases", sa.Column("theme_id", sa.String(length=32), nullable=True))
    op.create_foreign_key("fk_cases_theme_id", "cases", "themes", ["theme_id"], ["id"])


def _widen_receipts() -> None:
    """A new table instead of the old one, which was tied to its case by a foreign key."""
    op.drop_index("ix_stage_receipts_counted", "stage_receipts")
    op.rename_table("stage_receipts", "stage_receipts_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_stage_receipts RENAME TO pk_stage_receipts_before")
    op.create_table(
        "stage_receipts",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=True),
        sa.Column("reader", sa.String(length=40), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("next_stage", sa.String(length=10), nullable=True),
        sa.Column("service", sa.String(length=80), nullable=True),
        sa.Column("theme_id", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("allocated_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name="fk_stage_receipts_theme_id"),
        sa.PrimaryKeyConstraint("case_id", "stage", name="pk_stage_receipts"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO stage_receipts (case_id, stage, number, measure, reader, received_on, responded_on, outcome, "
        "extensions, channel) SELECT case_id, stage, number, measure, '', received_on, responded_on, outcome, 0, '' "
        "FROM stage_receipts_before"
    )
    op.drop_table("stage_receipts_before")
    op.create_index("ix_stage_receipts_counted", "stage_receipts", list(COUNTED), unique=False)
