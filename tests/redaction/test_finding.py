"""What in a text may tell who somebody is, as suggestions."""

from __future__ import annotations

from intake.redaction.finding import suggestions

TEXT = (
    "I am on nights with Mrs Patel at Elm House. Ring me on 07700 900 123 or +44 (0)20 7946 0000, or write to "
    "kofi.marsh@example.org. I live at 4 High Street, AB1 2CD. On Monday Ruth Adeyemi saw it, and Tom said nothing. "
    "NI number QQ 12 34 56 C. It cost 12,000 pounds in 2025."
)


def test_addresses_numbers_and_names_are_found():
    found = {one.text: one.what for one in suggestions(TEXT, known=["Ruth Adeyemi"])}
    assert found["kofi.marsh@example.org"] == "E-mail address"
    assert found["07700 900 123"] == "Telephone number"
    assert "+44 (0)20 7946 0000" in found
    assert found["AB1 2CD"] == "Postcode"
    assert found["QQ 12 34 56 C"] == "National Insurance number"
    assert found["Ruth Adeyemi"] == "Name of an officer"
    assert {"Patel", "Elm House", "Tom", "High Street"} <= set(found)
    assert not {"Monday", "12,000", "2025", "I"} & set(found)


def test_nothing_is_found_in_nothing():
    assert suggestions("") == ()
    assert suggestions("it was late and nobody came.") == ()


def test_a_long_text_is_looked_through_at_once():
    found = suggestions("Tom Hendry rang 07700 900 123. " * 600)
    assert {one.text for one in found} == {"Tom Hendry", "Hendry", "07700 900 123"}
    assert suggestions("A" * 20_000 + " " + "0" * 20_000 + "@" * 500) is not None
