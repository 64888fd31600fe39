"""Which pupil, and what it is replayed from: shared by the commands about one child."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from misread.errors import MisreadError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from misread.deployment.model import Deployment
    from misread.engine.chain import Chain
    from misread.engine.sampled.replay import Replay
    from misread.profile import Profile

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Watched:
    """A deployment with a seed: all its pupils, ready to be replayed."""

    deployment: Deployment
    chain: Chain
    profiles: Mapping[str, Profile]
    replay: Replay


def seed_option(command: F) -> F:
    """The option that says which children: `seed`."""
    return click.option(
        "--seed",
        type=click.IntRange(0, 2**32 - 1),
        default=1,
        show_default=True,
        help="Another seed: other pupils.",
    )(command)


def watched(deployment: Deployment, seed: int) -> Watched:
    """Compile a deployment for replays."""
    from misread.deployment import resolve_profiles
    from misread.engine.chain import compile_chain
    from misread.engine.sampled.replay import Replay

    profiles = resolve_profiles(deployment)
    chain = compile_chain(deployment, profiles)
    return Watched(deployment, chain, profiles, Replay(deployment, chain, profiles, seed))


@contextmanager
def all_kept() -> Iterator[None]:
    """Make many objects that all stay: meanwhile Python does not look for cycles among them, again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def within(option: str, value: int, last: int, what: str) -> None:
    """Refuse a number that nobody has.

    Raises
    ------
    MisreadError
        If it is not from 1 to `last`.
    """
    if not 1 <= value <= last:
        raise MisreadError(
            Problem(
                f"There is no number {value:,}: the deployment has {last:,} {what}.",
                expected=f"a whole number from 1 to {last:,}." if last > 1 else "1.",
                mend=f"give another number after {option}.",
                key=option,
            )
        )


def clock(minute: float) -> str:
    """Time of day, if the first lesson starts at eight."""
    seconds = round(minute * 60)
    hour, rest = divmod(8 * 3600 + seconds, 3600)
    return f"{hour % 24:02d}:{rest // 60:02d}" + (f":{rest % 60:02d}" if rest % 60 else "")


def plural(n: int, word: str) -> str:
    """A number with its word: 1 flag, 2 flags."""
    return f"{n:,} {word}{'' if n == 1 else 's'}"
