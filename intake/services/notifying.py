"""Notices: content-free e-mail to officers, queued in the act's own commit and sent later with retries.

A notice says that something waits and where to sign in. It never says what, who or which words; news of
arrivals do not even name a case, and one that is still waiting to be sent stands for all.
"""

from __future__ import annotations

import smtplib
import ssl
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import formatdate

from sqlalchemy import func, select

from intake.config import Settings
from intake.database import reading, writing
from intake.models import Case, Grant, Notice, Staff
from intake.procedures.working_days import LONDON

from . import journal
from .office import Office

WAITS_MINUTES = (1, 5, 15, 60, 240, 720, 1440, 1440)  # after each failure, the wait before the next try
LEASE = timedelta(minutes=5)  # a sender that died gives its notice back after this

Send = Callable[[EmailMessage], None]


@dataclass(frozen=True)
class Post:
    """How the notices stand: none is ever lost without being counted here."""

    queued: int
    sent: int
    failed: int


def tell_vault_of_news(office: Office, vault: str, *, now: datetime) -> None:
    """Queue "something new has arrived" to each member of a vault, inside the caller's transaction."""
    for staff_id in office.session.scalars(select(Grant.staff_id).where(Grant.vault_id == vault)).all():
        tell(office, staff_id, "news", now=now)


def tell(
    office: Office, staff_id: str, kind: str, *, now: datetime, case=None, deadline=None, due=None, step=None
) -> None:
    """Queue a notice inside the caller's transaction; the same one still waiting is not queued twice."""
    session = office.session
    waiting = session.scalar(
        select(Notice.id).where(
            Notice.staff_id == staff_id,
            Notice.kind == kind,
            Notice.case_id.is_(case) if case is None else Notice.case_id == case,
            Notice.step.is_(step) if step is None else Notice.step == step,
            Notice.deadline.is_(deadline) if deadline is None else Notice.deadline == deadline,
            Notice.state == "queued",
        )
    )
    if waiting:
        return
    session.add(
        Notice(
            id=uuid.uuid4().hex,
            staff_id=staff_id,
            kind=kind,
            case_id=case,
            deadline=deadline,
            due=due,
            step=step,
            state="queued",
            queued_on=office.today(now),
            try_at=_start_of(office.today(now)),  # not the minute: for news it would be that of an arrival
        )
    )


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)


def post(office: Office, vault: str | None = None) -> Post:
    """How many notices wait, went out and were given up; of one vault's members alone, where it is named."""
    query = select(Notice.state, func.count()).group_by(Notice.state)
    if vault is not None:
        members = select(Grant.staff_id).where(Grant.vault_id == vault)
        query = query.where(Notice.staff_id.in_(members))
    with reading(office.session):
        numbers = dict(office.session.execute(query).all())
    return Post(
        numbers.get("queued", 0) + numbers.get("sending", 0), numbers.get("sent", 0), numbers.get("failed", 0)
    )


def send_waiting(office: Office, send: Send, *, now: datetime) -> Post:
    """Send every notice whose time has come. Returns what this run did; `queued` counts those put back.

    A notice is taken by one sender at a time. One that cannot be sent is tried again, then marked failed,
    entered in the journal and shown to officers.
    """
    sent = failed = put_back = 0
    while (taken := _take(office, now)) is not None:
        notice_id, message = taken
        try:
            send(message)
        except (OSError, smtplib.SMTPException) as error:
            if _could_not(office, notice_id, error, now):
                failed += 1
            else:
                put_back += 1
        else:
            _sent(office, notice_id, now)
            sent += 1
    return Post(put_back, sent, failed)


def smtp(settings: Settings) -> Send:
    """A sender through the configured mail server; TLS certificates are verified."""

    def send(message: EmailMessage) -> None:
        context = ssl.create_default_context()
        place = (settings.smtp_host, settings.smtp_port)
        if settings.smtp_security == "tls":
            connection = smtplib.SMTP_SSL(*place, timeout=20, context=context)
        else:
            connection = smtplib.SMTP(*place, timeout=20)
        with connection as server:
            if settings.smtp_security == "starttls":
                server.starttls(context=context)
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message)

    return send


def _take(office: Office, now: datetime) -> tuple[str, EmailMessage] | None:
    with writing(office.session):
        notice = office.session.scalars(
            select(Notice)
            .where(Notice.try_at <= now, Notice.state.in_(("queued", "sending")))
            .order_by(Notice.try_at, Notice.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if notice is None:
            return None
        notice.state, notice.try_at = "sending", now + LEASE
        return notice.id, _message(office, notice)


def _sent(office: Office, notice_id: str, now: datetime) -> None:
    with writing(office.session):
        notice = office.session.get(Notice, notice_id)
        notice.state, notice.sent_on, notice.trouble = "sent", office.today(now), None
        notice.try_at = _start_of(notice.queued_on)
        notice.tries += 1


def _could_not(office: Office, notice_id: str, error: Exception, now: datetime) -> bool:
    """Note the failure; True when the notice is given up."""
    with writing(office.session):
        notice = office.session.get(Notice, notice_id)
        notice.trouble = type(error).__name__
        notice.tries += 1
        if notice.tries > len(WAITS_MINUTES):
            notice.state = "failed"
            journal.append(
                office.session,
                at=now,
                actor="tick",
                act="notice-failed",
                notice=notice.id,
                to=notice.staff_id,
            )
            return True
        notice.state = "queued"
        notice.try_at = now + timedelta(minutes=WAITS_MINUTES[notice.tries - 1])
        return False


def _message(office: Office, notice: Notice) -> EmailMessage:
    staff = office.session.get(Staff, notice.staff_id)
    message = EmailMessage()
    message["From"] = office.settings.mail_from
    message["To"] = staff.email
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = f"<{notice.id}@{office.settings.mail_from.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Subject"], first = _words(office, notice)
    where = office.settings.staff_address or "the address you use to sign in"
    message.set_content(
        f"{first}\n\nSign in to see it: {where}\n\nThis message holds no details, on purpose. "
        "Please do not reply to it.\n"
    )
    return message


def _words(office: Office, notice: Notice) -> tuple[str, str]:
    if notice.kind == "news":
        return "Something new has arrived", "Something new has arrived for you in Intake."
    if notice.kind == "key-alarm":
        return (
            "A key was changed",
            "A key of your team in Intake is not the one that was made. Let nobody in, and ring your colleagues.",
        )
    if notice.kind == "let-in":
        return (
            "Somebody was let in",
            "Somebody was let in to your team's cases in Intake. Look under Colleagues whether you know of it.",
        )
    if notice.kind == "allocated":
        return "A case was allocated to you", "A case was allocated to you in Intake."
    case = office.session.get(Case, notice.case_id)
    limit = office.catalogue[case.procedure].version(case.version).limit(notice.deadline)
    if notice.kind == "late":
        return (
            f"Overdue since {notice.due:%-d %B}: case {case.reference}",
            f"{limit.label} for case {case.reference} was due on {notice.due:%A %-d %B %Y} and is not done.",
        )
    return (
        f"Due {notice.due:%-d %B}: case {case.reference}",
        f"{limit.label} for case {case.reference} is due on {notice.due:%A %-d %B %Y}.",
    )
