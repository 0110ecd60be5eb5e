"""Keys of vaults can be changed: which there are, to which an envelope is sealed, to whose key a grant was made."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "vault_keys",
        sa.Column("fingerprint", sa.String(24), nullable=False),
        sa.Column("vault_id", sa.String(40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["vault_id"], ["vaults.id"], name=op.f("fk_vault_keys_vault_id")),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_vault_keys")),
    )
    op.add_column("grants", sa.Column("mark", sa.LargeBinary(32), nullable=True))
    op.execute(
        "ALTER TABLE envelopes ADD COLUMN sealed_to VARCHAR(24) "
        "CONSTRAINT fk_envelopes_sealed_to REFERENCES vault_keys (fingerprint)"
    )
