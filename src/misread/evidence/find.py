"""Finding entries by topic and by words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from misread.evidence.entries.model import Entry, Matrix, Quantity


def topics(entries: Mapping[str, Entry]) -> tuple[str, ...]:
    """The topics of some entries, in the order in which their ids first name them."""
    return tuple(dict.fromkeys(entry.topic for entry in entries.values()))


def find(entries: Mapping[str, Entry], topic: str | None = None, words: Sequence[str] = ()) -> tuple[Entry, ...]:
    """Entries of a topic that hold all of some words.

    Parameters
    ----------
    entries : mapping of str to Entry
        Where to look.
    topic : str, optional
        Only this topic.
    words : sequence of str
        Parts of words, each of which must stand somewhere in the entry; case and accents do not matter.

    Returns
    -------
    tuple of Entry
        In the order of `entries`.
    """
    sought = [_folded(word) for word in words]
    return tuple(
        entry
        for entry in entries.values()
        if topic in (None, entry.topic) and (not sought or _holds(_folded(" ".join(_texts(entry))), sought))
    )


def _holds(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)


def _texts(entry: Entry) -> Iterable[str]:
    yield from (entry.id, entry.topic, entry.status, entry.short, entry.citation, entry.doi, entry.no_source)
    yield from (entry.quantity, entry.population, entry.stimuli, entry.where, entry.seen, entry.units_note)
    yield from entry.notes
    if isinstance(entry, Matrix):
        yield from (*entry.columns, *entry.rows, entry.counted)
    if isinstance(entry, Quantity):
        for figure in entry.figures:
            yield from (figure.name, str(figure.value), figure.unit, figure.n_of)


def number(entries: Mapping[str, Entry], id: str, name: str) -> float:
    """The number that an entry gives under a name.

    Raises
    ------
    KeyError
        If there is no such entry.
    """
    entry = entries[id]
    assert isinstance(entry, Quantity)
    (value,) = (f.value for f in entry.figures if f.name == name)
    assert not isinstance(value, str)
    return float(value)


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c))
