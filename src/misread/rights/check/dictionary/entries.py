"""The dictionary's entries: what a column may be called, what may stand in it, and what kind that is."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Literal, get_args

from pydantic import Field as Described

from misread.evidence.entries.reference import Some, Table, Text

Class = Literal[
    "emotion",
    "affect-dimension",
    "engagement",
    "apparent-expression",
    "physical-state",
    "behaviour",
    "identity",
    "template",
    "image",
    "audio",
    "gaze",
    "vital-sign",
    "location",
    "time",
    "model-meta",
    "other-person",
    "free-text",
    "joined",
    "recipient",
    "code",
    "decision",
]
CLASSES: tuple[Class, ...] = get_args(Class)
"""All kinds of data that a column can hold; what a system made of its readings is `decision`."""
LABELS: frozenset[str] = frozenset(
    {"emotion", "affect-dimension", "engagement", "apparent-expression", "physical-state", "behaviour", "gaze"}
)
"""Those that say something of a child's face, mood or conduct at a moment."""
BIOMETRIC: frozenset[str] = frozenset({"template", "image", "audio", "gaze", "vital-sign"})
Language = Literal["en", "de", "fr", "pt", "zh", "hi"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Role = Literal[
    "",
    "pupil",
    "other-child",
    "staff",
    "joined",
    "note",
    "message",
    "moment",
    "date",
    "clock",
    "minute",
    "lesson",
    "subject",
    "year",
    "room",
    "version",
    "confidence",
    "alert",
    "mark",
    "decision",
    "recipient",
    "third-party",
    "kind",
    "code",
    "meaning",
]
Shape = Literal["", "number", "moment", "date", "clock", "vector", "image", "audio"]
Words = Annotated[tuple[Some, ...], Described(strict=False)]


class Field(Table):
    """What a column may be.

    Attributes
    ----------
    id : str
        A permanent name.
    kind : str
        The class; ``by-values`` where only what stands in the column can tell, ``nothing`` for words that say that
        nothing was read.
    role : str
        What the checks use it for.
    shape : str
        What its cells have to look like; empty where anything may stand there.
    pattern : str
        A regular expression that names may match as a whole, beside those listed.
    record_field : str
        The field of the disclosure record that would mention it.
    names, values : mapping of str to tuple of str
        Language → words.
    why, cannot_tell : str
        A sentence each.
    """

    id: Some
    kind: Annotated[Class | Literal["by-values", "nothing"], Described(alias="class")]
    role: Role = ""
    shape: Shape = ""
    pattern: Text = ""
    record_field: Text = ""
    names: Mapping[Language, Words] = Described(default_factory=dict)
    values: Mapping[Language, Words] = Described(default_factory=dict)
    why: Text = ""
    cannot_tell: Text = ""


@dataclass(frozen=True)
class Dictionary:
    """All entries, and the ways into them.

    Attributes
    ----------
    fields : mapping of str to Field
        By id.
    names : mapping of str to tuple of str
        A folded name → ids of the fields that may be called so.
    values : mapping of str to str
        A folded word → its class, or ``nothing``.
    kinds, recipients : mapping of str to str
        A folded word → the kind of entry, or who it is.
    """

    fields: Mapping[str, Field]
    names: Mapping[str, tuple[str, ...]]
    values: Mapping[str, str]
    kinds: Mapping[str, str]
    recipients: Mapping[str, str]

    @property
    def longest(self) -> int:
        """The most words that a name has."""
        return max(name.count(" ") + 1 for name in self.names)


FILES = ("labels.toml", "bodies.toml", "people.toml", "system.toml")
ROWS = "rows.toml"


@cache
def dictionary() -> Dictionary:
    """The dictionary that comes with misread, read at the first call."""
    folder = resources.files("misread.rights.check.dictionary") / "words"
    texts = [(folder / name).read_text(encoding="utf-8") for name in FILES]
    return read(texts, (folder / ROWS).read_text(encoding="utf-8"))


def read(texts: Iterable[str], rows: str) -> Dictionary:
    """A dictionary from the texts of its files.

    Parameters
    ----------
    texts : iterable of str
        TOML with a list of ``[[field]]`` each.
    rows : str
        TOML with ``[kinds]`` and ``[recipients]``.
    """
    fields = [Field.model_validate(table) for text in texts for table in tomllib.loads(text)["field"]]
    names: dict[str, tuple[str, ...]] = {}
    values: dict[str, str] = {}
    for field in fields:
        for word in {fold(word) for words in field.names.values() for word in words}:
            names[word] = (*names.get(word, ()), field.id)
        for word in {fold(word) for words in field.values.values() for word in words}:
            if field.role != "subject":
                values[word] = field.kind
    told = tomllib.loads(rows)
    return Dictionary(
        MappingProxyType({field.id: field for field in fields}),
        MappingProxyType(names),
        MappingProxyType(values),
        MappingProxyType(_turned(told["kinds"])),
        MappingProxyType(_turned(told["recipients"])),
    )


@cache
def languages() -> Mapping[str, frozenset[Language]]:
    """In which languages the dictionary lists a folded word that stands in columns."""
    found: dict[str, set[Language]] = {}
    for field in dictionary().fields.values():
        for language, words in field.values.items():
            for word in words:
                found.setdefault(fold(word), set()).add(language)
    return MappingProxyType({word: frozenset(spoken) for word, spoken in found.items()})


def _turned(lists: Mapping[str, list[str]]) -> dict[str, str]:
    return {fold(word): key for key, words in lists.items() for word in words}


_HUMPS = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_LATIN_MARKS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """A name or a word as it is compared: small letters, no accents, words apart, no punctuation.

    Marks of other scripts than the Latin one are letters there, and stay.
    """
    text = _HUMPS.sub(" ", unicodedata.normalize("NFKC", text)).casefold()
    text = unicodedata.normalize("NFC", _LATIN_MARKS.sub("", unicodedata.normalize("NFD", text)))
    kept = (c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in text)
    return " ".join("".join(kept).split())
