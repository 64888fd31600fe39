"""Files that people keep as JSON, such as a record or a case: read whole, or refused with what is wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from misread.deployment.text.source import near
from misread.errors import MisreadError, Problem


@dataclass(frozen=True)
class Kept:
    """A kind of file.

    Attributes
    ----------
    what : str
        What it holds, such as "a record".
    format : str
        What it says of itself under `format`: a name and a version.
    begin : str
        The command that begins one.
    limit : int
        The most bytes of one.
    """

    what: str
    format: str
    begin: str
    limit: int

    @property
    def expected(self) -> str:
        """What a message says was expected."""
        return f'{self.what} of format "{self.format}".'

    def content(self, path: Path) -> bytes:
        """What a file holds.

        Parameters
        ----------
        path : Path
            The file.

        Raises
        ------
        MisreadError
            If there is none, or it cannot be read, or is far too large; a name near by is told.
        """
        try:
            if path.is_file():
                if path.stat().st_size <= self.limit:
                    return path.read_bytes()
                what = f"It has more than {self.limit:,} bytes."
                raise MisreadError(Problem(what, self.expected, "check the name.", str(path)))
            beside = {one.stem: one.name for one in path.absolute().parent.glob("*") if one.is_file()}
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            what = f"It cannot be read: {reason}."
            raise MisreadError(Problem(what, self.expected, "name another file.", str(path))) from error
        meant = near(path.stem, beside)
        what = "It is no file." if path.exists() else "There is no such file."
        mend = f"did you mean `{path.with_name(beside[meant])}`?" if meant else f"check the path, or {self.begin}"
        raise MisreadError(Problem(what, self.expected, mend, str(path)))

    def table(self, content: bytes, file: str) -> dict[str, Any]:
        """The table that JSON holds.

        Parameters
        ----------
        content : bytes
            The JSON.
        file : str
            What messages call the file.

        Raises
        ------
        MisreadError
            If it is none, or holds what would be lost or changed when it is written again.
        """
        try:
            data = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
        except json.JSONDecodeError as error:
            what = f"It is no JSON: {error.msg[0].lower()}{error.msg[1:]} (column {error.colno})."
            raise MisreadError(Problem(what, self.expected, "look at that line.", file, line=error.lineno)) from error
        except UnicodeDecodeError as error:
            what, mend = "It is not written in UTF-8.", "save it as UTF-8 in your editor."
            raise MisreadError(Problem(what, self.expected, mend, file)) from error
        except (ValueError, RecursionError) as error:
            said = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
            # Python's own words for a number of more than 4,300 digits are for programmers.
            said = "it holds a number of thousands of digits" if "int_max_str_digits" in said else said
            what, mend = f"It is not {self.what}: {said}.", "take the file as it was written."
            raise MisreadError(Problem(what, self.expected, mend, file)) from error
        if not isinstance(data, dict):
            raise MisreadError(Problem(f"It is not {self.what}.", self.expected, "name another file.", file))
        return data

    def refuse_other(self, named: object, file: str, line: int | None = None) -> None:
        """Refuse what is something else, or of another version, before each of its keys is looked at.

        Parameters
        ----------
        named : object
            What stands under `format`; None where nothing does.
        file : str
            What messages call the file.
        line : int, optional
            Where it stands.

        Raises
        ------
        MisreadError
            If it is not the format of these files.
        """
        if named == self.format:
            return
        what = f"It is {str(named)[:60]!r}." if named else f"It does not say that it is {self.what}."
        mend = f"name another file, or {self.begin}"
        if self.names(named):
            mend = "read it with the version of misread that wrote it."
        raise MisreadError(Problem(what, self.expected, mend, file, "format", line))

    def names(self, named: object) -> bool:
        """Whether a format is that of these files, in whatever version."""
        return isinstance(named, str) and named.partition("/")[0] == self.format.partition("/")[0]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A table in which no key stands twice: the first would be lost without a word."""
    table: dict[str, Any] = {}
    for key, value in pairs:
        if key in table:
            raise ValueError(f"the key {key!r} stands twice in one table")
        table[key] = value
    return table


def _no_number(text: str) -> None:
    raise ValueError(f"it holds {text}, which is no number")
