"""Cases keep the version of the procedure under which they were received: its file must keep it too."""

from __future__ import annotations

from sqlalchemy import select

from intake.config import BadSetting
from intake.database import reading
from intake.models import Case
from intake.procedures.definitions import NoVersion

from .office import Office


def check(office: Office) -> None:
    """Refuse to start where a case's procedure or version is in no file any more. Raises `BadSetting`."""
    with reading(office.session):
        kept = office.session.execute(select(Case.procedure, Case.version).distinct()).all()
    for procedure, version in sorted(kept):
        try:
            office.catalogue[procedure].version(version)
        except (KeyError, NoVersion):
            raise BadSetting(
                "catalogue_folder",
                f"{procedure}.toml must keep its version {version!r}: cases were received under it, and keep its "
                "dates for good. Put it back, and add another version below it.",
            ) from None
