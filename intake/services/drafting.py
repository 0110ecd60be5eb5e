"""A reporter's half-finished form: it travels in the page, sealed, and is stored nowhere."""

from __future__ import annotations

import json

from intake.vault.draft import open_draft, seal_draft
from intake.vault.errors import SealBroken

from .office import Office
from .refusals import DraftUnreadable


def seal(office: Office, draft: dict) -> str:
    """The draft as text for a hidden field."""
    return seal_draft(office.key.for_purpose("drafts"), json.dumps(draft).encode())


def unseal(office: Office, text: str) -> dict:
    """The draft again. Raises `DraftUnreadable`."""
    try:
        return json.loads(open_draft(office.key.for_purpose("drafts"), text))
    except SealBroken as error:
        raise DraftUnreadable from error
