"""What somebody's keys open of a database: asked of the rows themselves, and of no page.

A story takes a copy of the database as an attacker would, and holds each person's keys against every envelope in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from intake.database import reading
from intake.models import Envelope, Grant, Record
from intake.vault.envelope import open_case_key, open_grant
from intake.vault.errors import SealBroken
from intake.vault.keys import KeyPair
from intake.vault.record import CaseKey, purposes_of

if TYPE_CHECKING:
    from intake.services.ground.office import Office
    from intake.services.ground.roles import Officer

Place = tuple[str, int]  # a record's kind and place


@dataclass(frozen=True)
class Copy:
    """The rows of a database at one moment."""

    grants: tuple[tuple[str, str, bytes], ...]
    envelopes: tuple[tuple[str, str, str, bytes], ...]  # keyholder, case, scope, sealed
    records: tuple[tuple[str, str, int, bytes], ...]  # case, kind, place, sealed


def copy_of(office: Office) -> Copy:
    """As whoever steals the database has it."""
    with reading(office.session):
        return Copy(
            tuple(map(tuple, office.session.execute(select(Grant.vault_id, Grant.staff_id, Grant.sealed)))),
            tuple(
                map(
                    tuple,
                    office.session.execute(
                        select(Envelope.keyholder, Envelope.case_id, Envelope.scope, Envelope.sealed)
                    ),
                )
            ),
            tuple(
                map(
                    tuple,
                    office.session.execute(select(Record.case_id, Record.kind, Record.place, Record.sealed)),
                )
            ),
        )


def pairs_in(copy: Copy, officer: Officer) -> dict[str, KeyPair]:
    """The officer's key pair, and each vault's that a grant gives it."""
    pairs = {f"staff:{officer.id}": officer.pair}
    for vault, staff, sealed in copy.grants:
        try:
            seed = open_grant(sealed, officer.pair, vault=vault, staff=staff)
        except SealBroken:
            continue
        pairs[f"vault:{vault}"] = KeyPair.from_seed(seed)
    return pairs


def keys_in(copy: Copy, pairs: Mapping[str, KeyPair]) -> dict[str, list[CaseKey]]:
    """Every key that some pairs open, by case: each pair is tried on each envelope, whoever it is addressed to."""
    found: dict[str, list[CaseKey]] = defaultdict(list)
    for keyholder, case, scope, sealed in copy.envelopes:
        for pair in pairs.values():
            try:
                key = open_case_key(sealed, pair, case=case, scope=scope, keyholder=keyholder)
            except SealBroken:
                continue
            found[case].append(key)
    return dict(found)


def opened_with(copy: Copy, keys: Mapping[str, Iterable[CaseKey]]) -> dict[str, set[Place]]:
    """The records that some keys open, by case: each key under each of its purposes."""
    found: dict[str, set[Place]] = defaultdict(set)
    for case, kind, place, sealed in copy.records:
        for key in keys.get(case, ()):
            for purpose in purposes_of(key.scope):
                try:
                    key.for_purpose(purpose).open(sealed, case=case, kind=kind, place=place)
                except SealBroken:
                    continue
                found[case].add((kind, place))
    return dict(found)


def what_opens(copy: Copy, officer: Officer) -> dict[str, set[Place]]:
    """Everything in a copy of the database that somebody's own keys open: by case, kinds and places."""
    return opened_with(copy, keys_in(copy, pairs_in(copy, officer)))


def what_is_there(copy: Copy, case: str) -> set[Place]:
    """All records of a case."""
    return {(kind, place) for of, kind, place, _ in copy.records if of == case}
