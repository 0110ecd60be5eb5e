"""Financial years and their quarters: 1 April to 31 March, Q1 being April to June."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


class BadPeriod(ValueError):
    """A year or quarter that cannot be; the message says how it is written."""


@dataclass(frozen=True, order=True)
class Period:
    """A financial year, or one quarter of it."""

    year: int  # the calendar year in which the financial year begins
    quarter: int | None = None

    @classmethod
    def parse(cls, year: str, quarter: int | str | None = None) -> Period:
        """Read "2024-25" and a quarter from 1 to 4. Raises `BadPeriod`."""
        written = re.fullmatch(r"([0-9]{4})[-/]([0-9]{2}|[0-9]{4})", year.strip())
        if not written:
            raise BadPeriod(f"Write a financial year as 2024-25, not {year!r}.")
        first = int(written[1])
        if not 1990 <= first <= 2100:
            raise BadPeriod(f"The year {year!r} is out of range.")
        if int(written[2][-2:]) != (first + 1) % 100 or (
            len(written[2]) == 4 and int(written[2]) != first + 1
        ):
            raise BadPeriod(
                f"A financial year runs from one year into the next: {first}-{(first + 1) % 100:02}."
            )
        if quarter in (None, ""):
            return cls(first)
        if str(quarter) not in {"1", "2", "3", "4"}:
            raise BadPeriod(f"A quarter is 1, 2, 3 or 4, not {quarter!r}.")
        return cls(first, int(quarter))

    @classmethod
    def of(cls, day: date) -> Period:
        """The financial year and quarter in which a day falls."""
        return cls(day.year - (day.month < 4), (day.month - 4) % 12 // 3 + 1)

    @property
    def first_day(self) -> date:
        if self.quarter is None:
            return date(self.year, 4, 1)
        return date(self.year + (self.quarter == 4), (4, 7, 10, 1)[self.quarter - 1], 1)

    @property
    def last_day(self) -> date:
        if self.quarter is None:
            return date(self.year + 1, 3, 31)
        year = self.year + (self.quarter == 4)
        return (date(year, 6, 30), date(year, 9, 30), date(year, 12, 31), date(year, 3, 31))[self.quarter - 1]

    @property
    def before(self) -> Period:
        """The same period a year earlier."""
        return Period(self.year - 1, self.quarter)

    @property
    def fourth(self) -> Period:
        """The last quarter of its year."""
        return Period(self.year, 4)

    @property
    def whole_year(self) -> Period:
        return Period(self.year)

    @property
    def year_label(self) -> str:
        return f"{self.year}-{(self.year + 1) % 100:02}"

    @property
    def label(self) -> str:
        return self.year_label if self.quarter is None else f"{self.year_label} Q{self.quarter}"
