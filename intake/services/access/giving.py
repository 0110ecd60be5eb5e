"""One case, given to one person who has nothing else, and taken back."""

from __future__ import annotations

from datetime import date, datetime

from intake.database import writing
from intake.models import Staff
from intake.services.cases import concerns, reaching
from intake.services.cases.reaching import File
from intake.services.ground import journal, notices, sealing
from intake.services.ground.office import Office
from intake.services.ground.refusals import ActedMeanwhile, Refused, needs
from intake.services.ground.roles import INVESTIGATOR, Officer, Right, role_of
from intake.vault.keys import same_fingerprint

from . import persons, remembering, rotating
from .rotating import Heir

MEANWHILE = (
    "Somebody else changed this case while you were working on it. Nothing of yours was lost or done: look at it as it "
    "is now, then decide again."
)
ANOTHER_KEY = (
    "The key of this account is not the one whose fingerprint was compared, or it was mistyped. Nothing was given. "
    "Ring the investigator on a number you know, and have it read to you once more."
)
NAMED = (
    "Whoever sent this concern named them in it, or somebody to whom they answer. It cannot be given to them. "
    "Nothing was given."
)


def give(
    office: Office,
    officer: Officer,
    reference: str,
    staff_id: str,
    compared: str,
    why: str,
    *,
    until: date | None = None,
    revision: int,
    now: datetime,
) -> None:
    """Give a case to an investigator, whose fingerprint was compared; `until`: the last day, or until it is taken back.

    It gets fresh keys, which are sealed to them too: not who sent it. A colleague who reads such cases and does not
    hold this one gets all of it. Done twice it is done once. Raises `NotFound`, `Refused`, `ActedMeanwhile`, `Damaged`
    and `KeyDiffers`; then nothing is given.
    """
    needs(officer, Right.GIVE_CASES)
    session, today = office.session, office.today(now)
    with writing(session):
        file = reaching.whole(office, officer, reference)
        holder = f"staff:{staff_id}"
        if staff_id in reaching.readers(session, file.case.id) or holder in file.keyholders:
            raise Refused("They have this case already.")
        check(file, revision, why)
        check_end(until, today)
        person = persons.taker(session, staff_id, vaults_for(office, file))
        theirs = {holder, *map(sealing.vault_holder, role_of(person.role).vaults)}
        if theirs & remembering.left_out(remembering.read(file.key(), file.records)):
            raise Refused("They stood aside, or a conflict was declared: this case cannot be given to them.")
        if person.role in persons.named(office, file):
            raise Refused(NAMED)
        meant = same_fingerprint(persons.mark_of(person), compared)
        if meant:
            _give(office, officer, file, person, why, until, now)
        else:
            told = {"staff": staff_id, "fingerprint": persons.mark_of(person)}
            journal.append(
                session,
                at=now,
                actor=officer.id,
                act=journal.Act.GRANT_REFUSED,
                case_id=file.case.id,
                **told,
            )
    if not meant:
        raise Refused(ANOTHER_KEY)


def take_back(
    office: Office,
    officer: Officer,
    reference: str,
    staff_id: str,
    why: str,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Take a case back from an investigator: its keys are fresh from then on. Raises as `give`."""
    needs(officer, Right.GIVE_CASES)
    session, today, holder = office.session, office.today(now), f"staff:{staff_id}"
    with writing(session):
        file = reaching.whole(office, officer, reference)
        check(file, revision, why)
        heirs = rotating.heirs_of(office, file, today=today)
        person = session.get(Staff, staff_id)
        if person is None or holder not in file.keyholders or person.role != INVESTIGATOR:
            raise Refused("They do not have this case. Nothing was done.")
        key = rotating.rotate(office, file, [one for one in heirs if one.holder != holder], on=today)
        remembering.keep(
            session, key, file.case, remembering.TAKEN_BACK, holder, why, on=today, by=officer.id
        )
        journal.append(
            session,
            at=now,
            actor=officer.id,
            act=journal.Act.CASE_TAKEN_BACK,
            case_id=file.case.id,
            staff=staff_id,
        )


def refresh(office: Office, officer: Officer, reference: str, *, revision: int, now: datetime) -> None:
    """Give a case fresh keys for those who hold it: after somebody's time ended. Raises as `give`."""
    needs(officer, Right.GIVE_CASES)
    session, today = office.session, office.today(now)
    with writing(session):
        file = reaching.whole(office, officer, reference)
        check(file, revision, "-")
        key = rotating.rotate(office, file, rotating.heirs_of(office, file, today=today), on=today)
        remembering.keep(session, key, file.case, remembering.FRESH, "", "", on=today, by=officer.id)
        journal.append(session, at=now, actor=officer.id, act=journal.Act.KEYS_CHANGED, case_id=file.case.id)


def vaults_for(office: Office, file: File) -> frozenset[str]:
    """The vaults in which cases like this one may lie."""
    return concerns.vaults_of(office.catalogue[file.case.procedure])


def check(file: File, revision: int, why: str) -> None:
    """Raises `ActedMeanwhile` for another state than the page's, and `Refused` without a reason."""
    if file.case.revision != revision:
        raise ActedMeanwhile(MEANWHILE)
    if not why.strip() or len(why) > remembering.LONGEST:
        raise Refused(f"Give the reason, in {remembering.LONGEST:,} characters at most.")


def check_end(until: date | None, today: date) -> None:
    """Raises `Refused` for a last day that is over."""
    if until is not None and until < today:
        raise Refused("The last day has passed. Give today or a later day.")


def _give(
    office: Office,
    officer: Officer,
    file: File,
    person: Staff,
    why: str,
    until: date | None,
    now: datetime,
) -> None:
    session, today, holder = office.session, office.today(now), f"staff:{person.id}"
    heirs = rotating.heirs_of(office, file, today=today)
    mine = frozenset(file.pairs) & file.keyholders
    whole = person.role != INVESTIGATOR
    if whole and until is not None:
        raise Refused("A colleague has it until they stand aside: give no last day.")
    given = Heir(holder, persons.key_of(person), mine, until=until, identity=whole, left=whole)
    key = rotating.rotate(office, file, [*heirs, given], on=today)
    remembering.keep(
        session, key, file.case, remembering.GIVEN, holder, why, on=today, by=officer.id, until=until
    )
    told = {"staff": person.id, "fingerprint": persons.mark_of(person), "until": until or ""}
    journal.append(
        session, at=now, actor=officer.id, act=journal.Act.CASE_GIVEN, case_id=file.case.id, **told
    )
    notices.tell(office, person.id, "given", now=now)
