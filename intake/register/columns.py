"""The columns of a register, the kinds and channels it names, and what a heading means."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

STAGES = (1, 2, 3)
COLUMNS = (
    "reference",
    "kind",
    "channel",
    "service",
    "theme",
    "complainant",
    "summary",
    "received_on",
    *(f"stage{n}_{what}" for n in STAGES for what in ("received", "responded", "outcome")),
)
NEEDED = ("reference", "kind", "received_on")
DATES = frozenset(
    {"received_on", *(f"stage{n}_{what}" for n in STAGES for what in ("received", "responded"))}
)
IGNORED = "ignore"
LONGEST = {"reference": 40, "service": 80, "theme": 80, "complainant": 200, "summary": 20_000}
HEADING_CHARACTERS = 40
A_CASE = "The first row looks like a case and not like headings: put the headings into the first row."

KINDS = {
    "corporate": "corporate",
    "statutory": "children-statutory",
    "adult social care": "adult-social-care",
    "public health": "public-health",
    "data protection": "data-protection",
    "suggestion": "suggestion",
    "representation": "suggestion",
    "service request": "service-request",
    "compliment": "compliment",
    "general enquiry": "general-enquiry",
    "councillor enquiry": "councillor-enquiry",
    "mp enquiry": "mp-enquiry",
    "ombudsman enquiry": "ombudsman-enquiry",
    "whistleblowing": "whistleblowing",
}
CHANNELS = {
    "online": "online",
    "email": "email",
    "e mail": "email",
    "phone": "phone",
    "telephone": "phone",
    "letter": "letter",
    "in person": "in-person",
    "mp": "mp",
    "councillor": "councillor",
}
NO_CHANNEL = "unknown"

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY = re.compile(
    rf"\b\d{{1,4}}(st|nd|rd|th)?[\s./-]+(\d{{1,2}}|(?:{_MONTHS})[a-z]*)[\s.,/-]+\d{{1,4}}\b"
    rf"|\b(?:{_MONTHS})[a-z]*[\s.]+\d{{1,2}}(st|nd|rd|th)?[\s,]+\d{{2,4}}\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{5}|\d(?:[ ().-]*\d){8}")


@dataclass(frozen=True)
class Heading:
    """A heading that nobody has explained yet, or that stands twice; `place` counts from 1."""

    place: int
    text: str
    words: str


@dataclass(frozen=True)
class Layout:
    """Which column stands in which place (from 0) under which heading, and what is wrong with the headings."""

    places: Mapping[str, int]
    headings: tuple[str, ...]
    unknown: tuple[str, ...]
    faults: tuple[Heading, ...]

    def heading(self, column: str) -> str:
        """A column's heading as it stands in the file."""
        return shortly(self.headings[self.places[column]]) if column in self.places else column


def plain(text: str) -> str:
    """A word as it is compared: without regard to case, and to spaces, hyphens and underscores alike."""
    return " ".join(re.sub(r"[\s_\-]+", " ", text).split()).casefold()


def kind_of(text: str) -> str | None:
    """The procedure that a register's kind means; a plural, or "complaint" after it, is forgiven."""
    said = plain(text)
    for one in (said, said.removesuffix("s"), re.sub(r"ies$", "y", said)):
        for name in (one, one.removesuffix(" complaint")):
            if name in KINDS:
                return KINDS[name]
    return None


def channel_of(text: str) -> str | None:
    """The code of a channel; an empty one is unknown, which is an answer too."""
    return CHANNELS.get(plain(text)) if text.strip() else NO_CHANNEL


def column_of(heading: str, mapping: Mapping[str, str]) -> str | None:
    """The column that a heading means, `IGNORED`, or None. `mapping`: from `plain` headings to columns."""
    said = plain(heading)
    if said in mapping:
        return mapping[said]
    return next((column for column in COLUMNS if plain(column) == said), None)


def is_heading(text: str) -> bool:
    """Whether a text may be shown and kept as a heading: no long text, number, or address of somebody."""
    return (
        len(plain(text)) > 0
        and len(text) <= HEADING_CHARACTERS
        and "@" not in text
        and not _NUMBER.search(text)
    )


def lay_out(headings: Iterable[str], mapping: Mapping[str, str], outcomes: Collection[str] = ()) -> Layout:
    """Find the columns under a row of headings. `outcomes`: `plain` words that tell a case from a heading.

    A first row that is a case is told as a whole, and nothing of it is repeated.
    """
    headings = tuple(headings)
    places, unknown, faults = _found(headings, mapping)
    known = {column for column, place in places.items() if not _of_a_case(headings[place], outcomes)}
    if len(known) < 2 and any(_of_a_case(text, outcomes) or not is_heading(text) for _, text in unknown):
        return Layout({}, headings, (), (Heading(0, "", A_CASE),))
    faults += [_not_known(place, text) for place, text in unknown]
    told = [Heading(place + 1, text, words) for place, text, words in sorted(faults)]
    for column in NEEDED:
        if column not in places:
            told.append(Heading(0, column, "This column is missing. Every register needs it: add it."))
    shown = dict.fromkeys(text for _, text in unknown if is_heading(text))
    return Layout(places, headings, tuple(shown), tuple(told))


def _found(
    headings: Sequence[str], mapping: Mapping[str, str]
) -> tuple[dict[str, int], list[tuple[int, str]], list[tuple[int, str, str]]]:
    """Where each column stands; the headings that are not known; and columns named twice, in words."""
    places: dict[str, int] = {}
    unknown, faults = [], []
    for place, heading in enumerate(headings):
        if not heading.strip():
            continue
        column = column_of(heading, mapping)
        if column is None:
            unknown.append((place, heading.strip()))
        elif column in places:
            words = f"Two headings mean the column “{column}”. Leave one of them out."
            faults.append((place, shortly(heading), words))
        elif column != IGNORED:
            places[column] = place
    return places, unknown, faults


def _not_known(place: int, text: str) -> tuple[int, str, str]:
    if is_heading(text):
        return place, text, "This heading is not known. Say which column it is, or that it is to be left out."
    words = (
        f"The heading of column {place + 1} is too long, or holds a number or an address, and is not shown. "
        f"Write a heading of at most {HEADING_CHARACTERS} characters."
    )
    return place, "", words


def shortly(heading: str) -> str:
    """A known heading as it may be shown."""
    heading = " ".join(heading.split())
    return heading if len(heading) <= HEADING_CHARACTERS else heading[: HEADING_CHARACTERS - 1] + "…"


def _of_a_case(text: str, outcomes: Collection[str]) -> bool:
    """Whether a cell holds what the cells under a heading hold: a day, a kind, a channel or an outcome."""
    return bool(_DAY.search(text) or kind_of(text) or plain(text) in CHANNELS or plain(text) in outcomes)
