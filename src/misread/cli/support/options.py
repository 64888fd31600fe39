"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
MOST_DRAWS = 16_384
"""More would take gigabytes and change no digit that anybody reads."""


def deployment_options(command: F) -> F:
    """Argument and options that say which deployment: `deployment`, `policies`, `settings`."""
    decorators = (
        click.argument("deployment"),
        click.option(
            "--with",
            "policies",
            multiple=True,
            metavar="FILE",
            help="A policy: a TOML file with only the keys it changes. May be given several times.",
        ),
        click.option(
            "--set",
            "settings",
            multiple=True,
            metavar="KEY=VALUE",
            help="A single key, such as camera.observe_every_seconds=30. May be given several times.",
        ),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def draw_options(command: F) -> F:
    """Options that say what intervals rest on: `draws`, `seed`."""
    draws = click.option(
        "--draws",
        type=click.IntRange(0, MOST_DRAWS),
        default=256,
        show_default=True,
        help="Draws from what the evidence leaves open, for the intervals; 0 for none.",
    )
    seed = click.option(
        "--seed",
        type=click.IntRange(0, 2**32 - 1),
        default=1,
        show_default=True,
        help="Seed of the draws.",
    )
    return draws(seed(command))


def result_options(command: F) -> F:
    """Options that say where results go: `out`, `as_json`."""
    out = click.option("--out", metavar="DIR", help="Folder for the results.")
    as_json = click.option(
        "--json", "as_json", is_flag=True, help="Print the results as JSON; writes no file without --out."
    )
    return out(as_json(command))
