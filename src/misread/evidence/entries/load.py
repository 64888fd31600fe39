"""Reading the catalogue: TOML files → entries, with one message that names every mistake."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from misread.errors import MisreadError, Problem
from misread.evidence.entries.model import Entry, Figure, Matrix, Quantity, Source
from misread.evidence.entries.reference import Reference

_ID = re.compile(r"^[A-Z]\d{2,3}[a-z]?$")
_HEAD = ("topic", "sources")


@cache
def catalogue() -> Mapping[str, Entry]:
    """The published figures that come with misread.

    Returns
    -------
    mapping of str to Entry
        Evidence id → entry, in the order of ids. Read at the first call, and kept.
    """
    folder = resources.files("misread.evidence") / "data"
    texts = {f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".toml")}
    return read(texts)


def read(texts: Mapping[str, str], *, taken: Collection[str] = ()) -> Mapping[str, Entry]:
    """Entries from the texts of files that belong together.

    Parameters
    ----------
    texts : mapping of str to str
        Name of a file → its text. A source named in one may be used in all.
    taken : collection of str
        Ids that others use already.

    Raises
    ------
    MisreadError
        With everything that is wrong in any of them.
    """
    problems: list[Problem] = []
    files = [file for name, text in sorted(texts.items()) if (file := _parsed(name, text, problems)) is not None]
    sources: dict[str, Source] = {}
    for file in files:
        for key, source in file.sources(problems).items():
            if key in sources:
                what = f"The source `{key}` is named twice."
                problems.append(file.problem(("sources", key), what, "every name once.", "take one out, or rename it."))
            sources[key] = source
    entries: dict[str, Entry] = {}
    for file in files:
        problems += file.collisions(taken)
        for entry in file.entries(sources, problems):
            if entry.id in entries:
                problems.append(
                    file.problem((entry.id,), f"`{entry.id}` is used twice.", "every id once.", "give it another id.")
                )
            entries.setdefault(entry.id, entry)
    if problems:
        raise MisreadError(problems)
    return MappingProxyType({id: entries[id] for id in sorted(entries)})


def _parsed(name: str, text: str, problems: list[Problem]) -> _File | None:
    try:
        return _File(name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        # What ends too early has no line of its own: the last.
        line = int(found[1]) if (found := re.search(r"line (\d+)", said)) else max(1, len(text.splitlines()))
        problems.append(Problem(f"It is not TOML: {said}.", "a TOML file.", "correct that line.", file=name, line=line))
    except RecursionError:
        problems.append(Problem("Its brackets are nested too deeply.", "tables of entries.", "take some out.", name))
    except ValueError:
        # Python refuses to read a number of more than 4,300 digits.
        what = "It holds a number of thousands of digits."
        problems.append(Problem(what, "numbers that mean something.", "write a shorter one.", name))
    return None


class _File:
    """One file of the catalogue."""

    def __init__(self, name: str, text: str, content: dict[str, Any]) -> None:
        self.name = name
        self.lines = text.splitlines()
        self.content = content

    def problem(self, path: tuple[str | int, ...], what: str, expected: str = "", mend: str = "") -> Problem:
        key = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
        return Problem(what, expected, mend, self.name, key, self._line(path))

    def _line(self, path: tuple[str | int, ...]) -> int | None:
        """The line of the deepest key of the path that stands at the start of a line."""
        words = [p for p in path if isinstance(p, str)]
        for depth in range(min(len(words), 3), 0, -1):
            header = re.compile(r"\s*\[" + r"\.".join(f'"?{re.escape(w)}"?' for w in words[:depth]) + r"\]")
            start = next((i for i, line in enumerate(self.lines) if header.match(line)), None)
            if start is None:
                continue
            if len(words) > depth:
                key = re.compile(rf"\s*\"?{re.escape(words[depth])}\"?\s*=")
                for i in range(start + 1, len(self.lines)):
                    if self.lines[i].startswith("["):
                        break
                    if key.match(self.lines[i]):
                        return i + 1
            return start + 1
        return None

    def sources(self, problems: list[Problem]) -> dict[str, Source]:
        """The sources that the file names."""
        found = {}
        tables = self.content.get("sources", {})
        if not isinstance(tables, dict):
            problems.append(self.problem(("sources",), "It is no table.", "[sources.NAME] tables."))
            return {}
        for key, table in tables.items():
            try:
                found[key] = Source.model_validate(table)
            except ValidationError as error:
                problems += self._problems(error, ("sources", key), Source)
                # Said once: entries that name it are read on.
                found[key] = Source(short=key, citation=key)
        return found

    def collisions(self, taken: Collection[str]) -> list[Problem]:
        """Ids of the file that others use already."""
        return [
            self.problem(
                (id,),
                f"`{id}` is an id of the catalogue that comes with misread.",
                "an id of your own: X01 to X99 are never used there.",
                "give it another id.",
            )
            for id in self.content
            if id in taken
        ]

    def entries(self, sources: Mapping[str, Source], problems: list[Problem]) -> Iterator[Entry]:
        """The entries of the file that are as they should be; what is wrong with the others is noted."""
        tables = {key: value for key, value in self.content.items() if key not in _HEAD}
        if tables and not isinstance(self.content.get("topic"), str):
            problems.append(
                self.problem(("topic",), "It has no topic.", 'topic = "…" as first line.', "say what it is about.")
            )
            return
        for id, table in tables.items():
            if not _ID.match(id) or not isinstance(table, dict):
                problems.append(
                    self.problem(
                        (id,),
                        f"`{id}` is no entry.",
                        "a table such as [A01]: a letter and two digits; or `topic`, or [sources.NAME].",
                        "give it such an id.",
                    )
                )
                continue
            entry = self._entry(id, table, sources, problems)
            if entry is not None:
                yield entry

    def _entry(
        self, id: str, table: dict[str, Any], sources: Mapping[str, Source], problems: list[Problem]
    ) -> Entry | None:
        given = {**table, "id": id, "topic": self.content["topic"]}
        if (key := given.pop("source", None)) is not None:
            if not isinstance(key, str) or key not in sources:
                problems.append(
                    self.problem(
                        (id, "source"),
                        f"No source is called `{key}`.",
                        "the name of a [sources.NAME] table.",
                        _meant(str(key), sources) or "add it, or write `short` and `citation` here.",
                    )
                )
                return None
            # What the entry says itself goes before what its source says.
            given = {**sources[key].model_dump(), **given}
        kind: type[Entry] = Matrix if "table" in table else Quantity
        try:
            return kind.model_validate(given)
        except ValidationError as error:
            problems += self._problems(error, (id,), kind)
            return None

    def _problems(self, error: ValidationError, path: tuple[str, ...], kind: type[BaseModel]) -> list[Problem]:
        found = {}
        for detail in error.errors(include_url=False):
            loc = _as_written(detail["loc"])
            place = (*path, *loc)
            if place not in found:
                found[place] = self._one(detail, place, loc, kind)
        # Where a value may be of several kinds, the mistakes inside it say more than that it is none of them.
        inner = {place[:-depth] for place in found for depth in range(1, len(place))}
        return [problem for place, problem in found.items() if place not in inner or len(place) == len(path)]

    def _one(
        self, detail: Any, place: tuple[str | int, ...], loc: tuple[str | int, ...], kind: type[BaseModel]
    ) -> Problem:
        key = str(place[-1])
        if detail["type"] == "extra_forbidden":
            known = _fields(kind, loc) if len(loc) > 1 else [*kind.model_fields, "source"]
            return self.problem(
                place, f"`{key}` is no key here.", f"one of {', '.join(known)}.", _meant(key, known) or "take it out."
            )
        expected = _expected(kind, loc)
        if detail["type"] == "missing":
            return self.problem(place, f"`{key}` is missing.", expected, "add it.")
        if detail["type"] == "value_error":
            return self.problem(place, f"Something does not fit: {detail['ctx']['error']}.", "", "correct it.")
        return self.problem(place, f"It is {_short(detail['input'])}.", expected, "write that instead.")


def _as_written(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """A place in an entry without the names pydantic gives to the kinds a value may have."""
    kinds = {"int", "float", "str"}
    return tuple(p for p in loc if isinstance(p, int) or (p.isidentifier() and p not in kinds))


def _expected(kind: type[BaseModel], loc: tuple[str | int, ...]) -> str:
    inner = _fields(kind, loc)
    names = [str(p) for p in loc if isinstance(p, str)]
    field = inner.get(names[-1]) if len(names) > 1 else None
    field = field or kind.model_fields.get(names[0] if names else "")
    return f"{field.description}." if field and field.description else ""


def _fields(kind: type[BaseModel], loc: tuple[str | int, ...]) -> Mapping[str, FieldInfo]:
    """What the table around a place may hold."""
    if len(loc) < 2:
        return kind.model_fields
    return Reference.model_fields if loc[0] == "reference" else Figure.model_fields


def _meant(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean `{found[0]}`?" if found else ""


def _short(value: object) -> str:
    said = repr(value)
    return said if len(said) <= 60 else said[:57] + "…"
