"""Facts of cases that never were, and their publication, quarter after quarter."""

import random
from collections import Counter

from hypothesis import strategies as st

from intake.counts.facts import ENDED, IN_TIME, LATE, NONE, WAITING, Facts, Span
from intake.counts.open_figures import Issued, Open
from intake.counts.published import MEASURES, Figure
from intake.counts.quarters import Period
from intake.counts.suppression import release, release_year

from .attacker import ANSWERED, CATALOGUE

YEAR = Period(2024)
Q1, Q2, Q3, Q4 = (Period(2024, number) for number in (1, 2, 3, 4))
MEASURE = "statutory-stage-1"


def parts_of(measure=MEASURE, **breakdowns):
    return {
        (kind, measure, value): number
        for kind, values in breakdowns.items()
        for value, number in values.items()
    }


def facts_of(measure=MEASURE, answers=None, **breakdowns):
    """Facts of one measure; every breakdown adds up to the same number."""
    (total,) = {sum(values.values()) for values in breakdowns.values()}
    return Facts({measure: total}, parts_of(measure, **breakdowns), {measure: answers} if answers else {})


def figures_of(facts):
    return {measure: Figure(facts.receipts.get(measure, 0)) for measure in MEASURES}


def publish(*quarters, below=5, year=False, rule=release):
    """Publish quarter after quarter; with `year`, the year each time that all four are out."""
    issued = []
    for period, facts in quarters:
        told = rule(period, figures_of(facts), facts, issued, below=below)
        issued.append(Issued(period, facts, told))
        latest = {one.period: one.facts for one in issued if one.period.quarter}
        if year and len(latest) == 4:
            total = sum(latest.values(), Facts())
            if rule is release:
                issued.append(release_year(YEAR, figures_of(total), issued, below=below))
            else:
                issued.append(Issued(YEAR, total, rule(YEAR, figures_of(total), total, issued, below=below)))
    return issued


def primary_only(period, figures, facts, earlier=(), *, below=5):
    """A rule that does not work: the small numbers are hidden, and nothing else."""
    parts = {key: number if number >= below else None for key, number in facts.parts.items() if number}
    return Open(dict(figures), parts, below=below)


def cases(size, seed, skew):
    """The facts of so many made-up cases, consistent in themselves."""
    chance = random.Random(seed)
    counted, spans = Counter(), []
    for _ in range(size):
        kept = {kind: pick(chance, values, skew) for kind, values in CATALOGUE.items()}
        outcomes = ANSWERED["outcome"]
        kept["timeliness"] = (
            (LATE if chance.random() < 0.15 else IN_TIME)
            if kept["outcome"] in outcomes
            else WAITING
            if kept["outcome"] == NONE
            else ENDED
        )
        counted.update((kind, MEASURE, value) for kind, value in kept.items())
        if kept["outcome"] in outcomes:
            spans.append(chance.randint(1, 40))
    answers = {MEASURE: Span(len(spans), sum(spans), max(spans))} if spans else {}
    return Facts({MEASURE: size}, dict(counted), answers)


def pick(chance, values, skew):
    """One of the values; the greater the skew, the oftener one of the first few."""
    return values[min(int(len(values) * chance.random() ** skew), len(values) - 1)]


def revised(facts, seed):
    """The same cases, one of which turns out to be of another service and theme, or another case is added."""
    chance = random.Random(seed)
    parts = Counter(facts.parts)
    added = chance.random() < 0.4
    for kind in ("service", "theme", "extended"):
        old = [key for key, number in sorted(parts.items()) if key[0] == kind and number]
        if old and not added:
            parts[chance.choice(old)] -= 1
        if old or added:
            parts[kind, MEASURE, chance.choice(CATALOGUE[kind])] += 1
    if added:
        for kind, value in (("outcome", "upheld"), ("timeliness", LATE), ("channel", "phone")):
            parts[kind, MEASURE, value] += 1
    return Facts(
        {MEASURE: facts.receipts[MEASURE] + added}, {key: n for key, n in parts.items() if n}, facts.answers
    )


SIZES = st.sampled_from([0, 1, 2, 4, 5, 6, 7, 9, 12, 20, 35, 80])
QUARTER = st.builds(cases, SIZES, st.integers(0, 10**6), st.sampled_from([0.4, 1, 2, 4]))
