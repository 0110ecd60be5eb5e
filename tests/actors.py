"""Who acts in the stories: reporters, and what they send. A story says only what matters to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from intake.services.cases import places
from intake.services.cases.words import Answer
from intake.services.ground import press
from intake.services.holders import submitting
from intake.services.holders.submitting import Submission

if TYPE_CHECKING:
    from intake.services.ground.office import Office
    from intake.services.holders.submitting import Acknowledgement

MONDAY = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)  # an ordinary working day, on which most stories begin


def now() -> datetime:
    """The moment by the machine's clock, which the program goes by too."""
    return datetime.now(UTC)


def submission(
    procedure: str = "corporate", words: str = "Something.", *, name: str = "", **more
) -> Submission:
    """What somebody sends: anonymously, or under a name."""
    who = {"level": "named", "identity": (Answer("Name", name),)} if name else {"level": "anonymous"}
    if "service" in more:
        more["place"] = more.pop("service")  # by its name, until it is sent
    return Submission(**{"procedure": procedure, "words": (Answer("What happened?", words),)} | who | more)


def complaint(**more) -> Submission:
    """A resident complains about the bins, under a name."""
    told = {
        "words": "The bins were missed six times.",
        "name": "Joyce Pell",
    }
    return submission(**told | more)


def concern(**more) -> Submission:
    """A worker tells of false timesheets in confidence."""
    told = {"words": "Timesheets are signed for shifts nobody worked.", "name": "Kofi Marsh"}
    return submission("whistleblowing", **told | {"level": "confidential"} | more)


def send(
    office: Office,
    what: Submission | str = "corporate",
    words: str = "Something.",
    *,
    now: datetime = MONDAY,
    token: str = "",
    **more,
) -> Acknowledgement:
    """Somebody sends it, or something of a procedure, and has a receipt."""
    sent = what if isinstance(what, Submission) else submission(what, words, **more)
    sent = replace(sent, place=sent.place and place_called(office, sent.place))
    return submitting.receive(office, sent, token=token or press.new_token(), now=now)


def place_called(office: Office, name: str) -> str:
    """The id of a directorate, service or team by its name; a service that nobody has heard of is put into the tree."""
    found = [place.id for place in places.tree(office).places.values() if name in (place.id, place.name)]
    if not found:
        places.take_over(office, [name], now=MONDAY)
        return place_called(office, name)
    return found[0]


def arrives(office: Office, *what, **more) -> str:
    """The same as officers see it: the case's reference."""
    return send(office, *what, **more).reference
