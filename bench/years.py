"""An instance that has been used for ten years, for whatever measures what does not slow with them.

    python -m bench.years FOLDER [CASES]

A demonstration in a new folder with so many cases (100,000): half of them closed, the rest in every view of the list.
What was sent is sealed for real and opens; what happened to a case was decided by its rules, and its rows are made of
the standing as the program makes them. Left out: letters, notes, and the steps that closed cases had taken.
"""

from __future__ import annotations

import itertools
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from sqlalchemy import insert, select

from bench.fresh import fresh
from intake import config
from intake.database import writing
from intake.models import Case, Envelope, ReceiptLock, Record, Staff, StepRow
from intake.procedures.moves import Acknowledge, Allocate, Close, Move, Refusal, Respond
from intake.procedures.standing import Standing, opened
from intake.procedures.workflow import decide
from intake.procedures.working_days import LONDON
from intake.services.cases import filing, references, timekeeping
from intake.services.figures import coverage
from intake.services.ground import journal, pinning, sealing
from intake.services.ground.office import Office
from intake.vault.receipt import Receipt
from intake.vault.record import CaseKey

YEARS = 10
OPEN_DAYS = 120  # calendar days in which all open cases came in
AT_ONCE = 5_000
PROCEDURES = (
    ("corporate",) * 11
    + ("general-enquiry",) * 3
    + ("children-statutory",) * 2
    + ("mp-enquiry",) * 2
    + ("compliment", "whistleblowing")
)
STORY = "The bins of our street were not collected in week {}, for the third time, and nobody answered when we rang."


def made(place: Path, cases: int, *, now: datetime, more: str = "") -> config.Settings:
    """Fill a new folder; returns the instance's settings. `more`: further lines of them."""
    with fresh(place, now=now, more=more) as office:
        coverage.start_recording(office, office.today(now) - timedelta(days=365 * YEARS), now=now)
        years = _Years(office, cases, now)
        lived = years.cases()
        while some := list(itertools.islice(lived, AT_ONCE)):
            with writing(office.session):
                _put(office.session, some)
    return office.settings


def _put(session, some: list[filing.Rows]) -> None:
    for table in filing.TABLES:
        rows = [row for of_case in some for row in of_case.get(table, ())]
        for _, alike in itertools.groupby(sorted(rows, key=len), key=len):
            session.execute(insert(table.__table__), list(alike))
    arrived = [row for of_case in some for row in of_case[Case] if row["journalled"]]
    journal._append(
        session,
        [
            (
                datetime.combine(row["received_on"], datetime.min.time(), tzinfo=UTC),
                "holder",
                "received",
                row["id"],
                {},
            )
            for row in arrived
        ],
    )
    session.expunge_all()


class _Years:
    """What happened, case by case, in the order of their random keys."""

    def __init__(self, office: Office, cases: int, now: datetime) -> None:
        self.office, self.number, self.now = office, cases, now
        self.today = office.today(now)
        self.random = Random(cases)
        self.publics = pinning.publics(office)
        self.pepper = office.key.for_purpose("receipts")
        people = office.session.execute(select(Staff.id, Staff.role)).all()
        self.handlers = {
            reader: [staff for staff, role in people if role.startswith(begins)]
            for reader, begins in (("complaints", "complaints"), ("whistleblowing", ("monitoring", "deputy")))
        }
        self.life = cache(self._life)

    def cases(self) -> Iterator[filing.Rows]:
        """The rows of each case, by table."""
        names = references.free_references(self.office.session, self.number)
        for place, reference in enumerate(names):
            yield self._case(reference, place)

    def _case(self, reference: str, place: int) -> filing.Rows:
        procedure, random = random_of(self.random, PROCEDURES), self.random
        ended = random.random() < 0.5
        days = random.randrange(60, 365 * YEARS) if ended else random.randrange(OPEN_DAYS)
        taken = ended or random.random() < 0.8
        day = self.today - timedelta(days=days)
        shared, rows = self.life(procedure, day, taken, ended)
        case_id = filing.new_key(day)
        case = shared | {
            "id": case_id,
            "reference": reference,
            "level": "anonymous" if place % 3 else "named",
            "handler_id": random_of(random, self.handlers[shared["reader"]]) if taken else None,
            "holder_wrote_on": self.today - timedelta(days=1) if random.random() < 0.02 else None,
            "set_aside": not taken and random.random() < 0.01,
        }
        theirs = {table: [row | {"case_id": case_id} for row in of_table] for table, of_table in rows.items()}
        return {Case: [case]} | theirs | self._sealed(case, place)

    def _life(self, procedure: str, day: date, taken: bool, ended: bool) -> tuple[dict, filing.Rows]:
        """What all cases share that came in on one day and fared alike: the row of the case, and those beside it."""
        reader = self.office.catalogue[procedure].reader
        standing = self._standing(procedure, day, taken, ended)
        case = filing.new_case(
            id="",
            reader=reader,
            channel="online",
            received_on=day,
            journalled=day < self.today,
            allocated_on=day if taken else None,
        )
        rows = timekeeping.first_rows(case, timekeeping._beginning(standing))
        (shared,) = rows.pop(Case)
        shared["escalation"] = self._take_steps(standing, rows[StepRow])
        return shared, rows

    def _standing(self, procedure: str, day: date, taken: bool, ended: bool) -> Standing:
        """What the rules make of it; `taken`: somebody has it, and acknowledged it the day after."""
        received = datetime.combine(day, datetime.min.time().replace(hour=10), tzinfo=LONDON)
        version = self.office.catalogue[procedure].version_at(received)
        standing = opened(version, received, self.office.calendar)
        after = self.office.calendar.nth_after(day, 1)
        if taken:
            standing = _after(standing, Allocate(after, "somebody"), Acknowledge(after))
        if ended:
            on = self.office.calendar.nth_after(day, 9)
            outcome = next(
                (one.id for one in version.outcomes if one.final and one.given_by == "response"), ""
            )
            standing = _after(standing, Respond(on, outcome, "So it was."))
            standing = replace(_after(standing, Close(on, "Answered.")), closed_on=on)
        return standing

    def _sealed(self, case: dict, place: int) -> filing.Rows:
        key, holder, public = (
            CaseKey.generate(),
            sealing.vault_holder(case["reader"]),
            self.publics[case["reader"]],
        )
        parts = [(key, "submission", {"words": [["What happened?", STORY.format(place)]], "category": None})]
        if case["level"] == "named":
            named = {"identity": [["Your name", f"Person {place}"]]}
            parts.append((CaseKey.generate(scope="identity"), "identity", named))
        receipt = Receipt.derive(uuid.uuid4().bytes * 2, uuid.uuid4().bytes * 2)
        bundle = receipt.seal({"conversation": key.for_purpose("conversation").secret}, case=case["id"])
        return {
            Envelope: [sealing.envelope_row(one, case["id"], holder, public) for one, *_ in parts],
            Record: [
                sealing.record_row(
                    one.for_purpose(kind), case["id"], kind, said, on=case["received_on"], by="submission"
                )
                for one, kind, said in parts
            ],
            ReceiptLock: [{"lookup": receipt.lookup(self.pepper), "case_id": case["id"], "sealed": bundle}],
        }

    def _take_steps(self, standing: Standing, steps: list[dict]) -> int:
        """The tick has been by every day until yesterday; how high that took the case."""
        level = 0
        for row in steps:
            if row["falls_on"] < self.today:
                row["taken_at"] = datetime.combine(row["falls_on"], datetime.min.time(), tzinfo=UTC)
                rungs = standing.version.limit(row["deadline"]).steps
                level = max(level, *(one.level for one in rungs if one.id == row["step"]))
        return level


def _after(standing: Standing, *moves: Move) -> Standing:
    """After those of some moves that the rules allow."""
    for move in moves:
        then = decide(standing, move)
        standing = standing if isinstance(then, Refusal) else then
    return standing


def random_of(random: Random, choices):
    """One of them."""
    return choices[random.randrange(len(choices))]


def main() -> None:
    """Make one, and tell how long it took."""
    cases, began = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000, time.perf_counter()
    settings = made(Path(sys.argv[1]), cases, now=datetime.now(UTC))
    size = Path(settings.instance, "intake.db").stat().st_size
    print(f"{cases:,} cases in {time.perf_counter() - began:.0f} s; {size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
