"""What pydantic finds wrong, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from misread.deployment.model import InlineProfile, ProfileFrom
from misread.deployment.origin import Origin, Path, named_path, spell, value_text
from misread.deployment.text.schema import choices_at, homes_of, keys_at, keys_of, said
from misread.deployment.text.source import near
from misread.errors import Problem

MOST = 100
"""Problems told at once; nobody reads more."""

_TRAITS = ("display", "label", "state")


def refusals(error: ValidationError, origin: Origin) -> list[Problem]:
    """One problem for each key that pydantic refuses."""
    by_path: dict[Path, ErrorDetails] = {}
    for detail in error.errors(include_url=False):
        by_path.setdefault(named_path(origin.data, raw_path(detail, origin.data)), detail)
    missing = {path for path, detail in by_path.items() if detail["type"] == "missing"}
    problems: list[Problem] = []
    meant: set[Path] = set()
    for path, detail in list(by_path.items())[:MOST]:
        if detail["type"] == "extra_forbidden":
            # A key that is missing and resembles an unknown one was meant: one mistake, told once.
            likely = _likely(path, [str(p[-1]) for p in missing - meant if p[:-1] == path[:-1]])
            meant.add((*path[:-1], likely))
            problems.append(_unknown(path, likely, origin))
        elif detail["type"] != "missing":
            problems.append(_value(path, detail, origin))
    problems += [_missing(path, origin) for path in list(by_path)[:MOST] if path in missing - meant]
    if len(by_path) > MOST:
        problems.append(Problem(f"And {len(by_path) - MOST:,} more problems.", file=origin.file))
    return problems


def raw_path(detail: ErrorDetails, data: Mapping[str, Any]) -> list[str | int]:
    """The key's path by indices: pydantic's, less the kinds of unions and its remarks on keys."""
    raw: list[str | int] = []
    here: Any = data
    for i, part in enumerate(detail["loc"]):
        if i == 3 and detail["loc"][:2] == ("classifier", "confusion"):
            continue  # "inline" or "from"
        if i == 2 and detail["loc"][0] == "traits" and part in _TRAITS:
            continue
        if part == "[key]" or not isinstance(here, Mapping | list):
            break
        raw.append(part)
        if isinstance(here, list):
            here = here[part] if isinstance(part, int) and part < len(here) else None
        else:
            here = here.get(part)
    return raw


def _likely(path: Path, absent: Sequence[str]) -> str:
    return near(str(path[-1]), absent) or near(str(path[-1]), keys_at(path[:-1]))


def _unknown(path: Path, likely: str, origin: Origin) -> Problem:
    key = str(path[-1])
    table = f"`{spell(path[:-1])}`" if len(path) > 1 else "a deployment"
    homes = [f"`{home}`" for home in homes_of(key)]
    if likely:
        mend = f"did you mean `{likely}`?"
    elif path[:2] == ("classifier", "confusion"):
        mend = f"take it out; a row of your own goes under [{spell((*path[:-1], 'rows'))}]."
    else:
        mend = f"it belongs to {' or '.join(homes)}." if homes else "take it out."
    return origin.problem(
        path, f"`{spell((key,))}` is no key of {table}.", f"one of {', '.join(keys_at(path[:-1]))}.", mend
    )


def _missing(path: Path, origin: Origin) -> Problem:
    words, description = said(path)
    return origin.problem(path, f"`{path[-1]}` is missing.", f"{words}.", f"add it. {description}".strip())


def _value(path: Path, detail: ErrorDetails, origin: Origin) -> Problem:
    given = detail["input"]
    if "[key]" in detail["loc"]:
        name = str(detail["loc"][-2])
        expected = "a name of 1 to 200 characters, all of them visible."
        return origin.problem((*path[:-1], name), "It cannot be a name.", expected, "write another name.")
    if detail["type"].startswith("union_tag"):
        path = (*path, "acts_on")
        given = given.get("acts_on") if isinstance(given, Mapping) else None
        choices: Sequence[str] = _TRAITS
        words = "one of " + ", ".join(map(value_text, _TRAITS))
    else:
        choices, (words, _) = choices_at(path), said(path)
    return origin.problem(path, _what(given, detail), f"{words}.", _mend(path, given, choices))


def _what(given: Any, detail: ErrorDetails) -> str:
    if given is None:
        return "It is missing."
    if detail["type"] == "value_error":
        return f"It is {short(given)}: {detail['ctx']['error']}."
    if isinstance(given, str | list | tuple | dict) and not given:
        return "It is empty."
    if isinstance(given, bool):
        return f"It is {short(given)}, neither a number nor a text."
    if isinstance(given, str):
        return f"It is the text {short(given)}."
    if isinstance(given, list | tuple):
        return f"It is the list {short(given)}."
    return "It is a table." if isinstance(given, Mapping) else f"It is {short(given)}."


def _mend(path: Path, given: Any, choices: Sequence[str]) -> str:
    if isinstance(given, str) and choices and (meant := near(given, choices)):
        return f"did you mean {value_text(meant)}?"
    in_profile = len(path) == 4 and path[:2] == ("classifier", "confusion")
    if in_profile and path[-1] not in keys_of(ProfileFrom) and not isinstance(given, Mapping):
        meant = near(str(path[-1]), keys_of(InlineProfile))
        return f"did you mean `{meant}`?" if meant else "write the row of this expression."
    if isinstance(given, str) and given.strip("-").replace(".", "", 1).isdecimal():
        return "write the number without quotes."
    return "change the value."


def short(value: Any) -> str:
    """A value on one line, cut where it is long."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**30:
        return "a number of more than 30 digits"
    text = value_text(value)
    return text if len(text) <= 80 else text[:77] + "…"
