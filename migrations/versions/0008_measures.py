"""Adult social care, public health, data protection, requests and suggestions are measures of their own. No table has
another shape: what cases are counted as, and since when, is worked out afterwards from the rules (`backfill.recount`).
"""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """The number alone: a program that still counts adults among children refuses this database from now on."""
