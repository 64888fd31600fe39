"""From values, whatever their type, to words; which words mean "missing", and in what order words stand."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from misread.audit.reading.ask import Ask
from misread.audit.table.model import MISSING, NONE, RESERVED

EMPTY = "empty"
"""How an answer is missing that is null, NaN or empty text."""
LONGEST = 100
"""Letters of the longest word that can be a label or the level of a group."""
LOOK_MISSING = frozenset({"nan", "null", "na", "n/a", "#n/a", "<na>", "nil"})
"""Words that programs write where something is missing; said, and taken at their word."""
FORMULA = re.compile(r"[=@]|[+-](?:[^\W\d_]|.*[(|!])")
"""How a cell begins that a spreadsheet works out: tables that an audit writes are opened in one."""
PICTURE = re.compile(r"\.(png|jpe?g|gif|bmp|tiff?|webp|heic|avif|mp4|avi|mov|mkv|npy)\b|^data:image", re.IGNORECASE)
"""What names a picture or a film."""


SHOWN = 8
"""Words that a message names."""


def word(value: object) -> str | None:
    """A value as text, the same from every library; None where it is missing.

    A whole number is written without a point, since some libraries make 9 into 9.0 where a value is missing.
    """
    # What is missing differs from itself, or, in pandas, is neither equal nor unequal.
    if value is None or (value != value) is not False:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal) and value == value // 1:
        return str(int(value))
    return str(value)


def folded(text: str) -> str:
    """What stays of a word where case, surrounding space and ways to write the same letter do not count."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def natural(text: str) -> tuple[list[str | tuple[int, str]], str]:
    """A key that sorts words as people do: 9 before 10."""
    parts: list[str | tuple[int, str]] = list(re.split(r"([0-9]+)", text))
    # Of two whole numbers the longer one is larger; Python makes no numbers of thousands of digits.
    parts[1::2] = [(len(digits), digits) for part in re.findall("[0-9]+", text) for digits in [part.lstrip("0")]]
    return parts, text


def several(n: float, word: str) -> str:
    """A number with its noun: 1 row, 2 rows."""
    return f"{n:,.0f} {word}" + ("" if n == 1 else "s")


def listed(words: Iterable[str]) -> str:
    """Words in quotation marks, not too many of them."""
    known = list(words)
    more = f" and {len(known) - SHOWN:,} more" if len(known) > SHOWN else ""
    return ", ".join(f'"{w}"' for w in known[:SHOWN]) + more


class Dictionary:
    """How words are read: what means "missing", what is mapped, whether case counts.

    Parameters
    ----------
    ask : Ask
        Whose `missing`, `map_labels` and `fold_case` these are.
    """

    def __init__(self, ask: Ask) -> None:
        self._fold = ask.fold_case
        self._missing = {self._plain(w) for w in ask.missing}
        self._map = {self._plain(old): new for old, new in ask.map_labels.items()}
        self.unused = dict.fromkeys(ask.map_labels)

    def _plain(self, text: str) -> str:
        return folded(text) if self._fold else text

    def level(self, text: str | None) -> str | None:
        """The level of a group that a text is; None where it is missing."""
        if text is None or not text.strip():
            return None
        text = self._plain(text)
        return None if text in self._missing else text

    def label(self, text: str | None) -> tuple[str | None, str]:
        """The expression or label that a text is, or None; and, where it is missing, how."""
        if text is None or not text.strip():
            return None, EMPTY
        plain = self._plain(text)
        if plain in self._missing:
            return None, text
        if plain in self._map:
            self.unused = {old: None for old in self.unused if self._plain(old) != plain}
            plain = self._map[plain]
        return (None, text) if not plain.strip() or plain == NONE else (plain, "")


def ordered(words: Iterable[str], first: Sequence[str] = ()) -> tuple[str, ...]:
    """Words in order, those of `first` before others; "none" and "(missing)" last."""
    known = {w: i for i, w in enumerate(first)}
    return tuple(
        sorted(set(words), key=lambda w: (w in (NONE, MISSING), known.get(w, len(known)), *natural(w))),
    )


def spellings(columns: Iterable[tuple[str, Iterable[str]]]) -> list[tuple[tuple[str, tuple[str, ...]], ...]]:
    """Words that differ in case or surrounding space only, each beside the column it stands in.

    Parameters
    ----------
    columns : iterable of (str, iterable of str)
        Column and its words.

    Returns
    -------
    list of tuple of (str, tuple of str)
        For each word that is written in several ways: column and the ways.
    """
    ways: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for column, words in columns:
        for w in words:
            ways[folded(w)][column].add(w)
    return [
        tuple((column, tuple(sorted(found))) for column, found in by_column.items())
        for _, by_column in sorted(ways.items())
        if len(set().union(*by_column.values())) > 1
    ]


def check_levels(ask: Ask, column: str, levels: Iterable[str], file: str) -> None:
    """Refuse levels that cannot be told from what tables use for something else, and what names a picture.

    Raises
    ------
    MisreadError
        With the first of them.
    """
    for level in levels:
        if level in RESERVED:
            raise ask.wrong(
                "groups",
                f'"{column}" has the level "{level}", a word that tables of results use for something else.',
                f"other words than {', '.join(sorted(RESERVED))}.",
                f'rename it, or say that it means "missing": {ask.option("missing", level)}.',
                file=file,
            )
        check_word(ask, "groups", column, level, file)


def check_word(ask: Ask, name: str, column: str, text: str, file: str) -> None:
    """Refuse a word that is a text, or names a picture: results show words, and nothing about one face.

    A label that is `none` but for case or blanks is refused as well: whether it means that is not guessed.

    Raises
    ------
    MisreadError
        If it is one of these.
    """
    if name != "groups" and text != NONE and folded(text) == NONE:
        raise ask.wrong(
            name,
            f'"{column}" has "{text}", which differs in case or blanks alone from "{NONE}", a missing answer.',
            "one way to write a word.",
            f'say that it means "missing": {ask.option("missing", text)}; or map it to another word with '
            f"{ask.option('map_labels')}.",
            file=file,
        )
    if FORMULA.match(text):
        raise ask.wrong(
            name,
            f'"{column}" holds what a spreadsheet takes for a formula: {text[:20]!r}.',
            "words that begin with a letter or a number.",
            "mend the column"
            + (f", or map it to another word with {ask.option('map_labels')}." if name != "groups" else "."),
            file=file,
        )
    # JSON within a cell.
    if text.startswith(("{", "[")):
        raise ask.wrong(
            name,
            f'"{column}" holds lists or records.',
            "one word or number in each row.",
            "make a column of what is meant.",
            file=file,
        )
    if len(text) > LONGEST:
        raise ask.wrong(
            name,
            f'"{column}" holds text of {len(text):,} letters.',
            f"words of at most {LONGEST} letters.",
            "name another column.",
            file=file,
        )
    if any(unicodedata.category(letter) == "Cc" for letter in text):
        raise ask.wrong(
            name,
            f'"{column}" holds control characters, in {text[:20]!r}.',
            "words that can be printed.",
            "mend the column.",
            file=file,
        )
    if PICTURE.search(text):
        raise ask.wrong(
            name,
            f'"{column}" holds names of pictures or films.',
            "words that many faces share.",
            f"name another column; pictures that occur twice are looked for with {ask.option('id', column)}.",
            file=file,
        )
