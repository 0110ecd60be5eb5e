"""The index from which a period is counted holds how many extensions went beyond."""

from alembic import op

revision = "0018"
down_revision = "0014"

INDEX, BEFORE = (
    "ix_stage_receipts_counted",
    [
        "received_on",
        "measure",
        "reader",
        "outcome",
        "due_on",
        "met_on",
        "working_days",
        "extensions",
        "next_stage",
        "place_id",
        "theme_id",
        "channel",
        "allocated_in",
    ],
)


def upgrade() -> None:
    op.drop_index(INDEX, "stage_receipts")
    op.create_index(INDEX, "stage_receipts", [*BEFORE, "beyond"])
