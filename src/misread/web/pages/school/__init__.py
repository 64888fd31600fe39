"""“Your school”: from where you are to a letter, a deadline, an answer and a file, each step an address of its own.

Nothing that is typed here is stored. What a person has said travels in the form, from page to page, and ends with the
page; what is to stay is saved by the person, as one file.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Any

from misread.errors import MisreadError, Problem
from misread.web.pages.school.kept import Given, Kept, kept_of
from misread.web.pages.school.way import BY_NAME, EXIT, STEPS

Fields = Mapping[str, tuple[str, ...]]
File = tuple[str, bytes] | None
Taken = tuple[bytes, str, str]
"""Content, type and name of a file that is taken away."""


def view(step: str, fields: Fields, file: File = None, today: date | None = None) -> dict[str, Any]:
    """What a step shows.

    What is wrong with what was typed is told where it was typed, with all of it still there.

    Parameters
    ----------
    step : str
        Name of the step that is asked for.
    fields : mapping
        What the form sent: name → values. `step` in it names the step that the form was shown in.
    file : tuple of (str, bytes), optional
        Name and content of a file that came with it.
    today : date, optional
        The day; by default the real one.

    Raises
    ------
    MisreadError
        If the page cannot be shown at all.
    """
    given = Given(fields, file, today or date.today())
    problems: tuple[Problem, ...] = ()
    try:
        kept = absorbed(given)
    except MisreadError as error:
        problems, kept = error.problems, Kept()
        with suppress(MisreadError):
            kept = kept_of(given.one("kept"))
        step = given.one("step") if given.one("step") in BY_NAME else step
    here = replace(given, refused=bool(problems))
    if given.one("step") != step:
        here = Given(today=given.today)
    told = {"problems": problems, **_module(step).told(kept, here)}
    return {
        **told,
        "problems": told["problems"] or problems,
        "http": 422 if told["problems"] or problems else 200,
        "step": BY_NAME[step],
        "steps": STEPS,
        "exit": EXIT,
        "shared": kept.shared,
        "kept": kept.model_dump_json(exclude_defaults=True),
        "today": given.today,
    }


def taken(step: str, name: str, kind: str, fields: Fields, today: date | None = None) -> Taken | None:
    """A file that a step gives to take away; None where it has none of that name.

    Parameters
    ----------
    step : str
        Name of the step.
    name, kind : str
        Name and ending of the file.
    fields, today
        As in `view`.

    Raises
    ------
    MisreadError
        If what it needs is lacking.
    """
    given = Given(fields, None, today or date.today())
    made = getattr(_module(step), "taken", None)
    found: Taken | None = made(absorbed(given), given, name, kind) if made else None
    return found


def absorbed(given: Given) -> Kept:
    """What is kept after a form was sent.

    Raises
    ------
    MisreadError
        If something in it cannot be read.
    """
    kept = kept_of(given.one("kept"))
    if given.one("step") not in BY_NAME:
        return kept
    kept = kept.model_copy(update={"shared": given.has("shared")})
    changed: Kept = _module(given.one("step")).absorb(kept, given)
    # A button that leads to another kind of letter says which.
    return changed.model_copy(update={"kind": given.one("go"), "language": ""}) if given.has("go") else changed


def _module(step: str) -> ModuleType:
    return importlib.import_module(f"misread.web.pages.school.steps.{BY_NAME[step].name}")
