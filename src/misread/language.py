"""The language in which people are spoken to: every sentence of the page passes through `gettext`.

A sentence stands in the source in English, with named places for what is put in: ``_("%(n)s alerts", n=3)``. A
catalogue in ``locale/`` gives it in another language. Two languages that nobody speaks are made here for those who
build and test pages: one that is 40 per cent longer, and one that is read from right to left.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import cycle
from math import ceil
from typing import NamedTuple

DOMAIN = "misread"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur", "yi", "ar-XB"})
LONG, REVERSED = "en-XA", "ar-XB"
"""The usual names of the two invented languages: accented and longer, and right to left."""


class Language(NamedTuple):
    """A language people are spoken to in.

    Attributes
    ----------
    code : str
        As in the attribute ``lang`` of a page.
    direction : {"ltr", "rtl"}
        Which way it is read.
    catalogue : gettext.NullTranslations
        Its sentences.
    """

    code: str
    direction: str
    catalogue: NullTranslations


@cache
def language(code: str = "en") -> Language:
    """A language by its code.

    Raises
    ------
    KeyError
        If there is none of this code; `codes` lists them.
    """
    if code not in codes():
        raise KeyError(code)
    return Language(code, "rtl" if code in RIGHT_TO_LEFT else "ltr", _catalogue(code))


@cache
def codes() -> tuple[str, ...]:
    """Codes of all languages: English, those a catalogue is there for, and the two invented ones."""
    folders = _LOCALE.iterdir() if _LOCALE.is_dir() else ()
    there = sorted(folder.name for folder in folders if _compiled(folder.name).is_file())
    return ("en", *there, LONG, REVERSED)


def speak(code: str) -> None:
    """Have everything said in a language from now on.

    Raises
    ------
    KeyError
        If there is none of this code.
    """
    _SPOKEN.set(language(code))


def spoken() -> Language:
    """The language that is spoken now."""
    return _SPOKEN.get() or language()


def gettext(message: str, /, **values: object) -> str:
    """A sentence in the language that is spoken, its places filled.

    Parameters
    ----------
    message : str
        In English; where there are values, ``%(name)s`` stands for each and ``%%`` for the sign.
    **values : object
        What to put in.
    """
    said = spoken().catalogue.gettext(message) if message else ""
    return said % values if values else said


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """A sentence about one or several, its places filled; ``%(n)s`` is how many.

    Parameters
    ----------
    one, many : str
        Both in English.
    n : int
        How many there are.
    **values : object
        What else to put in.
    """
    return spoken().catalogue.ngettext(one, many, n) % {"n": n, **values}


def mark(message: str) -> str:
    """The same text: tells those who gather sentences that it is translated where it is used."""
    return message


class _Invented(NullTranslations):
    """A language made from English by changing what stands between places and marks."""

    def __init__(self, change: Callable[[str], str]) -> None:
        super().__init__()
        self._change = change

    def gettext(self, message: str) -> str:
        return self._change(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._change(super().ngettext(msgid1, msgid2, n))


_KEPT = re.compile(r"(%\(\w+\)[a-z]|%%|<[^>]+>|&\w+;)")
_ACCENTED = str.maketrans("aceiouynAEIOUCN", "åçéîöûýñÅÉÎÖÛÇÑ")
_LONGER = 0.4


def _long(message: str) -> str:
    """Each letter still to be read, the whole 40 per cent longer, and brackets that show where it was cut."""
    parts = _KEPT.split(message)
    said = "".join(part if i % 2 else part.translate(_ACCENTED) for i, part in enumerate(parts))
    letters = sum(len(part) for part in parts[::2])
    words = cycle(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))
    tail = ""
    while len(tail) < ceil(_LONGER * letters) - 2:
        tail += f" {next(words)}"
    return f"⟦{said}{tail}⟧"


def _reversed(message: str) -> str:
    """Letters from right to left, by the marks Unicode has for it; what is put in keeps its own way."""
    parts = _KEPT.split(message)
    return "⟦" + "".join(p if i % 2 or not p.strip() else f"\u202e{p}\u202c" for i, p in enumerate(parts)) + "⟧"


_LOCALE = files("misread") / "locale"
_SPOKEN: ContextVar[Language | None] = ContextVar("spoken", default=None)


def _compiled(code: str) -> Traversable:
    return _LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.mo"


def _catalogue(code: str) -> NullTranslations:
    if code == LONG:
        return _Invented(_long)
    if code == REVERSED:
        return _Invented(_reversed)
    if code == "en":
        return NullTranslations()
    with _compiled(code).open("rb") as file:
        return GNUTranslations(file)
