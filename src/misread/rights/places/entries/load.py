"""Reading the files of law: TOML → places, with one message that names every mistake, its key and its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from misread.deployment.text.source import Document, near, read_document
from misread.errors import MisreadError, Problem
from misread.rights.places.deadlines.lengths import parse
from misread.rights.places.entries.model import Deadline, Place

Path = tuple[str | int, ...]


@cache
def law() -> Mapping[str, Place]:
    """The law that comes with misread.

    Returns
    -------
    mapping of str to Place
        Id of a place → its law, in the order of ids. Read at the first call, and kept.
    """
    folder = resources.files("misread.rights.places") / "law"
    return read({f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".toml")})


def read(texts: Mapping[str, str]) -> Mapping[str, Place]:
    """Places from the texts of files that belong together.

    Parameters
    ----------
    texts : mapping of str to str
        Name of a file → its text.

    Raises
    ------
    MisreadError
        With everything that is wrong in any of them.
    """
    problems: list[Problem] = []
    found: list[tuple[Document, Place]] = []
    for name, text in sorted(texts.items()):
        try:
            document = read_document(name, text.encode())
        except MisreadError as error:
            problems += error.problems
            continue
        try:
            found.append((document, Place.model_validate(document.data)))
        except ValidationError as error:
            problems += _refused(document, error)
    places: dict[str, Place] = {}
    for document, place in found:
        if place.id in places:
            problems.append(_problem(document, ("id",), f"`{place.id}` is used twice.", "every id once."))
        places[place.id] = place
    # What is missing in a file that cannot be read is not missing.
    if not problems:
        for document, place in found:
            problems += _unknown(document, place, places)
        problems += _twice(found)
    if problems:
        raise MisreadError(problems)
    return MappingProxyType({id: places[id] for id in sorted(places)})


def ids(place: Place) -> set[str]:
    """The ids of a place's provisions and deadlines."""
    return {entry.id for entry in (*place.provision, *place.deadline)}


def _unknown(document: Document, place: Place, places: Mapping[str, Place]) -> Iterator[Problem]:
    """Ids that nothing has; extensions in another unit than what they extend."""
    above = [places[id] for id in place.extends if id in places]
    for i, id in enumerate(place.extends):
        if id not in places:
            yield _named(document, ("extends", i), id, places, "place")
    sources = [source.id for source in place.source]
    for kind, entries in (("provision", place.provision), ("deadline", place.deadline)):
        for i, entry in enumerate(entries):
            for j, id in enumerate(entry.sources):
                if id not in sources:
                    yield _named(document, (kind, i, "sources", j), id, sources, "source of this file")
    for i, provision in enumerate(place.provision):
        if provision.quote and place.mark(provision) not in "RO":
            what = "It quotes what nobody read in an official text."
            yield _problem(
                document, ("provision", i, "quote"), what, "sources that are all `official`, or no quotation."
            )
        for j, applies in enumerate(provision.applies):
            if applies.set_by not in sources:
                yield _named(
                    document, ("provision", i, "applies", j, "set_by"), applies.set_by, sources, "source of this file"
                )
    grounds = [entry.id for one in (place, *above) for entry in one.provision]
    deadlines = [entry.id for one in (place, *above) for entry in one.deadline]
    for i, route in enumerate(place.route):
        for j, id in enumerate(route.grounds):
            if id not in grounds:
                yield _named(document, ("route", i, "grounds", j), id, grounds, "provision")
        if route.deadline is not None and route.deadline not in deadlines:
            yield _named(document, ("route", i, "deadline"), route.deadline, deadlines, "deadline")
    for i, deadline in enumerate(place.deadline):
        if not _one_unit(deadline):
            what = "It is extended in another unit than the one it is counted in."
            yield _problem(document, ("deadline", i, "extend"), what, "a deadline with one `length`, and its unit.")


def _one_unit(deadline: Deadline) -> bool:
    if deadline.extend is None:
        return True
    return deadline.length is not None and parse(deadline.length).unit == parse(deadline.extend.by).unit


def _twice(found: list[tuple[Document, Place]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for document, place in found:
        for kind, entries in (("provision", place.provision), ("deadline", place.deadline)):
            for i, entry in enumerate(entries):
                if entry.id in seen:
                    yield _problem(document, (kind, i, "id"), f"`{entry.id}` is used twice.", "every id once.")
                seen.add(entry.id)


def _named(document: Document, path: Path, id: str, known: Any, kind: str) -> Problem:
    meant = near(id, known)
    mend = f"did you mean `{meant}`?" if meant else "add it, or name another."
    return _problem(document, path, f"No {kind} is called `{id}`.", f"one of {', '.join(known) or 'none'}.", mend)


def _refused(document: Document, error: ValidationError) -> Iterator[Problem]:
    seen = set()
    for detail in error.errors(include_url=False):
        # The names that pydantic gives to the kinds a value may have are no keys of the file.
        path = tuple(p for p in detail["loc"] if isinstance(p, int) or (p.isidentifier() and p != "Review"))
        if path in seen:
            continue
        seen.add(path)
        key, fields = path[-1] if path else "", _fields(path)
        match detail["type"]:
            case "extra_forbidden":
                meant = near(str(key), fields)
                mend = f"did you mean `{meant}`?" if meant else "take it out."
                yield _problem(document, path, f"`{key}` is no key here.", f"one of {', '.join(fields)}.", mend)
            case "missing":
                yield _problem(document, path, f"`{key}` is missing.", fields.get(str(key), ""), "add it.")
            case "value_error":
                yield _problem(document, path, f"Something does not fit: {detail['ctx']['error']}.")
            case _:
                named = next((fields[p] for p in reversed(path) if isinstance(p, str) and p in fields), "")
                yield _problem(document, path, f"It is {str(detail['input'])[:60]!r}.", named, "write that instead.")


def _fields(path: Path) -> Mapping[str, str]:
    """Key → what is expected of it, for the table that the last key of a path stands in."""
    schema: Any = json_schema()
    here = schema
    for part in path[:-1]:
        here = here.get("properties", {}).get(part, {}) if isinstance(part, str) else here.get("items", here)
        here = next((s for s in here.get("anyOf", (here,)) if "$ref" in s), here)
        if "$ref" in here:
            here = schema["$defs"][here["$ref"].rsplit("/", 1)[1]]
    return {key: f"{of['description']}." for key, of in here.get("properties", {}).items() if "description" in of}


def _problem(document: Document, path: Path, what: str, expected: str = "", mend: str = "correct it.") -> Problem:
    key = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
    # A key that is not there has the line of its table.
    places = document.places
    line = next((places[path[:n]].line for n in range(len(path), 0, -1) if path[:n] in places), None)
    return Problem(what, expected, mend, document.file, key, line)


@cache
def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a file of law."""
    schema = Place.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "misread law of a place"}
