"""What a database could not do, in words that may be shown."""

LONGEST_WAIT_SECONDS = 20  # for others who are at it; then `Busy`


class NotStored(Exception):
    """The database could not keep, or give, what was asked; nothing of it was kept."""

    def __init__(self, words: str = "", *, why: str = "") -> None:
        words = (
            words or "We could not store this just now. Nothing was kept. Please try again in a few minutes."
        )
        super().__init__(f"{words} {why}".rstrip())


class Busy(NotStored):
    """Somebody else is at it; nothing was kept."""


class OlderThanDatabase(NotStored):
    """The database was upgraded while this program ran; nothing was kept, and nothing will be until it is restarted."""

    def __init__(self) -> None:
        super().__init__(
            "This program is not of its database's version: it was upgraded meanwhile. Nothing was kept. Restart "
            "Intake."
        )
