"""An upgrade, whole: the new shape, and what has to be worked out anew from the data."""

from __future__ import annotations

from intake import migrating

from . import restating
from .office import Office


def bring_up_to_date(office: Office) -> bool:
    """Give the database the shape and the facts that this version expects; whether there was anything to do.

    Killed at any step, it is refused by `founding.check` until it has been run again to its end. Raises `NotStored`.
    """
    engine = office.session.get_bind()
    with migrating.under_way(engine) as needed:
        if needed:
            migrating.upgrade(engine)
            restating.restate(office)
    return needed
