"""A sentence as it is typed: refused where it is none, put in order, in a language that is read or not."""

from __future__ import annotations

import re
import unicodedata

from misread.audit.claim.reading.words import FOREIGN, SURELY_FOREIGN
from misread.errors import MisreadError, Problem

LONGEST = 1000
"""Characters of a claim; a leaflet is read sentence by sentence."""

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They show a text in another order than it is stored in."""


def clean(sentence: str) -> str:
    """The sentence with its spaces put in order and forms of one character made one.

    Raises
    ------
    MisreadError
        If it is empty, longer than `LONGEST` characters, or holds characters that nobody can see.
    """
    if not sentence.strip():
        raise _refused(
            "The claim is empty.", "a sentence such as “95 % accurate”.", "type what was claimed, in quotes."
        )
    if len(sentence) > LONGEST:
        raise _refused(
            f"The claim has {len(sentence):,} characters.",
            f"one sentence, at most {LONGEST:,} characters.",
            "give the sentence with the number, and each other one in a call of its own.",
        )
    odd = next((c for c in sentence if c not in "\t\r\n" and unicodedata.category(c) in ("Cc", "Cs", "Co")), None)
    odd = odd or next((c for c in sentence if c in _TURNING), None)
    if odd is not None:
        raise _refused(
            f"The claim holds a character that cannot be seen: U+{ord(odd):04X}.",
            "letters, figures and marks.",
            "type the sentence anew instead of pasting it.",
        )
    text = "".join(c for c in unicodedata.normalize("NFKC", sentence) if unicodedata.category(c) != "Cf")
    # A fraction in one character comes apart into one with this stroke; a minus may be longer than a hyphen.
    text = text.replace("\u2212", "-").replace("\u2010", "-").replace("\u2011", "-")
    text = re.sub(r"\s+", " ", text).strip()
    if not text:
        raise _refused(
            "The claim is empty.", "a sentence such as “95 % accurate”.", "type what was claimed, in quotes."
        )
    return text


def foreign(text: str) -> bool:
    """Whether it looks like another language than English, the only one that is read."""
    letters = [c for c in text if c.isalpha()]
    latin = sum(unicodedata.name(c, "").startswith("LATIN") for c in letters)
    # One such word may be a name: Los Angeles, van Gogh.
    several = len({word.lower() for word in FOREIGN.findall(text)}) >= 2
    return latin * 2 < len(letters) or several or SURELY_FOREIGN.search(text) is not None


def _refused(what: str, expected: str, mend: str) -> MisreadError:
    return MisreadError(Problem(what, expected, mend, file="misread claim"))
