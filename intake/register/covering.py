"""What a register is said to record: `2024-25=all`, or `2023-24=statutory,corporate`."""

from __future__ import annotations

from collections.abc import Iterable

GROUPS = {
    "compliments": ("compliments",),
    "enquiries": ("general-enquiries", "councillor-enquiries", "mp-enquiries"),
    "statutory": ("statutory-stage-1", "statutory-stage-2", "statutory-stage-3"),
    "corporate": ("corporate-stage-1", "corporate-stage-2", "corporate-stage-3"),
    "ombudsman": ("ombudsman-enquiries",),
    "whistleblowing": ("whistleblowing-referrals",),
}
# Rows that were added to the published table. A register that covers "all" is one of the table as it was first: of
# these it says nothing unless they are named, for nobody knows whether an empty row is 0 or was never kept.
NAMED_APART = {
    "suggestions": ("suggestions",),
    "service-requests": ("service-requests",),
    "adult-social-care": ("adult-social-care",),
    "public-health": ("public-health",),
    "data-protection": ("data-protection",),
}
ALL = "all"


class BadCoverage(ValueError):
    """What was written does not say what a year covers; the message says how it is written."""


def parse(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Measures by year as it was written. The same year twice adds up. Raises `BadCoverage`."""
    found: dict[str, list[str]] = {}
    known = GROUPS | NAMED_APART
    for text in texts:
        year, equals, groups = text.partition("=")
        year = year.strip()
        named = [group.strip().casefold() for group in groups.split(",") if group.strip()]
        if not (equals and year and named):
            raise BadCoverage(
                f"Write what a year covers as 2024-25=all or 2023-24=statutory,corporate, not {text!r}."
            )
        measures = found.setdefault(year, [])
        apart = [group for group in named if group != ALL]
        for group in (*GROUPS, *apart) if ALL in named else named:
            if group not in known:
                raise BadCoverage(f"There is no group {group!r}. Write {ALL}, or some of {', '.join(known)}.")
            measures += [measure for measure in known[group] if measure not in measures]
    return {year: tuple(measures) for year, measures in found.items()}
