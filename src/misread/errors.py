"""What a user did wrong, said once: what, where, what was expected, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in what the user gave.

    Attributes
    ----------
    what : str
        The mistake, in one sentence.
    expected : str
        What would have been right; empty where `what` says it.
    mend : str
        What to do about it, in the imperative.
    file : str
        File, option or command the mistake stands in; empty if there is none.
    key : str
        Dotted path of the key, such as ``population.groups[1].share``.
    line : int or None
        Line in `file`, counted from 1, where it is known.
    """

    what: str
    expected: str = ""
    mend: str = ""
    file: str = ""
    key: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part)
        head = ": ".join(part for part in (place, self.key) if part)
        lines = [head] if head else []
        lines.append(("  " if head else "") + self.what)
        if self.expected:
            lines.append(f"  Expected: {self.expected}")
        if self.mend:
            lines.append(f"  Mend: {self.mend}")
        return "\n".join(printable(line) for line in lines)


class MisreadError(Exception):
    """A user's mistake: the command line prints it without a traceback and exits with code 2.

    Parameters
    ----------
    problems : Problem, str or iterable of Problem
        Everything that is wrong, so that one reading mends it all.
    """

    def __init__(self, problems: Problem | str | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def printable(text: str) -> str:
    """Text safe to show in a terminal: control characters as their escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def install(extra: str) -> str:
    """How to get an extra, in a checkout or anywhere else."""
    # Most extras are small, and come together.
    target = "closed" if extra == "closed" else "extras"
    return f'in a checkout `make {target}`; elsewhere `python -m pip install "misread[{extra}]"`.'
