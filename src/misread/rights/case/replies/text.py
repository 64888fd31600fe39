"""A received text as sentences of plain words, each of which knows where it stood.

Words are compared without capitals, accents and hyphens, so that a reply typed in haste is read like a printed one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

COMMA = ","
"""The only sign that is kept as a word: a short gap does not reach over it."""

# The marks of Devanagari are part of its words, and its full stops (U+0964, U+0965) are not.
_DEVANAGARI = "\u0900-\u0963\u0966-\u097f"
_CJK = "\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}{_DEVANAGARI}]+(?:['\u2019][^\W_{_CJK}]+)*|[{_DEVANAGARI}]+|[,\uff0c\u3001]")
_END = re.compile(r"[.!?;](?=\s|$)|[\u3002\uff01\uff1f\uff1b\u0964]|\n[ \t]*\n|\n(?=[ \t]*[-*\u2022][ \t])")
_SHORT = re.compile(
    r"(?:\b(?:art|abs|nr|no|ss?|sec|para|dr|mrs?|ms|mme|sra?|vgl|bzw|ggf|inc|ltd|co|st|al|ca|p|pp|\w)|\b\d{1,2})$",
    re.IGNORECASE,
)
"""What a full stop belongs to without ending a sentence: abbreviations, single letters, ordinals."""

_QUOTED = re.compile(
    r"^[ \t]*(?:-{2,} ?(?:original|ursprüngliche|message d.origine|mensagem original|原始邮件)"
    r"|(?:on|le|em) .{4,200}(?:wrote|a écrit|escreveu) ?:?[ \t]*$"
    r"|am .{4,200}schrieb.{0,200}:[ \t]*$|.{0,80}写道[:：][ \t]*$)",
    re.IGNORECASE,
)
"""The line above an earlier message."""
_FROM = re.compile(r"^[ \t]*(?:from|von|de|发件人) ?[:：]", re.IGNORECASE)
_HEADER = re.compile(r"^[^\s:：]{1,20} ?[:：]")
"""A line of the head of a message. Its own head stands above what it says, that of an earlier one below."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text.

    Attributes
    ----------
    words : str
        Its words as they are compared, one space before, between and after them.
    quote : str
        The sentence as it stands in the text.
    """

    words: str
    quote: str


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, without what it only repeats of an earlier message.

    Parameters
    ----------
    text : str
        A text that was received.
    """
    own = without_quoted(text)
    found = []
    for start, end in _spans(own):
        words = normal(own[start:end])
        if words.strip():
            found.append(Sentence(words, own[start:end].strip()))
    return tuple(found)


def normal(text: str) -> str:
    """The words of a text as they are compared: a space before, between and after them."""
    return f" {' '.join(_word(found.group()) for found in _WORD.finditer(text))} "


def without_quoted(text: str) -> str:
    """A message without the message it answers: lines that begin with ``>``, and all that follows its header.

    A reply often carries the letter it answers, and what a family asked is no answer.
    """
    kept: list[str] = []
    begun = False
    for line in text.splitlines(keepends=True):
        if line.lstrip().startswith(">"):
            continue
        if _QUOTED.match(line) or (begun and _FROM.match(line)):
            break
        begun = begun or bool(line.strip() and not _HEADER.match(line))
        kept.append(line)
    return "".join(kept)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _END.finditer(text):
        if found.group() == "." and _SHORT.search(text[max(start, found.start() - 12) : found.start()]):
            continue
        yield start, found.end()
        start = found.end()
    yield start, len(text)


def _word(word: str) -> str:
    if word in ",\uff0c\u3001":
        return COMMA
    # Latin accents are taken off; the vowel signs of Devanagari stay, since they are letters.
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not "\u0300" <= c <= "\u036f").casefold()
    bare = bare.replace("\u2019", "'")
    if bare.endswith("n't"):
        bare = {"won't": "will not", "can't": "can not"}.get(bare, f"{bare[:-3]} not")
    return "can not" if bare == "cannot" else bare.replace("'", " ")
