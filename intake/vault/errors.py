"""The ways in which the safe refuses. Neither ever carries what was typed or what was sealed."""


class SealBroken(Exception):
    """Something did not open.

    A wrong key, an altered byte, a blob put in another's place, a truncation: all of them are this one
    exception with this one message, so that whoever probes cannot tell which it was.
    """

    def __init__(self) -> None:
        super().__init__("This could not be opened.")

    def __reduce__(self) -> tuple[type["SealBroken"], tuple[()]]:
        return type(self), ()


class OtherFormat(SealBroken):
    """The clear beginning of a backup names another version of its format: told apart, for it is no secret."""


class Mistyped(ValueError):
    """A receipt or a recovery key that cannot be right as it was typed.

    `reason` is "length", "alphabet" or "check"; `group` counts from 1 and is None where the fault cannot be
    placed.
    """

    def __init__(self, reason: str, group: int | None = None) -> None:
        self.reason = reason
        self.group = group
        words = {
            "length": "has the wrong number of characters",
            "alphabet": "has a character that is never used",
            "check": "has a wrong character, or two that changed places",
        }[reason]
        where = "The code" if group is None else f"Group {group} of the code"
        super().__init__(f"{where} {words}.")

    def __reduce__(self) -> tuple[type["Mistyped"], tuple[str, int | None]]:
        return type(self), (self.reason, self.group)
