"""What could tell who somebody is: looked for in the words that a committee is to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.services.oversight.telling_signs import (
    CONTACT,
    DATE,
    JOB,
    NAME,
    PLACE,
    Sign,
    names_of,
    signs,
)

CASE = (
    "Karen Holt signs timesheets at Willow House. I am the only night carer. On 6 May she told me to say nothing.",
    "The manager knows. Ring me on 07700 900123.",
)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("It was said that Karen signed for shifts nobody worked.", NAME, "Karen"),
        ("Holt signed for shifts.", NAME, "Holt"),
        ("False timesheets at Willow House.", NAME, "Willow"),
        ("False timesheets at willow house.", PLACE, "Willow House"),
        ("It happened on 6 May 2026.", DATE, "6 May 2026"),
        ("It happened on 06/05/2026.", DATE, "06/05/2026"),
        ("It happened every Tuesday.", DATE, "Tuesday"),
        ("It happened in March 2026.", DATE, "March 2026"),
        ("A carer raised it.", JOB, "carer"),
        ("The Manager was spoken to.", JOB, "Manager"),
        ("Write to k.holt@example.org.", CONTACT, "k.holt@example.org"),
        ("Ring 07700 900123.", CONTACT, "07700 900123"),
        ("The home at CB3 0AP was visited.", CONTACT, "CB3 0AP"),
        ("Maya Okafor looked into it.", NAME, "Maya Okafor"),
        ("Okafor looked into it.", NAME, "Okafor"),
    ],
)
def test_a_sign_is_told_with_its_words(text: str, kind: str, words: str):
    found = signs(text, case=CASE, people=["Maya Okafor"], places=["Willow House"])
    assert Sign(kind, words) in found


@pytest.mark.parametrize(
    "text",
    [
        "Timesheets were signed for shifts that nobody worked. The Council changed how shifts are checked.",
        "Received in 2026-27. The police were told, and Ofsted was not.",
        "She may have signed. It will be audited.",
        "Training was given to all staff; a director general of nothing was not spoken to.",
    ],
)
def test_plain_words_are_no_sign(text: str):
    assert signs(text, case=CASE, people=["Maya Okafor"], places=["Willow House"]) == ()


def test_a_job_that_the_case_does_not_speak_of_is_no_sign():
    assert signs("A cook was dismissed.", case=CASE) == ()
    assert signs("A cook was dismissed.", case=("The cook takes food home.",)) == (Sign(JOB, "cook"),)


def test_a_name_in_a_script_without_large_letters_is_found():
    assert Sign(NAME, "李明") in signs("据说 李明 签了名", case=("李明 is my manager",))


def test_who_sent_it_is_found_by_any_part_of_it():
    identity = ["Kofi Marsh", "kofi@example.org", "07700 900456"]
    assert names_of("Mr Marsh raised it.", identity=identity) == ("Marsh",)
    assert names_of("Write to KOFI@example.org", identity=identity) != ()
    assert names_of("Ring 07700 900456.", identity=identity) == ("07700 900456",)
    assert names_of("A worker raised it.", identity=identity) == ()


@given(st.from_regex(r"[A-Z][a-z]{1,9}q", fullmatch=True))
def test_a_name_that_stands_in_both_is_never_missed(name: str):
    held = signs(f"It was {name} again.", case=(f"{name} did it.",))
    assert held == (Sign(NAME, name),)
