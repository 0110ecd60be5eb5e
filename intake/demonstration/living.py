"""A demonstration: invented cases in every state, lived through day by day with the real services."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from sqlalchemy import func, select

from intake.counts.quarters import Period
from intake.database import reading, rewrite
from intake.models import Case
from intake.procedures import moves
from intake.procedures.definitions import Kind
from intake.procedures.permitted import offered
from intake.procedures.working_days import LONDON
from intake.services.cases import places, themes, timekeeping
from intake.services.cases.words import Answer
from intake.services.casework import acting, classifying
from intake.services.casework.acting import Left
from intake.services.figures import coverage, publishing
from intake.services.ground import journal, press
from intake.services.ground.office import Office
from intake.services.ground.refusals import Refused
from intake.services.ground.roles import Officer, role_of
from intake.services.holders import asking, entering, returning, submitting
from intake.services.holders.submitting import Submission
from intake.services.instance.founding import Founded, found
from intake.services.people import accounts, grants, signing_in
from intake.services.tick import escalation, sending

from . import given, inquiring, keeping, linked, pointed, seats, sending_on, words
from .triaging import triage_some

PASSWORD = "demonstration-only"  # noqa: S105 - printed for everybody, and refused outside a demonstration
AT_WORK = ("officer", "manager", "monitoring", "deputy", "senior")
FIRST_DAY = date(2024, 4, 1)
ONLY_WHEN_LATE = "delay-notified"
# Of the cases, those that arrived in the last seven weeks, so that deadlines lie around today.
SHARE_NOW = 0.16
WEEKS_TO_PUBLISH = timedelta(weeks=4)


def dawn() -> datetime:
    """The moment before anybody comes: what is set up to be filled is dated so, for no line of the journal may lie
    before the one above it."""
    return datetime.combine(FIRST_DAY, time(6), tzinfo=LONDON)


def set_up(office: Office, *, now: datetime) -> Founded:
    """An empty demonstration instance with its officers. Raises `Refused` when there is one already."""
    founded = found(office, now=now)
    for email, name, role in words.OFFICERS:
        factor, _ = accounts.new_second_factor(office, email)
        staff_id = accounts.create(office, email, name, role, PASSWORD, factor, now=now)
        if vault := role_of(role).vault:
            grants.give(office, vault, founded.pairs[vault], staff_id, now=now)
    return founded


def officers(office: Office) -> tuple[tuple[str, str, str], ...]:
    """Whoever can sign in: address, name and role."""
    there = {one.email for one in grants.everybody(office)}
    return tuple(one for one in (*words.OFFICERS, seats.AUDITOR) if one[0] in there)


def is_filled(office: Office) -> bool:
    """Whether there are cases already."""
    with reading(office.session):
        return bool(
            office.session.scalar(select(func.count()).select_from(select(Case.id).limit(1).subquery()))
        )


def fill(office: Office, *, now: datetime, seed: int = 2026) -> int:
    """Live through two financial years up to `now`. Returns the number of cases. Raises `Refused`."""
    if not office.settings.demonstration:
        raise Refused("Only a demonstration is filled with invented cases.")
    if is_filled(office):
        raise Refused("This demonstration holds cases already.")
    coverage.start_recording(office, FIRST_DAY, now=dawn())
    seats.set_up(office, PASSWORD, now=dawn())
    life = _Life(office, Random(seed), now)  # noqa: S311 - invented data, no secret
    life.run()
    linked.link_some(office, life.team[0], now=now)
    keeping.hold_one(office, life.team[0], now=now)
    seats.send_one(office, now=now)
    rewrite(office.session.get_bind().engine)
    with reading(office.session):
        return office.session.scalars(select(func.count()).select_from(Case)).one()


@dataclass
class _Held:
    """A case in the hands of the invented people."""

    reference: str
    receipt: str
    place: str | None
    officer: Officer
    told: str
    points: int = 0
    left: Left | None = None  # as it stands, until its holder acts


class _Life:
    """A queue of things to come, taken in the order of their moments."""

    def __init__(self, office: Office, random: Random, now: datetime) -> None:
        self.office, self.random, self.now = office, random, now
        self.queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.order = itertools.count()
        people = {name: self._signed_in(f"{name}@demonstration.example") for name in AT_WORK}
        self.team = [people["officer"], people["manager"]]
        self.monitoring = [people["monitoring"], people["deputy"]]
        self.senior = people["senior"]
        self.to_enter: date | None = None  # the last day of a holder's doings that the journal lacks

    def run(self) -> None:
        for theme in words.THEMES:
            themes.add_theme(self.office, self.team[1], theme, now=dawn())
        self.services = {name: place for place, name in places.offered(self.office)}
        self.themes = [theme for theme, _ in themes.open_themes(self.office)]
        for procedure, number in words.NUMBERS.items():
            for _ in range(number):
                self._plan_arrival(procedure)
        self._plan_publishing()
        day = FIRST_DAY
        while day <= self.now.astimezone(LONDON).date():
            if self.office.calendar.is_working(day):
                self._at(datetime.combine(day, time(7, 0), tzinfo=LONDON), self._tick)
            day += timedelta(days=1)
        while self.queue:
            moment, _, happen = heapq.heappop(self.queue)
            happen(moment)
        sending_on.show(self.office, self.team[1], self.monitoring[0], now=self.now)
        triage_some(self.office, self.team[1], now=self.now)
        given.some(self.office, *self.monitoring, now=self.now)
        inquiring.show(self.office, *self.monitoring, now=self.now)
        sending.take_as_sent(self.office, now=self.now)

    def _plan_publishing(self) -> None:
        """Each quarter is published some weeks after it has ended."""
        first = Period.of(FIRST_DAY)
        for quarter in (
            Period(year, q) for year in range(first.year, self.now.year + 1) for q in (1, 2, 3, 4)
        ):
            moment = datetime.combine(quarter.last_day + WEEKS_TO_PUBLISH, time(10), tzinfo=LONDON)
            self._at(moment, partial(self._publish, quarter))

    def _publish(self, quarter: Period, moment: datetime) -> None:
        publishing.publish(self.office, self.senior, quarter, "", last=0, now=moment)

    def _signed_in(self, email: str) -> Officer:
        cookie = signing_in.sign_in(self.office, email, PASSWORD, "", now=dawn())
        officer = signing_in.resume(self.office, cookie, now=dawn())
        if officer is None:
            raise LookupError(f"the session of {email} is not there")
        return officer

    def _at(self, moment: datetime, happen: Callable[[datetime], None]) -> None:
        if moment < self.now:
            heapq.heappush(self.queue, (moment, next(self.order), happen))

    def _after(self, moment: datetime, working_days: int, happen: Callable[[datetime], None]) -> None:
        day = self.office.calendar.nth_after(moment.astimezone(LONDON).date(), working_days)
        clock = time(self.random.randint(9, 16), self.random.randint(0, 59))
        later = datetime.combine(day, clock, tzinfo=LONDON)
        self._at(max(later, moment + timedelta(minutes=20)), happen)

    def _tick(self, moment: datetime) -> None:
        escalation.run(self.office, now=moment, alone=True)
        if self.to_enter and self.to_enter < self.office.today(moment):
            journal.enter_the_day(self.office, now=moment)
            self.to_enter = None

    def _plan_arrival(self, procedure: str) -> None:
        today = self.now.astimezone(LONDON).date()
        first = max(FIRST_DAY, date(2026, 6, 19)) if procedure == "data-protection" else FIRST_DAY
        if self.random.random() < SHARE_NOW:
            first = max(first, today - timedelta(days=49))
        day = first + timedelta(days=self.random.randint(0, max(0, (today - first).days)))
        clock = time(self.random.randint(7, 22), self.random.randint(0, 59))
        self._at(datetime.combine(day, clock, tzinfo=LONDON), lambda moment: self._arrive(procedure, moment))

    def _arrive(self, procedure: str, moment: datetime) -> None:
        token = press.new_token()
        submission = self._submission(procedure)
        if procedure == "ombudsman-enquiry":
            officer = self.random.choice(self.team)
            answer_by = self.office.calendar.nth_after(moment.date(), self.random.randint(15, 25))
            ack = submitting.enter(
                self.office,
                officer,
                submission,
                received=moment,
                token=token,
                now=moment,
                response_date=answer_by,
            )
            entering.note_receipt(self.office, officer, ack.reference, entering.NOT_WANTED, now=moment)
        else:
            officer = self.random.choice(self.monitoring if procedure == "whistleblowing" else self.team)
            ack = submitting.receive(self.office, submission, token=token, now=moment)
        self.to_enter = self.office.today(moment)
        held = _Held(ack.reference, ack.receipt, submission.place, officer, submission.words[0].answer)
        untouched = moment > self.now - timedelta(days=6) and self.random.random() < 0.5
        if not untouched:
            self._after(
                moment, self.random.randint(0, 2), lambda later: self._allocate(held, procedure, later)
            )

    def _submission(self, procedure: str) -> Submission:
        random = self.random
        service = random.choice(list(words.COMPLAINTS))
        told = words.COMPLAINTS[service] if procedure == "corporate" else words.TOLD[procedure]
        level = "named"
        if procedure == "whistleblowing":
            level = random.choice(("anonymous", "anonymous", "confidential", "named"))
        elif random.random() < 0.08:
            level = "anonymous"
        name = f"{random.choice(words.FIRST_NAMES)} {random.choice(words.LAST_NAMES)}"
        address = f"{name.lower().replace(' ', '.')}@mail.example"
        identity = () if level == "anonymous" else (Answer("Name", name), Answer("E-mail", address))
        said = random.choice(told)
        return Submission(
            procedure=procedure,
            level=level,
            words=(Answer("What happened?", said), *words.MORE.get(procedure, ())),
            identity=identity,
            place=self.services.get(words.SERVICES.get(procedure, service)),
            category=words.CATEGORIES.get(said),
            channel="letter" if procedure == "ombudsman-enquiry" else random.choice(words.CHANNELS),
        )

    def _allocate(self, held: _Held, procedure: str, moment: datetime) -> None:
        self._do(held, moves.Allocate(self.office.today(moment), held.officer.id), moment)
        if procedure not in {"whistleblowing", "compliment"} and self.random.random() < 0.9:
            self._classify(held, moment)
        held.points, held.left = pointed.set_out(
            self.office, held.officer, held.reference, held.told, self._look(held), moment
        )
        if self.random.random() < 0.2:
            note = self.random.choice(words.NOTES)
            self._do(held, moves.Note(self.office.today(moment)), moment, note)
        if self._offers(held, "acknowledge", moment):
            self._after(
                moment, self.random.choice((0, 1, 1, 2, 3)), lambda later: self._acknowledge(held, later)
            )
        else:
            self._plan_answer(held, moment)

    def _classify(self, held: _Held, moment: datetime) -> None:
        theme = self.random.choices(self.themes, weights=range(len(self.themes), 0, -1))[0]
        left = self._look(held)
        classifying.classify(
            self.office,
            held.officer,
            held.reference,
            held.place,
            theme,
            revision=left.revision,
            now=moment,
        )
        held.left = Left(left.revision + 1, left.standing)

    def _acknowledge(self, held: _Held, moment: datetime) -> None:
        letter = self.random.choice(words.ACKNOWLEDGEMENTS)
        self._do(held, moves.Acknowledge(self.office.today(moment)), moment, letter)
        if self.random.random() < 0.15:
            self._after(moment, 2, lambda later: self._holder_writes(held, later))
        if event := self._offers(held, "record", moment):
            self._after(moment, 5, lambda later: self._record(held, event, later))
        self._plan_answer(held, moment)

    def _record(self, held: _Held, event: str, moment: datetime) -> None:
        if self._offers(held, "record", moment):
            stated = self._look(held).standing.version.event(event).statement
            reason = pointed.STATEMENT if stated else ""
            self._do(held, moves.Record(self.office.today(moment), event, reason=reason), moment)

    def _holder_writes(self, held: _Held, moment: datetime) -> None:
        said = self.random.choice(words.HOLDER_MESSAGES)
        returning.write(self.office, held.receipt, said, token=press.new_token(), now=moment)
        self.to_enter, held.left = self.office.today(moment), None

    def _plan_answer(self, held: _Held, moment: datetime) -> None:
        if moment > self.now - timedelta(days=40) and self.random.random() < 0.35:
            return  # somebody forgot: what an officer finds overdue
        standing = self._look(held).standing
        due = min(
            (deadline.due for deadline in standing.deadlines if deadline.met_on is None),
            default=moment.date() + timedelta(days=14),
        )
        left = max(
            2, self.office.calendar.between(moment.date(), min(due, moment.date() + timedelta(days=120)))
        )
        fate = self.random.random()
        if fate < 0.12 and self._offers(held, "extend", moment):
            self._after(moment, max(1, left - 2), lambda later: self._extend(held, later))
            self._after(moment, left + 4, lambda later: self._answer(held, later))
        elif fate < 0.3:
            self._after(moment, left + self.random.randint(1, 14), lambda later: self._answer(held, later))
        else:
            self._after(
                moment, self.random.randint(max(1, left // 2), left), lambda later: self._answer(held, later)
            )

    def _extend(self, held: _Held, moment: datetime) -> None:
        deadline = self._offers(held, "extend", moment)
        if not deadline:
            return
        standing = self._look(held).standing
        running = next(known for known in standing.deadlines if known.id == deadline)
        until = self.office.calendar.nth_after(running.due, 5)
        until, reason = min(until, running.latest or until), self.random.choice(words.EXTENSIONS)
        if until > running.due:
            self._do(held, moves.Extend(self.office.today(moment), deadline, until, reason), moment)

    def _answer(self, held: _Held, moment: datetime) -> None:
        if not self._offers(held, "respond", moment):
            if event := self._comes_before_the_answer(held):
                self._record(held, event, moment)
                self._after(moment, 5, lambda later: self._answer(held, later))
            return
        standing = self._look(held).standing
        outcomes = [
            outcome.id
            for outcome in standing.version.outcomes
            if outcome.given_by == "response"
            and outcome.final
            and not (outcome.needs_reason or outcome.within)
        ]
        outcome, letter = self.random.choice(outcomes), self.random.choice(words.ANSWERS)
        own = "Nobody else was free." if standing.stage is not standing.version.stages[0] else ""
        points, outcome = pointed.answered(standing.version, held.points, outcome)
        self._do(held, moves.Respond(self.office.today(moment), outcome, "", own, points), moment, letter)
        if self.random.random() < 0.3 and self._offers(held, "open-next-stage", moment):
            self._after(moment, self.random.randint(3, 15), lambda later: self._ask(held, later))
        else:
            self._after(moment, self.random.randint(3, 20), lambda later: self._close(held, later))

    def _comes_before_the_answer(self, held: _Held) -> str:
        """What has to be recorded first, such as the panel's meeting; empty where nothing has."""
        standing = self._look(held).standing
        version, missing = standing.version, ""
        event = version.own_event(Kind.RESPOND, standing.stage.id)
        while event.follows is not None and event.follows not in standing.events:
            event = version.event(event.follows)
            missing = event.id if event.kind is Kind.RECORD else ""
        return missing

    def _ask(self, held: _Held, moment: datetime) -> None:
        reason = self.random.choice(words.NEXT_STAGE_REASONS)
        asking.ask_for_next_stage(self.office, held.receipt, reason, token=press.new_token(), now=moment)
        self.to_enter, held.left = self.office.today(moment), None
        self._do(held, moves.OpenNextStage(self.office.today(moment)), moment)
        if self._offers(held, "acknowledge", moment):
            self._after(moment, self.random.randint(1, 4), lambda later: self._acknowledge(held, later))
        else:
            self._plan_answer(held, moment)

    def _close(self, held: _Held, moment: datetime) -> None:
        if self._offers(held, "close", moment):
            reason = "Answered, and nothing more was asked."
            self._do(held, moves.Close(self.office.today(moment), reason), moment)

    def _offers(self, held: _Held, act: str, moment: datetime) -> str:
        standing = self._look(held).standing
        every = offered(standing, self.office.today(moment), act=act)
        offers = [offer for offer in every if offer.subject != ONLY_WHEN_LATE]
        return offers[0].subject or act if offers else ""

    def _do(self, held: _Held, move: moves.Move, moment: datetime, text: str = "") -> None:
        held.left = acting.do(
            self.office,
            held.officer,
            held.reference,
            move,
            text=text,
            revision=self._look(held).revision,
            token=press.new_token(),
            now=moment,
        )

    def _look(self, held: _Held) -> Left:
        """The clear facts alone: no page is opened for them."""
        if held.left is None:
            with reading(self.office.session):
                case = self.office.session.scalars(select(Case).where(Case.reference == held.reference)).one()
                held.left = Left(case.revision, timekeeping.standing(self.office, case))
        return held.left
