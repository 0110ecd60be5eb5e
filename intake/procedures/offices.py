"""Who receives concerns, and who does not: the one table of the offices, and the arithmetic of conflicts.

Pure. A concern may be about anybody, also about those who would receive it. So each office is a keyholder of its own;
whoever is named, and whoever answers to somebody named, gets no envelope, and the next in the authority's order does.
Why so: decision 0050. "Recipient" is ISO 37002's word for who takes a report in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

UNSURE = "unsure"  # named by whoever cannot say: it counts as all who usually receive
SHARED = "the monitoring officer and the deputy"  # an office of two, until the deputy has one apart
SEVERAL = "whistleblowing:"  # how the circle of more than one begins


@dataclass(frozen=True)
class Recipient:
    """An office that may receive concerns. `mark`: its letter in a circle; `answers_to`: roles whose holders have a say
    over this one's, so that it is left out where they are named.
    """

    role: str
    vault: str
    title: str
    mark: str
    answers_to: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """How the forms ask of it, and so how a concern that names it keeps the answer."""
        title = self.title.removeprefix("the ")
        return title[:1].upper() + title[1:]


# In this order they stand in circles and in questions. The last is the last resort, which every instance has.
OFFICES = (
    Recipient("monitoring-officer", "whistleblowing", "the monitoring officer", "m"),
    Recipient(
        "deputy-monitoring-officer",
        "whistleblowing-deputy",
        "the deputy monitoring officer",
        "d",
        answers_to=("monitoring-officer",),
    ),
    Recipient("chief-internal-auditor", "whistleblowing-audit", "the chief internal auditor", "i"),
    Recipient("chief-executive", "whistleblowing-chief-executive", "the chief executive", "e"),
    Recipient("chair-of-audit", "whistleblowing-chair", "the chair of the audit committee", "c"),
    Recipient("alternate-recipient", "whistleblowing-alternate", "the alternate recipient of concerns", "a"),
)
BY_ROLE = {office.role: office for office in OFFICES}
BY_VAULT = {office.vault: office for office in OFFICES}
LAST_RESORT = OFFICES[-1]
USUALLY = ("monitoring-officer", "deputy-monitoring-officer")  # unless an authority sets others
THEN = ("chief-internal-auditor", "chief-executive", "chair-of-audit")


@dataclass(frozen=True)
class Receiving:
    """To whom a concern goes, as vaults. `all_named`: nobody was left, so that the last resort gets it although it is
    named too, and whoever sends it is told so.
    """

    vaults: tuple[str, ...]
    all_named: bool = False

    @property
    def circle(self) -> str:
        return circle(self.vaults)


def left_out(named: Collection[str], usually: Sequence[str] = USUALLY) -> frozenset[str]:
    """The roles that get no envelope: who is named, and whoever answers to one of them."""
    out = (set(named) - {UNSURE}) | (set(usually) if UNSURE in named else set())
    while more := {one.role for one in OFFICES if one.role not in out and out.intersection(one.answers_to)}:
        out |= more
    return frozenset(out)


def receiving(
    seats: Mapping[str, Collection[str]],
    named: Collection[str] = (),
    *,
    usually: Sequence[str] = USUALLY,
    then: Sequence[str] = THEN,
) -> Receiving:
    """Who gets an envelope. `seats`: the vaults in use, each with the roles of all whom it was ever opened to.

    All of the usual who are not left out; where none is, the first of the others in their order who is not; where
    none is, the last resort. A vault is left out as soon as one who can open it is.
    """
    barred = barred_from(seats, left_out(named, usually))

    def free(roles: Iterable[str]) -> list[str]:
        vaults = (BY_ROLE[role].vault for role in roles)
        return [vault for vault in vaults if vault in seats and vault not in barred]

    chosen = free(usually) or free(then)[:1] or [LAST_RESORT.vault]
    forced = LAST_RESORT.vault in barred or all_named(named, chosen, usually)
    return Receiving(_in_order(chosen), forced and chosen == [LAST_RESORT.vault])


def barred_from(seats: Mapping[str, Collection[str]], out: Collection[str]) -> set[str]:
    """The vaults in use that somebody who is left out can open, or whose office is."""
    return {vault for vault, roles in seats.items() if set(out) & {BY_VAULT[vault].role, *roles}}


def as_marks(named: Collection[str]) -> str:
    """Who is named, as a text that is as long whoever is: a sign for each office, and one for not sure."""
    each = ((office.role, office.mark) for office in OFFICES)
    return "".join(mark if role in named else "-" for role, mark in (*each, (UNSURE, "?")))


def from_marks(text: str) -> frozenset[str]:
    """Who was named, of what `as_marks` wrote."""
    signs = {office.mark: office.role for office in OFFICES} | {"?": UNSURE}
    return frozenset(signs[sign] for sign in text if sign in signs)


def all_named(named: Collection[str], vaults: Collection[str], usually: Sequence[str] = USUALLY) -> bool:
    """Whether it went to the last resort although that is named."""
    return set(vaults) == {LAST_RESORT.vault} and LAST_RESORT.role in left_out(named, usually)


def asked_about(
    seats: Mapping[str, Collection[str]], *, usually: Sequence[str] = USUALLY, then: Sequence[str] = THEN
) -> tuple[Recipient, ...]:
    """The offices of which whoever writes is asked: those to whom it may go, and whoever shares such an office."""
    may = {BY_ROLE[role].vault for role in (*usually, *then)} & seats.keys() | {LAST_RESORT.vault}
    roles = {BY_VAULT[vault].role for vault in may}.union(*(seats.get(vault, ()) for vault in may))
    return tuple(office for office in OFFICES if office.role in roles)


def faults(usually: Sequence[str], then: Sequence[str]) -> str:
    """What is wrong with an authority's order, in words; empty where nothing is."""
    listed = [*usually, *then]
    known = ", ".join(BY_ROLE)
    if unknown := [role for role in listed if role not in BY_ROLE]:
        return f"{unknown[0]!r} is no office that may receive concerns. These are: {known}."
    if len(set(listed)) < len(listed):
        return "an office stands in it twice."
    if not usually:
        return "nobody would usually receive concerns. Name at least one office."
    if LAST_RESORT.role in then:
        return f"{LAST_RESORT.role!r} is the last resort, whatever the order: leave it out."
    return ""


def circle(vaults: Collection[str]) -> str:
    """How a case tells its readers in one word of at most 40 signs: a single vault by its name, several by marks."""
    several = _in_order(vaults)
    if len(several) < 2:
        return next(iter(vaults), "")
    return SEVERAL + "".join(BY_VAULT[vault].mark for vault in several)


def in_circle(reader: str) -> tuple[str, ...]:
    """The vaults of a circle."""
    if not reader.startswith(SEVERAL):
        return (reader,) if reader else ()
    marks = reader.removeprefix(SEVERAL)
    return tuple(office.vault for office in OFFICES if office.mark in marks)


def circles(vaults: Iterable[str]) -> tuple[str, ...]:
    """Every circle in which one of some vaults is; of a vault that is no office's, itself."""
    wanted = set(vaults)
    return tuple(
        sorted((wanted - BY_VAULT.keys()) | {one for one in _EVERY if wanted.intersection(in_circle(one))})
    )


def in_words(vaults: Collection[str], *, shared: bool = False) -> str:
    """The offices of some vaults, as people call them. `shared`: the deputy has no office apart."""
    titles = [BY_VAULT[vault].title for vault in _in_order(vaults)]
    if shared and OFFICES[0].vault in vaults:
        titles[0] = SHARED
    return " and ".join(filter(None, (", ".join(titles[:-1]), *titles[-1:])))


def _in_order(vaults: Collection[str]) -> tuple[str, ...]:
    return tuple(office.vault for office in OFFICES if office.vault in vaults)


def _every() -> Iterable[str]:
    for which in range(1, 2 ** len(OFFICES)):
        yield circle([office.vault for place, office in enumerate(OFFICES) if which >> place & 1])


_EVERY = tuple(_every())
