"""On which line each key of a TOML text stands, and what its author says about it.

`tomllib` tells no positions. The text has been through `tomllib` before it comes here, so nothing is
checked again.
"""

from __future__ import annotations

import bisect
import re
import tomllib
from dataclasses import dataclass

RawPath = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_VALUE = re.compile(r"[^,\]}\n#]+")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL),
    re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a key stands.

    Attributes
    ----------
    line : int
        Counted from 1.
    comment : str
        The comment at the end of that line, or else the comment lines directly above it.
    """

    line: int
    comment: str


def positions(text: str) -> dict[RawPath, Position]:
    """Key paths of a valid TOML text, entries of arrays by index, in the order in which they stand.

    Parameters
    ----------
    text : str
        What `tomllib.loads` has read without an error.
    """
    scanner = _Scanner(text)
    scanner.document()
    return {path: Position(line, scanner.comment(line)) for path, line in scanner.found.items()}


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.breaks = [i for i, c in enumerate(self.text) if c == "\n"]
        self.at = 0
        self.found: dict[RawPath, int] = {}
        self.last: dict[RawPath, int] = {}
        """Arrays of tables → index of the entry that stands open."""
        self.trailing: dict[int, str] = {}
        self.above: dict[int, str] = {}

    def comment(self, line: int) -> str:
        if line in self.trailing:
            return self.trailing[line]
        first = line
        while first - 1 in self.above:
            first -= 1
        return " ".join(c for i in range(first, line) if (c := self.above[i]))

    def document(self) -> None:
        table: RawPath = ()
        while self.blank():
            if self.text.startswith("[[", self.at):
                table = self.header(2)
            elif self.text[self.at] == "[":
                table = self.header(1)
            else:
                self.pair(table)

    def line(self) -> int:
        return bisect.bisect_left(self.breaks, self.at) + 1

    def blank(self) -> bool:
        """Pass white space and comments; whether anything follows."""
        while self.at < len(self.text):
            if self.text[self.at] in " \t\n":
                self.at += 1
            elif self.text[self.at] == "#":
                self.note()
            else:
                return True
        return False

    def note(self) -> None:
        line = self.line()
        start = self.breaks[line - 2] + 1 if line > 1 else 0
        end = self.breaks[line - 1] if line <= len(self.breaks) else len(self.text)
        words = self.text[self.at : end]
        # `#:schema …` speaks to editors.
        said = "" if words.startswith("#:") else words.lstrip("#").strip()
        if self.text[start : self.at].strip(" \t"):
            self.trailing[line] = said
        else:
            self.above[line] = said
        self.at = end

    def header(self, brackets: int) -> RawPath:
        line = self.line()
        self.at += brackets
        keys = self.keys()
        self.at += brackets
        path: RawPath = ()
        for i, key in enumerate(keys):
            path = (*path, key)
            self.found.setdefault(path, line)
            if i < len(keys) - 1 and path in self.last:
                path = (*path, self.last[path])
        if brackets == 1:
            self.found[path] = line  # a [table] may come after its own sub-tables
        else:
            self.last[path] = self.last.get(path, -1) + 1
            path = (*path, self.last[path])
            self.found[path] = line
        return path

    def keys(self) -> list[str]:
        found = [self.key()]
        while self.text[self.at] == ".":
            self.at += 1
            found.append(self.key())
        return found

    def key(self) -> str:
        self.space()
        if self.text[self.at] in "\"'":
            word = self.string()
            # Quoted keys may hold escapes; who could read them better than the library?
            key = next(iter(tomllib.loads(word + "=0")))
        else:
            found = _BARE.match(self.text, self.at)
            assert found
            key, self.at = found[0], found.end()
        self.space()
        return key

    def space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        assert found
        self.at = found.end()

    def string(self) -> str:
        found = next(m for pattern in _STRINGS if (m := pattern.match(self.text, self.at)))
        self.at = found.end()
        return found[0]

    def pair(self, table: RawPath) -> None:
        line = self.line()
        path = table
        for key in self.keys():
            path = (*path, key)
            self.found.setdefault(path, line)
        self.at += 1  # the equals sign
        self.space()
        self.value(path)

    def value(self, path: RawPath) -> None:
        opening = self.text[self.at]
        if opening in "\"'":
            self.string()
        elif opening in "[{":
            self.at += 1
            self.inside(path, opening)
        else:
            found = _PLAIN_VALUE.match(self.text, self.at)
            assert found
            self.at = found.end()

    def inside(self, path: RawPath, opening: str) -> None:
        index = 0
        while self.blank() and self.text[self.at] not in "]}":
            if opening == "{":
                self.pair(path)
            else:
                self.found[(*path, index)] = self.line()
                self.value((*path, index))
                index += 1
            self.blank()
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1
