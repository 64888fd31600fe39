"""What was asked of the glass classroom, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from misread.errors import MisreadError, Problem


@dataclass(frozen=True, slots=True)
class Asked:
    """What is shown, checked."""

    deployment: str
    kind: str
    seed: int
    school: int
    klass: int
    day: int
    at: int
    pupil: int
    span: str

    def link(self, **changed: str | int) -> str:
        """The address of this view, with something changed."""
        now: dict[str, str | int] = {
            "deployment": self.deployment, "kind": self.kind, "seed": self.seed, "school": self.school,
            "class": self.klass, "day": self.day, "at": self.at, "pupil": self.pupil, "span": self.span,
        }  # fmt: skip
        return "/classroom?" + urlencode({key: value for key, value in {**now, **changed}.items() if value != ""})


def one_of(asked: Mapping[str, str], key: str, words: tuple[str, ...], default: str) -> str:
    """A word of those there are; `default` where none is given.

    Raises
    ------
    MisreadError
        If it is another one.
    """
    given = asked.get(key, default)
    if given not in words:
        listed = ", ".join(f'"{word}"' for word in words if word)
        raise MisreadError(Problem(f'"{given[:80]}" is none of those there are.', f"{listed}.", "choose one.", key=key))
    return given


def whole(asked: Mapping[str, str], key: str, default: int, first: int, last: int) -> int:
    """A whole number from `first` to `last`; `default` where none is given.

    Raises
    ------
    MisreadError
        If it is anything else.
    """
    given = asked.get(key) or str(default)
    if not (given.isascii() and given.isdigit() and len(given) <= 12 and first <= int(given) <= last):
        raise MisreadError(
            Problem(
                f'"{given[:80]}" cannot be here.', f"a whole number from {first:,} to {last:,}.", "give one.", key=key
            )
        )
    return int(given)
