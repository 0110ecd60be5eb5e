"""Setting out the points of complaint of a case: add, put in other words, order, withdraw.

Each act is one press, and keeps all points as they then stand; what they were before stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from intake.database import writing
from intake.models import Case, Theme
from intake.procedures import points as rule
from intake.procedures.definitions import Version
from intake.procedures.standing import Standing
from intake.procedures.working_days import say
from intake.services.cases import concerns, places, reaching, timekeeping
from intake.services.ground import journal, sealing
from intake.services.ground.office import AnySession, Office
from intake.services.ground.refusals import ActedMeanwhile, NotFound, Refused, needs
from intake.services.ground.roles import Officer, Right
from intake.vault.record import CaseKey

from . import agreeing
from .agreeing import Agreement
from .reading import POINTS, Complaint, Point, known

MOST = 20  # that stand: an answer goes through each of them on one page
WORDS, WANTED, WHY = 2_000, 1_000, 1_000  # characters

ADDED, REWORDED, MOVED, CLASSIFIED, WITHDRAWN, SET_OUT = (
    "added",
    "reworded",
    "moved",
    "classified",
    "withdrawn",
    "set-out",
)


@dataclass(frozen=True)
class Draft:
    """What somebody typed of a point."""

    words: str
    wanted: str = ""
    place: str | None = None
    theme: str | None = None


@dataclass(frozen=True)
class _Turn:
    """A case whose points are being set out."""

    office: Office
    officer: Officer
    now: datetime
    case: Case
    key: CaseKey
    complaint: Complaint
    standing: Standing


def set_out(
    office: Office,
    officer: Officer,
    reference: str,
    drafts: Sequence[Draft],
    *,
    revision: int,
    now: datetime,
) -> None:
    """Set out the points of a case that has none yet, all at once. Raises as `add`."""
    with writing(office.session):
        _set_out(_begin(office, officer, reference, revision, now), drafts)


def set_out_inside(
    office: Office, officer: Officer, case: Case, key: CaseKey, drafts: Sequence[Draft], *, now: datetime
) -> None:
    """The same inside the transaction of another act on the case, which has held the revision against its page's."""
    _set_out(_turn(office, officer, case, key, now), drafts)


def _set_out(turn: _Turn, drafts: Sequence[Draft]) -> None:
    _may_change(turn)
    if turn.complaint.points:
        raise Refused("The points of this complaint are set out already. Change them one by one.")
    points = tuple(_new(turn, str(number), draft) for number, draft in enumerate(drafts, start=1))
    if not points:
        raise Refused("Say what is complained of.")
    _keep(turn, points, SET_OUT, None, 0)


def add(
    office: Office,
    officer: Officer,
    reference: str,
    draft: Draft,
    agreed: Agreement | None = None,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Add a point, after those that stand. `agreed`: needed once a statement was agreed.

    Raises `NotFound`, `Refused` in words (a case that has no points or is answered, too many, a place or theme that
    nothing can be given to), `ActedMeanwhile` and `NotStored`; then nothing is kept.
    """
    with writing(office.session):
        turn = _begin(office, officer, reference, revision, now)
        _may_change(turn)
        points, standing = turn.complaint.points, turn.complaint.standing
        new = _new(turn, str(max((int(point.id) for point in points), default=0) + 1), draft)
        after = (*standing, new, *points[len(standing) :])
        _keep(turn, after, ADDED, agreed, len(standing) + 1)


def change(
    office: Office,
    officer: Officer,
    reference: str,
    point_id: str,
    draft: Draft,
    position: int,
    agreed: Agreement | None = None,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Put a point in other words, in another place of the list (from 1), or below another service or theme.

    Service and theme are the authority's own, and may change after an answer and without an agreement. Raises as `add`.
    """
    with writing(office.session):
        turn = _begin(office, officer, reference, revision, now)
        before, number = _point(turn, point_id)
        after = _drafted(turn, before, draft)
        others = [point for point in turn.complaint.standing if point.id != point_id]
        position = min(max(position, 1), len(others) + 1)
        reworded = (before.words, before.wanted) != (after.words, after.wanted)
        if not reworded and position == number and after == before:
            raise Refused("Nothing was changed.")
        gone = turn.complaint.points[len(others) + 1 :]
        points = (*others[: position - 1], after, *others[position - 1 :], *gone)
        if not reworded and position == number:
            _write(turn, points, CLASSIFIED, number, ("", ""))
            return
        _may_change(turn)
        what = REWORDED if reworded else MOVED
        was = (before.words, before.wanted) if reworded else ("", "")
        _keep(turn, points, what, agreed, number, was)


def withdraw(
    office: Office,
    officer: Officer,
    reference: str,
    point_id: str,
    why: str,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Keep that the complainant took a point back, with what they said. It stays to be read, and counts no more.

    The last point is refused: then the complaint was withdrawn. Raises as `add`.
    """
    with writing(office.session):
        turn = _begin(office, officer, reference, revision, now)
        _may_change(turn)
        before, number = _point(turn, point_id)
        if not why.strip():
            raise Refused("Say what the complainant said of it. They read this.")
        if len(turn.complaint.standing) == 1:
            raise Refused(
                "This is the last point. Record that the complaint was withdrawn, or add the point that stands first."
            )
        today = office.today(now)
        gone = replace(before, withdrawn=today, why=_tidy(why, WHY, "What they said"))
        rest = [point for point in turn.complaint.points if point.id != point_id]
        _keep(turn, (*rest, gone), WITHDRAWN, Agreement(today, why), number)


def why_closed(standing: Standing) -> str:
    """Why the points of a case cannot be changed now; empty where they can."""
    if standing.closed_on:
        return f"This case was closed on {say(standing.closed_on)}. Reopen it first."
    if standing.settled:
        return (
            f"“{standing.stage.label}” has been answered, and its points with it. They can be changed once the next "
            "stage is open."
        )
    return ""


def _begin(office: Office, officer: Officer, reference: str, revision: int, now: datetime) -> _Turn:
    case, key, _ = reaching.reach(office, officer, reference)
    if case.revision != revision:
        raise ActedMeanwhile(agreeing.MEANWHILE)
    return _turn(office, officer, case, key, now)


def _turn(office: Office, officer: Officer, case: Case, key: CaseKey, now: datetime) -> _Turn:
    needs(officer, Right.SET_OUT)
    standing = timekeeping.standing(office, case)
    if not may_have_points(office, standing.version):
        raise Refused("Nothing in this procedure has points: it is answered as a whole.")
    return _Turn(office, officer, now, case, key, known(office.session, case, key), standing)


def may_have_points(office: Office, version: Version) -> bool:
    """Whether points are set out in a case: not yet in a concern, whose allegations its holder must not read back."""
    procedure = office.catalogue[version.procedure]
    return rule.family(version) is not None and not concerns.is_one(procedure)


def _may_change(turn: _Turn) -> None:
    if refused := why_closed(turn.standing):
        raise Refused(refused)


def _point(turn: _Turn, point_id: str) -> tuple[Point, int]:
    """A point that stands, and its number."""
    for number, point in enumerate(turn.complaint.standing, start=1):
        if point.id == point_id:
            return point, number
    raise NotFound


def _new(turn: _Turn, point_id: str, draft: Draft) -> Point:
    return _drafted(turn, Point(point_id, ""), draft)


def _drafted(turn: _Turn, before: Point, draft: Draft) -> Point:
    """A point as it was typed. Raises `Refused` for what nothing can be given to, and what is new to this point."""
    words = _tidy(draft.words, WORDS, "What is complained of")
    if not words:
        raise Refused("Say what is complained of.")
    if draft.place and draft.place not in (before.place, turn.case.place_id):
        tree = places.tree_of(turn.office.session)
        places.check_open(tree, draft.place, turn.office.today(turn.now))
    if draft.theme and draft.theme != before.theme:
        _check_theme(turn.office.session, draft.theme)
    wanted = _tidy(draft.wanted, WANTED, "What is wanted")
    return replace(before, words=words, wanted=wanted, place=draft.place or None, theme=draft.theme or None)


def _check_theme(session: AnySession, theme: str) -> None:
    listed = select(Theme.id).where(Theme.id == theme, Theme.merged_into.is_(None))
    if session.scalar(listed) is None:
        raise Refused("That theme is not on the list any more. Choose another one.")


def _tidy(text: str, longest: int, what: str) -> str:
    text = text.strip()
    if len(text) - text.count("\r\n") > longest:  # a line break counts once, as the form says
        raise Refused(f"{what} must be {longest:,} characters or fewer.")
    return text


def _keep(
    turn: _Turn,
    points: tuple[Point, ...],
    what: str,
    agreed: Agreement | None,
    number: int,
    was: tuple[str, str] = ("", ""),
) -> None:
    """Keep points whose words are others than before: a statement that was agreed becomes a new version of it."""
    after = Complaint(points, shut=turn.complaint.shut)
    if len(after.standing) > MOST:
        raise Refused(f"A case has {MOST} points at most. Put together what belongs together.")
    today, statement = turn.office.today(turn.now), turn.complaint.statement
    if statement is not None:
        agreed = agreeing.check(agreed, statement, today)
        agreeing.keep_anew(
            turn.office.session,
            turn.key,
            turn.case,
            statement.text,
            after,
            agreed,
            on=today,
            by=turn.officer.id,
        )
    act = journal.Act.STATEMENT_CHANGED if statement else journal.Act.POINTS_SET_OUT
    _write(turn, points, what, number, was, act)


def _write(
    turn: _Turn,
    points: tuple[Point, ...],
    what: str,
    number: int,
    was: tuple[str, str],
    act: journal.Act = journal.Act.POINTS_SET_OUT,
) -> None:
    content = {
        "points": [
            {
                "id": point.id,
                "words": point.words,
                "wanted": point.wanted,
                "place": point.place,
                "theme": point.theme,
                "withdrawn": point.withdrawn.isoformat() if point.withdrawn else None,
                "why": point.why,
            }
            for point in points
        ],
        "what": what,
        "number": number,
        "was": list(was),
    }
    session, case, officer = turn.office.session, turn.case, turn.officer
    today = turn.office.today(turn.now)
    purpose = turn.complaint.purpose
    sealing.add_record(session, turn.key, case, POINTS, content, on=today, by=officer.id, purpose=purpose)
    case.revision += 1
    journal.append(session, at=turn.now, actor=officer.id, act=act, case_id=case.id)
