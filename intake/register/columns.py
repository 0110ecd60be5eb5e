"""The columns of a register, the kinds and channels it names, and what a heading means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
SEALED = frozenset({"complainant", "summary"})
DATES = frozenset(
    {"received_on", *(f"stage{n}_{what}" for n in STAGES for what in ("received", "responded"))}
)
IGNORED = "ignore"
LONGEST = {"reference": 40, "service": 80, "theme": 80, "complainant": 200, "summary": 20_000}
HEADING_CHARACTERS = 80

KINDS = {
    "corporate": "corporate",
    "statutory": "children-statutory",
    "adult social care": "adult-social-care",
    "data protection": "data-protection",
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
        return self.headings[self.places[column]].strip() if column in self.places else column


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


def lay_out(headings: Iterable[str], mapping: Mapping[str, str]) -> Layout:
    """Find the columns under a row of headings."""
    headings = tuple(headings)
    places: dict[str, int] = {}
    unknown, faults = [], []
    for place, heading in enumerate(headings):
        if not heading.strip():
            continue
        column = column_of(heading, mapping)
        if column is None:
            unknown.append(heading.strip())
            words = "This heading is not known. Say which column it is, or that it is to be left out."
            faults.append(Heading(place + 1, heading.strip(), words))
        elif column in places:
            words = f"Two headings mean the column “{column}”. Leave one of them out."
            faults.append(Heading(place + 1, heading.strip(), words))
        elif column != IGNORED:
            places[column] = place
    for column in NEEDED:
        if column not in places:
            faults.append(Heading(0, column, "This column is missing. Every register needs it: add it."))
    return Layout(places, headings, tuple(dict.fromkeys(unknown)), tuple(faults))
