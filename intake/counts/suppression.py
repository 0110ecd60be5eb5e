"""Small numbers are kept back from the public, and whatever else would let them be worked out.

The rule, which anybody may know:
- Receipts are told exactly; referrals with the year alone, and without any breakdown.
- A breakdown of fewer receipts than the limit is withheld whole.
- A part from 1 up to the limit is hidden, and with it the smallest part at or above the limit, so that the
  marks do not say which is which: the hidden numbers could stand in any order. Of equal parts a draw decides
  that nobody can repeat who does not know the figures.
- Then every hidden number is tried against all that was ever told: the total, the other table of outcomes and
  times, the other quarters and the year, earlier editions, and the exact changes of a revision. More is
  hidden until each could as well be at or above the limit, or as much as withholding everything could do.
- A breakdown of which every part would be hidden is withheld whole. What was hidden once stays hidden.
- Adult social care was counted in statutory stage 1 once. Where a quarter that was published so is published again with
  a row of its own, neither has its parts told: the difference would be them.
- The receipts of each directorate are told exactly too, so its services are a table of their own. Where a service was
  published below another directorate before, services are not told again: the difference could be worked out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import combinations

from .facts import Facts, Key, Span
from .hiding import TIMELINESS, Telling
from .open_figures import BY_THE_YEAR, Answered, Issued, Open, told_of
from .places import SEPARATOR, SERVICE, WITHHELD, directorate_of
from .published import Figure
from .quarters import Period
from .witness import View

LIMIT = 5
ADULTS, ONCE_WITH_ADULTS = "adult-social-care", "statutory-stage-1"
# Tables that bind one another beyond their common total.
BOUND = (("outcome", TIMELINESS), ("theme",), ("channel",), ("extended",))


def release(
    period: Period,
    figures: Mapping[str, Figure],
    facts: Facts,
    earlier: Sequence[Issued] = (),
    *,
    below: int = LIMIT,
    secret: bytes = b"",
) -> Open:
    """What the public is told of a quarter that is published, or published again.

    `earlier`: everything that was published of the same financial year, in that order, its years too; others
    are passed over. A breakdown whose parts do not add up to the receipts is not told at all. `secret` decides
    between equal parts, so that nobody else can repeat the draw.
    """
    earlier = [issued for issued in earlier if issued.period.year == period.year]
    parts: dict[Key, int | None] = {}
    apart = split(period, figures, earlier)
    withheld = {(kind, measure) for measure in apart for kind in told_of(measure)}
    for measure, figure in figures.items():
        if not figure.number or measure in apart:
            continue
        for kinds in BOUND:
            told = Telling(period, facts, measure, kinds, earlier, below, secret).settle()
            withheld |= {(kind, measure) for kind in told.withheld}
            parts |= _told(told, measure)
        if SERVICE in told_of(measure) and sum(facts.values(SERVICE, measure).values()) == figure.number:
            services = _services(period, facts, measure, earlier, below, secret)
            withheld |= set() if services else {(SERVICE, measure)}
            parts |= services
    receipts = {
        measure: figure
        for measure, figure in figures.items()
        if period.quarter is None or measure not in BY_THE_YEAR
    }
    edition = Open(receipts, parts, frozenset(withheld), {}, below)
    return replace(edition, answers=_answers(period, edition, facts, earlier))


def _told(view: View, measure: str) -> dict[Key, int | None]:
    return {
        (kind, measure, value): None if (kind, value) in view.hidden else number
        for (kind, value), number in view.true.items()
        if kind not in view.withheld and (number or (kind, value) in view.hidden)
    }


def _services(
    period: Period, facts: Facts, measure: str, earlier: Sequence[Issued], below: int, secret: bytes
) -> dict[Key, int | None]:
    """What is told by service: a table for each directorate, or its number alone where that is withheld.

    Nothing where no table is told, or none may be.
    """
    if regrouped(period, facts, earlier):
        return {}
    parts: dict[Key, int | None] = {}
    any_table = False
    everything = [facts, *(issued.facts for issued in earlier)]
    for above in sorted(
        {directorate_of(value) for one in everything for value in one.values(SERVICE, measure)}
    ):
        own, past = _below(facts, measure, above), [_issued_below(one, measure, above) for one in earlier]
        told = Telling(period, own, measure, (SERVICE,), past, below, secret).settle()
        if SERVICE not in told.withheld:
            any_table = any_table or bool(own.receipts[measure])
            parts |= _told(told, measure)
        elif own.receipts[measure]:
            parts[SERVICE, measure, f"{above}{SEPARATOR}{WITHHELD}"] = own.receipts[measure]
    return parts if any_table else {}


def split(period: Period, figures: Mapping[str, Figure], earlier: Sequence[Issued]) -> frozenset[str]:
    """The measures of which no part is told, because they were published as one before: the parts of the one, taken
    from those of both, would be the other's. Of a quarter that is published again, and of the year by way of it.
    """
    editions: dict[Period, list[bool]] = {}
    for issued in earlier:
        if issued.period.quarter:
            editions.setdefault(issued.period, []).append(ADULTS in issued.told.receipts)
    if period.quarter:
        editions = {period: [*editions.get(period, ()), ADULTS in figures]}
    mixed = any(len(set(every)) > 1 for every in editions.values())
    return frozenset({ADULTS, ONCE_WITH_ADULTS}) if mixed else frozenset()


def regrouped(period: Period, facts: Facts, earlier: Sequence[Issued]) -> bool:
    """Whether a service stands below another directorate now than in what was published of the same year before: of the
    same quarter, or of the year by way of it.
    """
    editions: dict[Period, list[Facts]] = {}
    for issued in (*earlier, Issued(period, facts, Open())):
        if issued.period.year == period.year:
            editions.setdefault(issued.period, []).append(issued.facts)
    asked = [period] if period.quarter else list(editions)
    homes = [[_homes(facts) for facts in editions.get(this, ())] for this in asked]
    return any(
        one[service] != other[service]
        for every in homes
        for one, other in combinations(every, 2)
        for service in one.keys() & other.keys()
    )


def _homes(facts: Facts) -> dict[str, set[str]]:
    """Below which directorates each service is counted."""
    homes: dict[str, set[str]] = {}
    for kind, _, value in facts.parts:
        service = value.rpartition(SEPARATOR)[2]
        if kind == SERVICE and service:
            homes.setdefault(service, set()).add(directorate_of(value))
    return homes


def _below(facts: Facts, measure: str, above: str) -> Facts:
    """One measure's services below one directorate, as if there were nothing else."""
    parts = {
        (SERVICE, measure, value): number
        for value, number in facts.values(SERVICE, measure).items()
        if directorate_of(value) == above
    }
    return replace(facts, receipts={measure: sum(parts.values())}, parts=parts)


def _issued_below(issued: Issued, measure: str, above: str) -> Issued:
    told = {
        (SERVICE, measure, value): number
        for value, number in issued.told.values(SERVICE, measure).items()
        if directorate_of(value) == above and not value.endswith(f"{SEPARATOR}{WITHHELD}")
    }
    return Issued(issued.period, _below(issued.facts, measure, above), Open(parts=told))


def release_year(
    year: Period,
    figures: Mapping[str, Figure],
    earlier: Sequence[Issued],
    *,
    below: int = LIMIT,
    secret: bytes = b"",
) -> Issued:
    """What the public is told of a year whose quarters are all out: their sum, each as published last.

    Raises ValueError while a quarter is missing.
    """
    latest = {issued.period: _recorded(issued) for issued in earlier if issued.period.year == year.year}
    latest.pop(year, None)
    if len(latest) != 4:
        raise ValueError(f"Not every quarter of {year.label} is published.")
    facts = reduce(lambda one, other: one + other, latest.values())
    return Issued(year, facts, release(year, figures, facts, earlier, below=below, secret=secret))


def _recorded(issued: Issued) -> Facts:
    """The facts of what was recorded: a figure that was not has no parts in the year either."""
    return issued.facts.without(
        measure for measure, figure in issued.told.receipts.items() if figure.number is None
    )


def _answers(period: Period, told: Open, facts: Facts, earlier: Sequence[Issued]) -> dict[str, Answered]:
    """The days to an answer, where their number is told and no few answers could be subtracted out."""
    latest = {issued.period: issued for issued in earlier}
    again = [issued for issued in earlier if issued.period == period]
    answers = {}
    for measure, span in facts.answers.items():
        average = span.average  # None where nothing was answered
        if told.answered(measure) != span.number or span.number < max(told.below, 1) or average is None:
            continue
        left = _untold(measure, latest) if period.quarter is None else 0
        apart = [
            left,
            *(span.number - _number(measure, issued) for issued in again if measure in issued.told.answers),
        ]
        if not any(0 < abs(number) < told.below for number in apart):
            answers[measure] = Answered(average, span.longest)
    return answers


def _untold(measure: str, latest: Mapping[Period, Issued]) -> int:
    """How many answers there were in the quarters whose average was not told."""
    return sum(
        _number(measure, issued)
        for period, issued in latest.items()
        if period.quarter and measure not in issued.told.answers
    )


def _number(measure: str, issued: Issued) -> int:
    return issued.facts.answers.get(measure, Span()).number
