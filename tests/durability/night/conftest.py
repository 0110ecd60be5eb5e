"""An instance that is no longer small, on the day after its first night as such."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.database import arrivals
from intake.services.ground import journal
from tests.conftest import opened

from .actors import busy_day

MONDAY = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PAGES = 200  # spare ones: more than a day takes here, but for the busiest


@pytest.fixture(scope="module", autouse=True)
def large() -> Iterator[None]:
    """The file is not written anew whole, though it is small enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrivals, "SMALL", 0)
        patch.setattr(arrivals, "SPARE", PAGES)
        yield


@dataclass(frozen=True)
class Grown:
    """An instance that is no longer small, after its first night as such, and the receipts of its cases."""

    place: Path
    receipts: list[str]


@pytest.fixture(scope="module")
def grown(freshly_set_up, tmp_path_factory) -> Grown:
    place = tmp_path_factory.mktemp("grown") / "instance"
    shutil.copytree(freshly_set_up, place)
    with opened(place) as office:
        receipts = busy_day(office, random.Random(1), 150, MONDAY)
        journal.close_the_day(office, now=MONDAY + DAY)
    return Grown(place, receipts)


@pytest.fixture
def instance(grown, tmp_path) -> Path:
    return shutil.copytree(grown.place, tmp_path / "instance")


@pytest.fixture
def old(grown) -> list[str]:
    """Receipts of cases that came in on Monday."""
    return grown.receipts
