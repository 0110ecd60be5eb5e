"""What the stories of a vault whose key is changed share."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from intake.database import reading
from intake.models import Case, Envelope, Record
from intake.services.casework import case_page
from intake.services.ground import sealing
from intake.services.people import rewrapping, rotating
from intake.vault.envelope import open_case_key
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair
from tests.actors import MONDAY, complaint, send

LATER = MONDAY + timedelta(days=3)
MAYA, TOM = "officer@demonstration.example", "manager@demonstration.example"


def some_cases(office, number: int = 3) -> list[str]:
    """Named complaints: of each two envelopes."""
    return [send(office, complaint(words=f"Bin {one}.")).reference for one in range(number)]


def ring_of(office, officer) -> rotating.Ring:
    """The keys of an officer's vault in their hands."""
    with reading(office.session):
        pairs = sealing.pairs_of(office.session, officer)
    return rotating.Ring(officer.role.vault, officer.id, pairs)


def begin(office, officer) -> tuple[rotating.Ring, rotating.NewKey]:
    """The officer gives their vault another key: nothing is sealed anew yet."""
    ring = ring_of(office, officer)
    new = rotating.draw(office, ring.vault)
    shown = rotating.who_stays(office, ring, now=LATER)
    return rotating.begin(office, ring, new, shown, {}, now=LATER), new


def go_on(office, officer) -> bool:
    """What a run does that finds a change under way: whether it is whole then."""
    ring = ring_of(office, officer)
    return not rewrapping.seal_anew(office, ring, alone=True).broken and rewrapping.finish(
        office, ring, now=LATER
    )


def rotate(office, officer) -> rotating.NewKey:
    """From beginning to end."""
    _, new = begin(office, officer)
    assert go_on(office, officer)
    return new


def read_all(office, officer) -> int:
    """Open every case of the officer's vault with all its keys. Returns how many cases there were."""
    with reading(office.session):
        references = list(
            office.session.scalars(select(Case.reference).where(Case.reader == officer.role.vault))
        )
        for envelope in office.session.scalars(
            select(Envelope).where(Envelope.keyholder == f"vault:{officer.role.vault}")
        ):
            sealing.open_envelope(sealing.pairs_of(office.session, officer), envelope)
    for reference in references:
        assert case_page.open_case(office, officer, reference, now=LATER).words
    return len(references)


def opened_with(office, pair: KeyPair) -> set[str]:
    """The cases of which a key opens an envelope, whatever that says of itself."""
    found = set()
    with reading(office.session):
        for one in office.session.scalars(select(Envelope)):
            try:
                open_case_key(one.sealed, pair, case=one.case_id, scope=one.scope, keyholder=one.keyholder)
            except SealBroken:
                continue
            found.add(one.case_id)
    return found


def scopes(office, vault: str) -> set[str]:
    with reading(office.session):
        held = select(Envelope.scope).where(Envelope.keyholder == f"vault:{vault}")
        return set(office.session.scalars(held))


def records(office) -> list[tuple[str, str, int, bytes]]:
    """All that is sealed under keys of cases, as it lies there."""
    with reading(office.session):
        return sorted(
            (one.case_id, one.kind, one.place, one.sealed) for one in office.session.scalars(select(Record))
        )
