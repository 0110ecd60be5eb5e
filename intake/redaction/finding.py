"""What in a text might tell who somebody is: addresses, numbers, postcodes, and what looks like a name.

Suggestions and no more: whoever makes a copy decides. A name that is written small, a nickname, a job that one person
holds, a day on which one person worked are found by nobody but a reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

E_MAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
TELEPHONE = re.compile(r"(?<![\w+])(?:\+|00|\(?0)[\d\s().\u00a0-]{7,18}\d(?!\w)")
POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]?[ \u00a0]{0,2}\d[A-Z]{2}(?!\w)", re.I)
INSURANCE = re.compile(r"(?<!\w)[A-Z]{2}(?:[ \u00a0]?\d{2}){3}[ \u00a0]?[A-D](?!\w)", re.I)
_NAME = r"[^\W\d_a-z][\w'’]*(?:-[^\W\d_a-z][\w'’]*)*"
TITLED = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Cllr|Councillor|Rev|Sister|PC|Sgt)\.?[ \u00a0]+"
    rf"((?:{_NAME})(?:[ \u00a0]+{_NAME})?)"
)
NAMES = re.compile(rf"(?<![\w'’])({_NAME}(?:[ \u00a0]+{_NAME}){{1,2}})(?!\w)")
INSIDE = re.compile(rf"(?<=[a-z,;] )({_NAME})(?!\w)")
FEWEST_DIGITS = 9
# Words with a large letter that are nobody's name.
_COMMON = (
    "i monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december christmas easter council english british the a an in on at we he she they "
    "it my our your his her their but and or so if when then there this that what who why how no yes ring"
)
COMMON = frozenset(_COMMON.split())


@dataclass(frozen=True)
class Found:
    """What was found, as it stands in the text, and what it looks like."""

    text: str
    what: str


def suggestions(text: str, known: Iterable[str] = ()) -> tuple[Found, ...]:
    """What in a text may tell who somebody is, each once, in the order of the text. `known`: names to look for."""
    found: dict[str, tuple[int, Found]] = {}
    for words, at, what in (*_by_their_shape(text), *_known(text, known), *_like_names(text)):
        words = words.strip()
        if words:
            found.setdefault(words.casefold(), (at, Found(words, what)))
    return tuple(one for _, one in sorted(found.values(), key=lambda pair: pair[0]))


def _by_their_shape(text: str) -> Iterator[tuple[str, int, str]]:
    for pattern, what in (
        (E_MAIL, "E-mail address"),
        (POSTCODE, "Postcode"),
        (INSURANCE, "National Insurance number"),
    ):
        for match in pattern.finditer(text):
            yield match.group().rstrip(".'"), match.start(), what
    for match in TELEPHONE.finditer(text):
        if sum(sign.isdigit() for sign in match.group()) >= FEWEST_DIGITS:
            yield match.group(), match.start(), "Telephone number"


def _known(text: str, names: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    for name in names:
        for part in (name, *name.split()):
            if match := re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text, re.I):
                yield match.group(), match.start(), "Name of an officer"


def _like_names(text: str) -> Iterator[tuple[str, int, str]]:
    for pattern in (TITLED, NAMES, INSIDE):
        for match in pattern.finditer(text):
            yield _without_common(match.group(1)), match.start(1), "Perhaps a name"


def _without_common(words: str) -> str:
    parts = words.split()
    while parts and parts[0].casefold() in COMMON:
        parts = parts[1:]
    while parts and parts[-1].casefold() in COMMON:
        parts = parts[:-1]
    return " ".join(parts)
