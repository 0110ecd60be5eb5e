"""How a service says no. Each message is a sentence for the person who asked."""

import errno

from intake.database import NotStored, PerhapsStored

from .roles import Officer, Right


class Refused(Exception):
    """The act is not allowed now; the message says why and what can be done instead."""


class NotFound(Exception):
    """There is no such thing for this person: it does not exist, or is not theirs to see."""


class ActedMeanwhile(Refused):
    """Somebody else changed the case after this page was opened."""


class Damaged(Exception):
    """Something sealed does not open: altered, misplaced or of another key. Nothing was shown or changed."""


class KeyDiffers(Refused):
    """A key is not the one that was made: the message names what to do.

    `key` and `found` are what the journal keeps of it; `vault`: whose members are told.
    """

    def __init__(self, sentence: str, *, key: str, found: str, vault: str | None) -> None:
        super().__init__(sentence)
        self.key, self.found, self.vault = key, found, vault


class DraftUnreadable(Exception):
    """A half-finished form came back altered or from another instance."""


class ReceiptMistyped(Exception):
    """What was typed cannot be a receipt; the message says which part to look at."""


class ReceiptUnknown(Exception):
    """A well-formed receipt that opens nothing."""


class NoRoom(Refused):
    """Far more arrives than there is room for, or the disk is nearly full."""

    def __init__(self) -> None:
        super().__init__(
            "We cannot take in more just now: very many are writing to us. What you wrote is still here. Please try "
            "again later, or telephone."
        )


class ClockWrong(NotStored):
    """The machine's clock shows a year that no calendar here covers: nothing is dated by it, so nothing is kept."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"The clock of this machine says that it is the year {year}, which cannot be right: set it first."
        )


class CaseClosedToMessages(Refused):
    """The case is closed and takes no more messages."""


class SignInRefused(Exception):
    """E-mail, password or code is wrong; the message never says which."""


class SignInThrottled(SignInRefused):
    """Too many tries in vain; the message says how long to wait."""


_OF_THE_MACHINE = {
    errno.EACCES: "this account may not do that there",
    errno.EPERM: "this account may not do that there",
    errno.EISDIR: "it is a folder",
    errno.ENOENT: "there is no such file or folder",
    errno.ENOSPC: "the disk is full",
    errno.ENOTDIR: "a part of its path is no folder",
    errno.EROFS: "nothing can be written there",
}


def said(error: Exception) -> str:
    """An error of the machine's as a sentence without its full stop: which file, and what could not be done with it.
    Any other error is told as it tells itself."""
    if not isinstance(error, OSError):
        return str(error).strip().rstrip(".")
    words = _OF_THE_MACHINE.get(error.errno or 0) or (error.strerror or str(error)).rstrip(".")
    return f"{error.filename}: {words}" if error.filename else words[:1].upper() + words[1:]


def needs(officer: Officer, right: Right) -> None:
    """Raises `NotFound` where an officer's role lacks a right: what is not theirs to do is not there."""
    if not officer.role.may(right):
        raise NotFound


__all__ = [
    "ActedMeanwhile",
    "CaseClosedToMessages",
    "ClockWrong",
    "Damaged",
    "DraftUnreadable",
    "KeyDiffers",
    "NoRoom",
    "NotFound",
    "NotStored",
    "PerhapsStored",
    "ReceiptMistyped",
    "ReceiptUnknown",
    "Refused",
    "SignInRefused",
    "SignInThrottled",
    "needs",
    "said",
]
