"""`misread compare`: several deployments, or policies on the first of them, side by side."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from misread.cli.support.options import draw_options, result_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from misread.api import ResultOfComparison
    from misread.deployment import Deployment


@click.command()
@click.argument("first", metavar="A")
@click.argument("others", metavar="B [C …]", nargs=-1, required=True)
@draw_options
@result_options
def compare(first: str, others: tuple[str, ...], draws: int | None, seed: int, out: str | None, as_json: bool) -> None:
    """Run several deployments side by side, and say how each differs from the first.

    A is a deployment: a file, or a shipped name. B, C … are deployments, or policies: files with only the
    keys they change, which are then laid on A. All are measured on the same draws, so that differences have
    intervals of their own.
    """
    started = datetime.now(UTC)
    from misread.api import ResultOfComparison, named
    from misread.cli.support.output import folder_for
    from misread.cli.support.progress import progress_bar
    from misread.deployment import load_all
    from misread.study.compare import compare as measured

    deployments = named(load_all(first, others))
    folder = None
    if out is not None or not as_json:
        folder = folder_for(out, "compare", *deployments, digest=_digest(deployments))
    with progress_bar("Counting") as step:
        of = len(deployments)
        at = {name: i for i, name in enumerate(deployments)}
        result = ResultOfComparison(
            measured(
                deployments,
                draws=draws,
                seed=seed,
                progress=lambda name, done, all_: step(at[name] * all_ + done, of * all_),
            )
        )
    command = _command(first, others, draws, seed)
    if folder is not None:
        _write(result, folder, command, started, draws, seed)
    if as_json:
        click.echo(result.comparison.to_json(), nl=False)
    elif folder is not None:
        _show(result, folder)


def _digest(deployments: Mapping[str, Deployment]) -> str:
    """One digest for all of them, in their order."""
    import hashlib

    from misread.deployment import digest

    return hashlib.sha256(" ".join(map(digest, deployments.values())).encode()).hexdigest()


def _command(first: str, others: tuple[str, ...], draws: int | None, seed: int) -> str:
    from misread.study.run import SEED

    words = ["misread", "compare", first, *others]
    words += ["--draws", str(draws)] if draws is not None else []
    words += ["--seed", str(seed)] if seed != SEED else []
    return shlex.join(words)


def _write(
    result: ResultOfComparison, folder: Path, command: str, started: datetime, draws: int | None, seed: int
) -> None:
    from misread.cli.support.output import plain_names, run_json
    from misread.deployment import digest, to_toml
    from misread.files import write_folder

    runs = result.comparison.runs
    names = plain_names(runs)
    texts = {
        "comparison.json": result.comparison.to_json(),
        "comparison.csv": result.comparison.to_csv(),
        "report.html": result.report_html(command),
        **{f"deployments/{names[name]}.toml": to_toml(m.deployment) for name, m in runs.items()},
    }
    facts = {"draws": draws, "seed": seed, "sha256": {name: digest(m.deployment) for name, m in runs.items()}}
    write_folder(folder, {**texts, "run.json": run_json(command, started, **facts)})


def _show(result: ResultOfComparison, folder: Path) -> None:
    from misread.cli.support.summary import sentences_compared
    from misread.cli.support.terminal import say

    say(sentences_compared(result.comparison), folder / "report.html")
