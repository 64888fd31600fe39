"""`misread compare`: several deployments, or policies on the first of them, side by side."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from misread.cli.support.options import draw_options, only_audits, result_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from misread.api import ResultOfComparison
    from misread.deployment import Deployment
    from misread.study.compare import Comparison


@click.command()
@click.argument("first", metavar="A")
@click.argument("others", metavar="B [C …]", nargs=-1, required=True)
@click.option(
    "--engine",
    type=click.Choice(["exact", "sampled"]),
    default="exact",
    show_default=True,
    help="exact samples nothing, and leaves out what couples pupils; sampled draws the same pupils under each.",
)
@click.option("--schools", type=int, metavar="N", help="Sample only the first N schools; by default all.")
@click.option("--workers", type=int, metavar="N", help="Threads that draw; by default one for each core.")
@click.option("--dask", metavar="ADDRESS", help="Let the workers of a Dask cluster draw (extra: dask).")
@click.option("--keep-going", is_flag=True, help="Draw the other schools when some could not be drawn.")
@click.option(
    "--profile",
    "audits",
    multiple=True,
    metavar="audit:PATH",
    callback=only_audits,
    help="What misread audit measured, in the place of every profile that is used; laid on each of them.",
)
@draw_options
@result_options
def compare(
    first: str,
    others: tuple[str, ...],
    audits: tuple[str, ...],
    engine: str,
    schools: int | None,
    workers: int | None,
    dask: str | None,
    keep_going: bool,
    draws: int | None,
    seed: int,
    out: str | None,
    as_json: bool,
) -> None:
    """Run several deployments side by side, and say how each differs from the first.

    A is a deployment: a file, or a shipped name. B, C … are deployments, or policies: files with only the
    keys they change, which are then laid on A; so are audits (audit:PATH). All are measured on the same draws of what
    the evidence leaves open, or, with --engine sampled, on the same pupils; so differences have intervals of their own.
    """
    started = datetime.now(UTC)
    from misread.api import ResultOfComparison, named
    from misread.cli.support.output import folder_for, refuse_others
    from misread.deployment import digest, load_all
    from misread.study.compare import refuse_what_does_not_go_together

    refuse_what_does_not_go_together(engine, draws=draws, schools=schools)
    deployments = named(load_all(first, others, audits=audits))
    folder = None
    if out is not None or not as_json:
        folder = folder_for(out, "compare", *deployments, digest=_digest(deployments))
    command = _command(first, others, audits, engine, schools, draws, seed)
    if out is not None and folder is not None:
        refuse_others(folder, command, {name: digest(d) for name, d in deployments.items()}, seed)
    if engine == "exact":
        if workers is not None or dask is not None or keep_going:
            raise click.UsageError("--workers, --dask and --keep-going are about drawing: they need --engine sampled.")
        comparison = _counted(deployments, draws, seed)
    else:
        comparison = _drawn(deployments, seed, schools, workers, dask, keep_going, folder)
    result = ResultOfComparison(comparison)
    if folder is not None:
        _write(result, folder, command, started, draws, seed)
    if as_json:
        click.echo(result.comparison.to_json(), nl=False)
    elif folder is not None:
        _show(result, folder)
    left = dict.fromkeys(what for run in comparison.runs.values() for what in run.left_out)
    if left:
        click.echo(f"Left out, for the sampled engine (--engine sampled): {'; '.join(left)}.", err=True)


def _counted(deployments: Mapping[str, Deployment], draws: int | None, seed: int) -> Comparison:
    from misread.cli.support.progress import progress_bar
    from misread.study.compare import compare as measured

    of = len(deployments)
    at = {name: i for i, name in enumerate(deployments)}
    with progress_bar("Counting") as step:
        return measured(
            deployments,
            draws=draws,
            seed=seed,
            progress=lambda name, done, all_: step(at[name] * all_ + done, of * all_),
        )


def _drawn(
    deployments: Mapping[str, Deployment],
    seed: int,
    schools: int | None,
    workers: int | None,
    dask: str | None,
    keep_going: bool,
    folder: Path | None,
) -> Comparison:
    from misread.cli.support.progress import progress_bar
    from misread.study.compare import compare_sampled
    from misread.study.engines.both import Hands
    from misread.study.sampled import executor_of

    with executor_of(workers, dask) as pool, progress_bar("Drawing", unit="schools") as drawing:
        hands = Hands(pool, folder, keep_going, drawing=drawing)
        return compare_sampled(deployments, seed=seed, schools=schools, hands=hands)


def _digest(deployments: Mapping[str, Deployment]) -> str:
    """One digest for all of them, in their order."""
    import hashlib

    from misread.deployment import digest

    return hashlib.sha256(" ".join(map(digest, deployments.values())).encode()).hexdigest()


def _command(
    first: str,
    others: tuple[str, ...],
    audits: tuple[str, ...],
    engine: str,
    schools: int | None,
    draws: int | None,
    seed: int,
) -> str:
    from misread.study.exact.run import SEED

    words = ["misread", "compare", first, *others]
    words += [word for source in audits for word in ("--profile", source)]
    words += ["--engine", engine] if engine != "exact" else []
    words += ["--schools", str(schools)] if schools is not None else []
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
    schools = next(iter(runs.values())).schools
    facts = {} if schools is None else {"engine": "sampled", "step": "tick", "schools": schools}
    facts |= {"draws": draws, "seed": seed, "sha256": {name: digest(m.deployment) for name, m in runs.items()}}
    write_folder(folder, {**texts, "run.json": run_json(command, started, **facts)})


def _show(result: ResultOfComparison, folder: Path) -> None:
    from misread.cli.support.summary import sentences_compared
    from misread.cli.support.terminal import say

    said = sentences_compared(result.comparison)
    if (schools := next(iter(result.comparison.runs.values())).schools) is not None:
        drawn = f"{schools:,} schools" if schools > 1 else "one school"
        said = (*said, f"Intervals are those of sampling {drawn}; what the evidence leaves open comes on top.")
    say(said, folder / "report.html")
