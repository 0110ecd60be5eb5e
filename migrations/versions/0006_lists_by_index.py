"""Lists of cases are read from indexes: each case tells who may open it, and the day by which it is listed.

Whoever may open a case is worked out from its envelopes; what was set aside and taken since is set aside no more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

cases = sa.table(
    "cases",
    sa.column("id"),
    sa.column("reader"),
    sa.column("list_day", sa.Date()),
    sa.column("closed_on", sa.Date()),
    sa.column("next_due", sa.Date()),
    sa.column("handler_id"),
    sa.column("holder_wrote_on"),
    sa.column("set_aside", sa.Boolean()),
)
envelopes = sa.table("envelopes", sa.column("keyholder"), sa.column("case_id"), sa.column("scope"))
journalled = sa.column("journalled", sa.Boolean())
is_open, is_taken = cases.c.closed_on.is_(None), cases.c.handler_id.is_not(None)


def upgrade() -> None:
    op.add_column("cases", sa.Column("reader", sa.String(40), server_default="", nullable=False))
    op.add_column("cases", sa.Column("list_day", sa.Date(), server_default="9999-12-31", nullable=False))
    vault = sa.select(sa.func.substr(sa.func.min(envelopes.c.keyholder), len("vault:") + 1)).where(
        envelopes.c.case_id == cases.c.id,
        envelopes.c.scope == "case",
        envelopes.c.keyholder.startswith("vault:"),
    )
    op.execute(
        sa.update(cases).values(
            reader=sa.func.coalesce(vault.scalar_subquery(), ""),
            list_day=sa.func.coalesce(cases.c.closed_on, cases.c.next_due, cases.c.list_day),
            set_aside=sa.and_(cases.c.set_aside, is_open, ~is_taken),
        )
    )
    for name in ("list", "received", "handler_id", "procedure"):
        op.drop_index(f"ix_cases_{name}", "cases")
    _list("open", "reader", is_open, "closed_on", "set_aside")
    _list("new", "reader", is_open & ~is_taken & ~cases.c.set_aside, "closed_on", "handler_id", "set_aside")
    _list("mine", "handler_id", is_open & is_taken, "closed_on", "reader")
    _list("waiting", "reader", cases.c.holder_wrote_on.is_not(None), "holder_wrote_on")
    _list("aside", "reader", sa.and_(cases.c.set_aside), "set_aside")
    _list("closed", "reader", ~is_open, "closed_on")
    op.create_index("ix_cases_reference", "cases", ["reader", "reference"])
    op.create_index("ix_cases_end", "cases", ["reader", sa.text("substr(reference, 5)")])
    op.create_index("ix_cases_version", "cases", ["procedure", "version"])
    _index("cases", "to_enter", ["received_on"], ~journalled)
    _index("records", "to_enter", ["written_on"], ~journalled)
    of_accounts = [sa.literal_column(f"'{act}'") for act in ("created", "invited", "disabled", "joined")]
    _index("journal", "accounts", ["number"], sa.column("act").in_(of_accounts))


def _list(name: str, first: str, holds, *asked: str) -> None:
    _index("cases", name, [first, "list_day", "reference", *asked], holds)


def _index(table: str, name: str, columns: list[str], holds) -> None:
    op.create_index(f"ix_{table}_{name}", table, columns, sqlite_where=holds, postgresql_where=holds)
