"""An upgrade, whole: the new shape, what has to be worked out anew from the data, and the pinned keys."""

from __future__ import annotations

from datetime import datetime

from intake import migrating
from intake.database.arrivals import prepare
from intake.services.figures import coverage
from intake.services.ground import pinning
from intake.services.ground.office import Office

from . import backfill


def bring_up_to_date(office: Office, *, now: datetime) -> bool:
    """Give the database the shape and the facts that this version expects; whether vaults' keys were pinned. A large
    file is made ready for its nights last: that it could not be costs nothing but its order of arrival until it can.

    Killed at any step, it is refused by `founding.check` until it has been run again to its end. Raises `NotStored`,
    and `Refused` for a vault whose key is not the one in the journal.
    """
    engine = office.session.get_bind().engine
    with migrating.under_way(engine) as needed:
        if needed:
            migrating.upgrade(engine)
            backfill.restate(office)
            backfill.name_keys(office)
            backfill.keep_services(office, now=now)
            backfill.recount(office)
            backfill.reckon_anew(office)
            coverage.begin_what_is_new(office, now=now)
            backfill.place_answered(office)
    pinned = pinning.pin_at_upgrade(office, now=now)
    prepare(engine)
    return pinned
