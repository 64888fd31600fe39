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
    return click.argument("deployment")(policy_options(command))


def policy_options(command: F) -> F:
    """Options that change a deployment: `policies`, `settings`."""
    decorators = (
        click.option(
            "--with",
            "policies",
            multiple=True,
            metavar="FILE",
            callback=_and_audits,
            help="A policy: a TOML file with only the keys it changes. May be given several times.",
        ),
        click.option(
            "--profile",
            multiple=True,
            metavar="audit:PATH",
            is_eager=True,
            expose_value=False,
            callback=_audits,
            help="What misread audit measured, in the place of every profile that is used; laid on after policies.",
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


AUDITS = "misread.audits"
"""Where what --profile gave waits for what --with gave, in the order of which they are laid on."""


def only_audits(_ctx: click.Context, _: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """What --profile gave, if it names audits."""
    for source in given:
        if not source.startswith("audit:"):
            raise click.UsageError(f"--profile takes audit:PATH, the audit.json of `misread audit`; got {source!r}.")
    return given


def _audits(ctx: click.Context, of: click.Parameter, given: tuple[str, ...]) -> None:
    ctx.meta[AUDITS] = only_audits(ctx, of, given)


def _and_audits(ctx: click.Context, _: click.Parameter, policies: tuple[str, ...]) -> tuple[str, ...]:
    return (*policies, *ctx.meta.get(AUDITS, ()))


def draw_options(command: F) -> F:
    """Options that say what intervals rest on: `draws`, `seed`."""
    draws = click.option(
        "--draws",
        type=click.IntRange(0, MOST_DRAWS),
        default=None,
        show_default="256; 39 where flags hide faces; 0 for very large deployments",
        help="Draws from what the evidence leaves open, for the intervals; 0 for none.",
    )
    seed = click.option(
        "--seed",
        type=click.IntRange(0, 2**32 - 1),
        default=1,
        show_default=True,
        help="Seed of all that is drawn.",
    )
    return draws(seed(command))


def engine_options(command: F) -> F:
    """Options that say which engine, and who draws: `engine`, `step`, `schools`, `workers`, `dask`, `keep_going`."""
    decorators = (
        click.option(
            "--engine",
            type=click.Choice(["auto", "exact", "sampled"]),
            default="auto",
            show_default=True,
            help="exact samples nothing; sampled draws pupils; auto is exact where it can be, and samples the rest.",
        ),
        click.option(
            "--step",
            metavar="STEP",
            help="What the sampled engine draws at a time: tick, lesson, day or year; by default the coarsest exact.",
        ),
        click.option(
            "--schools",
            type=int,
            metavar="N",
            help="Sample only the first N schools. By default all; 20 where --engine auto samples.",
        ),
        click.option("--workers", type=int, metavar="N", help="Threads that draw; by default one for each core."),
        click.option("--dask", metavar="ADDRESS", help="Let the workers of a Dask cluster draw (extra: dask)."),
        click.option("--keep-going", is_flag=True, help="Draw the other schools when some could not be drawn."),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def result_options(command: F) -> F:
    """Options that say where results go: `out`, `as_json`."""
    out = click.option("--out", metavar="DIR", help="Folder for the results.")
    as_json = click.option(
        "--json", "as_json", is_flag=True, help="Print the results as JSON; writes no file without --out."
    )
    return out(as_json(command))
