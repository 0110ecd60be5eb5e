"""Signs in a text that could tell who somebody is: names, places, dates, jobs, ways to reach them. Pure.

It looks for what the text shares with the case that it is about, and warns; it proves nothing. Whoever knows a
workplace may know somebody by what no list holds, so a person reads each text as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from intake.redaction.finding import E_MAIL, INSURANCE, POSTCODE, TELEPHONE

NAME, PLACE, DATE, JOB, CONTACT = "name", "place", "date", "job", "contact"
KINDS = {
    NAME: "A name",
    PLACE: "A place or service",
    DATE: "A date",
    JOB: "Somebody's job",
    CONTACT: "A way to reach somebody",
}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_DATES = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS}|{_SHORT})\b(?:\s+\d{{4}})?"
    rf"|\b(?:{_MONTHS}|{_SHORT})\s+(?:\d{{1,2}}(?:st|nd|rd|th)?\b,?\s*)?(?:\d{{4}}\b)?"
    rf"|\b(?:{_DAYS})s?\b|\b\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b",
)
_CONTACTS = (E_MAIL, TELEPHONE, POSTCODE, INSURANCE)
# Jobs of a council, a school and a care home; the ones that many hold ("officer", "staff") tell nobody apart.
_JOBS = re.compile(
    r"\b(?:head ?teachers?|teachers?|teaching assistants?|social workers?|team leaders?"
    r"|(?:deputy |assistant )?managers?"
    r"|(?:assistant )?directors?|heads? of [a-z]+|drivers?|nurses?|(?:foster )?carers?|care workers?|cleaners?"
    r"|caretakers?|accountants?|clerks?|engineers?|planners?|inspectors?|councillors?|apprentices?|agency workers?"
    r"|receptionists?|cooks?|chefs?|supervisors?|coordinators?|co-ordinators?|chief executive|cashiers?|buyers?"
    r"|librarians?|wardens?|lecturers?|tutors?|therapists?|psychologists?|solicitors?|secretar(?:y|ies)|trainees?"
    r"|contractors?|electricians?|plumbers?|gardeners?|consultants?)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
# Words that begin sentences, and names of bodies that tell nobody.
_PLAIN = """
a about after all also although an and another any are as at because been before both but by can could did do does
during each every few first following for from had has have he her here his how however i if in into is it its last
later many more most much my neither new next no nobody none nor not nothing now of on once one only or other our
out over people several she since so some somebody such that the their them then there these they this those though
three through to two under until was we were what when where whether which while who why will with without would
yes you your council committee audit monitoring county city borough district internal external police ofsted cqc
ombudsman lgsco government england wales board department policy code act regulations mp hmrc dbs nhs
"""
_COMMON = frozenset(_PLAIN.split()) | frozenset(f"{_MONTHS}|{_SHORT}|{_DAYS}".casefold().split("|"))


@dataclass(frozen=True, order=True)
class Sign:
    """Something that could tell who it is: its kind, and the words as they stand in the text."""

    kind: str
    words: str


def signs(
    text: str, *, case: Iterable[str], people: Iterable[str] = (), places: Iterable[str] = ()
) -> tuple[Sign, ...]:
    """What a text holds that could tell somebody. `case`: the texts of the case; `people`: names of those who work
    there; `places`: names of services and teams.
    """
    told = "\n".join(case)
    found = {Sign(DATE, one.strip(" ,")) for one in _DATES.findall(text)}
    found |= {Sign(CONTACT, one.group().strip()) for pattern in _CONTACTS for one in pattern.finditer(text)}
    found |= {Sign(JOB, one) for one in _JOBS.findall(text) if _stands_in(one, told)}
    found |= {Sign(PLACE, one) for one in places if one and _stands_in(one, text)}
    found |= {Sign(NAME, one) for name in people for one in _parts(name) if _written_in(one, text)}
    found |= {Sign(NAME, one) for one in _shared_names(text, told)}
    return tuple(sorted(found))


def names_of(text: str, *, identity: Iterable[str]) -> tuple[str, ...]:
    """The words of who somebody is that a text holds: parts of a name or an address, of three letters and more."""
    known = {word.casefold() for told in identity for word in _WORD.findall(told) if len(word) > 2}
    held = {word for word in _WORD.findall(text) if word.casefold() in known - _COMMON}
    whole = {told for told in identity if len(told.strip()) > 2 and told.casefold() in text.casefold()}
    return tuple(sorted(held | whole))


def _shared_names(text: str, told: str) -> set[str]:
    """Words that both write large and neither writes small; in a script without large letters, words that both hold."""
    theirs, written = set(_WORD.findall(told)), set(_WORD.findall(text))
    small = {word for word in theirs | written if word.islower()}
    return {
        word
        for word in written & theirs
        if len(word) > 1 and not word.islower() and word.casefold() not in _COMMON | small
    }


def _parts(name: str) -> list[str]:
    """A name whole, and its family name, which is what most people write of a colleague."""
    parts = name.split()
    return [name, parts[-1]] if len(parts) > 1 and len(parts[-1]) > 2 else [name]


def _written_in(words: str, text: str) -> bool:
    """As it is written: a family name such as Hill is also a word."""
    return re.search(rf"\b{re.escape(words)}\b", text) is not None


def _stands_in(words: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(words)}\b", text, re.IGNORECASE) is not None
