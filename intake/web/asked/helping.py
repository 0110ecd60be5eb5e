"""Whom to call while somebody writes: for anybody, for a child, for an adult who needs care, for who speaks up.

Read from the settings: the authority's own stand first, ours after them; one of theirs that bears the name of one of
ours takes its place, and without a telephone and words takes it away. Numbers are text: no page leads anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ANYBODY, CHILD, ADULT, WORK = "anybody", "child", "adult", "work"


@dataclass(frozen=True)
class Contact:
    """Somebody to call. `phone` may be empty where the words say the way."""

    whom: str
    name: str
    phone: str
    words: str


# Protect's (protect-advice.org.uk) and Help at Hand's (childrenscommissioner.gov.uk) were read on their own pages in
# November 2026. The others are as they are published everywhere, and were not read there: an authority rings them once.
OURS = (
    Contact(ANYBODY, "Police, ambulance, fire brigade", "999", "if somebody is in danger now"),
    Contact(ANYBODY, "Police", "101", "to report a crime when nobody is in danger now"),
    Contact(CHILD, "Childline", "0800 1111", "free, day and night, if you are under 19"),
    Contact(
        CHILD,
        "Help at Hand, of the Children's Commissioner",
        "0800 528 0731",
        "free, for children in care or leaving it, or who have a social worker",
    ),
    Contact(
        ADULT, "Care Quality Commission", "03000 616161", "about care at home or in a home that is not safe"
    ),
    Contact(
        WORK,
        "Protect, the whistleblowing charity",
        "020 3117 2520",
        "free and confidential advice before you speak up",
    ),
    Contact(WORK, "Ofsted", "0300 123 1231", "about services for children that are not safe"),
    Contact(
        WORK,
        "A prescribed person",
        "",
        "somebody outside the council to whom the law lets you report: see the list on gov.uk, or ask Protect",
    ),
)


def read(line: str) -> Contact:
    """One of the authority's, as the setting writes it: "whom: name | telephone | words"."""
    whom, _, rest = line.partition(":")
    name, phone, words = (part.strip() for part in (*rest.split("|"), "", "")[:3])
    return Contact(whom.strip(), name, phone, words)


def contacts(lines: Iterable[str], *whom: str) -> tuple[Contact, ...]:
    """Those for some people, of the authority's and ours; for everybody where nobody is named."""
    theirs = [read(line) for line in lines]
    named = {one.name for one in theirs}
    found = [*theirs, *(one for one in OURS if one.name not in named)]
    wanted = whom or (ANYBODY, CHILD, ADULT, WORK)
    shown = (one for one in found if one.whom in wanted and (one.phone or one.words))
    return tuple(sorted(shown, key=lambda one: wanted.index(one.whom)))
