"""`misread run`: count what a deployment gets wrong, and write the report."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from misread.cli.support.options import deployment_options, draw_options, result_options

if TYPE_CHECKING:
    from misread.api import Result


@click.command()
@deployment_options
@click.option(
    "--engine",
    type=click.Choice(["auto", "exact"]),
    default="auto",
    show_default=True,
    help="How to compute; auto takes the exact engine, which samples nothing.",
)
@draw_options
@click.option("--stress", is_flag=True, help="Try the headline claims too (a minute or two); see misread stress.")
@click.option("--pdf", is_flag=True, help="Write the report as tagged PDF too (extra: pdf).")
@result_options
def run(
    deployment: str,
    policies: tuple[str, ...],
    settings: tuple[str, ...],
    engine: str,
    draws: int,
    seed: int,
    stress: bool,
    pdf: bool,
    out: str | None,
    as_json: bool,
) -> None:
    """Count what a deployment gets wrong, and write the report.

    DEPLOYMENT is a file, or the name of a shipped deployment (see misread deployments). Results go to
    ./misread-out/NAME-DIGEST/ unless --out names another folder.
    """
    del engine  # "auto" and "exact" are one engine until the sampled one is there.
    started = datetime.now(UTC)
    from misread.cli.support.output import folder_for
    from misread.cli.support.progress import progress_bar
    from misread.deployment import digest, load

    if as_json and out is None and (pdf or stress):
        raise click.UsageError("--pdf and --stress write to a folder: name one with --out beside --json.")
    if pdf:
        from misread.report.pdf import refuse_without_typst

        refuse_without_typst()
    loaded = load(deployment, policies=policies, settings=settings)
    folder = None
    if out is not None or not as_json:
        folder = folder_for(out, loaded.origin.name, digest=digest(loaded))
    command = _command(deployment, policies, settings, draws, seed) + (" --stress" if stress else "")
    from misread.api import Result
    from misread.study.run import measured

    with progress_bar("Counting") as step:
        result = Result(measured(loaded, draws=draws, seed=seed, progress=step))
    if folder is not None:
        _write(result, folder, command, started, pdf, stress)
    if as_json:
        click.echo(result.findings.to_json(), nl=False)
    elif folder is not None:
        _show(result, folder)


def _command(deployment: str, policies: tuple[str, ...], settings: tuple[str, ...], draws: int, seed: int) -> str:
    """What to type to get the same findings again; defaults and places left out."""
    from misread.study.run import DRAWS, SEED

    words = ["misread", "run", deployment]
    words += [word for policy in policies for word in ("--with", policy)]
    words += [word for setting in settings for word in ("--set", setting)]
    words += ["--draws", str(draws)] if draws != DRAWS else []
    words += ["--seed", str(seed)] if seed != SEED else []
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
    facts = run_facts(result.measured, made)
    write_folder(folder, {**made, "run.json": run_json(command, started, **facts).encode()})


def _show(result: Result, folder: Path) -> None:
    from misread.cli.support.summary import sentences
    from misread.cli.support.terminal import say

    say(sentences(result.findings, result.measured.deployment), folder / "report.html")
