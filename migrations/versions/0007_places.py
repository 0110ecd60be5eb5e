"""The services of an authority as a tree. What was a name on each case becomes a service that stands below none yet;
quarters are published of each directorate too.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

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
    "place_id",
    "theme_id",
    "channel",
    "allocated_in",
)
PLACED = ("cases", "stage_receipts")


def upgrade() -> None:
    places = op.create_table(
        "places",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("closed_from", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_places"),
    )
    op.create_table(
        "place_spells",
        sa.Column("place_id", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_place_spells_place_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["places.id"], name="fk_place_spells_parent_id"),
        sa.PrimaryKeyConstraint("place_id", "first_day", name="pk_place_spells"),
    )
    op.drop_index("ix_stage_receipts_counted", "stage_receipts")
    for table in PLACED:
        _add_place(table)
    _take_over(places)
    for table in PLACED:
        op.drop_column(table, "service")
    op.create_index("ix_stage_receipts_counted", "stage_receipts", list(COUNTED), unique=False)
    _widen_editions()


def _add_place(table: str) -> None:
    """SQLite takes a column with its reference in one go; the other takes them one after the other."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN place_id VARCHAR(32) "
            f"CONSTRAINT fk_{table}_place_id REFERENCES places (id)"
        )
        return
    op.add_column(table, sa.Column("place_id", sa.String(length=32), nullable=True))
    op.create_foreign_key(f"fk_{table}_place_id", table, "places", ["place_id"], ["id"])


def _take_over(places: sa.Table) -> None:
    """Each name that a case carries, without regard to case and spaces around it, becomes a service."""
    known: dict[str, str] = {}
    for name in PLACED:
        table = sa.table(name, sa.column("service"), sa.column("place_id"))
        named = op.get_bind().scalars(
            sa.select(table.c.service).where(table.c.service.is_not(None)).distinct()
        )
        for service in sorted(named):
            if service.strip().casefold() not in known:
                known[service.strip().casefold()] = made = secrets.token_hex(16)
                op.bulk_insert(places, [{"id": made, "kind": "service", "name": service.strip()}])
            op.execute(
                sa.update(table)
                .where(table.c.service == service)
                .values(place_id=known[service.strip().casefold()])
            )


def _widen_editions() -> None:
    """A new table instead of the old one: what was published was of the whole authority."""
    op.rename_table("editions", "editions_before")
    if op.get_bind().dialect.name == "postgresql":
        for name in ("pk_editions", "uq_editions_sequence"):
            op.execute(f"ALTER INDEX {name} RENAME TO {name}_before")
        op.execute(
            "ALTER TABLE editions_before RENAME CONSTRAINT fk_editions_published_by TO fk_editions_published_by_before"
        )
    op.create_table(
        "editions",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quarter", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(length=32), server_default="", nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("published_by", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("open_figures", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["staff.id"], name="fk_editions_published_by"),
        sa.PrimaryKeyConstraint("year", "quarter", "number", "place", name="pk_editions"),
        sa.UniqueConstraint("sequence", name="uq_editions_sequence"),
    )
    kept = "year, quarter, number, sequence, published_on, published_by, reason, facts, open_figures"
    op.execute(f"INSERT INTO editions ({kept}, place) SELECT {kept}, '' FROM editions_before")  # noqa: S608 - constants
    op.drop_table("editions_before")
