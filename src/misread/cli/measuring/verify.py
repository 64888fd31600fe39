"""`misread verify`: run a pack again, or a deployment by both engines, and say whether the same comes out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from misread.cli.support.options import policy_options

if TYPE_CHECKING:
    from misread.report.pack import Verdict
    from misread.study.engines.agreement import Agreement

PACK = ".zip"
OF_A_DEPLOYMENT = ("policies", "settings", "seed", "schools", "step", "workers")
"""Options that say how the engines are held against each other, and nothing to a pack."""


@click.command()
@click.argument("what", metavar="PACK|DEPLOYMENT")
@policy_options
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True, help="Seed of the samples.")
@click.option("--schools", type=int, metavar="N", help="Schools to sample; by default 40, more where they are small.")
@click.option("--step", default="tick", show_default=True, help="What the sampled engine draws at a time.")
@click.option("--workers", type=int, metavar="N", help="Threads that draw; by default one for each core.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(
    what: str,
    policies: tuple[str, ...],
    settings: tuple[str, ...],
    seed: int,
    schools: int | None,
    step: str,
    workers: int | None,
    as_json: bool,
) -> None:
    """Run a pack again, and compare the bytes; or hold the two engines against each other.

    PACK is a file of misread pack, from anybody; its name ends in .zip. Its deployment is run as it says, and every
    file that can be made again is compared byte for byte. Exit code 0 if all are the same, 1 if one is not, 2 if it is
    no pack or was altered.

    DEPLOYMENT is a file or the name of a shipped deployment. It is counted exactly, and drawn pupil by pupil; every
    finding that both engines have is printed with its z. Exit code 1 if they are further apart than chance allows over
    the whole table: engines that agree get there once in 1,000 runs.
    """
    if what.endswith(PACK):
        given = click.get_current_context().get_parameter_source
        if any(given(name) is ParameterSource.COMMANDLINE for name in OF_A_DEPLOYMENT):
            raise click.UsageError(
                "A pack is run as it says: --with, --set, --seed, --schools, --step and --workers are for a deployment."
            )
        _verify_pack(what, as_json)
    else:
        _verify_engines(what, policies, settings, seed, schools, step, workers, as_json)


def _verify_engines(
    name: str,
    policies: tuple[str, ...],
    settings: tuple[str, ...],
    seed: int,
    schools: int | None,
    step: str,
    workers: int | None,
    as_json: bool,
) -> None:
    import json

    from misread.cli.support.progress import progress_bar
    from misread.deployment import load
    from misread.errors import MisreadError, Problem
    from misread.study.engines.agreement import agreement, as_rows
    from misread.study.engines.both import Hands
    from misread.study.sampled import executor_of

    if Path(name).is_dir():
        mend = f"pack a run first: `misread pack {name}`."
        raise MisreadError(Problem("It is a folder.", "a file of misread pack, or a deployment.", mend, name))
    loaded = load(name, policies=policies, settings=settings)
    with (
        executor_of(workers) as pool,
        progress_bar("Drawing", unit="schools") as drawing,
        progress_bar("Counting") as counting,
    ):
        hands = Hands(executor=pool, drawing=drawing)
        found = agreement(loaded, seed=seed, schools=schools, step=step, hands=hands, progress=counting)
    if as_json:
        head = {
            "format": "misread-agreement/1",
            "agree": found.holds,
            "schools": found.schools,
            "largest_z": found.largest,
            "allowed_z": found.allowed,
            "exact_only": found.exact_only,
            "sampled_only": found.sampled_only,
        }
        click.echo(json.dumps({**head, "findings": as_rows(found)}, ensure_ascii=False, indent=1))
    else:
        _show(found)
    if not found.holds:
        click.get_current_context().exit(1)


def _show(found: Agreement) -> None:
    from misread.errors import printable
    from misread.findings.about import KEYS

    click.echo(f"{'z':>6}  {'exact':>12} {'sampled':>12}  finding")
    for row in found.rows:
        one = row.exact
        about = [v for v in (one.rule, *(getattr(one, k) for k in KEYS)) if v is not None]
        about += [one.group] if one.group != "all" else []
        z = "" if row.z is None else f"{row.z:+.1f}"
        values = " ".join(f"{'–' if v is None else format(v, '.6g'):>12}" for v in (one.value, row.sampled.value))
        click.echo(f"{z:>6}  {values}  {one.id} {printable('; '.join(about))}{'' if row.agree else '   <- apart'}")
    apart = sum(1 for row in found.rows if not row.agree)
    click.echo(
        f"\n{len(found.rows):,} findings by both engines, {found.schools:,} schools sampled; the largest z is "
        f"{found.largest:.1f}, and chance allows {found.allowed:.1f} over the whole table. "
        + (
            f"{apart:,} {'is' if apart == 1 else 'are'} apart: the engines do not agree."
            if apart
            else "The engines agree."
        )
    )
    click.echo(
        f"{found.exact_only:,} findings only the exact engine has here, {found.sampled_only:,} only the sampled one."
    )


def _verify_pack(name: str, as_json: bool) -> None:
    import json

    from misread.cli.support.progress import progress_bar
    from misread.errors import printable
    from misread.report.pack import read_pack
    from misread.report.pack import verify as run_again

    pack = read_pack(Path(name))
    with progress_bar("Running it again") as step:
        verdict = run_again(pack, progress=step)
    if as_json:
        click.echo(json.dumps(_as_json(name, verdict), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(map(printable, sentences(verdict))))
    if not verdict.holds:
        click.get_current_context().exit(1)


def sentences(verdict: Verdict) -> list[str]:
    """The verdict in words, a sentence a line."""
    from misread.version import __version__

    count = f"{verdict.findings:,} findings"
    if verdict.holds:
        files = ", ".join(verdict.same)
        said = [f"The same, byte for byte: run again with misread {__version__}, the {count} and the files {files}."]
    else:
        first, *others = verdict.differences
        said = [
            f"Not the same. The first difference is in {first.file}, {first.where}:",
            f"  packed: {first.packed}",
            f"  here:   {first.here}",
        ]
        if verdict.changed_findings:
            much = f"; the largest relative difference is {verdict.largest:.2g}" if verdict.largest else ""
            said.append(f"{verdict.changed_findings:,} of {count} differ{much}.")
        else:
            said.append(f"All {count} are the same.")
        said += [f"{d.file} differs too, first in {d.where}." for d in others]
        said += [f"The same, byte for byte: {', '.join(verdict.same)}."] if verdict.same else []
    said += [f"Another version here: {n} {p} in the pack, {h} here." for n, p, h in verdict.versions]
    return said + [f"Not made again: {what}." for what in verdict.left_out]


def _as_json(name: str, verdict: Verdict) -> dict[str, Any]:
    return {
        "format": "misread-verify/1",
        "pack": name,
        "same": verdict.holds,
        "files_same": list(verdict.same),
        "differences": [
            {"file": d.file, "where": d.where, "packed": d.packed, "here": d.here} for d in verdict.differences
        ],
        "findings": verdict.findings,
        "findings_different": verdict.changed_findings,
        "largest_relative_difference": verdict.largest,
        "versions": [{"name": n, "packed": p, "here": h} for n, p, h in verdict.versions],
        "not_made_again": list(verdict.left_out),
    }
