"""The journal is read: whose each line is, and indexes by which a page finds its lines.

Of a line from before, the vault that has its case now; of a case that went to another team, the team's that did it
then. Lines are never changed but here, where the column is new.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

# By the role of whoever did it where there is no case, or where it went to another team since. Literals, for a
# migration says the same for good.
FILL = """UPDATE journal SET vault = CASE
    WHEN case_id IS NULL OR EXISTS (
        SELECT 1 FROM journal AS later
        WHERE later.case_id = journal.case_id AND later.act = 'rerouted' AND later.number >= journal.number
    ) THEN (
        SELECT CASE role
            WHEN 'complaints-officer' THEN 'complaints'
            WHEN 'complaints-manager' THEN 'complaints'
            WHEN 'monitoring-officer' THEN 'whistleblowing'
            WHEN 'deputy-monitoring-officer' THEN 'whistleblowing'
            WHEN 'alternate-recipient' THEN 'whistleblowing-alternate'
        END FROM staff WHERE staff.id = journal.actor
    ) ELSE (SELECT reader FROM cases WHERE cases.id = journal.case_id) END"""
APPEND_ONLY = (
    "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
)


def upgrade() -> None:
    op.add_column("journal", sa.Column("vault", sa.String(40), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER journal_no_update")
        op.execute(FILL)
        op.execute(APPEND_ONLY)
    else:
        op.execute("ALTER TABLE journal DISABLE TRIGGER journal_append_only")
        op.execute(FILL)
        op.execute("ALTER TABLE journal ENABLE TRIGGER journal_append_only")
    op.create_index("ix_journal_at", "journal", ["at", "number"])
    op.drop_index("ix_journal_actor", "journal")
    op.create_index("ix_journal_actor", "journal", ["actor", "at", "number"])
    op.create_index("ix_journal_vault", "journal", ["vault", "at", "number"])
    op.create_index("ix_journal_act", "journal", ["act", "at", "number"])
