"""What the monitoring officer reports besides the figures: the committee's appendix by itself, significant governance
issues for the annual governance statement, and the yearly report of a prescribed person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .committee_report import Referral, appendix
from .report import Cell, Logo, Report, Section, Table
from .wording import day, number


@dataclass(frozen=True)
class Issue:
    """A significant governance issue: the day it was marked, by which criteria, what it is, if its case is open."""

    reference: str
    marked_on: date
    criteria: Sequence[str]
    words: str
    open: bool


@dataclass(frozen=True)
class Disclosure:
    """A worker's disclosure within the council's remit as a prescribed person. `acted`: it led to further action."""

    acted: bool
    action: str
    effect: str


def referrals_alone(
    authority: str,
    period: str,
    referrals: Sequence[Referral],
    drawn_on: date,
    logo: Logo | None = None,
) -> Report:
    """The appendix of the committee's report by itself: the referrals that somebody can open, nobody named."""
    standing = f"The referrals of this office alone, as they stand on {day(drawn_on)}."
    section = appendix(f"Whistleblowing referrals received, {period}", referrals)
    return Report(f"Whistleblowing referrals, {period}", authority, standing, (section,), logo, drawn_on)


def governance_issues(
    authority: str, issues: Sequence[Issue], drawn_on: date, logo: Logo | None = None
) -> Report:
    """The list for the annual governance statement."""
    rows = tuple(
        (
            Cell(issue.reference),
            Cell(day(issue.marked_on)),
            Cell(f"{issue.words}\n\n{'. '.join(issue.criteria)}."),
            Cell("Open" if issue.open else "Closed"),
        )
        for issue in issues
    )
    head = ("Case", "Marked on", "What it is, and what makes it significant", "Its case")
    table = Table("Significant governance issues", "Governance issues", head, rows, numeric=False)
    told = (
        "A significant governance issue seriously prejudices a principal objective, needed additional funding, had a "
        "material effect on the accounts, is significant as the audit committee or the head of internal audit advises, "
        "drew significant public interest or seriously damaged reputation, or led to formal action by the chief "
        "financial officer or the monitoring officer."
    )
    section = Section("Significant governance issues", (told,), tables=(table,) if rows else ())
    standing = f"As marked on {day(drawn_on)}: {number(len(rows))}."
    return Report("Significant governance issues", authority, standing, (section,), logo, drawn_on)


def prescribed_person(
    authority: str,
    remit: str,
    year: str,
    last_day: date,
    disclosures: Sequence[Disclosure],
    drawn_on: date,
    logo: Logo | None = None,
) -> Report:
    """The yearly report of a prescribed person (the Prescribed Persons (Reports on Disclosures of Information)
    Regulations 2017, SI 2017/507): how many disclosures, how many led to action, what was done, its effect.

    Nobody can be told by it: neither worker nor employer is named.
    """
    acted = [one for one in disclosures if one.acted]
    counted = Table(
        f"Disclosures, {year}",
        "Disclosures",
        ("What", "Number"),
        (
            (
                Cell(
                    "Workers' disclosures received, reasonably believed to be qualifying, and within our remit"
                ),
                Cell(number(len(disclosures)), len(disclosures)),
            ),
            (
                Cell("Of these, disclosures on which we decided to take further action"),
                Cell(number(len(acted)), len(acted)),
            ),
        ),
    )
    done = tuple(f"{one.action.rstrip('.')}." for one in acted if one.action)
    effects = tuple(f"{one.effect.rstrip('.')}." for one in disclosures if one.effect)
    sections = (
        Section("What was received", (f"We are a prescribed person for: {remit}.",), tables=(counted,)),
        Section("What we did", () if done else ("No further action was taken.",), done),
        Section(
            "What it changed",
            ("How these disclosures affected our ability to perform our functions and meet our objectives.",)
            if effects
            else ("Nothing was recorded.",),
            effects,
        ),
    )
    due = date(last_day.year, 9, 30)
    standing = (
        f"For the year that ended on {day(last_day)}, to be published by {day(due)}."
        if drawn_on > last_day
        else f"Provisional: the year ends on {day(last_day)}, and the report is to be published by {day(due)}."
    )
    return Report(
        f"Disclosures to a prescribed person, {year}", authority, standing, sections, logo, drawn_on
    )
