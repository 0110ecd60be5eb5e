"""A council's published year, by hand: 2024-25, with 2023-24 in brackets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from intake.counts.facts import Facts, Span
from intake.counts.figures import TIMELINESS, Figures, Names
from intake.counts.published import (
    ADDED,
    MEASURES,
    Figure,
    Published,
    Quarter,
    Table,
    quarters_up_to,
    tabulate,
)
from intake.counts.quarters import Period
from intake.documents.committee_report import Referral
from intake.documents.report import Logo

AUTHORITY = "Ellerby County Council"
YEAR = Period(2024)
DRAWN_ON = date(2025, 6, 2)
NEW = ("compliments", "general-enquiries", "councillor-enquiries", "mp-enquiries", "whistleblowing-referrals")
THIS = {
    "compliments": (40, 38, 36, 39),
    "general-enquiries": (12, 20, 20, 20),
    "councillor-enquiries": (5, 8, 9, 9),
    "mp-enquiries": (30, 41, 38, 40),
    "statutory-stage-1": (20, 14, 13, 15),
    "statutory-stage-2": (3, 5, 4, 4),
    "statutory-stage-3": (0, 0, 0, 0),
    "corporate-stage-1": (180, 172, 184, 184),
    "corporate-stage-2": (30, 38, 40, 40),
    "corporate-stage-3": (12, 14, 17, 17),
    "ombudsman-enquiries": (8, 9, 10, 10),
    "whistleblowing-referrals": (1, 0, 2, 0),
}
LAST = {
    "statutory-stage-1": (24, 22, 20, 20),
    "statutory-stage-2": (2, 3, 2, 3),
    "statutory-stage-3": (0, 1, 0, 0),
    "corporate-stage-1": (92, 90, 92, 94),
    "corporate-stage-2": (9, 10, 10, 10),
    "corporate-stage-3": (4, 4, 4, 4),
    "ombudsman-enquiries": (4, 4, 4, 5),
}
NAMES = Names(
    {
        "outcome": {
            "upheld": "Upheld",
            "partly-upheld": "Partly upheld",
            "not-upheld": "Not upheld",
            "answered": "Answered",
            "fault": "Fault found",
            "no-fault": "No fault found",
            "no-further-action": "No further action",
            "investigated": "Investigated, action taken",
        },
        "timeliness": TIMELINESS,
        "channel": {"web": "Web form", "email": "Email", "letter": "Letter", "telephone": "Telephone"},
        "service": {
            "send": "Special educational needs",
            "transport": "School transport",
            "highways": "Highways",
        },
        "theme": {
            "t1": "Delay in assessment",
            "t2": "Communication",
            "t3": "Standard of service",
            "t4": "Staff conduct",
        },
    },
    {"corporate": "Corporate complaint", "children-statutory": "Children Act complaint"},
)
# Shares of a hundred.
OUTCOMES = {"upheld": 40, "partly-upheld": 20, "not-upheld": 30, "": 10}
SHARES = {
    "channel": {"web": 50, "email": 35, "letter": 5, "telephone": 10},
    "service": {"send": 60, "transport": 15, "highways": 20, "": 5},
    "theme": {"t1": 55, "t2": 20, "t3": 15, "t4": 5, "": 5},
    "timeliness": {"in-time": 62, "late": 30, "waiting": 8},
    "extended": {"yes": 12, "no": 88},
}
LOGO = Logo(
    "image/svg+xml",
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b4f57"/>'
    b'<path d="M6 10h20v13H6z" fill="none" stroke="#fff" stroke-width="2.5"/></svg>',
)
REFERRALS = (
    Referral("2024-25 Q1", "Investigated, action taken", "Purchasing outside the rules. Procedure changed."),
    Referral("2024-25 Q3", "No further action", "A concern about record keeping. Nothing was found."),
    Referral("2024-25 Q3", "Not finished"),
)


def quarter_of(period: Period, numbers: dict, unrecorded: tuple[str, ...] = (), **more) -> Quarter:
    """A quarter in which every measure of the first table is recorded, but for some."""
    at = period.quarter - 1
    unrecorded = {*unrecorded, *(ADDED - set(numbers))}
    told = {m: Figure(None if m in unrecorded else numbers.get(m, (0, 0, 0, 0))[at]) for m in MEASURES}
    return Quarter(period, told, **more)


def table_of(period: Period = YEAR, **more) -> Table:
    """The published table up to a period. `more` goes to the last quarter shown."""
    shown = quarters_up_to(period)
    quarters = [quarter_of(quarter, THIS, **(more if quarter == shown[-1] else {})) for quarter in shown]
    before = [quarter_of(quarter.before, LAST, NEW) for quarter in shown]
    return tabulate(period, quarters, before)


def shared(total: int, shares: dict[str, int]) -> dict[str, int]:
    """A number in parts, by hundredths; what is left over goes to the first."""
    parts = {value: total * share // 100 for value, share in shares.items()}
    parts[next(iter(parts))] += total - sum(parts.values())
    return parts


def facts_of(receipts: dict[str, int]) -> Facts:  # noqa: C901 - one share after another
    """Facts whose parts add up to the receipts of each measure."""
    parts, answers, allocations, extensions = {}, {}, {}, {}
    for measure, total in receipts.items():
        kinds = {**SHARES, "outcome": OUTCOMES}
        if measure == "ombudsman-enquiries":
            kinds["outcome"] = {"fault": 50, "no-fault": 40, "": 10}
        elif measure == "whistleblowing-referrals":
            kinds = {"outcome": {"": 34, "investigated": 34, "no-further-action": 34}}
        elif "stage" not in measure:
            kinds["outcome"] = {"answered": 100}
        if "stage" in measure and not measure.endswith("3"):
            kinds["next-stage"] = {"": 81, "opened": 18, "refused": 1}
        if measure == "compliments":
            kinds = {kind: shares for kind, shares in kinds.items() if kind not in ("timeliness", "extended")}
        for breakdown, shares in kinds.items():
            for value, many in shared(total, shares).items():
                if many:
                    parts[breakdown, measure, value] = many
        if total:
            allocations[measure] = Span(total, total * 2, 7)
        if total and measure not in ("compliments", "whistleblowing-referrals"):
            answered = parts["timeliness", measure, "in-time"] + parts.get(("timeliness", measure, "late"), 0)
            answers[measure] = Span(answered, answered * 12, 48)
            extensions[measure] = total * 14 // 100
    reclassified = {("corporate", "children-statutory"): 7}
    return Facts(receipts, parts, answers, allocations, extensions, {"corporate-stage-1": 1}, reclassified)


def figures_of(period: Period = YEAR, *, table: Table | None = None, **more) -> Figures:
    """Everything of the year, or of a quarter of it."""
    at = slice(None) if period.quarter is None else slice(period.quarter - 1, period.quarter)
    receipts = {measure: sum(numbers[at]) for measure, numbers in THIS.items()}
    before = {measure: sum(numbers[at]) for measure, numbers in LAST.items()}
    made = Figures(period, table or table_of(period), facts_of(receipts), facts_of(before), NAMES, DRAWN_ON)
    return replace(made, **more)


def revised_year() -> Figures:
    """The year with its fourth quarter revised once, and one case more known since."""
    edition = Published(2, date(2025, 5, 20), "two corporate complaints were reclassified")
    first = {"corporate-stage-1": Figure(186)}
    now = {"corporate-stage-1": Figure(185)}
    last = Period(2024, 4)
    return figures_of(table=table_of(edition=edition, first=first, now=now), editions=((last, edition),))
