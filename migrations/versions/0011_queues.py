"""What is answered and not closed has a list; lists carry what they are narrowed by; officers keep lists of their own.

Which open cases are answered is worked out by the rules after this (`instance/backfill`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

closed_on, answered_on = sa.column("closed_on"), sa.column("answered_on")
handler, set_aside = sa.column("handler_id"), sa.column("set_aside", sa.Boolean())
is_open = closed_on.is_(None) & answered_on.is_(None)
NARROWED_BY = ("received_on", "procedure", "stage", "place_id", "theme_id", "channel", "id")


def upgrade() -> None:
    op.add_column("cases", sa.Column("answered_on", sa.Date(), nullable=True))
    for name in ("open", "new", "mine", "closed"):
        op.drop_index(f"ix_cases_{name}", "cases")
    _list("open", "reader", is_open, "closed_on", "answered_on", "set_aside", "handler_id", *NARROWED_BY)
    _list(
        "new",
        "reader",
        is_open & handler.is_(None) & ~set_aside,
        "closed_on",
        "answered_on",
        "handler_id",
        "set_aside",
        "id",
    )
    _list("mine", "handler_id", is_open & handler.is_not(None), "closed_on", "answered_on", "reader")
    _list("to_close", "reader", answered_on.is_not(None), "answered_on")
    _list("closed", "reader", closed_on.is_not(None), "closed_on", "handler_id", *NARROWED_BY)
    asked = ("closed_on", "answered_on", "set_aside", "list_day", "handler_id", *NARROWED_BY[1:])
    op.create_index("ix_cases_received", "cases", ["reader", "received_on", "reference", *asked])
    op.create_table(
        "saved_lists",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_saved_lists_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_lists"),
    )
    op.create_index("ix_saved_lists_staff_id", "saved_lists", ["staff_id"])


def _list(name: str, first: str, holds, *asked: str) -> None:
    columns = [first, "list_day", "reference", *asked]
    op.create_index(f"ix_cases_{name}", "cases", columns, sqlite_where=holds, postgresql_where=holds)
