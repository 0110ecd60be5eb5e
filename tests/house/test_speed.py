"""No test depends on the speed of the machine that runs it."""

import re
from pathlib import Path

from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parents[1]
MEASURING = {  # who holds a stopwatch, and why a slow machine does no harm there
    "register/test_reading.py": "work is compared with a piece of work done beside it",
    "vault/test_keys.py": "work is compared with a thousandth of it",
    "web/test_later.py": "an answer may come later, never earlier",
    "web/public/test_returning.py": "an answer may come later, never earlier",
}


def test_every_property_is_tried_without_a_deadline():
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check
    assert settings().print_blob


def test_no_test_brings_a_deadline_or_a_stopwatch_of_its_own():
    found = {
        str(path.relative_to(TESTS))
        for path in TESTS.rglob("test_*.py")
        if path != Path(__file__)
        and re.search(
            r"deadline=\d|deadline=timedelta|monotonic\(|perf_counter\(|process_time\(", path.read_text()
        )
    }
    assert found == set(MEASURING)
