"""Policies and settings: overlays with only the keys they change.

Tables merge key by key. Arrays of tables merge entry by entry, by name. Everything else is replaced: a
row of weights too, since half of one row and half of another add to nothing; and a profile that comes
from elsewhere than the one it replaces (`from`), since the keys of the two mean different things. A rule that
becomes one that is judged once a lesson loses the keys that mean nothing to it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from misread.deployment.model.flags import KOfLast, parse_flag
from misread.deployment.origin import NAMED, Path, Place, is_row, parts_of, quoted, spell
from misread.deployment.text.source import DEEPEST, Document, near
from misread.errors import Problem

OPTIONAL: frozenset[Path] = frozenset({("face",), ("feedback",), ("camera", "geometry")})
"""Tables that are there or not, with nothing between: `off = true` takes them out."""

OF_WINDOWS = ("after_flag", "true_if")
"""Keys of a rule that mean nothing where it is judged once a lesson."""

_PART = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^."'=]+?))\s*(\.|=|$)""")


class Merged:
    """A deployment's data while overlays are laid on it.

    Attributes
    ----------
    data : dict
        What the file says so far.
    places : dict
        Where each key was written.
    changed : dict
        Keys that an overlay gave → its file or option.
    problems : list of Problem
        What cannot be merged.
    """

    def __init__(self, base: Document) -> None:
        self.data: dict[str, Any] = _copied(base.data)
        self.places: dict[Path, Place] = dict(base.places)
        self.changed: dict[Path, str] = {}
        self.problems: list[Problem] = []

    def lay(self, overlay: Document) -> None:
        """Lay a policy on top."""
        self._table((), self.data, overlay.data, overlay)

    def set(self, setting: str) -> None:
        """Lay a setting ``KEY=VALUE`` on top."""
        option = f"--set {setting}"
        path, text = _split(setting)
        if not path or len(path) > DEEPEST:
            self.problems.append(
                Problem(
                    "It is no KEY=VALUE.",
                    "such as --set camera.observe_every_seconds=30.",
                    'write key, equals sign and value; quote names that hold a dot: rules."a.b".flag.',
                    file=option,
                )
            )
            return
        table: Any = self.data
        for i, part in enumerate(path[:-1]):
            at = path[: i + 1]
            if isinstance(table, dict):
                table = table.setdefault(part, {})
            elif isinstance(table, list) and at[:-1] in NAMED:
                names = parts_of(at[:-1], table)
                if part not in names:
                    self.problems.append(self._no_entry(at, [str(n) for n in names], option))
                    return
                table = table[names.index(part)]
        value = _value(text)
        *_, last = path
        if path[:-2] in NAMED and last == "off" and value is True:
            self._take_out(path[:-1])
        elif path[:-1] in OPTIONAL and last == "off" and value is True:
            self._drop(path[:-1])
        elif isinstance(table, dict):
            if path[:-2] == ("rules",) and last == "flag" and judged_once(value):
                self._take_window_keys(path[:-1], table)
            self._give(path, table, str(last), value, {path: Place(option)}, option)
        else:
            what = "It does not lead to a key."
            self.problems.append(Problem(what, "a key of a table.", "check the path.", file=option, key=spell(path)))

    def _table(self, path: Path, base: dict[str, Any], over: Mapping[str, Any], source: Document) -> None:
        if path[:-1] == ("rules",) and judged_once(over.get("flag")):
            self._take_window_keys(path, base)
        for key, value in over.items():
            at = (*path, key)
            old = base.get(key)
            if at in OPTIONAL and isinstance(value, dict) and value.get("off") is True:
                self._drop(at)
            elif isinstance(old, list) and isinstance(value, list) and at in NAMED:
                self._entries(at, old, value, source)
            elif isinstance(old, dict) and isinstance(value, dict) and not _replaces(at, old, value):
                self._table(at, old, value, source)
            else:
                self._give(at, base, key, value, source.places, source.file)

    def _give(
        self, at: Path, base: dict[str, Any], key: str, value: Any, places: Mapping[Path, Place], by: str
    ) -> None:
        self._forget(at)
        base[key] = _copied(value)
        self._remember(at, places, by)

    def _entries(self, at: Path, old: list[Any], new: list[Any], source: Document) -> None:
        by = NAMED[at]
        for part, entry in zip(parts_of(at, new), new, strict=True):
            known = parts_of(at, old)
            if not isinstance(entry, dict) or isinstance(part, int):
                self.problems.append(self._nameless((*at, part), by, source))
            elif "off" in entry:
                self._off((*at, part), entry, [str(k) for k in known], source)
            elif part in known:
                self._table((*at, part), old[known.index(part)], entry, source)
            else:
                old.append(_copied(entry))
                self._remember((*at, part), source.places, source.file)

    def _off(self, at: Path, entry: Mapping[str, Any], known: list[str], source: Document) -> None:
        place = source.places.get((*at, "off"), Place(source.file))
        if entry["off"] is not True:
            problem = Problem(
                f"It is {entry['off']!r}.",
                "true.",
                "write `off = true`, or leave it out.",
                file=place.file,
                line=place.line,
                key=spell((*at, "off")),
            )
            self.problems.append(problem)
        elif at[-1] not in known:
            self.problems.append(self._no_entry(at, known, place.file, place.line))
        else:
            self._take_out(at)

    def _take_window_keys(self, at: Path, rule: dict[str, Any]) -> None:
        for key in OF_WINDOWS:
            rule.pop(key, None)
            self._forget((*at, key))

    def _drop(self, at: Path) -> None:
        """Take a table out that a deployment can do without; it may be gone already."""
        around: Any = self.data
        for part in at[:-1]:
            around = around.get(part, {})
        around.pop(at[-1], None)
        self._forget(at)

    def _take_out(self, at: Path) -> None:
        entries: Any = self.data
        for part in at[:-1]:
            entries = entries[part]
        del entries[parts_of(at[:-1], entries).index(at[-1])]
        self._forget(at)

    def _no_entry(self, at: Path, known: list[str], file: str, line: int | None = None) -> Problem:
        meant = near(str(at[-1]), known)
        kind = spell(at[:-1])
        return Problem(
            f"There is no {quoted(str(at[-1]))} in `{kind}`.",
            expected=", ".join(map(quoted, known)) + "." if known else f"an entry of `{kind}`; there is none.",
            mend=f"did you mean {quoted(meant)}?" if meant else "name one that is there.",
            file=file,
            line=line,
            key=spell(at),
        )

    def _nameless(self, at: Path, by: str, source: Document) -> Problem:
        place = source.places.get(at, Place(source.file))
        return Problem(
            f"A policy finds entries of `{spell(at[:-1])}` by `{by}`; this one has none of its own.",
            expected=f"one entry a `{by}`.",
            mend=f"give it the `{by}` of the entry it changes, once.",
            file=place.file,
            line=place.line,
            key=spell(at),
        )

    def _forget(self, at: Path) -> None:
        for known in (self.places, self.changed):
            for path in [p for p in known if p[: len(at)] == at]:
                del known[path]

    def _remember(self, at: Path, places: Mapping[Path, Place], by: str) -> None:
        self.places.update({p: place for p, place in places.items() if p[: len(at)] == at})
        for end in range(1, len(at)):
            self.places.setdefault(at[:end], places.get(at[:end], Place(by)))
        self.changed[at] = by


def _copied(value: Any) -> Any:
    """Tables and lists anew; what stands in them cannot be changed."""
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def judged_once(flag: Any) -> bool:
    """Whether words of a rule say that it is judged at a lesson's last look."""
    try:
        return isinstance(flag, str) and not isinstance(parse_flag(flag), KOfLast)
    except ValueError:
        return False


def _replaces(at: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    if at[:2] == ("classifier", "confusion") and len(at) == 3:
        return "from" in new and new["from"] != old.get("from")
    return is_row(at)


def _split(setting: str) -> tuple[tuple[str, ...], str]:
    path: list[str] = []
    at = 0
    while found := _PART.match(setting, at):
        escaped, literal, bare, stop = found.groups()
        if escaped is not None:
            try:
                bare = next(iter(tomllib.loads(f'"{escaped}"=0')))
            except tomllib.TOMLDecodeError:
                break
        path.append(bare if bare is not None else literal)
        at = found.end()
        if stop == "=":
            return tuple(path), setting[at:].strip()
        if not stop:
            break
    return (), ""


def _value(text: str) -> Any:
    """A value as TOML reads it, or the text as it is: shells eat quotes."""
    try:
        read = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return read["value"] if len(read) == 1 else text
