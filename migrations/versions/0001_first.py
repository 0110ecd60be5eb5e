"""The first shape of the database."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
        "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$",
        "CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "coverage",
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("measure", "first_day", name=("pk_coverage")),
    )
    op.create_table(
        "instance",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("set_up_on", sa.Date(), nullable=False),
        sa.CheckConstraint("id = 1", name=("ck_instance_one_row")),
        sa.PrimaryKeyConstraint("id", name=("pk_instance")),
    )
    op.create_table(
        "journal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=("pk_journal")),
    )
    op.create_index(("ix_journal_actor"), "journal", ["actor"], unique=False)
    op.create_index(("ix_journal_case_id"), "journal", ["case_id"], unique=False)
    op.create_table(
        "sign_in_throttle",
        sa.Column("name", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("wait_until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=("pk_sign_in_throttle")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("joined_at", sa.DateTime(), nullable=True),
        sa.Column("invitation", sa.LargeBinary(length=32), nullable=True),
        sa.Column("invited_until", sa.DateTime(), nullable=True),
        sa.Column("public", sa.LargeBinary(), nullable=True),
        sa.Column("lock", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_second_factor", sa.LargeBinary(), nullable=True),
        sa.Column("last_code", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_staff")),
        sa.UniqueConstraint("email", name=("uq_staff_email")),
    )
    op.create_table(
        "vaults",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_to_recovery", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_vaults")),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("handler_id", sa.String(length=32), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("holder_wrote_on", sa.Date(), nullable=True),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("next_deadline", sa.String(length=60), nullable=True),
        sa.Column("escalation", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("journalled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["handler_id"], ["staff.id"], name=("fk_cases_handler_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_cases")),
        sa.UniqueConstraint("reference", name=("uq_cases_reference")),
        sqlite_with_rowid=False,
    )
    op.create_index(("ix_cases_handler_id"), "cases", ["handler_id"], unique=False)
    op.create_index("ix_cases_list", "cases", ["closed_on", "next_due"], unique=False)
    op.create_index(("ix_cases_procedure"), "cases", ["procedure"], unique=False)
    op.create_index("ix_cases_received", "cases", ["journalled", "received_on"], unique=False)
    op.create_table(
        "grants",
        sa.Column("vault_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("granted_by", sa.String(length=40), nullable=False),
        sa.Column("granted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=("fk_grants_staff_id")),
        sa.ForeignKeyConstraint(["vault_id"], ["vaults.id"], name=("fk_grants_vault_id")),
        sa.PrimaryKeyConstraint("vault_id", "staff_id", name=("pk_grants")),
    )
    op.create_table(
        "sessions",
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=("fk_sessions_staff_id")),
        sa.PrimaryKeyConstraint("lookup", name=("pk_sessions")),
        sqlite_with_rowid=False,
    )
    op.create_index(("ix_sessions_staff_id"), "sessions", ["staff_id"], unique=False)
    op.create_table(
        "deadlines",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("deadline", sa.String(length=60), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_deadlines_case_id")),
        sa.PrimaryKeyConstraint("case_id", "deadline", name=("pk_deadlines")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_deadlines_due", "deadlines", ["met_on", "due"], unique=False)
    op.create_table(
        "envelopes",
        sa.Column("keyholder", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_envelopes_case_id")),
        sa.PrimaryKeyConstraint("keyholder", "case_id", "scope", name=("pk_envelopes")),
        sqlite_with_rowid=False,
    )
    op.create_index(("ix_envelopes_case_id"), "envelopes", ["case_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_events_case_id")),
        sa.PrimaryKeyConstraint("case_id", "name", name=("pk_events")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "extensions",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("deadline", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_extensions_case_id")),
        sa.PrimaryKeyConstraint("case_id", "deadline", "number", name=("pk_extensions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("deadline", sa.String(length=60), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("step", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("queued_on", sa.Date(), nullable=False),
        sa.Column("try_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("trouble", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_notices_case_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=("fk_notices_staff_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_notices")),
        sqlite_with_rowid=False,
    )
    op.create_index(("ix_notices_staff_id"), "notices", ["staff_id"], unique=False)
    op.create_index("ix_notices_waiting", "notices", ["state", "try_at"], unique=False)
    op.create_table(
        "pauses",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_pauses_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=("pk_pauses")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "receipts",
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_receipts_case_id")),
        sa.PrimaryKeyConstraint("lookup", name=("pk_receipts")),
        sa.UniqueConstraint("case_id", name=("uq_receipts_case_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "records",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("written_by", sa.String(length=32), nullable=False),
        sa.Column("press", sa.LargeBinary(length=32), nullable=True),
        sa.Column("journalled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_records_case_id")),
        sa.PrimaryKeyConstraint("case_id", "kind", "place", name=("pk_records")),
        sa.UniqueConstraint("press", name=("uq_records_press")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stage_receipts",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_stage_receipts_case_id")),
        sa.PrimaryKeyConstraint("case_id", "stage", name=("pk_stage_receipts")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stage_receipts_counted", "stage_receipts", ["measure", "received_on"], unique=False)
    op.create_table(
        "steps",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("deadline", sa.String(length=60), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("falls_on", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=("fk_steps_case_id")),
        sa.PrimaryKeyConstraint("case_id", "deadline", "step", "due", name=("pk_steps")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_steps_waiting", "steps", ["taken_at", "falls_on"], unique=False)
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
