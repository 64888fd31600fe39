"""`misread sensitivity`: which inputs a finding hangs on."""

from __future__ import annotations

import shlex
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from misread.cli.support.options import deployment_options, result_options

if TYPE_CHECKING:
    from pathlib import Path

    from misread.deployment import Deployment
    from misread.study.sensitivity import Influence, Sensitivity

BUDGET = 65_536
HALF_WIDTH = 0.05


@click.command()
@deployment_options
@click.option("--finding", default="flag_ppv", show_default=True, metavar="ID", help="The finding that is asked about.")
@click.option("--rule", metavar="NAME", help="Of which rule; without it, of the first.")
@click.option("--group", default="all", show_default=True, metavar="NAME", help="Of which group.")
@click.option("--label", metavar="NAME", help="Of which label, where the finding has several.")
@click.option("--mark", metavar="NAME", help="Of which mark.")
@click.option("--view", metavar="NAME", help="Of which kind of seat.")
@click.option("--state", metavar="NAME", help="Of which state.")
@click.option("--reader", metavar="NAME", help="“perfect” for the reader that knows every state.")
@click.option(
    "--half-width",
    type=click.FloatRange(0.001, 1),
    default=HALF_WIDTH,
    show_default=True,
    help="How wide the 95 % intervals of the indices may be, on either side.",
)
@click.option(
    "--budget",
    type=click.IntRange(1_000, 100_000_000),
    default=BUDGET,
    show_default=True,
    help="Most evaluations for the indices.",
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 2), default=1, show_default=True, help="Seed of all points.")
@result_options
def sensitivity(
    deployment: str,
    policies: tuple[str, ...],
    settings: tuple[str, ...],
    finding: str,
    rule: str | None,
    group: str,
    half_width: float,
    budget: int,
    seed: int,
    out: str | None,
    as_json: bool,
    **keys: str | None,
) -> None:
    """Say which inputs a finding hangs on.

    Inputs are the stated ranges, and each row of a profile that rests on a stated number of faces. Each is first put
    at its ends alone, then Morris' screening tells which matter at all, then Sobol' indices what part of the
    finding's variance each accounts for. Writes files only with --out. Needs the extra "study".
    """
    started, clock = datetime.now(UTC), time.monotonic()
    from misread.cli.support.output import folder_for, refuse_others
    from misread.cli.support.progress import progress_bar
    from misread.deployment import digest, load
    from misread.study.sensitivity import sensitivity as analysed

    loaded = load(deployment, policies=policies, settings=settings)
    folder = None if out is None else folder_for(out, deployment, digest=digest(loaded))
    if folder is not None:
        refuse_others(folder, "misread sensitivity", digest(loaded), seed)
    with progress_bar("Evaluating") as step:
        found = analysed(
            loaded,
            finding=finding,
            rule=rule,
            group=group,
            half_width=half_width,
            budget=budget,
            seed=seed,
            progress=step,
            keys=keys,
        )
    seconds = time.monotonic() - clock
    if folder is not None:
        _write(found, loaded, folder, _command(deployment, policies, settings, found), started)
    if as_json:
        click.echo(found.to_json(), nl=False)
    else:
        _show(found, seconds, folder)


def _command(deployment: str, policies: tuple[str, ...], settings: tuple[str, ...], found: Sensitivity) -> str:
    from misread.report.studies.sensitivity import repeat_options

    words = ["misread", "sensitivity", deployment]
    words += [w for p in policies for w in ("--with", p)] + [w for s in settings for w in ("--set", s)]
    return shlex.join([*words, *repeat_options(found)])


def _write(found: Sensitivity, loaded: Deployment, folder: Path, command: str, started: datetime) -> None:
    from misread.cli.support.output import run_json
    from misread.deployment import to_toml
    from misread.files import write_folder
    from misread.report.studies.sensitivity import render_sensitivity

    write_folder(
        folder,
        {
            "sensitivity.json": found.to_json(),
            "sensitivity.csv": found.to_csv(),
            "sensitivity.html": render_sensitivity(found, loaded, command=command),
            "deployment.toml": to_toml(loaded),
            "run.json": run_json(command, started, evaluations=found.evaluations, seed=found.seed, sha256=found.sha256),
        },
    )


def _show(found: Sensitivity, seconds: float, folder: Path | None) -> None:
    from rich.text import Text

    from misread.cli.evidence.tables import add_row, new_table, print_table
    from misread.cli.support.terminal import WIDEST, terminal
    from misread.errors import printable
    from misread.report.studies.sensitivity import sentences

    console = terminal()
    width = min(console.width, WIDEST)
    for i, sentence in enumerate(sentences(found)):
        console.print(Text(printable(sentence), style="bold" if i == 0 else ""), width=width)
    click.echo(f"\n{printable(found.target.words)}, as stated {found.value:.6g}\n")
    table = new_table("input", "from", "to", "finding from", "to", "μ*", "first order", "total", "source")
    shown = [i for i in found.influences if not i.negligible] or found.influences
    for influence in shown:
        add_row(table, *_cells(influence))
    print_table(table)
    left = len(found.influences) - len(shown)
    rate = 60 * found.evaluations / max(seconds, 1e-9)
    click.echo(f"\n{left} negligible inputs are not shown; --json has all." if left else "")
    click.echo(f"{found.evaluations:,} evaluations in {seconds:.0f} s, {rate:,.0f} a minute.")
    if folder is not None:
        console.print(Text(f"\nReport: {printable(str(folder / 'sensitivity.html'))}"), soft_wrap=True)


def _cells(i: Influence) -> tuple[str, ...]:
    from misread.report.words import amount

    index: tuple[str, ...] = ("", "")
    if i.index is not None:
        parts = ((i.index.first, i.index.first_half), (i.index.total, i.index.total_half))
        index = tuple(f"{value:.2f} ± {half:.2f}" for value, half in parts)
    ends = (f"{i.swing.low:.4g}", f"{i.swing.high:.4g}", amount(i.swing.at_low), amount(i.swing.at_high))
    source = "assumption" if i.input.assumption else i.input.source
    return (i.input.name, *ends, amount(i.effect.mu_star), *index, source[:60])
