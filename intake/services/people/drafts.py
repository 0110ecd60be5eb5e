"""An officer's half-finished form: it travels in the page, sealed, and is stored nowhere.

Each purpose has a key of its own: what was sealed for one opens for no other, whatever it says of itself.
"""

from __future__ import annotations

import json
from typing import Any, cast

from intake.services.ground.office import Office
from intake.services.ground.refusals import DraftUnreadable
from intake.vault.draft import open_draft, seal_draft
from intake.vault.errors import SealBroken

PURPOSES = ("typed-by-an-officer", "joining", "register", "receipt")  # SPEC.md names them


def seal(office: Office, draft: dict[str, Any], *, purpose: str) -> str:
    """The draft as text for a hidden field."""
    return seal_draft(_key(office, purpose), json.dumps(draft).encode(), purpose=purpose)


def unseal(office: Office, text: str, *, purpose: str) -> dict[str, Any]:
    """The draft again. Raises `DraftUnreadable`, also for what was sealed for another purpose."""
    try:
        return cast(dict[str, Any], json.loads(open_draft(_key(office, purpose), text, purpose=purpose)))
    except SealBroken as error:
        raise DraftUnreadable from error


def _key(office: Office, purpose: str) -> bytes:
    match purpose:  # one name after another, so that whoever reads SPEC.md finds each of them here
        case "typed-by-an-officer":
            return office.key.for_purpose("drafts/typed-by-an-officer")
        case "joining":
            return office.key.for_purpose("drafts/joining")
        case "register":
            return office.key.for_purpose("drafts/register")
        case "receipt":
            return office.key.for_purpose("drafts/receipt")
    raise ValueError(f"no drafts are sealed for {purpose!r}")
