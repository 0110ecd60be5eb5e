"""What is wanted of us next in a case, with its date, and the one or two acts by which that is likeliest done."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from .clock import Deadline
from .definitions import Event, Kind, Version
from .moves import (
    Acknowledge,
    Allocate,
    Appoint,
    Close,
    Extend,
    Move,
    OpenNextStage,
    Record,
    RefuseAtTheDoor,
    RefuseNextStage,
    Respond,
    ResumeClock,
    SetDate,
    Write,
)
from .outlook import as_asked, ask_by
from .permitted import Offer
from .position import owed
from .standing import Standing
from .working_days import say

_ACT_OF = {
    Kind.ACKNOWLEDGE: Acknowledge,
    Kind.RESPOND: Respond,
    Kind.OPEN_STAGE: OpenNextStage,
    Kind.REFUSE_STAGE: RefuseNextStage,
    Kind.RESUME: ResumeClock,
    Kind.SET_DATE: SetDate,
}


@dataclass(frozen=True, slots=True)
class Holder:
    """What the holder waits for: an answer to what they wrote (`asks`: for what, in words), the next stage."""

    wrote: bool = False
    asks: str = ""
    stage_asked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that is wanted now, in words with its date. `deadline`: whose date that is; None where none runs.

    `acts`: two at most, the likeliest first. `message`: it is to be read among the messages.
    """

    words: str
    acts: tuple[Offer, ...]
    deadline: Deadline | None = None
    message: bool = False


_SILENT = Holder()


def wanted(
    standing: Standing,
    offers: Sequence[Offer],
    today: date,
    holder: Holder = _SILENT,
    *,
    turned_away: bool = False,
) -> tuple[Wanted, ...]:
    """Everything that is wanted of a case now, the most urgent first; empty where nothing is.

    `offers`: the acts that are possible today. `turned_away`: triage decided not to take it on, and its sender has not
    been told; that comes before everything else. A request for the next stage comes first. A message comes before a
    date that is still to come, and after one that is due or has passed.
    """
    message, dated = _message(offers, holder), _dated(standing, offers)
    if turned_away and (told := _turned_away(standing, offers, dated)):
        return (told, message) if message else (told,)
    if asked := _request(standing, offers, holder):
        return (asked, message) if message else (asked,)
    rest = dated or _waits(standing, offers) or _undated(standing, offers)
    pressing = dated is not None and dated.deadline is not None and dated.deadline.due <= today
    return tuple(one for one in ((rest, message) if pressing else (message, rest)) if one)


def _turned_away(standing: Standing, offers: Sequence[Offer], dated: Wanted | None) -> Wanted | None:
    if standing.outcomes or not (acts := _of(offers, RefuseAtTheDoor) or _of(offers, Respond)):
        return None
    return Wanted(
        "Triage decided not to take it on: say so, and where to go", acts, dated.deadline if dated else None
    )


def _request(standing: Standing, offers: Sequence[Offer], holder: Holder) -> Wanted | None:
    if holder.stage_asked_on is None or standing.next_stage is None:
        return None
    dates = _dates(as_asked(standing, holder.stage_asked_on))
    asked = f"The holder asked for “{standing.next_stage.label}” on {say(holder.stage_asked_on)}"
    return Wanted(
        f"{asked}: open it or refuse it", _of(offers, OpenNextStage, RefuseNextStage), next(iter(dates), None)
    )


def _message(offers: Sequence[Offer], holder: Holder) -> Wanted | None:
    if not holder.wrote:
        return None
    words = "Somebody waits for an answer" + (f": {holder.asks}" if holder.asks else "")
    return Wanted(words, _of(offers, Write), message=True)


def _dated(standing: Standing, offers: Sequence[Offer]) -> Wanted | None:
    """The first date that is owed, where its clock runs."""
    deadline = next(iter(_dates(standing)), None)
    if deadline is None:
        return None
    led = _leads_to(standing, deadline, offers)
    words, acts = _words(standing, deadline, led), [offer for offer in led[:1] if offer]
    if standing.handler is None and (give := _of(offers, Allocate)):
        if acts and acts[0].move is Acknowledge:
            return Wanted(words, (acts[0], *give), deadline)
        return Wanted(f"Give it to somebody: {words[0].lower()}{words[1:]}", (*give, *acts), deadline)
    return Wanted(words, (*acts, *_second(deadline, acts, offers)), deadline)


def _second(deadline: Deadline, acts: Sequence[Offer], offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """What may be done instead: the date extended, or the day that was arranged changed."""
    if acts and acts[0].move is Respond:
        return _first(offer for offer in offers if (offer.move, offer.subject) == (Extend, deadline.id))
    return ()


def _waits(standing: Standing, offers: Sequence[Offer]) -> Wanted | None:
    """A clock that stands still, or a date that nobody has entered."""
    resume = _of(offers, ResumeClock)
    if standing.open_pause and resume:
        since = say(standing.open_pause.since)
        return Wanted(f"The clock has stood still since {since}: let it run once consent has come", resume)
    letter = _of(offers, SetDate)
    entered = any(
        event.kind is Kind.SET_DATE and event.id in standing.events for event in standing.version.events
    )
    if entered or standing.settled or not letter:
        return None
    return Wanted("Enter the due date from the letter", letter)


def _undated(standing: Standing, offers: Sequence[Offer]) -> Wanted | None:
    """What is left where no date is owed: to answer, or to close."""
    if standing.closed_on:
        return None
    if standing.settled:
        return Wanted(f"To close: it has been answered{_may_ask(standing)}", _of(offers, Close, Write))
    if standing.handler is None and (give := _of(offers, Allocate)):
        return Wanted("Give it to somebody: no date runs for it", (*give, *_of(offers, Respond)))
    how = " to the end" if standing.stage.id in standing.outcomes else ""
    return Wanted(f"Answer{_stage(standing)}{how}: no date runs for it", _of(offers, Respond, Write))


def _may_ask(standing: Standing) -> str:
    """That the holder is expected to ask for the next stage, if at all, until a day."""
    last = ask_by(standing)
    if last is None or standing.next_stage is None:
        return ""
    return f". They may ask for “{standing.next_stage.label}”, by {say(last)} if they can"


def _dates(standing: Standing) -> list[Deadline]:
    """What is owed and whose clock runs, the earliest first: each once, as we work to it."""
    limit = standing.version.limit
    ours = (
        one
        for one in owed(standing.deadlines)
        if one.paused_since is None and not limit(one.id).decides_lateness and not limit(one.id).moves_with
    )
    return sorted(ours, key=lambda one: one.due)


def _leads_to(standing: Standing, deadline: Deadline, offers: Sequence[Offer]) -> tuple[Offer | None, bool]:
    """The act that keeps a date, or that has to come before it; and whether it keeps the date itself."""
    version = standing.version
    for name in version.limit(deadline.id).met_by:
        for event in _chain(version, name):
            if event.id in standing.events:
                continue
            if found := _first(offer for offer in offers if _brings(standing, offer, event)):
                return found[0], event.id == name
    return None, False


def _chain(version: Version, name: str) -> Iterator[Event]:
    """An event and what it follows, one before the other; before each the one that arranges its day."""
    seen: set[str] = set()
    following: str | None = name
    while following and following not in seen:
        seen.add(following)
        event = version.event(following)
        yield from (one for one in version.events if one.arranges == event.id)
        yield event
        following = event.follows


def _brings(standing: Standing, offer: Offer, event: Event) -> bool:
    """Whether an act on offer brings an event about."""
    if offer.move in {Record, Appoint}:
        return offer.subject == event.id
    stage = standing.next_stage if event.kind in {Kind.OPEN_STAGE, Kind.REFUSE_STAGE} else standing.stage
    return _ACT_OF.get(event.kind) is offer.move and stage is not None and stage.id == event.stage


def _words(standing: Standing, deadline: Deadline, led: tuple[Offer | None, bool]) -> str:
    offer, keeps = led
    by = f"by {say(deadline.due)}" + (" at the latest" if deadline.provisional else "")
    if offer is None or (keeps and offer.move not in {Acknowledge, Respond}):
        day = standing.arranged_for(deadline.id)
        return f"{deadline.label} {by}" + (f": arranged for {say(day)}" if day else "")
    if not keeps:
        return f"{offer.label}, so that “{deadline.label}” can be kept {by}"
    if offer.move is Acknowledge:
        again = "" if standing.stage is standing.version.stages[0] else _stage(standing)
        return f"Acknowledge{again} {by}"
    return f"{f'Answer{stage}' if (stage := _stage(standing)) else deadline.label} {by}"


def _stage(standing: Standing) -> str:
    """Which stage is meant, where there are several."""
    if len(standing.version.stages) == 1:
        return ""
    name, colon, _ = standing.stage.label.partition(":")
    return f" {name[0].lower()}{name[1:]}" if colon else f" “{name}”"


def _of(offers: Iterable[Offer], *kinds: type[Move]) -> tuple[Offer, ...]:
    """The first offer of each kind, in the order of the kinds."""
    known = tuple(offers)
    return tuple(offer for kind in kinds for offer in _first(one for one in known if one.move is kind))


def _first(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    return tuple(offers)[:1]
