"""References: what a case is called in clear, drawn at random."""

from __future__ import annotations

import secrets

from sqlalchemy import BindParameter, ColumnElement, exists, select

from intake.models import Case
from intake.services.ground.office import AnySession

REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels: no words; no 0, 1, I, L, O


def drawn() -> str:
    """A reference as it falls; a case may have it already."""
    signs = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(7))
    return f"{signs[:3]}-{signs[3:]}"


def is_taken(reference: str | BindParameter[str]) -> ColumnElement[bool]:
    """Whether a case has it, to be asked inside the caller's transaction."""
    return exists().where(Case.reference == reference)


def free_reference(session: AnySession) -> str:
    """A reference that no case has, inside the caller's transaction."""
    while session.scalar(select(is_taken(reference := drawn()))):
        pass
    return reference


def free_references(session: AnySession, number: int) -> list[str]:
    """So many references that no case has."""
    taken = set(session.scalars(select(Case.reference)))
    free: list[str] = []
    while len(free) < number:
        if (reference := drawn()) not in taken:
            taken.add(reference)
            free.append(reference)
    return free
