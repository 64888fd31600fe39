"""A file or a setting from the command line, read as TOML; everything that can be wrong before that."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from misread.deployment.origin import Path, Place, named_paths
from misread.deployment.text.lines import positions
from misread.errors import MisreadError, Problem

LIMIT = 5_000_000
"""Bytes. The largest shipped deployment has 8,000."""


DEEPEST = 64
"""Parts of a key. The deepest key that means something has six; readers recurse, and slow down, with depth."""
_DEEP = re.compile(rf"^[ \t\[]*(?:[\w\"'-]+[ \t]*\.[ \t]*){{{DEEPEST},}}", re.MULTILINE)
_SHALLOW = ("tables as deep as the manual's.", "take out what is no deployment.")


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML text: what it says, and where."""

    file: str
    data: dict[str, Any]
    places: Mapping[Path, Place]


def read_document(file: str, content: bytes | None = None) -> Document:
    """Read a TOML file, or the content given in its stead.

    Raises
    ------
    MisreadError
        If it cannot be read, or is no TOML.
    """
    text = _text(file, _content(file) if content is None else content)
    if found := _DEEP.search(text):
        line = text.count("\n", 0, found.end()) + 1
        raise _refused(Problem("Its keys are nested too deeply.", *_SHALLOW, file=file, line=line))
    try:
        data = tomllib.loads(text)
        raw = positions(text)
    except tomllib.TOMLDecodeError as error:
        raise _refused(_syntax(file, text, str(error))) from error
    except RecursionError as error:
        raise _refused(Problem("Its brackets are nested too deeply.", *_SHALLOW, file=file)) from error
    except ValueError as error:
        # Python refuses to read a number of more than 4,300 digits.
        what = "It holds a number of thousands of digits."
        raise _refused(Problem(what, "numbers that mean something.", "write a shorter one.", file=file)) from error
    places = {path: Place(file, raw[at].line, raw[at].comment) for at, path in named_paths(data)}
    return Document(file, data, places)


def near(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or nothing."""
    words = list(known)
    found = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    longer = [w for w in words if len(word) > 2 and word.casefold() in w.casefold()]
    return found[0] if found else longer[0] if len(longer) == 1 else ""


def _refused(problem: Problem) -> MisreadError:
    return MisreadError(problem)


def _content(file: str) -> bytes:
    path = File(file)
    try:
        if path.is_dir():
            raise _refused(Problem("It is a folder.", "a deployment file.", "name a file in it.", file=file))
        if path.is_fifo() or path.is_socket():
            raise _refused(Problem("It is a pipe or a socket.", "a file.", "write it to a file first.", file=file))
        if path.is_file() and (size := path.stat().st_size) > LIMIT:
            raise _refused(_too_large(file, f"It has {size:,} bytes."))
        with path.open("rb") as stream:
            content = stream.read(LIMIT + 1)
    except FileNotFoundError as error:
        raise _refused(_missing(file)) from error
    except PermissionError as error:
        mend = "ask for the right to read it, or copy it to where you may."
        raise _refused(Problem("You may not read it.", mend=mend, file=file)) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _refused(Problem(f"It cannot be read: {reason}.", mend="name another file.", file=file)) from error
    if len(content) > LIMIT:
        raise _refused(_too_large(file, f"It has more than {LIMIT:,} bytes."))
    return content


def _too_large(file: str, what: str) -> Problem:
    expected = f"a deployment of at most {LIMIT:,} bytes."
    return Problem(what, expected, "check that it is the file you meant.", file=file)


def _missing(file: str) -> Problem:
    path = File(file)
    try:
        beside = [f.name for f in path.parent.iterdir()]
    except OSError:
        beside = []
    # Endings are alike whatever the files are: names are compared without them.
    stems = {File(name).stem: name for name in beside if name != path.name}
    meant = near(path.stem, stems)
    mend = f"did you mean `{path.with_name(stems[meant])}`?" if meant else "check the path."
    return Problem("There is no such file.", mend=mend, file=file)


def _text(file: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(_encoding(file, "It is written in UTF-16."))
    if b"\x00" in content:
        raise _refused(
            Problem("It is no text.", "a TOML file in UTF-8.", "check that it is the file you meant.", file=file)
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(_encoding(file, "It is not written in UTF-8.", line)) from error
    if not text.strip():
        mend = "start from a shipped one: `misread deployments as-described > mine.toml`."
        raise _refused(Problem("It is empty.", "a deployment.", mend, file=file))
    return text


def _encoding(file: str, what: str, line: int | None = None) -> Problem:
    return Problem(what, "a TOML file in UTF-8.", "save it as UTF-8 in your editor.", file=file, line=line)


_PLAIN = {
    "Cannot overwrite a value": "This key stands here for the second time.",
    "Cannot declare": "This table stands here for the second time.",
    "Cannot mutate immutable namespace": "This adds to a table that was closed with its brace.",
    "Invalid value": "This is no value.",
    "Invalid statement": "This line is neither `key = value` nor `[table]`.",
    "Expected '=' after a key": "An equals sign is missing after a key.",
    "Expected newline or end of document": "Something follows the value that does not belong there.",
    "Unclosed array": "A list is not closed.",
    "Unclosed inline table": "A brace is not closed.",
    "Unterminated string": "A text is not closed with its quote.",
    'Expected "': "A text is not closed with its quote.",
    "Illegal character": "A character stands here that TOML does not allow.",
    "Duplicate inline table key": "A key stands twice between the same braces.",
    "Unescaped '\\' in a string": "A backslash in a text must be doubled.",
}


def _syntax(file: str, text: str, message: str) -> Problem:
    """What `tomllib` says, as where and what; it names the place at the end of its message."""
    said = message.split(" (at ")[0]
    plain = next((words for start, words in _PLAIN.items() if said.startswith(start)), said.rstrip(".") + ".")
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    line, column = (int(found[1]), int(found[2])) if found else (text.rstrip("\n").count("\n") + 1, 0)
    where = f"column {column} of line {line}" if column else "the end of the file"
    rows = text.replace("\r\n", "\n").split("\n")
    shown = rows[line - 1].strip()[:100] if line <= len(rows) else ""
    mend = f"look at {where}" + (f": {shown}" if shown else "") + "."
    return Problem(f"It is no TOML: {plain[0].lower()}{plain[1:]}", "TOML.", mend, file=file, line=line)
