"""What both doors ask, in the words of an officer who asks it for somebody: the same answers in the same order."""

from __future__ import annotations

TO_THE_CHILD = (
    ("child", "The child or young person"),
    ("parent", "A parent"),
    ("carer", "Somebody with parental responsibility, a foster carer or special guardian"),
    ("care-leaver", "Somebody who has left care"),
    ("advocate", "An advocate for the child"),
    ("somebody-else", "Somebody else"),
)
ADVOCATE = (("yes", "Yes: find one"), ("have", "They have one already"), ("no", "No"))
FOR_WHOM = (("self", "For themselves"), ("other", "For somebody else"))
CONSENT = (
    ("agreed", "Yes, they agreed"),
    ("cannot", "They cannot agree themselves, for example because of illness or age"),
    ("not-yet", "Not asked yet"),
)
CONSENT_OF_CONSTITUENT = (
    ("agreed", "Yes: we have it"),
    ("cannot", "They cannot agree themselves, for example because of illness or age"),
    ("not-yet", "Not yet: it has to be asked for"),
    ("not-needed", "Not needed: nothing about them is asked for"),
)
ABOUT_OFFICER = (
    ("yes", "Yes, about one or more of them"),
    ("no", "No, about none of them"),
    ("unsure", "They are not sure"),
)
LEVELS = (
    ("named", "With their name"),
    ("confidential", "In confidence: we know, the people concerned do not"),
    ("anonymous", "Without a name"),
)
# What is said where a question that must be answered was not.
MISSING = {
    "story": "Write down what they said",
    "relation": "Choose who they are to the child",
    "advocate": "Choose whether they want an advocate",
    "for_whom": "Choose for whom they speak",
    "consent": "Choose whether that person agreed",
    "agreed": "Choose whether the constituent agreed",
    "person": "Enter for whom they write",
    "member": "Enter the name of the MP or councillor",
    "category": "Choose what comes closest",
    "about_officer": "Choose whether it is about anybody who would receive it",
    "level": "Choose who may know who it is",
}
NAME = {
    "with": "Enter the name, or choose “Without a name” above.",
    "without": "You chose “Without a name”. Leave the name empty, or choose another answer above.",
    "member": "Enter the name of the MP or councillor",
}
NOT_ASKED = (
    "This is not asked for what you chose above, so it would be lost. Put it where it belongs, or delete it."
)
TO_OTHER_READERS = (
    "You may not keep this one, and nothing was kept: it goes to {}. Tell whoever came to you to use the online form, "
    "or to ask that office to ring them. Write nothing down."
)
TO_OTHERS = (
    "Nothing was kept, and it must not be kept here: the complaints team does not read concerns. What you typed stands "
    "in this page alone. Do as it says under “What is it?”, then leave the page."
)
