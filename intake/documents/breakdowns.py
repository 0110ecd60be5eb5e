"""What the receipts are counted by: outcomes, services, themes and channels, a table for each family."""

from __future__ import annotations

from collections.abc import Sequence

from intake.counts.facts import NONE
from intake.counts.figures import FAMILIES, OF_ONE_STAGE, majority
from intake.counts.published import MEASURES, REFERRALS

from .figures_view import Telling, named, summed
from .report import Cell, Chart, Section, Table
from .wording import within_a_sentence

ALL_STAGES = (*(measure for stages in FAMILIES.values() for measure in stages), *OF_ONE_STAGE)
# The columns of one table: families of stages, complaints of one stage, and everything that is no complaint.
GROUPS = {
    **FAMILIES,
    "Other complaints": OF_ONE_STAGE,
    "Compliments and enquiries": tuple(
        measure for measure in MEASURES if measure != REFERRALS and measure not in ALL_STAGES
    ),
}
HEADINGS = {
    "compliments": "Compliments",
    "suggestions": "Suggestions",
    "service-requests": "Requests",
    "general-enquiries": "General",
    "councillor-enquiries": "Councillor",
    "mp-enquiries": "MP",
    "adult-social-care": "Adult social care",
    "public-health": "Public health",
    "data-protection": "Data protection",
    "ombudsman-enquiries": "Ombudsman",
    REFERRALS: "Referrals",
}
OMBUDSMAN = "ombudsman-enquiries"
THEMES_TOLD = (
    ("MP enquiries", ("mp-enquiries",)),
    ("complaints, all stages taken together,", ALL_STAGES),
    ("statutory complaints", FAMILIES["Statutory complaints"]),
    ("adult social care complaints", ("adult-social-care",)),
    ("corporate complaints", FAMILIES["Corporate complaints"]),
)
FEWEST = 5  # receipts of which a majority is worth a sentence
BARS = 8  # of a chart; the table holds all


def outcomes(telling: Telling) -> Section | None:
    """Outcomes of every stage; the Ombudsman's decisions have a section of their own."""
    return _section(telling, "Outcomes", "outcome", "Outcome", leave_out=(OMBUDSMAN,))


def services(telling: Telling) -> Section | None:
    return _section(telling, "Services", "service", "Service")


def themes(telling: Telling) -> Section | None:
    """Themes, and a sentence on each family in which more than half share one."""
    section = _section(telling, "Themes", "theme", "Theme")
    if section is None:
        return None
    chart = _theme_chart(telling)
    return Section(
        section.heading, theme_sentences(telling), charts=(chart,) if chart else (), tables=section.tables
    )


def channels(telling: Telling) -> Section | None:
    return _section(telling, "How it came", "channel", "Channel")


def ombudsman(telling: Telling) -> Section | None:
    """What the Ombudsman decided."""
    table = breakdown_table(telling, "Ombudsman enquiries", (OMBUDSMAN,), "outcome", "Decision")
    return Section("Ombudsman decisions", tables=(table,)) if table else None


def theme_sentences(telling: Telling) -> tuple[str, ...]:
    """`The majority of … concern …`, only where more than half of all receipts do."""
    told = []
    for what, measures in THEMES_TOLD:
        total: dict[str, int] = {}
        for measure in telling.recorded(measures):
            for value, many in telling.parts("theme", measure).items():
                total[value] = total.get(value, 0) + many
        most = majority(total) if sum(total.values()) >= FEWEST else None
        if most is not None:
            told.append(f"The majority of {what} concern {within_a_sentence(telling.name('theme', most))}.")
    return tuple(told)


def breakdown_table(
    telling: Telling, title: str, measures: Sequence[str], breakdown: str, heading: str
) -> Table | None:
    """One breakdown of some measures; None where none of their receipts holds anything of it."""
    held = [
        m
        for m in telling.recorded(measures)
        if telling.figures.facts.values(breakdown, m) or telling.figures.before.values(breakdown, m)
    ]
    if not any(
        named(facts.values(breakdown, m))
        for m in held
        for facts in (telling.figures.facts, telling.figures.before)
    ):
        return None
    several = len(held) > 1
    rows = []
    for value in telling.values(breakdown, held):
        cells = [telling.count(breakdown, measure, value) for measure in held]
        if not any(cell.number or cell.before_number for cell in cells):
            continue
        rows.append((Cell(telling.name(breakdown, value)), *cells, *([summed(cells)] if several else ())))
    if len(rows) > 1:
        totals = [telling.receipts(measure) for measure in held]
        rows.append((Cell("All"), *totals, *([summed(totals)] if several else ())))
    head = (heading, *(_heading(m, several) for m in held), *(("All",) if several else ()))
    caption = f"{title} by {heading.lower()}, {telling.period.label}"
    if any(telling.held_before(measure) for measure in held):
        caption += f", with {telling.before.label} in brackets"
    return Table(caption, f"{heading} {title}", head, tuple(rows), telling.notes(held))


def _section(
    telling: Telling, title: str, breakdown: str, heading: str, *, leave_out: Sequence[str] = ()
) -> Section | None:
    tables = [
        breakdown_table(telling, group, [m for m in measures if m not in leave_out], breakdown, heading)
        for group, measures in GROUPS.items()
    ]
    held = tuple(table for table in tables if table)
    return Section(title, tables=held) if held else None


def _heading(measure: str, several: bool) -> str:
    if measure in HEADINGS:
        return HEADINGS[measure] if several else MEASURES[measure]
    return f"Stage {measure[-1]}"


def _theme_chart(telling: Telling) -> Chart | None:
    """The themes of all complaints at all stages taken together, the most frequent first."""
    total: dict[str, int] = {}
    for measure in telling.recorded(ALL_STAGES):
        for value, many in telling.figures.facts.values("theme", measure).items():
            if value != NONE:
                total[value] = total.get(value, 0) + many
    most = sorted(total.items(), key=lambda item: (-item[1], telling.name("theme", item[0])))[:BARS]
    if len(most) < 2:
        return None
    labels = tuple(telling.name("theme", value) for value, _ in most)
    told = [f"{label} {many:,}" for label, (_, many) in zip(labels, most, strict=True)]
    title = f"Complaints, all stages taken together, by theme, {telling.period.label}"
    if len(total) > BARS:
        title += f": the {BARS} most frequent"
    numbers = tuple(many for _, many in most)
    return Chart("bars", title, labels, ((telling.period.label, numbers),), f"{'; '.join(told)}.")
