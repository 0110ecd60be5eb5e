"""Sending the notices that wait, in rounds of the clock.

No notice keeps a moment: for news of an arrival it would be that of the arrival, beside whom it concerns. So news
goes out at the fixed times of the day that the authority sets; whatever could not be sent keeps the number of its
tries alone, and is tried again when the next quarter, half or whole hour, day … of the clock has begun.
"""

from __future__ import annotations

import smtplib
import ssl
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from sqlalchemy import and_, literal, or_, select, union_all, update

from intake import database
from intake.config import Settings
from intake.database import reading, writing
from intake.models import Case, DeadlineRow, InquiryDate, Notice, PostRound, Staff
from intake.procedures.definitions import NoVersion
from intake.procedures.working_days import LONDON
from intake.services.ground import journal
from intake.services.ground.notices import OF_A_CASE, OF_ARRIVALS, Post
from intake.services.ground.office import AnySession, Office

from . import faults, inquiry_dates

EVERY = (
    1,
    2,
    4,
    16,
    48,
    96,
    96,
    96,
)  # quarters of an hour of the clock, after the first failure, the second …

Send = Callable[[EmailMessage], None]


def send_waiting(office: Office, send: Send, *, now: datetime) -> Post:
    """Send every notice whose round has come. Returns what this run did; `queued` counts those put back.

    One sender is at work at a time. A notice that cannot be sent is tried again in later rounds, then marked failed,
    entered in the journal and shown to officers.
    """
    with ExitStack() as alone:
        try:
            still = alone.enter_context(
                database.alone(office.session.get_bind().engine, "post", wait_seconds=0)
            )
        except database.Busy:
            return Post(0, 0, 0)  # another tick is sending
        return _round(office, send, still, now)


def take_as_sent(office: Office, *, now: datetime) -> None:
    """What waits counts as sent: invented people have no post."""
    waits = update(Notice).where(Notice.state == "queued")
    with writing(office.session):
        office.session.execute(
            waits.values(state="sent", sent_on=office.today(now), tries=Notice.tries + 1),
            execution_options={"synchronize_session": False},
        )


def smtp(settings: Settings) -> Send:
    """A sender through the configured mail server; TLS certificates are verified."""

    def send(message: EmailMessage) -> None:
        context = ssl.create_default_context()
        place = (settings.smtp_host, settings.smtp_port)
        if settings.smtp_security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=20, context=context)
        else:
            connection = smtplib.SMTP(*place, timeout=20)
        with connection as server:
            if settings.smtp_security == "starttls":
                server.starttls(context=context)
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message)

    return send


def last_news_time(office: Office, now: datetime) -> datetime:
    """The latest of the day's fixed times that is not still to come."""
    here = now.astimezone(LONDON)
    times = sorted(time.fromisoformat(at) for at in office.settings.news_times)
    days = (here.date(), here.date() - timedelta(days=1))
    return max(at for day in days for of in times if (at := datetime.combine(day, of, LONDON)) <= here)


def _round(office: Office, send: Send, still: Callable[[], None], now: datetime) -> Post:
    """Each notice by itself: one whose words cannot be made is a try that failed, like one that no server takes."""
    due, failed = _due(office, now)
    sent, put_back = 0, 0
    met: Counter[str] = Counter()
    for notice_id in due:
        still()  # alone at it; else another tick may send the same
        try:
            with reading(office.session):
                notice = office.session.get(Notice, notice_id)
                message = _message(office, notice, now) if notice else None
            if message is None:  # its case went to others meanwhile
                continue
            send(message)
        except Exception as error:  # whatever it is: others wait behind it
            if not isinstance(error, (OSError, smtplib.SMTPException)):
                met[faults.told("A notice could not be made", error)] += 1
            if _could_not(office, notice_id, error, now):
                failed += 1
            else:
                put_back += 1
        else:
            _sent(office, notice_id, now)
            sent += 1
    return Post(put_back, sent, failed, met)


def _due(office: Office, now: datetime) -> tuple[list[str], int]:
    """Take every notice whose round has come. What a sender took that has died is a try that failed, like another.

    Returns the notices, and how many were given up. Every number of tries has a round in which it is due.
    """
    session = office.session
    with writing(
        session, by_itself=True
    ):  # whoever sends meanwhile has seen that news of it is queued, and relies on it
        abandoned = session.scalars(select(Notice).where(Notice.state == "sending")).all()
        given_up = sum(_failed_once_more(session, notice, "abandoned", now) for notice in abandoned)
        quarter_hour, news_of = int(now.timestamp()) // 900, last_news_time(office, now)
        last = session.get(PostRound, 1)
        if last is None:
            last = PostRound(id=1, quarter_hour=quarter_hour, news_of=news_of)
            session.add(last)
        # Unequal, not later: a clock that ran ahead for a while must not silence what comes after.
        kinds = [Notice.kind.not_in(OF_ARRIVALS)] + [Notice.kind.in_(OF_ARRIVALS)] * (news_of != last.news_of)
        begun = [quarter_hour // rounds != last.quarter_hour // rounds for rounds in EVERY]
        tries = [number for number, has_begun in enumerate(begun, 1) if has_begun]
        again = [Notice.tries.in_(tries)] + [Notice.tries > len(EVERY)] * begun[-1]
        session.flush()
        due = session.scalars(
            select(Notice)
            .where(Notice.state == "queued", or_(and_(Notice.tries <= 0, or_(*kinds)), *again))
            .order_by(Notice.id)
        ).all()
        last.quarter_hour, last.news_of = quarter_hour, news_of
        for notice in due:
            notice.state = "sending"
        return [notice.id for notice in due], given_up


def _sent(office: Office, notice_id: str, now: datetime) -> None:
    sent = update(Notice).where(Notice.id == notice_id)
    with writing(office.session):
        office.session.execute(
            sent.values(state="sent", sent_on=office.today(now), trouble=None, tries=Notice.tries + 1),
            execution_options={"synchronize_session": False},
        )


def _could_not(office: Office, notice_id: str, error: Exception, now: datetime) -> bool:
    """Note the failure; True when the notice is given up."""
    with writing(office.session):
        notice = office.session.get(Notice, notice_id)
        return notice is not None and _failed_once_more(office.session, notice, type(error).__name__, now)


def _failed_once_more(session: AnySession, notice: Notice, trouble: str, now: datetime) -> bool:
    """Put a notice back for a later round, inside the caller's transaction; True when it is given up instead."""
    notice.trouble, notice.state = trouble, "queued"
    notice.tries += 1
    if notice.tries <= len(EVERY):
        return False
    notice.state = "failed"
    journal.append(
        session, at=now, actor="tick", act=journal.Act.NOTICE_FAILED, notice=notice.id, to=notice.staff_id
    )
    return True


def _message(office: Office, notice: Notice, now: datetime) -> EmailMessage:
    staff = office.session.get_one(Staff, notice.staff_id)
    message = EmailMessage()
    message["From"] = office.settings.mail_from
    message["To"] = staff.email
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{notice.id}@{office.settings.mail_from.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Subject"], first = _words(office, notice, now)
    where = office.settings.staff_address or "the address you use to sign in"
    message.set_content(
        f"{first}\n\nSign in to see it: {where}\n\nThis message holds no details, on purpose. "
        "Please do not reply to it.\n"
    )
    return message


def _words(office: Office, notice: Notice, now: datetime) -> tuple[str, str]:
    if notice.kind in OF_A_CASE:
        return _words_of_dates(office, notice, now)
    return {
        "news": ("Something new has arrived", "Something new has arrived for you in Intake."),
        "aside": (
            "Very much has arrived",
            "More has arrived for you in Intake than in an ordinary hour. What came beyond it is set aside on your "
            "first page, and its dates count. No second message about it is sent today.",
        ),
        "key-alarm": (
            "A key was changed",
            "A key of your team in Intake is not the one that was made. Let nobody in, and ring your colleagues.",
        ),
        "let-in": (
            "Somebody was let in",
            "Somebody was let in to your team's cases in Intake. Look under Colleagues whether you know of it.",
        ),
        "key-changed": (
            "Your team's key was changed",
            "The key of your team's cases in Intake was changed for a new one, as is done when somebody leaves. "
            "Compare its fingerprint under Colleagues with the one on paper. You have nothing else to do.",
        ),
        "allocated": ("A case was allocated to you", "A case was allocated to you in Intake."),
        "given": (
            "A case was given to you",
            "A case was given to you in Intake. You find it on your first page.",
        ),
        "handed-over": (
            "Cases were handed over to you",
            "Cases that somebody else held are yours now in Intake. You find them under Mine.",
        ),
        "covered": (
            "Something came for a colleague who is away",
            "Cases came in Intake to a colleague who is away. Please see to it that somebody works on them: who "
            "stands in finds them under Mine.",
        ),
        "proposed": (
            "A case is proposed for another team",
            "Somebody proposes in Intake that a case goes to another team. You may decide it: look there under For "
            "another team.",
        ),
        "to-destroy": (
            "Cases wait to be destroyed",
            "The time for which some closed cases are kept is over, or a colleague proposes to destroy some. Two "
            "people do it in Intake, after a list that both can read: look under To destroy.",
        ),
        "stands-in": (
            "You were asked to stand in",
            "You were asked in Intake to stand in for a colleague. From the first day on you find their cases under "
            "Mine, and what they would be told of them is told to you.",
        ),
        "restored": (
            "Intake was restored from a backup",
            "Intake was restored from a backup. Please sign in and look at what is due and what you did last: what was "
            "entered after the backup is missing, and notices of that time are not sent again.",
        ),
        "unread": (
            "A message has waited too long",
            "Somebody wrote to you in Intake some working days ago, and nobody has read it yet. You find it under "
            "Message waiting.",
        ),
        "unread-outside": (
            "Something has waited too long",
            "Something has waited in Intake longer than it may. Please ask the members of every team, today, to sign "
            "in and to look under Message waiting.",
        ),
        "unattended": (
            "A vault has nobody who can open it",
            "Something waits in Intake in a vault that nobody can open at present. Please ask the administrator to "
            "run `intake check`, which says what is missing, and see to it today.",
        ),
    }[notice.kind]


def _words_of_dates(office: Office, notice: Notice, now: datetime) -> tuple[str, str]:
    """Every open date of the case up to the one that is told, as they stand now: the oldest comes first."""
    case = office.session.get_one(Case, notice.case_id)
    of_rules = select(DeadlineRow.deadline, DeadlineRow.due).where(
        DeadlineRow.case_id == case.id,
        DeadlineRow.met_on.is_(None),
        or_(DeadlineRow.due <= notice.due, DeadlineRow.deadline == notice.deadline),
    )
    of_inquiries = select(literal(inquiry_dates.DEADLINE), InquiryDate.due).where(
        InquiryDate.case_id == case.id, InquiryDate.due <= notice.due
    )
    asked = union_all(of_rules, of_inquiries).order_by("due", "deadline")
    open_dates: Sequence[Any] = office.session.execute(asked).all() or [(notice.deadline, notice.due)]
    today = office.today(now)
    lines = []
    for deadline, due in open_dates:
        label = _label(office, case, deadline)
        said = "was due on {} and is not done" if due < today else "is due on {}"
        lines.append(f"{label} for case {case.reference} {said.format(f'{due:%A %-d %B %Y}')}.")
    first = open_dates[0][1]
    told = f"Overdue since {first:%-d %B}" if first < today else f"Due {first:%-d %B}"
    return f"{told}: case {case.reference}", "\n".join(lines)


def _label(office: Office, case: Case, deadline: str) -> str:
    """What a date is called. The case's rules may know it no longer: it was reclassified while the notice waited."""
    try:
        return office.catalogue[case.procedure].version(case.version).limit(deadline).label
    except (KeyError, NoVersion):
        return "A date"
