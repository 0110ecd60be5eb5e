"""Taking passages out of a text for good: what is left holds a block in their place, of one length whatever stood
there.

A passage is a span of characters of the original. It comes from words that somebody typed, found wherever they stand as
whole words, in large letters or small, across line breaks, with accents written in one sign or two; or from a sentence
that somebody ticked. Passages that touch, or have nothing but spaces between them, become one block: how many there
were would tell how long the name is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

BLOCK = "[removed]"
_SENTENCE = re.compile(r"[^\n]*?(?:[.!?]+[\"'”’)]*(?=\s)|$)[^\S\n]*|\n+", re.M)
_APART = re.compile(r"[\s\u00a0\-\u2010-\u2015]+")
_BETWEEN = r"[\s\u00a0\-\u2010-\u2015]*"  # one typed space may be none, many, a hyphen or a line's end


@dataclass(frozen=True, order=True)
class Span:
    """Characters of a text, from `start` on and before `end`."""

    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """A piece of a text: what stays, or what was taken out."""

    text: str
    removed: bool


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text, each of which may be taken out whole; a line's end always ends one."""
    found = []
    for match in _SENTENCE.finditer(text):
        if match.group().strip():
            found.append(Span(*match.span()))
    return tuple(found)


def occurrences(text: str, words: Iterable[str]) -> tuple[Span, ...]:
    """Where typed words stand in a text."""
    found = set()
    for one in words:
        if pattern := _pattern(one):
            found |= {Span(*match.span()) for match in pattern.finditer(text)}
    return tuple(sorted(found))


def left_inside(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """Longer words in which typed ones stand, such as *Smiths*: they are not taken out unless somebody says so."""
    found: dict[str, None] = {}
    for one in words:
        parts = [re.escape(part) for part in _parts(one)]
        if not parts or len("".join(parts)) < 3:
            continue
        inside = re.compile(rf"\w*{_BETWEEN.join(parts)}\w*", re.I)
        whole = _pattern(one)
        for match in inside.finditer(text):
            if whole and not whole.fullmatch(match.group()):
                found[match.group()] = None
    return tuple(found)


def joined(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, none touching another; what has only spaces between is one."""
    made: list[Span] = []
    for span in sorted(spans):
        if made and (span.start <= made[-1].end or not text[made[-1].end : span.start].strip()):
            made[-1] = Span(made[-1].start, max(made[-1].end, span.end))
        else:
            made.append(span)
    return tuple(made)


def chosen(text: str, words: Iterable[str], ticked: Collection[int]) -> tuple[Span, ...]:
    """What is taken out: typed words, and sentences by their places."""
    whole = [span for place, span in enumerate(sentences(text)) if place in ticked]
    return joined(text, [*occurrences(text, words), *(_without_its_end(text, span) for span in whole)])


def pieces(text: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    """A text cut into what stays and what is taken out. `spans`: as `joined` gives them."""
    found, at = [], 0
    for span in spans:
        found += [
            Piece(text[at : span.start], removed=False),
            Piece(text[span.start : span.end], removed=True),
        ]
        at = span.end
    found.append(Piece(text[at:], removed=False))
    return tuple(piece for piece in found if piece.text)


def without(text: str, spans: Sequence[Span]) -> str:
    """A text in which blocks stand for what was taken out; nothing of it is left."""
    return "".join(BLOCK if piece.removed else piece.text for piece in pieces(text, spans))


def _without_its_end(text: str, span: Span) -> Span:
    kept = text[span.start : span.end].rstrip()
    return Span(span.start, span.start + len(kept))


def _parts(words: str) -> list[str]:
    return [part for part in _APART.split(unicodedata.normalize("NFC", words)) if part]


def _pattern(words: str) -> re.Pattern[str] | None:
    parts = [_either_way(part) for part in _parts(words)]
    if not parts:
        return None
    return re.compile(rf"(?<!\w){_BETWEEN.join(parts)}(?!\w)", re.I)


def _either_way(part: str) -> str:
    """A word with its accents in one sign or in two, and whichever apostrophe."""
    ways = {re.escape(unicodedata.normalize(form, part)) for form in ("NFC", "NFD")}
    written = "|".join(sorted(ways, key=len, reverse=True)).replace("’", "'").replace("'", "['’]")
    return f"(?:{written})"
