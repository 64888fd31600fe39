"""Records as files: JSON that is read and written, and TOML that is read where somebody wrote a record by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from misread.deployment.text.source import Document, near, read_document
from misread.errors import MisreadError, Problem
from misread.report.words import upper_first
from misread.rights.kept import Kept
from misread.rights.record.model import FORMAT, Record

KEPT = Kept("a record", FORMAT, "begin one: `misread rights record new FILE --title …`.", limit=20_000_000)
"""Files of records; thousands of changes have far fewer bytes."""
WRITTEN = "as it stood in the file in which it was first written"
"""Why the first change of a record that was written by hand was made."""


def read_record(source: Path | bytes, *, file: str = "") -> Record:
    """A record from its file, or from the bytes of one.

    JSON is the form in which records are kept, with their history. A TOML file needs none: what it says becomes the
    first change of each field.

    Parameters
    ----------
    source : Path or bytes
        The file, or what it holds.
    file : str
        What messages call it; the path where nothing is said.

    Raises
    ------
    MisreadError
        If it cannot be read, or is no record: with everything that is wrong in it.
    """
    file = file or (str(source) if isinstance(source, Path) else "record")
    content = source if isinstance(source, bytes) else KEPT.content(source)
    if not content.strip():
        raise MisreadError(Problem("It is empty.", KEPT.expected, KEPT.begin, file))
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        document = Document(file, KEPT.table(content, file), {})
    else:
        document = _toml(file, content)
    # What was written by hand need not say what it is.
    place = document.places.get(("format",))
    KEPT.refuse_other(document.data.get("format", FORMAT), file, place.line if place else None)
    try:
        # As JSON, in which dates are texts and lists are lists: so both forms are read by one rule.
        return Record.model_validate_json(json.dumps(document.data, default=str, allow_nan=False))
    except ValidationError as error:
        raise refused(error, document) from error
    except (ValueError, RecursionError) as error:
        raise MisreadError(Problem("It holds what no record can hold.", "a record.", "take it out.", file)) from error


def record_text(record: Record) -> str:
    """A record as JSON: the same record gives the same text.

    Parameters
    ----------
    record : Record
        The record.
    """
    told = {"visibility": record.visibility, "place": record.place, "language": record.language}
    data = record.model_dump(mode="json", exclude_defaults=True)
    head = {name: {**told, **data}[name] for name in Record.model_fields if name in {**told, **data}}
    return json.dumps({"format": FORMAT, **head}, ensure_ascii=False, indent=1) + "\n"


@cache
def json_schema() -> Mapping[str, Any]:
    """The JSON Schema (2020-12) of a record."""
    schema = Record.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "misread disclosure record"}


def refused(error: ValidationError, document: Document | None = None, *, under: tuple[str, ...] = ()) -> MisreadError:
    """Everything that is wrong in a record, as messages to whoever wrote it.

    Parameters
    ----------
    error : ValidationError
        What is wrong.
    document : Document, optional
        Where it stands.
    under : tuple of str
        Keys above those that the error names.
    """
    document = document or Document("", {}, {})
    return MisreadError(list(_problems(error, document, under)))


def _problems(error: ValidationError, document: Document, under: tuple[str, ...]) -> Iterator[Problem]:
    seen = set()
    made = bool(document.places) and ("history",) not in document.places
    for detail in error.errors(include_url=False):
        path = (*under, *(part for part in detail["loc"] if part != "[key]"))
        # A history that was made here says again what is wrong in the answers.
        if path in seen or (path[:1] == ("history",) and made):
            continue
        seen.add(path)
        last, fields = str(path[-1]) if path else "", _fields(detail["loc"], error.title)
        match detail["type"]:
            case "extra_forbidden":
                meant = near(last, fields)
                mend = f"did you mean `{meant}`?" if meant else "take it out."
                yield _problem(document, path, f"`{last}` is no key here.", f"one of {', '.join(fields)}.", mend)
            case "missing":
                yield _problem(document, path, f"`{last}` is missing.", fields.get(last, ""), "add it.")
            case "value_error":
                said = str(detail["ctx"]["error"])
                yield _problem(document, path, f"{upper_first(said)}.", "", _mend(said))
            case _:
                words = re.findall(r"'([^']+)'", str(detail.get("ctx", {}).get("expected", "")))
                meant = near(str(detail["input"])[:60], words)
                mend = f"did you mean `{meant}`?" if meant else "correct it."
                expected = next((fields[str(part)] for part in reversed(path) if str(part) in fields), "")
                yield _problem(document, path, f"It is {str(detail['input'])[:60]!r}.", expected, mend)


def _mend(said: str) -> str:
    from misread.rights.record.fields import FIELDS

    if said.endswith("is no field of a record"):
        meant = near(said.split("`")[1], FIELDS)
        return f"did you mean `{meant}`?" if meant else "see `misread rights record fields`."
    if "history" in said:
        return "take the file as it was written: answers are changed by commands, which keep their history."
    return "add it, or take another status." if "needs" in said or "neither" in said else "correct it."


def _fields(loc: tuple[str | int, ...], model: str) -> Mapping[str, str]:
    """Key → what is expected of it, for the table that the last key stands in; the keys begin in that of a model."""
    schema: Any = json_schema()
    here = schema["$defs"].get(model, schema)
    for part in loc[:-1]:
        inner = here.get("items", here) if isinstance(part, int) else here.get("properties", {}).get(part)
        here = inner if inner is not None else here.get("additionalProperties", here)
        here = next((one for one in here.get("anyOf", (here,)) if "$ref" in one), here)
        if "$ref" in here:
            here = schema["$defs"][here["$ref"].rsplit("/", 1)[1]]
    return {key: f"{of['description']}." for key, of in here.get("properties", {}).items() if "description" in of}


def _problem(
    document: Document, path: tuple[str | int, ...], what: str, expected: str = "", mend: str = "correct it."
) -> Problem:
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
    places = document.places
    line = next((places[path[:n]].line for n in range(len(path), 0, -1) if path[:n] in places), None)
    return Problem(what, expected, mend, document.file, key, line)


def _toml(file: str, content: bytes) -> Document:
    """A record that was written by hand, with the history that it then has."""
    document = read_document(file, content)
    data = document.data
    answers = data.get("answers", {})
    if "history" in data or not isinstance(answers, dict):
        return document
    history = [
        {"on": data.get("begun"), "field": id, "after": answer, "why": WRITTEN} for id, answer in answers.items()
    ]
    return Document(file, {**data, "history": history}, document.places)
