"""References: what a case is called in clear, drawn at random."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from intake.models import Case

REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels: no words; no 0, 1, I, L, O


def free_reference(session) -> str:
    """A reference that no case has, inside the caller's transaction."""
    while True:
        signs = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(7))
        reference = f"{signs[:3]}-{signs[3:]}"
        if not session.scalar(select(Case.id).where(Case.reference == reference)):
            return reference


def free_references(session, number: int) -> list[str]:
    """So many references that no case has."""
    taken, drawn = set(session.scalars(select(Case.reference))), []
    while len(drawn) < number:
        signs = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(7))
        reference = f"{signs[:3]}-{signs[3:]}"
        if reference not in taken:
            taken.add(reference)
            drawn.append(reference)
    return drawn
