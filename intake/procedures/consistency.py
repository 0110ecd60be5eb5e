"""Whether the parts of a procedure fit together: what a catalogue file must satisfy beyond the shape of
each key.
"""

from collections.abc import Iterator

from .definitions import Event, Kind, Limit, Procedure, Stage, Unit, Version

_ONCE_A_STAGE = (Kind.ACKNOWLEDGE, Kind.REFUSE_STAGE, Kind.PAUSE, Kind.RESUME, Kind.SET_DATE)


def check(procedure: Procedure) -> str | None:
    """The first fault, naming its key, or None."""
    return next(_faults(procedure), None)


def _faults(procedure: Procedure) -> Iterator[str]:
    previous = None
    for place, version in enumerate(procedure.versions):
        key = f"versions[{version.id}]"
        if place and version.received_from is None:
            yield f"{key}.received_from: is missing, so it overlaps the version before it."
        elif previous and version.received_from <= previous:
            yield (
                f"{key}.received_from: versions overlap or are out of order; each must start "
                "after the one before."
            )
        previous = version.received_from
        for fault in _version_faults(version):
            yield f"{key}.{fault}"


def _version_faults(version: Version) -> Iterator[str]:
    stages = [stage.id for stage in version.stages]
    known: dict[str, Event] = {}
    for place, event in enumerate(version.events):
        yield from (f"events[{event.id}].{fault}" for fault in _event_faults(event, place, stages, known))
        known[event.id] = event
    for place, stage in enumerate(version.stages):
        yield from (f"stages[{stage.id}].{fault}" for fault in _stage_faults(stage, place, version))
    above: dict[str, Limit] = {}
    for limit in version.limits:
        yield from (f"limits[{limit.id}].{fault}" for fault in _limit_faults(limit, version, known, above))
        above[limit.id] = limit


def _event_faults(event: Event, place: int, stages: list[str], known: dict[str, Event]) -> Iterator[str]:
    if event.stage not in stages:
        yield f"stage: {event.stage!r} is not a stage of this version."
    if (place == 0) != (event.id == "received") or (place == 0) != (event.kind is Kind.RECEIVE):
        yield "kind: the first event, and no other, is 'received' of the kind 'receive'."
    if place and event.follows not in known:
        yield f"follows: {event.follows!r} is not an event listed above it."
    if not place and event.follows is not None:
        yield "follows: the receipt follows nothing."


def _stage_faults(stage: Stage, place: int, version: Version) -> Iterator[str]:
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
    if limit.before_known is not None and limit.before_known not in above:
        yield f"before_known: {limit.before_known!r} is not a limit listed above it."
    if limit.second_reading_of is not None and limit.second_reading_of not in above:
        yield f"second_reading_of: {limit.second_reading_of!r} is not a limit listed above it."
    if limit.pausable and limit.force != "local":
        yield f"pausable: a clock of force '{limit.force}' never pauses; only a local one may."
    if limit.pausable and limit.unit is not Unit.WORKING_DAYS:
        yield "pausable: is for limits in working days only."
    if limit.pausable and version.event_of(Kind.PAUSE, limit.stage) is None:
        yield "pausable: the stage has no event of the kind 'pause'."
    if limit.owed_by == "complainant" and limit.steps:
        yield "escalation: nobody is chased for what the complainant may do."
    extension = limit.extension
    if extension and extension.to is not None and extension.add is not None:
        yield "extension.to: give 'to' or 'add', not both."
    if extension and extension.to is not None and extension.to <= limit.count:
        yield f"extension.to: must be more than the limit itself, {limit.count}."
    if extension and limit.unit is Unit.BY_HAND:
        yield "extension: a date entered by hand is set again, not extended."
