"""Signs: the phrases by which an answer is recognised, in a notation that a reader can check.

========== ===========================================================
``word``   that word
``wor*``   a word that begins so
``(a|b c)`` one of these
``..``     up to three words, none of them "and" or "but", no comma
``…``      up to twelve words
========== ===========================================================

All of a sign stands within one sentence.
"""

from __future__ import annotations

import re
from functools import cache

from misread.rights.case.replies.text import COMMA, normal

NEAR, FAR = 3, 12
"""Words that ``..`` and ``…`` reach over at most."""

JOINTS = (
    *("and", "but", "because", "since", "while", "although"),
    *("und", "aber", "sondern", "weil", "denn"),
    *("et", "mais", "car", "parce"),
    *("mas", "porque", "pois"),
    *("但", "而", "因"),
    *("और", "लेकिन", "क्योंकि"),
    COMMA,
)
"""What ``..`` does not reach over: a new clause begins there, and a "not" before it says nothing about it."""

_PART = re.compile(r"\s*(\.\.|…|\(|\)|\||[^\s()|…]+)")
_STEP = rf"(?!(?:{'|'.join(map(re.escape, JOINTS))}) )\S+ "


@cache
def compiled(sign: str) -> re.Pattern[str]:
    """A sign as a regular expression over the words of a sentence.

    Parameters
    ----------
    sign : str
        In the notation above.

    Raises
    ------
    ValueError
        If its brackets do not match, or it holds no word.
    """
    parts, depth, at = [], 0, 0
    while at < len(sign.rstrip()):
        found = _PART.match(sign, at)
        if found is None:
            raise ValueError(f"{sign!r} is no sign")
        at, part = found.end(), found.group(1)
        depth += (part == "(") - (part == ")")
        if depth < 0:
            raise ValueError(f"{sign!r}: a bracket is closed that was not opened")
        parts.append(_pattern(part))
    if depth or not any(normal(part).strip() for part in _PART.findall(sign) if part not in ("..", "…")):
        raise ValueError(f"{sign!r}: a bracket is not closed, or there is no word")
    return re.compile(f"(?<= ){''.join(parts)}")


def _pattern(part: str) -> str:
    match part:
        case "..":
            return f"(?:{_STEP}){{0,{NEAR}}}?"
        case "…":
            return f"(?:\\S+ ){{0,{FAR}}}?"
        case "(":
            return "(?:"
        case ")" | "|":
            return part
    words = re.escape(normal(part.rstrip("*")).strip()).replace(r"\ ", " ")
    # Chinese and Hindi are written without, or with other, ends of words: a beginning is the whole of it there.
    return f"{words}\\S* " if part.endswith("*") else f"{words} "
