"""What is taken out is gone, wherever it stands and however it is written; what stays is as it was."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.redaction.removing import (
    BLOCK,
    chosen,
    joined,
    left_inside,
    occurrences,
    pieces,
    sentences,
    without,
)

TEXT = "Ann Lee told me. ANN  LEE\nrang again on annual leave. Write to ann-lee@example.org; Anne knew."


def taken(text: str, *words: str, ticked=()) -> str:
    return without(text, chosen(text, words, ticked))


def test_words_are_taken_out_wherever_they_stand_and_no_longer_word_is_torn():
    assert taken(TEXT, "ann lee", "ann-lee@example.org") == (
        "[removed] told me. [removed]\nrang again on annual leave. Write to [removed]; Anne knew."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("José said so.", "José"),
        (unicodedata.normalize("NFD", "José said so."), "José"),
        ("José said so.", unicodedata.normalize("NFD", "José")),
        ("O’Neill said so.", "O'Neill"),
        ("Smith-Jones said so.", "smith jones"),
        ("Al\nGreen said so.", "Al Green"),
        ("SMITH'S said so.", "Smith"),
    ],
)
def test_however_it_is_written(text, words):
    assert BLOCK in taken(text, words)
    assert occurrences(without(text, chosen(text, [words], ())), [words]) == ()


def test_a_block_tells_neither_how_long_it_was_nor_how_many_words():
    assert taken("Ask Jo.", "Jo") == taken(
        "Ask Bartholomew Featherstonehaugh.", "bartholomew", "featherstonehaugh"
    )


def test_a_sentence_is_taken_out_whole_by_its_place():
    text = "It was late. She works nights alone!  He saw.\n\nThe end"
    found = [text[span.start : span.end].strip() for span in sentences(text)]
    assert found == ["It was late.", "She works nights alone!", "He saw.", "The end"]
    assert taken(text, ticked={1}) == "It was late. [removed]  He saw.\n\nThe end"
    assert taken(text, ticked={1, 2}) == "It was late. [removed]\n\nThe end"
    assert taken(text, ticked={0, 1, 2, 3, 99}) == BLOCK


def test_longer_words_that_hold_one_are_told():
    assert left_inside("The Smiths and smith and Blacksmith.", ["Smith"]) == ("Smiths", "Blacksmith")


@pytest.mark.parametrize("words", ["", "   ", "-", ".*", "(", "\\w+", "[a-z]"])
def test_what_is_typed_is_words_and_no_pattern(words):
    assert taken("Nothing here matches.", words) == "Nothing here matches."


@given(st.text(max_size=200), st.lists(st.text(max_size=12), max_size=4), st.sets(st.integers(0, 9)))
def test_what_stays_is_as_it_was_and_nothing_that_was_chosen_stays(text, words, ticked):
    spans = chosen(text, words, ticked)
    cut = pieces(text, spans)
    assert "".join(piece.text for piece in cut) == text
    assert without(text, spans).count(BLOCK) >= len(spans)
    assert joined(text, spans) == spans
    for one in occurrences(text, words):
        assert any(span.start <= one.start and one.end <= span.end for span in spans)
