"""Which kind each column of a sheet is: by its name, by what stands in it, by what the user said. Else it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from misread.rights.check.dictionary.entries import BIOMETRIC, LABELS, Dictionary, Field, dictionary, fold
from misread.rights.check.dictionary.series import Series, series
from misread.rights.check.dictionary.shapes import beside, numeric, seen_shape
from misread.rights.check.dictionary.times import shape_of

if TYPE_CHECKING:
    from misread.rights.check.model import Answers, Sheet

UNKNOWN = "unknown"
MOST_KINDS = 12
"""A column that says what kind of entry each row is has at most so many different words."""
MOST_WORDS = 300
"""A column with more distinct texts holds no labels from a list."""
LOOKED_AT = 500
"""Distinct texts by which a shape is judged."""
SHORT = 4
"""A word of a name that is shorter says nothing unless it is the whole name."""
WEAK = frozenset({"name", "nom", "nome", "नाम", "value", "valeur", "valor", "wert", "state", "status", "text", "entry"})
"""Words that say something as the whole name only: a name of a camera is no name of a child."""
NAMES_OF_ANYTHING = frozenset({"name", "id", "uid", "nom", "nome", "identifiant", "kennung", "नाम"})
"""Keys of a nested document that say less than the one around them."""
NAMED = frozenset({"identity", "other-person", "location", "model-meta", "recipient", "joined"})
"""Classes of what has a name."""
_TIMES = frozenset({"moment", "date", "clock"})
_SHAPES = {"vector": "template", "image": "image", "audio": "audio"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what it is taken to be.

    Attributes
    ----------
    sheet : str
        The sheet's name.
    index : int
        Place in the sheet, from 0.
    position : int
        Place in the file, from 1, by which a user finds it.
    name : str
        As the export has it.
    stem : str
        The name without what tells columns of one kind apart: numbers at the end, minutes.
    kind : str
        A class, or ``unknown``.
    field : str
        The id of the dictionary's entry; empty where it is unknown.
    role : str
        What the checks use it for.
    by : str
        How that is known: ``name``, ``values``, ``shape``, ``answer``; empty where it is unknown.
    candidates : tuple of str
        Classes that it may be, where there are several.
    empty : bool
        Whether no cell is filled.
    """

    sheet: str
    index: int
    position: int
    name: str
    stem: str
    kind: str = UNKNOWN
    field: str = ""
    role: str = ""
    by: str = ""
    candidates: tuple[str, ...] = ()
    empty: bool = False

    @property
    def is_label(self) -> bool:
        """Whether it says something of a face, a mood or conduct at a moment."""
        return self.kind in LABELS

    @property
    def asked(self) -> bool:
        """Whether the user has to say what it is."""
        return self.kind == UNKNOWN and not self.empty


def classify(sheet: Sheet, answers: Answers | None = None, cells: Sequence[Series] | None = None) -> tuple[Column, ...]:
    """What each column of a sheet is.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    answers : Answers, optional
        What the user said about columns and words.
    cells : sequence of Series, optional
        Its columns, where they are at hand.

    Returns
    -------
    tuple of Column
        In the order of the sheet. What is not known, or may be two things, is ``unknown``.
    """
    known = dictionary()
    said = {fold(name): kind for name, kind in answers.columns.items()} if answers else {}
    words = {fold(word): kind for word, kind in answers.words.items()} if answers else {}
    found = [
        _column(known, sheet, index, name, cells[index] if cells else series(sheet.columns.column(index)), said, words)
        for index, name in enumerate(sheet.columns.column_names)
    ]
    # Columns that stand side by side are of one kind: one of them may hold nothing but "none".
    labels = {fold(column.stem): column for column in found if column.is_label}
    return tuple(_like(column, labels.get(fold(column.stem))) if column.asked else column for column in found)


def _like(column: Column, sibling: Column | None) -> Column:
    if sibling is None or column.candidates:
        return column
    return replace(column, kind=sibling.kind, field=sibling.field, role=sibling.role, by=sibling.by)


def _column(
    known: Dictionary, sheet: Sheet, index: int, name: str, cells: Series, said: dict[str, str], words: dict[str, str]
) -> Column:
    stem = stem_of(name)
    own = Column(sheet.name, index, sheet.position(index), name, stem, empty=not cells.size)
    answer = said.get(fold(name)) or said.get(fold(stem))
    if answer:
        return _taken(own, _of_class(known, answer, cells), cells, "answer", answer)
    fields = [known.fields[id] for id in (_of_whom(name, known) or named(stem, known))]
    if not fields:
        if _kinds_of_entry(known, cells):
            return _taken(own, known.fields["kind"], cells, "values", "code")
        told = _SHAPES.get(seen_shape(cells.distinct))
        return _taken(own, _of_class(known, told, cells), cells, "shape", told) if told else own
    if len(fields) > 1:
        fields = _fitting(known, fields, cells)
    if {f.role for f in fields} == {"pupil", "code"} and 1 < cells.size == cells.filled.sum():
        # Another one in every row: the row is numbered, not the child.
        fields = [f for f in fields if f.role == "code"]
    kinds = {f.kind for f in fields}
    if len(kinds) > 1:
        return _unsure(own, kinds)
    field = fields[0]
    seen = _classes(known, cells, words)
    if field.kind == "by-values":
        return _by_values(own, known, seen)
    if (shape := _SHAPES.get(seen_shape(cells.distinct))) and field.kind not in (*BIOMETRIC, shape):
        return _unsure(own, {field.kind, shape})
    if field.kind in LABELS and not field.shape and shape_of(cells.distinct[:LOOKED_AT]) in ("moment", "date"):
        return _unsure(own, {field.kind, "time"})
    # A name of one class over words that are all of another: one of the two is not what it seems.
    # "Reading" is a kind of entry as well as something that a child does; a key to codes explains in such words.
    entries = field.role == "meaning" or (
        field.role == "kind" and any(fold(word) in known.kinds for word in cells.words(MOST_WORDS))
    )
    if seen and field.kind not in seen and _argues(field) and not entries:
        return _unsure(own, {field.kind, *seen})
    return _taken(own, field, cells, "name", field.kind)


def may_be_kinds(cells: Series) -> bool:
    """Whether a column may say what kind of entry each row is: a few words, which come again."""
    return 1 < cells.size <= MOST_KINDS and cells.size < cells.filled.sum() and not numeric(cells.distinct)


def _kinds_of_entry(known: Dictionary, cells: Series) -> bool:
    """Whether more than half of the words of a column are kinds of entry."""
    return may_be_kinds(cells) and 2 * sum(fold(word) in known.kinds for word in cells.words()) > cells.size


def _argues(field: Field) -> bool:
    """Whether words for a face or a mood do not belong into a column of that name."""
    return field.kind in LABELS or field.kind in ("identity", "time", "location", "code", "model-meta", "recipient")


def _unsure(own: Column, kinds: Iterable[str]) -> Column:
    return replace(own, candidates=tuple(sorted(set(kinds) - {"by-values", "nothing"})))


def _by_values(own: Column, known: Dictionary, seen: Counter[str]) -> Column:
    if not seen:
        return own
    kind = seen.most_common(1)[0][0]
    return replace(own, kind=kind, field=_first(known, kind).id, role="", by="values")


def _taken(own: Column, field: Field, cells: Series, by: str, kind: str) -> Column:
    role: str = field.role
    if role in _TIMES:
        # The name says that it is a time; only the cells say whether there is a date in it.
        role = shape_of(cells.distinct[:LOOKED_AT]) if cells.size else field.role
        role = role or ("lesson" if by == "answer" and numeric(cells.distinct[:LOOKED_AT]) else "")
    return replace(own, kind=kind, field=field.id, role=role, by=by)


def _first(known: Dictionary, kind: str) -> Field:
    return next(field for field in known.fields.values() if field.kind == kind)


def _of_class(known: Dictionary, kind: str, cells: Series) -> Field:
    """The entry of a class that fits the cells best."""
    fields = [field for field in known.fields.values() if field.kind == kind]
    if kind == "model-meta" and numeric(cells.distinct[:LOOKED_AT]):
        return known.fields["confidence"]
    if kind == "code":
        entries = may_be_kinds(cells) or any(fold(word) in known.kinds for word in cells.words(MOST_WORDS))
        return known.fields["kind" if entries else "code"]
    return fields[0]


def stem_of(name: str) -> str:
    """A column's own name: the last part of a path, without minutes, and without a number at its end."""
    last = name.replace("[]", "").rsplit(".", 1)[-1] if "." in name and not name.endswith(".") else name
    found = beside(last)
    last = found[0] if found else last
    short = last.rstrip("0123456789").rstrip(" _-.#[(")
    return short if short and short != last and not short[-1:].isspace() else last


def named(name: str, known: Dictionary) -> tuple[str, ...]:
    """Ids of the entries that a name fits: as a whole, else by the most of its words."""
    import re

    folded = fold(name)
    if folded in known.names:
        return known.names[folded]
    for field in known.fields.values():
        if field.pattern and re.fullmatch(field.pattern, folded):
            return (field.id,)
    return _partly(folded, known)


def _of_whom(path: str, known: Dictionary) -> tuple[str, ...]:
    """For a name or a number in a nested document: whose or what's it is, if the key around it says so."""
    *around, last = path.replace("[]", "").split(".")
    if not around or fold(last) not in NAMES_OF_ANYTHING:
        return ()
    return tuple(id for id in known.names.get(fold(around[-1]), ()) if known.fields[id].kind in NAMED)


def _partly(folded: str, known: Dictionary) -> tuple[str, ...]:
    words = folded.split()
    for length in range(min(len(words), known.longest), 0, -1):
        phrases = (" ".join(words[i : i + length]) for i in range(len(words) - length + 1))
        if found := _ids(known, (p for p in phrases if p not in WEAK and (len(p) >= SHORT or not p.isascii()))):
            return found
    # Scripts that leave no space between words.
    inside = [name for name in known.names if not name.isascii() and len(name) >= 2 and _han(name) and name in folded]
    longest = max(map(len, inside), default=0)
    return _ids(known, (name for name in inside if len(name) == longest))


def _ids(known: Dictionary, phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id for phrase in phrases for id in known.names.get(phrase, ())))


def _han(name: str) -> bool:
    return all("\u4e00" <= c <= "\u9fff" for c in name)


def _fitting(known: Dictionary, fields: Sequence[Field], cells: Series) -> list[Field]:
    """Of several entries those that the cells fit; all of them where the cells decide nothing."""
    kept = list(fields)
    for fits in (_by_shape(kept, cells), _by_words(known, kept, cells)):
        kept = [field for field, fit in zip(kept, fits, strict=True) if fit] or kept
        if len({field.kind for field in kept}) == 1:
            break
    return kept


def _by_shape(fields: Sequence[Field], cells: Series) -> list[bool]:
    some = cells.distinct[:LOOKED_AT]
    time, number, seen = shape_of(some), numeric(some), seen_shape(some)

    def fits(field: Field) -> bool:
        if field.shape in _TIMES:
            return bool(time)
        if field.shape == "number":
            return number
        return field.shape == seen if field.shape else not time

    found = [fits(field) for field in fields]
    # One that asks for a shape and has it says more than one that takes anything.
    strict = [fit and bool(field.shape) for field, fit in zip(fields, found, strict=True)]
    return strict if any(strict) else found


def _by_words(known: Dictionary, fields: Sequence[Field], cells: Series) -> Iterator[bool]:
    words = [fold(word) for word in cells.words(MOST_WORDS)] if cells.size <= MOST_WORDS else []
    shares = [_share(known, field, words) for field in fields]
    best = max((share for share in shares if share is not None), default=0)
    for share in shares:
        yield share is not None and share == best if best else share is None


def _share(known: Dictionary, field: Field, words: Sequence[str]) -> float | None:
    """Which share of some words an entry lists; None where it lists none."""
    if field.role == "kind":
        listed: set[str] = set(known.kinds)
    else:
        listed = {fold(word) for words in field.values.values() for word in words}
    return (sum(word in listed for word in words) / len(words) if words else 0.0) if listed else None


def _classes(known: Dictionary, cells: Series, words: dict[str, str]) -> Counter[str]:
    """Classes of the words that stand in a column, if at least half of them are known."""
    if not 0 < cells.size <= MOST_WORDS:
        return Counter()
    folded = [fold(word) for word in cells.words()]
    kinds = [words.get(word) or known.values.get(word) for word in folded]
    found = Counter(kind for kind in kinds if kind in LABELS)
    nothing = sum(kind == "nothing" for kind in kinds)
    return found if 2 * found.total() >= len(folded) - nothing else Counter()
