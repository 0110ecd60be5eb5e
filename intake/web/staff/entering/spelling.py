"""A code as it is read out on the telephone, letters by the international spelling alphabet (ICAO Annex 10)."""

from __future__ import annotations

_WORDS = """
Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra
Tango Uniform Victor Whiskey X-ray Yankee Zulu
"""
LETTERS = {word[0]: word for word in _WORDS.split()}


def read_out(code: str) -> list[tuple[str, str]]:
    """Each group of a code, and how it is said: "7K2Q" is "7, K for Kilo, 2, Q for Quebec"."""
    return [(group, ", ".join(_said(sign) for sign in group)) for group in code.split("-")]


def _said(sign: str) -> str:
    return f"{sign} for {LETTERS[sign]}" if sign in LETTERS else sign
