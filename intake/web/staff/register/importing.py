"""A register of past cases: chosen, checked, and imported while the page tells how far it has come.

Between the pages the file lies sealed under a key that the officer's form alone holds. Checking and importing
answer line by line, so that nobody has to wait before an empty page, and nothing needs a script.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import suppress

from flask import current_app, render_template, request, stream_template

from intake.counts.published import MEASURES
from intake.counts.quarters import Period
from intake.database import NotStored
from intake.register.columns import COLUMNS, IGNORED
from intake.register.covering import ALL, NAMED_APART
from intake.services.figures import coverage
from intake.services.ground.refusals import NotFound, Refused
from intake.services.people import drafts
from intake.services.register import importing, uploads
from intake.services.register.checking import Progress
from intake.services.register.importing import Imported
from intake.web.staff.door.blueprint import bp
from intake.web.staff.door.doorway import FILE_BYTES
from intake.web.staff.door.session import now, office, officer

PURPOSE = "register"
LINES = (1, 2, 3)
YEARS_SHOWN = 12
GROUP_NAMES = {
    ALL: "All of the published table as it was first: everything from compliments to whistleblowing",
    "compliments": "Compliments",
    "enquiries": "Enquiries: general, councillors', MPs'",
    "statutory": "Statutory complaints (children's)",
    "corporate": "Corporate complaints",
    "ombudsman": "The Ombudsman's enquiries",
    "whistleblowing": "Whistleblowing referrals",
} | {group: MEASURES[measures[0]] for group, measures in NAMED_APART.items()}
WENT_WRONG = "Something went wrong on our side. Nothing of this file was kept. Tell your administrator."


@bp.route("/register", methods=["GET", "POST"])
def register():
    """Choose a file and say what it covers; the file is put aside, sealed, and checked."""
    if request.method == "GET":
        return _ask()
    covers, problems = _covers()
    file = request.files.get("file")
    called = (file and file.filename) or ""
    data = file.read() if file and called else b""
    if not called:
        problems = {"file": "Choose the file of the register", **problems}
    if problems:
        return _ask(problems=problems, status=422)
    name, key = uploads.keep(office(), data, now=now())
    draft = {"upload": name, "key": key, "file": called[-100:], "covers": covers}
    return _check(draft, data)


@bp.post("/register/check")
def register_check():
    """Say what headings mean, which is kept unless it is left out, and check again."""
    draft = _draft()
    data = uploads.read(office(), draft["upload"], draft["key"], now=now())
    mapping = {
        heading: column
        for heading, column in zip(
            request.form.getlist("heading"), request.form.getlist("column"), strict=False
        )
        if column
    }
    importing.keep_headings(office(), mapping)
    draft["left_out"] = [
        *draft.get("left_out", ()),
        *(one for one, column in mapping.items() if column == IGNORED),
    ]
    return _check(draft, data)


@bp.post("/register/import")
def register_import():
    """Import it: all or nothing."""
    draft = _draft()
    data = uploads.read(office(), draft["upload"], draft["key"], now=now())
    steps = importing.run(office(), data, **_asked(draft))
    return _stream(draft, _forgetting(draft, steps))


def _check(draft: dict, data: bytes):
    return _stream(draft, importing.check_only(office(), data, **_asked(draft)))


def _asked(draft: dict) -> dict:
    moment = now()
    covers = coverage.read(office(), draft["covers"], now=moment)
    return {
        "name": draft["file"],
        "covers": covers,
        "mapping": dict.fromkeys(draft.get("left_out", ()), IGNORED),
        "officer": officer(),
        "now": moment,
    }


def _stream(draft: dict, steps):
    draft |= {"by": officer().id}
    page = stream_template(
        "staff/register/run.html",
        steps=_told(steps),
        draft=drafts.seal(office(), draft, purpose=PURPOSE),
        file=draft["file"],
        covers=draft["covers"],
        columns=COLUMNS,
        ignored=IGNORED,
        sentences=importing.sentences,
    )
    return page, {"Content-Type": "text/html; charset=utf-8", "X-Accel-Buffering": "no"}


def _told(steps) -> Iterator[dict]:
    """What the page shows, one after another; the last one is how it ended, whatever happened."""
    last = None
    try:
        for step in steps:
            if isinstance(step, Progress):
                line = _line(step)
                if line != last:
                    yield {"line": line}
                last = line
            else:
                yield {"imported": isinstance(step, Imported), "checked": getattr(step, "checked", step)}
    except (Refused, NotStored) as error:
        yield {"refusal": str(error)}
    except Exception as error:  # the page has begun, so no page of its own can tell it
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{place.filename}:{place.lineno}"
        current_app.logger.error("unexpected %s in a register, %s", type(error).__name__, where)
        yield {"refusal": WENT_WRONG}


def _line(step: Progress) -> str:
    """How far it has come, by fifths: a page that grew by every step would hide what came of it."""
    if step.total < step.done or not step.total:
        return f"{step.what}: {step.done // 10_000 * 10_000:,} rows"
    return f"{step.what}: {5 * step.done // step.total * 20} per cent of {step.total:,} rows"


def _forgetting(draft: dict, steps):
    for step in steps:
        if isinstance(step, Imported):
            with suppress(NotStored):  # it was imported, and is told so; the file goes within the hour
                uploads.forget(office(), draft["upload"])
        yield step


def _draft() -> dict:
    draft = drafts.unseal(office(), request.form.get("draft", ""), purpose=PURPOSE)
    if draft["by"] != officer().id:
        raise NotFound
    return draft


def _covers() -> tuple[list[str], dict[str, str]]:
    """What was ticked, as it is written on the command line, and what is wrong with it."""
    covers, problems = [], {}
    known = _years()
    for line in LINES:
        year, groups = request.form.get(f"year-{line}", ""), request.form.getlist(f"groups-{line}")
        groups = [group for group in groups if group in GROUP_NAMES]
        if year and year not in known:
            problems[f"year-{line}"] = "Choose a year from the list"
        elif year and not groups:
            problems[f"groups-{line}"] = f"Tick what the file records for {year}"
        elif groups and not year:
            problems[f"year-{line}"] = "Choose the year for which you ticked something"
        elif year:
            covers.append(f"{year}={','.join(groups)}")
    return covers, problems


def _years() -> list[str]:
    this_year = Period.of(office().today(now())).year
    return [Period(year).year_label for year in range(this_year, this_year - YEARS_SHOWN, -1)]


def _ask(*, problems: dict[str, str] | None = None, status: int = 200):
    page = render_template(
        "staff/register/choose.html",
        problems=problems or {},
        years=_years(),
        groups=GROUP_NAMES,
        lines=LINES,
        chosen={line: request.form.get(f"year-{line}", "") for line in LINES},
        ticked={line: request.form.getlist(f"groups-{line}") for line in LINES},
        columns=COLUMNS,
        most=f"{FILE_BYTES // 1024**2} MB",
        recorded=coverage.coverage(office()),
        labels=MEASURES,
    )
    return page, status
