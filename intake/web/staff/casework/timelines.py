"""A deadline as a line with its dates, and the words that stand beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from intake.procedures.definitions import FORCES, Kind, Procedure
from intake.procedures.standing import Standing
from intake.procedures.working_days import say
from intake.services.casework.case_page import DeadlineView

TONES = {
    "overdue": "late",
    "due-today": "soon",
    "due": "accent",
    "provisional": "accent",
    "met": "done",
    "met-late": "late",
    "paused": "",
    "passed": "",
    "stopped": "",
}


@dataclass(frozen=True)
class Point:
    """A mark on the line."""

    on: date
    label: str
    kind: str
    note: str = ""


@dataclass(frozen=True)
class Drawn:
    """One deadline ready to be drawn. `running`: somebody still has to keep it."""

    id: str
    label: str
    stage: str
    points: tuple[Point, ...]
    state: str
    tone: str
    words: str
    explained: tuple[str, ...]
    source: str
    force: str
    notes: tuple[str, ...]
    running: bool


@dataclass(frozen=True)
class InAll:
    """The time that everything may take: a date that nobody is chased for, and how the case stands to it."""

    label: str
    until: date
    words: str
    source: str


def in_all(standing: Standing, today: date, *, asked: date | None = None) -> InAll | None:
    """How a case stands to the time in all that the Ombudsman calls reasonable; None where it names none.
    `asked`: when the next stage was asked for, where nobody has decided; its answer is still to come."""
    within, until = standing.version.in_all, standing.in_all_until
    if within is None or until is None:
        return None
    answer = standing.version.own_event(Kind.RESPOND, standing.stage.id).id
    answered = standing.events.get(standing.version.last_answer(answer, standing.events))
    ended = (answered if standing.settled and not asked else None) or standing.closed_on
    if ended:
        what = "last answer" if ended == answered else "closing"
        words = f"{'Within' if ended <= until else 'After'} it: the {what} was on {say(ended)}."
    elif today > until:
        words = "It has passed, and the case is open."
    else:
        left = standing.calendar.between(today, until)
        words = f"{left} working day{'' if left == 1 else 's'} left."
    return InAll(f"{within.weeks} weeks in all", until, words, within.source)


@dataclass(frozen=True)
class Span:
    """From which day to which the clocks that run are drawn: one scale for all of them, so that today is one place."""

    first: date
    last: date

    def place(self, day: date) -> str:
        """How far along a day lies, in hundredths; the ends stay clear of the edge."""
        whole = max((self.last - self.first).days, 1)
        return f"{2 + min(max((day - self.first).days / whole, 0), 1) * 96:.2f}"


def span(clocks: list[Drawn], today: date) -> Span:
    """The scale on which clocks are drawn together; today lies on it."""
    days = [point.on for clock in clocks for point in clock.points] or [today]
    return Span(min(*days, today), max(*days, today))


def badge(view: DeadlineView) -> tuple[str, str]:
    """How a deadline stands, in two or three words, and in which tone."""
    tone = TONES[view.today.state] if view.deadline.owed_by == "authority" else ""
    return _state(view.today.state, view.today.days), tone


def draw(views: tuple[DeadlineView, ...], procedure: Procedure, standing: Standing) -> list[Drawn]:
    """Every deadline of a case, in the catalogue's order."""
    labels = {view.deadline.id: view.deadline.label for view in views}
    names = _event_names(procedure)
    return [_drawn(view, names, labels, standing.arranged_for(view.deadline.id)) for view in views]


def _drawn(
    view: DeadlineView, events: Mapping[str, str], labels: Mapping[str, str], arranged: date | None
) -> Drawn:
    deadline = view.deadline
    notes = [deadline.note, *deadline.warnings]
    if arranged and deadline.met_on is None:
        late = ", which is after the date by which it is due" if arranged > deadline.due else ""
        notes.append(f"Arranged for {say(arranged)}{late}.")
    if deadline.other_reading and deadline.other_reading in labels:
        notes.append(
            f"Sources read this limit in two ways. The other reading, “{labels[deadline.other_reading]}”, is "
            "shown as well: work to the earlier date."
        )
    elif deadline.other_reading:
        notes.append("Sources read this limit in two ways. The other reading begins only with a later event.")
    if deadline.late_after and deadline.late_after > deadline.due:
        notes.append(f"Nobody is chased, and nothing is late, before {say(deadline.late_after)} has passed.")
    return Drawn(
        id=deadline.id,
        label=deadline.label,
        stage=deadline.stage,
        points=_points(view, events, arranged),
        state=badge(view)[0],
        tone=badge(view)[1],
        words=_words(view),
        explained=tuple(line[0].upper() + line[1:] for line in deadline.working[:-1]),
        source=deadline.source,
        force=FORCES[deadline.force],
        notes=tuple(note for note in notes if note),
        running=deadline.met_on is None and deadline.stopped_on is None,
    )


def _points(view: DeadlineView, events: Mapping[str, str], arranged: date | None) -> tuple[Point, ...]:
    deadline = view.deadline
    points = [Point(deadline.counted_on, events.get(deadline.counted_from, "Start"), "start")]
    if deadline.extended:
        points.append(Point(deadline.unextended, "First date", "start"))
    due = "Due, provisionally" if deadline.provisional else "Due"
    if deadline.owed_by == "complainant":
        due = "Their time to ask"
    points.append(Point(deadline.due, due + (", as extended" if deadline.extended else ""), "due"))
    if deadline.latest and deadline.met_on is None and deadline.latest > deadline.due:
        points.append(Point(deadline.latest, "Furthest an extension may reach", "latest"))
    if deadline.latest and deadline.beyond:
        points.append(Point(deadline.latest, "Furthest without good reason", "latest"))
    if arranged and deadline.met_on is None:
        points.append(Point(arranged, "Arranged", "latest"))
    if deadline.met_on:
        points.append(Point(deadline.met_on, "Done", "done"))
    return tuple(sorted(points, key=lambda point: point.on))


def _words(view: DeadlineView) -> str:
    words = view.today.words
    return words[0].upper() + words[1:] + "."


def _state(state: str, days: int) -> str:
    number = "1 working day" if days == 1 else f"{days} working days"
    return {
        "overdue": f"Overdue by {number}" if days else "Overdue",
        "due-today": "Due today",
        "due": f"{number} left",
        "provisional": f"{number} left",
        "met": "Done in time",
        "met-late": f"Done, {number} late",
        "paused": "Paused",
        "passed": "Their time has passed",
        "stopped": "No longer running",
    }[state]


def _event_names(procedure: Procedure) -> Mapping[str, str]:
    return {event.id: event.label for version in procedure.versions for event in version.events}
