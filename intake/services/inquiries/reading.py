"""What was written in the inquiry of a concern: one kind of sealed record, read back from the first to the last.

Each record is one entry and says itself what it is, so that nothing in clear tells an interview from a finding, or how
many of either there are. The newest entry of a part counts, the earlier ones stay to be read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any, TypeVar

from intake.models import Case, Record
from intake.procedures.allegations import Allegation
from intake.procedures.assessment import INQUIRE, Assessed, Notified
from intake.procedures.inquiry import Dated, Progress
from intake.procedures.standing import Standing
from intake.services.ground import sealing
from intake.services.ground.office import AnySession
from intake.services.ground.refusals import Damaged
from intake.vault.record import CaseKey, PurposeKey

KIND = "inquiry"
DECIDED = "triage-decided"  # the event by which the clock knows that it was decided how to look into it

ASSESSED, TERMS, INVESTIGATOR = "assessed", "terms", "investigator"
STEP, STEP_MOVED, STEP_SETTLED = "step", "step-moved", "step-settled"
INTERVIEW, AGREED, EVIDENCE, DECISION = "interview", "interview-agreed", "evidence", "decision"
ALLEGATION, REWORDED, SET_ASIDE, FINDING = (
    "allegation",
    "allegation-reworded",
    "allegation-set-aside",
    "finding",
)
ACTION, ACTION_MOVED, ACTION_SETTLED = "action", "action-moved", "action-settled"
LESSONS, REPORT, SIGNED_OFF = "lessons", "report", "signed-off"

# What becomes of an action after the review changes nothing of what was reviewed.
NOT_REVIEWED = frozenset({SIGNED_OFF, ACTION_MOVED, ACTION_SETTLED})
FINDS = frozenset({FINDING, REPORT})  # whoever wrote one of these is not the second person

Of = TypeVar("Of", Dated, Allegation)


@dataclass(frozen=True)
class Entry:
    """One record: its place in the case, the day, whose it is (an account's id), and what it says."""

    place: int
    on: date
    by: str
    what: str
    said: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Interview:
    """A note of a conversation. `agreed`: whether the person agrees, `agreed_on` since when; empty while open."""

    entry: Entry
    agreed: str = ""
    agreed_on: date | None = None
    agreed_why: str = ""


@dataclass(frozen=True)
class SignedOff:
    """That somebody reviewed what stood: the digest of it, what they say, and whether it still stands so."""

    entry: Entry
    digest: str
    stands: bool


@dataclass(frozen=True)
class Inquiry:
    """Everything that was written. `entries`: the first one first."""

    entries: tuple[Entry, ...] = ()
    steps: tuple[Dated, ...] = ()
    actions: tuple[Dated, ...] = ()
    allegations: tuple[Allegation, ...] = ()
    interviews: tuple[Interview, ...] = ()

    def every(self, what: str) -> tuple[Entry, ...]:
        """The entries of a part, the first one first."""
        return tuple(entry for entry in self.entries if entry.what == what)

    def last(self, what: str) -> Entry | None:
        """The one that counts."""
        return next((entry for entry in reversed(self.entries) if entry.what == what), None)

    @property
    def following(self) -> int:
        """The place of the next entry."""
        return self.entries[-1].place + 1 if self.entries else 0

    def text(self, what: str) -> str:
        """The words of a part as they stand; empty where nothing was written."""
        entry = self.last(what)
        return str(entry.said["text"]) if entry else ""

    @property
    def assessed(self) -> Assessed | None:
        """As it was assessed last."""
        entry = self.last(ASSESSED)
        return assessment_of(entry) if entry else None

    @property
    def begun(self) -> bool:
        """Whether there is an inquiry: it was decided so last, or something of one was written."""
        assessed = self.assessed
        decided = assessed is not None and assessed.decision == INQUIRE
        return decided or any(entry.what != ASSESSED for entry in self.entries)

    @property
    def investigators(self) -> frozenset[str]:
        """The accounts that were ever named to investigate."""
        return frozenset(one.said["staff"] for one in self.every(INVESTIGATOR) if one.said["staff"])

    @property
    def writers(self) -> frozenset[str]:
        """The accounts that wrote a finding or the report."""
        return frozenset(entry.by for entry in self.entries if entry.what in FINDS)

    @property
    def digest(self) -> str:
        """What a review is of: SHA-256 (hexadecimal) over every entry that counts, with its place, day and writer."""
        told = [
            [one.place, one.on.isoformat(), one.by, one.what, one.said]
            for one in self.entries
            if one.what not in NOT_REVIEWED
        ]
        written = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def signed(self) -> tuple[SignedOff, ...]:
        """Every sign-off, the last one first."""
        now = self.digest
        return tuple(
            SignedOff(entry, entry.said["digest"], entry.said["digest"] == now)
            for entry in reversed(self.every(SIGNED_OFF))
        )

    @property
    def signed_by(self) -> str:
        """The account whose sign-off stands; empty for none."""
        return next((one.entry.by for one in self.signed if one.stands), "")

    def progress(self, standing: Standing) -> Progress:
        """Where the work stands, for the rules."""
        return Progress(
            assessed=self.last(ASSESSED) is not None,
            decided=DECIDED in standing.events,
            begun=self.begun,
            terms=bool(self.text(TERMS).strip()),
            investigator=self.last(INVESTIGATOR) is not None,
            steps=self.steps,
            allegations=self.allegations,
            actions=self.actions,
            told=standing.settled,
            signed=bool(self.signed_by),
            closed=standing.closed_on is not None,
        )


NOTHING = Inquiry()


def known(session: AnySession, case: Case, key: CaseKey) -> Inquiry:
    """The inquiry of a case, inside the caller's transaction. Raises `Damaged`."""
    return opened(key, sealing.records(session, case.id, KIND))


def opened(key: CaseKey, records: Iterable[Record]) -> Inquiry:
    """The same, of the records of a case that were read. Raises `Damaged`."""
    mine = [record for record in records if record.kind == KIND]
    return of(_entries(key.for_purpose(sealing.PURPOSES[KIND]), mine)) if mine else NOTHING


def _entries(purpose: PurposeKey, records: Iterable[Record]) -> Iterable[Entry]:
    for record in sorted(records, key=lambda one: one.place):
        said = sealing.read_record(purpose, record)
        yield Entry(record.place, record.written_on, record.written_by, said.pop("what"), said)


def of(entries: Iterable[Entry]) -> Inquiry:
    """What some entries say together."""
    kept = tuple(entries)
    return Inquiry(
        entries=kept,
        steps=_dated(kept, STEP, STEP_MOVED, STEP_SETTLED),
        actions=_dated(kept, ACTION, ACTION_MOVED, ACTION_SETTLED),
        allegations=_gathered(kept, ALLEGATION, _allegation, _ALLEGED),
        interviews=_interviews(kept),
    )


def _gathered(
    entries: tuple[Entry, ...],
    made_by: str,
    make: Callable[[Entry], Of],
    changes: Mapping[str, Callable[[Of, Entry], Of]],
) -> tuple[Of, ...]:
    found: dict[int, Of] = {}
    for entry in entries:
        if entry.what == made_by:
            found[entry.place] = make(entry)
        elif entry.what in changes:
            number = _among(found, entry)
            found[number] = changes[entry.what](found[number], entry)
    return tuple(found.values())


def _among(found: Mapping[int, object], entry: Entry) -> int:
    """The number of the thing that an entry is about. Raises `Damaged` where that was taken away."""
    number: int = entry.said["number"]
    if number not in found:
        raise Damaged("Part of this inquiry is missing: it was taken out of the database.")
    return number


def _dated(entries: tuple[Entry, ...], made_by: str, moved: str, settled: str) -> tuple[Dated, ...]:
    def make(entry: Entry) -> Dated:
        said = entry.said
        return Dated(entry.place, said["words"], date.fromisoformat(said["due"]), said.get("owner", ""))

    def move(one: Dated, entry: Entry) -> Dated:
        return replace(one, due=date.fromisoformat(entry.said["due"]))

    def settle(one: Dated, entry: Entry) -> Dated:
        said = entry.said
        return replace(
            one, settled_on=date.fromisoformat(said["on"]), dropped=said["dropped"], how=said["how"]
        )

    return _gathered(entries, made_by, make, {moved: move, settled: settle})


def _allegation(entry: Entry) -> Allegation:
    return Allegation(entry.place, entry.said["words"])


_ALLEGED: Mapping[str, Callable[[Allegation, Entry], Allegation]] = {
    REWORDED: lambda one, entry: replace(one, words=entry.said["words"], outcome="", reason=""),
    SET_ASIDE: lambda one, entry: replace(one, set_aside=entry.on, reason=entry.said["why"], outcome=""),
    FINDING: lambda one, entry: replace(one, outcome=entry.said["outcome"], reason=entry.said["why"]),
}


def _interviews(entries: tuple[Entry, ...]) -> tuple[Interview, ...]:
    found: dict[int, Interview] = {}
    for entry in entries:
        if entry.what == INTERVIEW:
            found[entry.place] = Interview(entry)
        elif entry.what == AGREED:
            said, number = entry.said, _among(found, entry)
            on = date.fromisoformat(said["on"])
            found[number] = replace(
                found[number], agreed=said["agreed"], agreed_on=on, agreed_why=said["why"]
            )
    return tuple(found.values())


def content_of(found: Assessed) -> dict[str, Any]:
    """What is sealed of an assessment; what is empty is left out."""
    told: dict[str, Any] = {
        name: value for name, value in asdict(found).items() if value and name != "others"
    }
    others = {
        name: asdict(one) | {"on": one.on.isoformat() if one.on else ""}
        for name, one in found.others.items()
        if one.state
    }
    return told | ({"others": others} if others else {})


_KNOWN = {one.name for one in fields(Assessed)}


def assessment_of(entry: Entry) -> Assessed:
    """An assessment as it was kept; what a later version says besides is passed over."""
    said: dict[str, Any] = {name: value for name, value in entry.said.items() if name in _KNOWN}
    others = {
        name: Notified(
            one["state"], one["who"], date.fromisoformat(one["on"]) if one["on"] else None, one["by"]
        )
        for name, one in said.pop("others", {}).items()
    }
    for name in {"categories", "knows"} & said.keys():
        said[name] = tuple(said[name])
    return Assessed(**said, others=others)


def in_words(said: Mapping[str, Any]) -> str:
    """An entry as it reads where its inquiry is none any more: each part that says something, on its own line."""
    told = (
        f"{name.replace('_', ' ')}: {_plain(value)}"
        for name, value in said.items()
        if value and name != "what"
    )
    return "\n".join((f"Inquiry, {said['what'].replace('-', ' ')}:", *told))


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_plain(one)}" for name, one in value.items() if one)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
