"""A press of a button: the same one sent twice is kept once."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import select

from intake.models import Record

from .office import AnySession


def press_of(case_id: str, token: str) -> bytes:
    """What is stored of a form's token, so that the same press of a button is kept once."""
    return hashlib.sha256(f"{case_id}:{token}".encode()).digest()


def was_pressed(session: AnySession, press: bytes) -> bool:
    """Whether this press of a button has been kept already."""
    return session.scalar(select(Record.case_id).where(Record.press == press)) is not None


def new_token() -> str:
    """A form's random token (256 bits): the same press sent twice carries the same one."""
    return secrets.token_urlsafe(32)
