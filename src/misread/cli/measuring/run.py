"""`misread run`: count what a deployment gets wrong, and write the report."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from misread.cli.support.options import deployment_options, draw_options, engine_options, result_options
from misread.cli.support.progress import HOW, progress_of

if TYPE_CHECKING:
    from misread.api import Result
    from misread.deployment import Deployment
    from misread.study.engines.both import Way
    from misread.study.exact.run import Measured


@click.command()
@deployment_options
@engine_options
@draw_options
@click.option("--stress", is_flag=True, help="Try the headline claims too (a minute or two); see misread stress.")
@click.option("--pdf", is_flag=True, help="Write the report as tagged PDF too (extra: pdf).")
@click.option(
    "--progress",
    type=click.Choice(HOW),
    default=HOW[0],
    show_default=True,
    help="How far it is: a bar in a terminal, or lines of JSON on standard error, for programs.",
)
@result_options
def run(
    deployment: str,
    policies: tuple[str, ...],
    settings: tuple[str, ...],
    engine: str,
    step: str | None,
    schools: int | None,
    workers: int | None,
    dask: str | None,
    keep_going: bool,
    draws: int | None,
    seed: int,
    stress: bool,
    pdf: bool,
    progress: str,
    out: str | None,
    as_json: bool,
) -> None:
    """Count what a deployment gets wrong, and write the report.

    DEPLOYMENT is a file, or the name of a shipped deployment (see misread deployments). Results go to
    ./misread-out/NAME-DIGEST/ unless --out names another folder; a folder that holds the results of something else is
    refused. What the sampled engine has drawn for a folder is taken up again by the same command, should it be stopped.
    """
    started = datetime.now(UTC)
    from misread.cli.support.output import folder_for, refuse_others
    from misread.deployment import digest, load
    from misread.study.engines.both import Way

    if as_json and out is None and (pdf or stress):
        raise click.UsageError("--pdf and --stress write to a folder: name one with --out beside --json.")
    if pdf:
        from misread.report.pdf import refuse_without_typst

        refuse_without_typst()
    loaded = load(deployment, policies=policies, settings=settings)
    if stress:
        from misread.study.exact.run import refuse_many

        refuse_many(loaded)
    folder = None
    if out is not None or not as_json:
        folder = folder_for(out, loaded.origin.name, digest=digest(loaded))
    way = Way(engine, step, draws, seed, schools)  # type: ignore[arg-type]  # click has checked the engine
    command = _command(deployment, policies, settings, way) + (" --stress" if stress else "")
    if out is not None and folder is not None:
        refuse_others(folder, command, digest(loaded), seed)
    from misread.api import Result

    # Files of schools are for the folder that somebody named, or that is written to anyway.
    result = Result(_measured(loaded, way, workers, dask, keep_going, folder, progress), way)
    if folder is not None:
        _write(result, folder, command, started, pdf, stress)
    if as_json:
        click.echo(result.findings.to_json(), nl=False)
    elif folder is not None:
        _show(result, folder)
    for line in _left_out(result):
        click.echo(line, err=True)


def _measured(
    deployment: Deployment,
    way: Way,
    workers: int | None,
    dask: str | None,
    keep_going: bool,
    folder: Path | None,
    progress: str,
) -> Measured:
    from contextlib import nullcontext

    from misread.study.engines.both import Hands, run

    if workers is None and dask is None:
        executor = nullcontext(None)
    else:
        from misread.study.sampled import executor_of

        executor = executor_of(workers, dask)  # type: ignore[assignment]
    out = folder if way.engine == "sampled" else None
    drawn, counted = progress_of(progress, "Drawing", unit="schools"), progress_of(progress, "Counting")
    with executor as pool, drawn as drawing, counted as counting:
        return run(deployment, way, Hands(pool, out, keep_going, counting, drawing))


def _left_out(result: Result) -> Iterator[str]:
    """At which step pupils were drawn where nobody asked for one, and what the findings do not have."""
    from misread.errors import printable

    way, step, left = result.way, result.findings.step, "; ".join(result.measured.left_out)
    if way.engine == "sampled" and way.step is None:
        from misread.engine.sampled.laws import by_default

        best = by_default(result.measured.deployment)
        yield printable(f"Drawn at step {best.step}, the coarsest that can be drawn here: {best.why}.")
    if left and way.engine == "exact":
        yield printable(f"Left out, for the sampled engine (--engine auto or sampled): {left}.")
    elif left:
        yield printable(f"Left out at step {step}, for --step tick: {left}.")


def _command(deployment: str, policies: tuple[str, ...], settings: tuple[str, ...], way: Way) -> str:
    """What to type to get the same findings again; defaults and places left out."""
    from misread.study.engines.both import Way

    words = ["misread", "run", deployment]
    words += [word for policy in policies for word in ("--with", policy)]
    words += [word for setting in settings for word in ("--set", setting)]
    for name in ("engine", "step", "schools", "draws", "seed"):
        if (value := getattr(way, name)) != getattr(Way(), name):
            words += [f"--{name}", str(value)]
    return shlex.join(words)


def _write(result: Result, folder: Path, command: str, started: datetime, pdf: bool, stress: bool) -> None:
    from misread.cli.support.output import run_json
    from misread.files import write_folder
    from misread.report.pack import outputs, run_facts

    tried = None
    if stress:
        from misread.cli.support.claims import tried_claims

        tried = tried_claims(result.measured.deployment, effort=1, seed=result.findings.seed)
    made = outputs(result.measured, command=command, pdf=pdf, stressed=tried)
    facts = run_facts(result.measured, result.way, made)
    write_folder(folder, {**made, "run.json": run_json(command, started, **facts).encode()})


def _show(result: Result, folder: Path) -> None:
    from misread.cli.support.summary import sentences
    from misread.cli.support.terminal import say

    say(sentences(result.findings, result.measured.deployment), folder / "report.html")
