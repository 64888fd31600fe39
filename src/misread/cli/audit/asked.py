"""What was typed, as what the audit is asked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from misread.errors import MisreadError, Problem

if TYPE_CHECKING:
    from misread.audit.reading import Ask

NOT_ASKED = {"out", "as_json", "progress", "predictions"}
"""What changes no result, and the file, which comes first."""


def ask_of(asked: Mapping[str, Any]) -> Ask:
    """Which column means what, from the command's options.

    Raises
    ------
    MisreadError
        If bands or the file of label words cannot be read.
    """
    from misread.audit.reading import Ask

    given = dict(asked)
    given["votes"] = tuple(_split(given["votes"]))
    given["bands"] = _bands(given["bands"])
    given["map_labels"] = {} if given["map_labels"] is None else _words(Path(given["map_labels"]))
    return Ask(**given, spoken="options")


def shares_of(given: Sequence[str]) -> float | dict[str, float] | None:
    """A prevalence for all labels, or one each.

    Raises
    ------
    MisreadError
        If one is no share, or it is given for all and for one too.
    """
    from misread.audit.claim import share

    found: dict[str, float] = {}
    for text in given:
        label, _, typed = text.rpartition("=")
        found[label] = share(typed) or 0.0
        if not 0 < found[label] < 1:
            raise MisreadError(
                Problem(
                    f"It is no share: {text!r}.",
                    "a number above 0 and below 1, such as 0.05, 5% or sad=0.05.",
                    "write how many of all faces show it.",
                    key="--prevalence",
                )
            )
    if "" not in found:
        return found or None
    if len(found) > 1:
        raise MisreadError(
            Problem(
                "It is given for all labels, and for one too.",
                "one share for all, or one for each label.",
                "leave one out.",
                key="--prevalence",
            )
        )
    return found[""]


def _split(columns: Sequence[str]) -> Iterator[str]:
    """Columns, several of which may be named at once."""
    for given in columns:
        yield from (column for column in given.split(",") if column)


def _bands(given: Sequence[str]) -> dict[str, tuple[float, ...]]:
    found = {}
    for text in given:
        column, _, edges = text.rpartition("=")
        try:
            found[column] = tuple(float(edge) for edge in edges.split(","))
        except ValueError:
            column = ""
        if not column:
            raise MisreadError(
                Problem(
                    f"It is no column with edges: {text!r}.",
                    "such as --bands age=0,6,9,12,15,18.",
                    "write the column, an equals sign, and numbers with commas between.",
                    key="--bands",
                )
            )
    return found


def _words(file: Path) -> dict[str, str]:
    """The words of a TOML file with nothing but ``word = "word"``."""
    form = 'lines such as "joy" = "happy".'
    try:
        found = tomllib.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        what = f"It cannot be read: {error.strerror or error}."
        raise MisreadError(Problem(what, form, "check the path.", str(file), "--map-labels")) from error
    except (ValueError, RecursionError) as error:
        what = f"It is no TOML: {error}."
        raise MisreadError(Problem(what, form, "look at that line.", str(file), "--map-labels")) from error
    for word, meaning in found.items():
        if not isinstance(meaning, str):
            what = f"{word!r} is mapped to {meaning!r}."
            raise MisreadError(Problem(what, form, "write both in quotes.", str(file), "--map-labels"))
    return found


def words_typed(ctx: click.Context) -> tuple[str, ...]:
    """The command's words again, without what changes no result: options in the order of the help."""
    words = ["misread", "audit"]
    if ctx.params.get("predictions"):
        words.append(ctx.params["predictions"])
    for param in ctx.command.params:
        name = param.name or ""
        if name in NOT_ASKED or ctx.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        option, value = param.opts[-1], ctx.params[name]
        if value is True:
            words.append(option)
        else:
            words += [
                word for one in (value if isinstance(value, tuple) else (value,)) for word in (option, _typed(one))
            ]
    return tuple(words)


def _typed(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
