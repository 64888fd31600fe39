"""Where each key of a deployment was written: file, line, the author's comment, what changed it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from misread.errors import Problem

T = TypeVar("T")
Path = tuple[str | int, ...]
"""A key's path. Entries of arrays of tables go by name, those without a name of their own by index."""

NAMED: Mapping[Path, str] = {
    ("population", "groups"): "name",
    ("camera", "views"): "name",
    ("rules",): "name",
    ("file", "marks"): "name",
    ("traits",): "name",
    ("situations",): "name",
    ("ages",): "from_year",
    ("decisions",): "name",
}
"""Arrays of tables → the key that tells their entries apart."""


def is_row(path: Path) -> bool:
    """Whether a path is that of a row of weights that add to 1."""
    match path:
        case ("pupil", "next", _) | ("display", _, _):
            return True
        case ("classifier", "confusion", _, "rows", _):
            return True
        case ("classifier", "confusion", _, key):
            return key not in {"expressions", "labels", "odds", "regardless", "rows"}
    return False


def parts_of(path: Path, entries: Sequence[Any]) -> list[str | int]:
    """What the entries of an array are called in paths: their names where no two are alike."""
    by = NAMED.get(path)
    names = [_name(entry, by) if by else None for entry in entries]
    times = Counter(names)
    return [name if name is not None and times[name] == 1 else i for i, name in enumerate(names)]


def _name(entry: Any, by: str) -> str | None:
    name = entry.get(by) if isinstance(entry, Mapping) else getattr(entry, by, None)
    # TOML knows true and 1 apart, Python does not.
    return str(name) if isinstance(name, str | int) and not isinstance(name, bool) else None


def named_path(data: Any, raw: Sequence[str | int]) -> Path:
    """The path by names that belongs to one by indices."""
    path: Path = ()
    for part in raw:
        if isinstance(data, list) and isinstance(part, int) and part < len(data):
            data, part = data[part], parts_of(path, data)[part]
        elif isinstance(data, Mapping):
            data = data.get(str(part))
        path = (*path, part)
    return path


def named_paths(
    data: Any, raw: tuple[str | int, ...] = (), path: Path = ()
) -> Iterator[tuple[tuple[str | int, ...], Path]]:
    """All paths of a TOML document, by indices and by names."""
    if raw:
        yield raw, path
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from named_paths(value, (*raw, key), (*path, key))
    elif isinstance(data, list):
        for i, (part, value) in enumerate(zip(parts_of(path, data), data, strict=True)):
            yield from named_paths(value, (*raw, i), (*path, part))


def spell(path: Path) -> str:
    """A path as the user writes it: ``rules."negative affect".flag``."""
    words = ""
    for part in path:
        if isinstance(part, int):
            words += f"[{part + 1}]"
        else:
            bare = re.fullmatch(r"[A-Za-z0-9_-]+", part)
            words += ("." if words else "") + (part if bare else quoted(part))
    return words


def quoted(text: str) -> str:
    """Text as TOML writes it."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(c, c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}") for c in text) + '"'


def value_text(value: Any) -> str:
    """A value as TOML writes it, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case list() | tuple():
            return "[" + ", ".join(map(value_text, value)) + "]"
        case Mapping():
            inner = ", ".join(f"{spell((k,))} = {value_text(v)}" for k, v in value.items())
            return f"{{ {inner} }}" if inner else "{}"
    return str(value)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key was written."""

    file: str
    line: int | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """One parameter as its author wrote it.

    Attributes
    ----------
    key, value : str
        As TOML writes them.
    comment : str
        The author's comment beside it or directly above it.
    changed_by : str
        Policy or option that changed it; empty if nothing did.
    """

    key: str
    value: str
    comment: str
    changed_by: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a deployment was read from. Two deployments that say the same are equal, whatever their origin.

    Attributes
    ----------
    name : str
        The shipped name, or the file's without its ending.
    file : str
        The file as the user named it.
    data : mapping
        What was read, policies and settings applied, before defaults.
    places : mapping of Path to Place
        Where each key was written.
    changed : mapping of Path to str
        Keys that a policy or a setting gave → its file or option.
    policies, settings : tuple of str
        What was laid on, in order.
    """

    name: str = field(default="deployment", compare=False)
    file: str = field(default="", compare=False)
    data: Mapping[str, Any] = field(default_factory=dict, compare=False)
    places: Mapping[Path, Place] = field(default_factory=dict, compare=False)
    changed: Mapping[Path, str] = field(default_factory=dict, compare=False)
    policies: tuple[str, ...] = field(default=(), compare=False)
    settings: tuple[str, ...] = field(default=(), compare=False)

    def place(self, path: Path) -> Place:
        """Where a key was written, or the nearest table around it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return Place(self.file)

    def comment(self, path: Path) -> str:
        """The author's comment on a key."""
        return self.places[path].comment if path in self.places else ""

    def problem(self, path: Path, what: str, expected: str = "", mend: str = "") -> Problem:
        """A mistake at a key."""
        place = self.place(path)
        return Problem(what, expected=expected, mend=mend, file=place.file, key=spell(path), line=place.line)

    def entries(self, path: Path, items: Sequence[T]) -> Iterator[tuple[Path, T]]:
        """Entries of an array of tables with their paths."""
        for part, item in zip(parts_of(path, items), items, strict=True):
            yield (*path, part), item

    def parameters(self) -> tuple[Written, ...]:
        """Every parameter that was written, a row as one, in the order of the file."""
        return tuple(self._written(path, value) for path, value in leaves(self.data))

    def _written(self, path: Path, value: Any) -> Written:
        within = [p for p in self.places if p[: len(path)] == path] if is_row(path) else [path]
        around = [path[:end] for end in range(1, len(path))]
        said = [c for p in within if (c := self.comment(p))]
        comments = dict.fromkeys([*said, *(f"range: {source}" for source in _sources(value))])
        changed = next((self.changed[p] for p in (*within, *around) if p in self.changed), "")
        return Written(spell(path), value_text(value), "; ".join(comments), changed)


def is_range(value: Any) -> bool:
    """Whether a value is a number with its range."""
    return isinstance(value, Mapping) and {"value", "low", "high"} <= value.keys()


def _sources(value: Any) -> list[str]:
    """What is said about the ranges in a value: of a number, or of a row."""
    ranges = [value] if is_range(value) else list(value.values()) if isinstance(value, Mapping) else []
    return [str(r.get("source", "assumption")) for r in ranges if is_range(r)]


def leaves(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Parameters of a table: numbers, words and lists of them, and whole rows."""
    if isinstance(data, Mapping) and not is_row(path) and not is_range(data):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list) and data and all(isinstance(e, Mapping) for e in data):
        for part, entry in zip(parts_of(path, data), data, strict=True):
            yield from leaves(entry, (*path, part))
    else:
        yield path, data
