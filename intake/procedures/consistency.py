"""Whether the parts of a procedure fit together: what a catalogue file must satisfy beyond the shape of
each key.
"""

from collections.abc import Iterable, Iterator

from .definitions import Event, Extension, Kind, Limit, Outcome, Procedure, Stage, Unit, Version
from .retention import MOST_YEARS

_MOST_DAYS = {Unit.WORKING_DAYS: 3, Unit.DAYS: 1, Unit.MONTHS: 31, Unit.BY_HAND: 0}
_LONGEST_DAYS = 40 * 365  # what is received in 2100 still has all of its dates
NOT_CHILDRENS = ("adult-social-care", "public-health")  # statutory too, and measures of their own
_ONCE_A_STAGE = (Kind.ACKNOWLEDGE, Kind.REFUSE_STAGE, Kind.PAUSE, Kind.RESUME, Kind.SET_DATE)


def check(procedure: Procedure) -> str | None:
    """The first fault, naming its key, or None."""
    return next(_faults(procedure), None)


def _faults(procedure: Procedure) -> Iterator[str]:
    previous = None
    for place, version in enumerate(procedure.versions):
        key = f"versions[{version.id}]"
        own = version.outcomes is not procedure.versions[0].outcomes
        if own or not place:
            yield from (f"{key}.{fault}" if own else fault for fault in _outcome_faults(version.outcomes))
        if place and version.received_from is None:
            yield f"{key}.received_from: is missing, so it overlaps the version before it."
        elif previous and version.received_from and version.received_from <= previous:
            yield (
                f"{key}.received_from: versions overlap or are out of order; each must start "
                "after the one before."
            )
        previous = version.received_from
        for fault in _version_faults(version):
            yield f"{key}.{fault}"
        for event in version.events:
            if event.statement and procedure.reader == "whistleblowing":
                yield f"{key}.events[{event.id}].statement: whoever finds a concern's receipt would read it."
    yield from _labels("versions", procedure.versions)
    if procedure.retention and procedure.retention.months > MOST_YEARS * 12:
        yield f"retention.count: nothing is kept for longer than {MOST_YEARS} years here."


def _outcome_faults(outcomes: Iterable[Outcome]) -> Iterator[str]:
    if not any(outcome.given_by == "response" and outcome.final for outcome in outcomes):
        yield "outcomes: needs at least one that an answer may give and that is final."
    yield from _labels("outcomes", outcomes)


def _version_faults(version: Version) -> Iterator[str]:
    stages = [stage.id for stage in version.stages]
    for key, things in (("stages", version.stages), ("limits", version.limits)):
        yield from _labels(key, things)
    known: dict[str, Event] = {}
    for place, event in enumerate(version.events):
        yield from (f"events[{event.id}].{fault}" for fault in _event_faults(event, place, stages, known))
        known[event.id] = event
    for event in version.events:
        if event.signposts and version.signpost is None:
            yield f"events[{event.id}].signposts: needs a signpost for the whole file."
        if event.arranges is not None and event.arranges not in known:
            yield f"events[{event.id}].arranges: {event.arranges!r} is not an event of this version."
    for place, stage in enumerate(version.stages):
        yield from (f"stages[{stage.id}].{fault}" for fault in _stage_faults(stage, place, version))
    above: dict[str, Limit] = {}
    for limit in version.limits:
        yield from (f"limits[{limit.id}].{fault}" for fault in _limit_faults(limit, version, known, above))
        above[limit.id] = limit
    for stage_id in stages:
        may_pause = any(limit.pausable and limit.stage == stage_id for limit in version.limits)
        if version.event_of(Kind.PAUSE, stage_id) and not may_pause:
            yield f"stages[{stage_id}].id: this stage has an event of the kind 'pause' and no limit that is pausable."
    yield from _ids("events", version.events)
    yield from _ids("limits", version.limits)


def _event_faults(event: Event, place: int, stages: list[str], known: dict[str, Event]) -> Iterator[str]:
    if event.stage not in stages:
        yield f"stage: {event.stage!r} is not a stage of this version."
    if (place == 0) != (event.id == "received") or (place == 0) != (event.kind is Kind.RECEIVE):
        yield "kind: the first event, and no other, is 'received' of the kind 'receive'."
    if place and event.follows not in known:
        yield f"follows: {event.follows!r} is not an event listed above it."
    if event.follows in known and event.stage in stages:
        before = known[event.follows]
        if stages.index(before.stage) > stages.index(event.stage):
            yield f"follows: {event.follows!r} belongs to a later stage, so this could never happen."
    yield from _more_of_an_event(event)
    if not place and event.follows is not None:
        yield "follows: the receipt follows nothing."


def _more_of_an_event(event: Event) -> Iterator[str]:
    if (event.kind is Kind.ARRANGE) != (event.arranges is not None):
        yield "arranges: names the event that is arranged, for the kind 'arrange' and for no other."
    if event.names and event.kind not in (Kind.RECORD, Kind.ARRANGE):
        yield "names: people are appointed with an event of the kind 'record' or 'arrange'."
    if event.signposts and (event.kind is not Kind.RECORD or event.names):
        yield "signposts: is for an event of the kind 'record' that names nobody."
    if event.statement and (event.kind is not Kind.RECORD or event.names or event.signposts):
        yield "statement: is for an event of the kind 'record' that names nobody and signposts nothing."
    if event.kind is Kind.ARRANGE and not event.names:
        yield "names: an event of the kind 'arrange' appoints people."


def _stage_faults(stage: Stage, place: int, version: Version) -> Iterator[str]:
    if version.procedure in NOT_CHILDRENS and (stage.measure or "").startswith("statutory-"):
        yield f"measure: {stage.measure!r} counts children's complaints. Write {version.procedure!r}."
    kinds = [event.kind for event in version.events if event.stage == stage.id]
    if kinds.count(Kind.RESPOND) != 1:
        yield "id: this stage needs exactly one event of the kind 'respond'."
    if place and kinds.count(Kind.OPEN_STAGE) != 1:
        yield "id: this stage needs exactly one event of the kind 'open-stage'."
    if not place and Kind.OPEN_STAGE in kinds:
        yield "id: the first stage is opened by the receipt and by no other event."
    for kind in _ONCE_A_STAGE:
        if kinds.count(kind) > 1:
            yield f"id: this stage has more than one event of the kind '{kind}'."
    if (Kind.PAUSE in kinds) != (Kind.RESUME in kinds):
        yield "id: an event of the kind 'pause' needs one of the kind 'resume', and the other way round."
    if stage.final and version.signpost is None:
        yield "final: a final stage needs a signpost for the whole file."


def _limit_faults(
    limit: Limit, version: Version, events: dict[str, Event], above: dict[str, Limit]
) -> Iterator[str]:
    yield from _counting_faults(limit, version, events, above)
    yield from _reading_faults(limit, above)
    if limit.pausable:
        yield from _pausing_faults(limit, version)
    if limit.owed_by == "complainant" and limit.steps:
        yield "escalation: nobody is chased for what the complainant may do."
    if _longest(limit, above) > _LONGEST_DAYS:
        yield "count: with the limits that it rests on, this could end after the last year of the calendar."
    if limit.extension:
        yield from _extension_faults(limit, limit.extension, version)


def _counting_faults(
    limit: Limit, version: Version, events: dict[str, Event], above: dict[str, Limit]
) -> Iterator[str]:
    if limit.stage not in [stage.id for stage in version.stages]:
        yield f"stage: {limit.stage!r} is not a stage of this version."
    if limit.counts_from not in events:
        yield f"counts_from: {limit.counts_from!r} is not an event of this version."
    for event in limit.met_by:
        if event not in events:
            yield f"met_by: {event!r} is not an event of this version."
    if limit.unit is Unit.BY_HAND and events[limit.counts_from].kind is not Kind.SET_DATE:
        yield "counts_from: a date entered by hand comes from an event of the kind 'set-date'."
    if limit.beginning and limit.unit not in (Unit.DAYS, Unit.MONTHS):
        yield "beginning_with_the_day: is for limits in days or months only."
    if limit.rolls_forward and limit.unit not in (Unit.DAYS, Unit.MONTHS):
        yield "rolls_forward: is for limits in days or months only."


def _reading_faults(limit: Limit, above: dict[str, Limit]) -> Iterator[str]:
    for key in ("before_known", "second_reading_of", "moves_with"):
        other = getattr(limit, key)
        if other is not None and other not in above:
            yield f"{key}: {other!r} is not a limit listed above it."
    if limit.moves_with is not None and limit.extension is not None:
        yield "moves_with: a limit that moves with another has no extension of its own."
    if limit.decides_lateness and limit.second_reading_of is None:
        yield "decides_lateness: is for the second reading of another limit only."
    if limit.late_request != "considered" and limit.owed_by != "complainant":
        yield "late_request: is for what the complainant may ask for only."


def _pausing_faults(limit: Limit, version: Version) -> Iterator[str]:
    if limit.force != "local":
        yield f"pausable: a clock of force '{limit.force}' never pauses; only a local one may."
    if limit.unit is not Unit.WORKING_DAYS:
        yield "pausable: is for limits in working days only."
    if version.event_of(Kind.PAUSE, limit.stage) is None:
        yield "pausable: the stage has no event of the kind 'pause'."


def _extension_faults(limit: Limit, extension: Extension, version: Version) -> Iterator[str]:
    if extension.signposts and version.signpost is None:
        yield "extension.signposts: needs a signpost for the whole file."
    if extension.to is not None and extension.add is not None:
        yield "extension.to: give 'to' or 'add', not both."
    if extension.to is not None and extension.to <= limit.count:
        yield f"extension.to: must be more than the limit itself, {limit.count}."
    if extension.beyond and (limit.force == "law" or (extension.to, extension.add) == (None, None)):
        yield (
            "extension.beyond_with_good_reason: is for a limit that no law sets, and that has a furthest date "
            "('to' or 'add')."
        )
    if limit.unit is Unit.BY_HAND:
        yield "extension: a date entered by hand is set again, not extended."


def _labels(key: str, things: Iterable[Stage | Limit | Outcome | Version]) -> Iterator[str]:
    """People choose by the label, and letters find a version and a stage by it."""
    known: set[str] = set()
    for thing in things:
        if thing.label in known:
            yield f"{key}[{thing.id}].label: {thing.label!r} stands there twice; people could not tell them apart."
        known.add(thing.label)


def _ids(key: str, things: Iterable[Event | Limit]) -> Iterator[str]:
    """A file may not give the name that is made for a new answer's own."""
    known: set[str] = set()
    for thing in things:
        if thing.id in known:
            yield f"{key}[{thing.id}].id: stands there twice; one is made from a stage's new_answer."
        known.add(thing.id)


def _longest(limit: Limit, above: dict[str, Limit]) -> int:
    """Days, at the most, from an event to the end of a limit, with its extension and the limits it rests on."""
    extension = limit.extension
    count = max(limit.count, extension.to or 0) if extension else limit.count
    days = count * _MOST_DAYS[limit.unit]
    if extension and extension.add:
        days += extension.add * _MOST_DAYS[Unit.WORKING_DAYS]
    days += max((abs(step.days) for step in limit.steps), default=0) * _MOST_DAYS[Unit.WORKING_DAYS]
    return days + (_longest(above[limit.before_known], above) if limit.before_known in above else 0)
