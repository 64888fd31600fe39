"""The steps of the way, in their order: each is an address, and each can be used by itself."""

from __future__ import annotations

from typing import NamedTuple

from misread.language import mark

HOME = "/school"
EXIT = "/calendar"
"""Where “leave this page” goes: a page that says nothing of what was here."""
MOST_CASE = 16 * 2**20
"""Bytes of what travels from page to page, which holds a record."""
MOST_FILE = 128 * 2**20
"""Bytes of a file that is checked here; what is larger is checked by the command."""


class Step(NamedTuple):
    """A step.

    Attributes
    ----------
    name : str
        Of its module and its template.
    path : str
        Its address.
    title : str
        What the way calls it, in English.
    """

    name: str
    path: str
    title: str


STEPS = (
    Step("place", HOME, mark("Where you are")),
    Step("record", f"{HOME}/record", mark("What you know")),
    Step("gaps", f"{HOME}/gaps", mark("What is missing")),
    Step("letter", f"{HOME}/letter", mark("Your letter")),
    Step("deadline", f"{HOME}/deadline", mark("By when")),
    Step("answer", f"{HOME}/answer", mark("Their answer")),
    Step("export", f"{HOME}/export", mark("Their file")),
    Step("case", f"{HOME}/case", mark("Your case")),
)
BY_NAME = {step.name: step for step in STEPS}
