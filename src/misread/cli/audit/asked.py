"""What was typed, as what the audit is asked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from misread.cli.audit.published import PREFIX
from misread.errors import MisreadError, Problem

if TYPE_CHECKING:
    from misread.audit.reading import Ask

NOT_ASKED = {"out", "as_json", "progress", "predictions"}
"""What changes no result, and the file, which comes first."""
FILES = {"counts", "map_labels", "deployment"}
"""Options that name a file; in what is handed on, their folders are nobody's business."""
OF_ROWS = ("person", "score", "weights", "votes", "paired", "id", "bands", "score_scale", "duplicates", "max_labels",
           "max_levels")  # fmt: skip
"""Options that say something of rows: a published matrix has none."""
OF_FILES = ("truth", "prediction", "groups", "model", "missing", "map_labels", "fold_case", "encoding", "delimiter",
            "unit", "faces_per_row", "renormalise", "transpose")  # fmt: skip
"""Options that say how a file is read: a matrix of the evidence catalogue says all that itself."""
CALLED = {"person": "--person", "prevalence": "--prevalence", "groups": "--compare"}
"""Arguments of an audit, as options."""


def refuse_idle(ctx: click.Context) -> None:
    """Refuse options that would change nothing, or that do not go together: none is passed over in silence.

    Raises
    ------
    MisreadError
        With the first of them.
    """
    given, typed = ctx.params, {p.name or "": p.opts[-1] for p in ctx.command.params if _is_typed(ctx, p.name or "")}
    counts = given["counts"]
    evidence = counts is not None and counts.startswith(PREFIX)
    idle = next((name for name in (*OF_ROWS, *(OF_FILES if evidence else ())) if name in typed), None)
    if counts is not None and idle is not None:
        what = (
            "a matrix of the catalogue, which says itself what it holds" if evidence else "a matrix, which has no rows"
        )
        raise _wrong(typed[idle], f"It changes nothing of {what}.", "", "leave it out.")
    if given["within"] and not given["compare"]:
        column = given["within"][0]
        raise _wrong("--within", "It says within what --compare compares, and --compare is not there.",
                     "both, or none.", f"name what is compared: --compare COL --within {quote(column)}.")  # fmt: skip
    groups = (*given["groups"], *([given["model"]] if given["model"] else ()))
    for option in ("compare", "within"):
        for column in given[option] if not evidence else ():
            if column not in groups:
                what = f"{column!r} is no group column of this audit."
                there = f"one of {', '.join(groups)}." if groups else "a column that is named with --group."
                raise _wrong(f"--{option}", what, there, f"name it as a group too: --group {quote(column)}.")
    if both := [column for column in given["compare"] if column in given["within"]]:
        what = f"{both[0]!r} is named with --compare too: within one level of it there is nothing to compare."
        raise _wrong("--within", what, "other columns than those that are compared.", "leave one of them out.")


@contextmanager
def as_options() -> Iterator[None]:
    """What is wrong with an argument of an audit, told of the option that it came from."""
    try:
        yield
    except MisreadError as error:
        raise MisreadError(replace(p, key=CALLED.get(p.key, p.key)) for p in error.problems) from error


def _wrong(option: str, what: str, expected: str, mend: str) -> MisreadError:
    return MisreadError(Problem(what, expected, mend, key=option))


def _is_typed(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE


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


def words_typed(ctx: click.Context, *, folders: bool = True) -> tuple[str, ...]:
    """The command's words again, without what changes no result: options in the order of the help.

    Parameters
    ----------
    ctx : click.Context
        Of the command.
    folders : bool
        Whether files are named with their folders.
    """
    words = ["misread", "audit"]
    if ctx.params.get("predictions"):
        words.append(_file(ctx.params["predictions"], folders))
    for param in ctx.command.params:
        name = param.name or ""
        if name in NOT_ASKED or not _is_typed(ctx, name):
            continue
        value = ctx.params[name]
        for one in value if isinstance(value, tuple) else (value,):
            words.append(param.opts[-1])
            if one is not True:
                words.append(_file(one, folders) if name in FILES else str(one).removesuffix(".0"))
    return tuple(words)


def _file(given: str, folders: bool) -> str:
    """A file as it was named, or without its folders."""
    before = PREFIX if given.startswith(PREFIX) else ""
    return given if folders else before + Path(given.removeprefix(before)).name
