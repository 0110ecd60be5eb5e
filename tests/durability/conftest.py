"""What the stories of keeping need besides an instance."""

import pytest

from tests import postgresql


@pytest.fixture
def new_postgres() -> str:
    """The address of an empty PostgreSQL database."""
    return postgresql.new()
