"""Who may be appointed: the people of a stage, what they declare, and why somebody is not to be one of them.

SI 2006/1738 regulation 2: an independent person is neither a member nor an officer of the authority, nor the spouse or
civil partner of one; regulation 17 wants one in stage 2, regulation 19 a panel of three. Names are compared as they
were written, without regard to case and spaces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NONE = "none"
CONNECTIONS = {
    NONE: "Neither a member nor an officer of this authority, nor the spouse or civil partner of one",
    "member": "A member of this authority (a councillor)",
    "officer": "An officer of this authority",
    "partner": "The spouse or civil partner of a member or an officer",
}


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody by name, and what was declared of them (a key of `CONNECTIONS`; empty where nobody asks)."""

    name: str
    connection: str = ""

    @property
    def known_as(self) -> str:
        """The name as it is compared."""
        return " ".join(self.name.split()).casefold()


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody is appointed to: how many, whether they must be independent, and from which posts apart."""

    id: str
    label: str
    act: str
    number: int
    independent: bool
    apart_from: tuple[str, ...]
    note: str
    since: str = "Appointed on"


_INDEPENDENT = "not a member or an officer of this authority, nor the spouse or civil partner of one"
POSTS = {
    post.id: post
    for post in (
        Post(
            "investigating-officer",
            "Investigating officer",
            "Appoint the investigating officer",
            1,
            False,
            ("independent-person",),
            "Whoever investigates is not the independent person too.",
        ),
        Post(
            "independent-person",
            "Independent person",
            "Appoint the independent person",
            1,
            True,
            ("investigating-officer",),
            f"Somebody independent: {_INDEPENDENT} (SI 2006/1738 regulations 2 and 17).",
        ),
        Post(
            "panel",
            "Review panel",
            "Set up the review panel",
            3,
            True,
            ("independent-person", "investigating-officer"),
            f"Three people, each of them independent: {_INDEPENDENT} (SI 2006/1738 regulations 2 and 19). The "
            "independent person of stage 2 may attend, and does not sit.",
        ),
        Post(
            "lead-body",
            "Body that leads a joint complaint",
            "Name the body that leads a joint complaint",
            1,
            False,
            (),
            "For a complaint that is about the NHS too: we and they agree which of us answers it, in one answer (SI "
            "2009/309 regulation 9). The complainant has to agree that it is passed on.",
            "Agreed on",
        ),
    )
}


def why_not(post: Post, people: Sequence[Named]) -> str:
    """Why these people cannot be appointed, by what is known of them alone; empty where they can."""
    if len(people) != post.number or not all(person.known_as for person in people):
        return "Give the name." if post.number == 1 else f"Give the names of all {post.number}."
    if len({person.known_as for person in people}) < len(people):
        return "The same name stands there twice. Give different people."
    for person in people if post.independent else ():
        if person.connection not in CONNECTIONS:
            return f"Say of {person.name} whether they are a member, an officer, or married to one."
        if person.connection != NONE:
            what = CONNECTIONS[person.connection]
            return (
                f"{person.name} cannot be appointed: {what[0].lower()}{what[1:]} is not independent (SI 2006/1738 "
                "regulation 2). Choose somebody else."
            )
    return ""


def clash(post: Post, people: Sequence[Named], others: Mapping[str, Sequence[Named]]) -> str:
    """Why one of them cannot be appointed beside those who hold the other posts; empty where all can."""
    for other in post.apart_from:
        held = {person.known_as for person in others.get(other, ())}
        for person in people:
            if person.known_as in held:
                attends = (
                    " They may attend the panel."
                    if (post.id, other) == ("panel", "independent-person")
                    else ""
                )
                return (
                    f"{person.name} is the {POSTS[other].label.lower()} of this complaint, and cannot be "
                    f"{'a member of the panel' if post.number > 1 else f'its {post.label.lower()}'} too.{attends}"
                )
    return ""
