"""Dimensions grouped to inputs, as SALib wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from types import ModuleType
from typing import Any

from misread.errors import MisreadError, Problem, install


@dataclass(frozen=True, slots=True)
class Groups:
    """Which input each dimension belongs to.

    Attributes
    ----------
    of : tuple of int
        For each dimension its input, counted from 0; every input has some dimension.
    wide : tuple of bool
        Whether a dimension may be put at 0 and 1. The others are quantiles of laws without ends.
    """

    of: tuple[int, ...]
    wide: tuple[bool, ...]

    @classmethod
    def single(cls, dimensions: int) -> Groups:
        """Every dimension an input of its own."""
        return cls(tuple(range(dimensions)), (True,) * dimensions)

    @property
    def count(self) -> int:
        """How many inputs there are."""
        return len(set(self.of))

    def merged(self, together: Sequence[bool]) -> Groups:
        """Some inputs put together as one, the last; the others keep their order.

        Parameters
        ----------
        together : sequence of bool
            For each input, whether it is one of them.
        """
        kept = [i for i, merged in enumerate(together) if not merged]
        return replace(self, of=tuple(kept.index(i) if i in kept else len(kept) for i in self.of))

    def problem(self, tail: float = 0.0) -> dict[str, Any]:
        """SALib's description; dimensions without ends stay `tail` away from 0 and 1."""
        return {
            "num_vars": len(self.of),
            "names": [f"u{i}" for i in range(len(self.of))],
            "bounds": [[0.0, 1.0] if wide else [tail, 1 - tail] for wide in self.wide],
            "groups": [str(i) for i in self.of],
        }

    def order(self) -> tuple[int, ...]:
        """The inputs in the order in which SALib's results have them: that of their first dimensions."""
        return tuple(dict.fromkeys(self.of))


def salib(module: str) -> ModuleType:
    """A module of SALib.

    Raises
    ------
    MisreadError
        If it is not installed.
    """
    try:
        return import_module(f"SALib.{module}")
    except ImportError as error:
        raise MisreadError(
            Problem(
                "SALib is not installed.",
                expected="the extra “study”, which sensitivity analysis needs.",
                mend=install("study"),
                file="misread sensitivity",
            )
        ) from error
