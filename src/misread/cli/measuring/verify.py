"""`misread verify`: run a pack again, and say whether the same comes out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from misread.report.pack import Verdict

PACK = ".zip"


@click.command()
@click.argument("what", metavar="PACK")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(what: str, as_json: bool) -> None:
    """Run a pack again, and compare the bytes.

    PACK is a file of misread pack, from anybody; its name ends in .zip. Its deployment is run with the draws and the
    seed that it names, and every file that can be made again is compared byte for byte. Exit code 0 if all are the
    same, 1 if one is not, 2 if it is no pack or was altered.
    """
    if what.endswith(PACK):
        _verify_pack(what, as_json)
    else:
        from misread.errors import MisreadError, Problem

        mend = "make one with `misread pack DIR`."
        raise MisreadError(Problem("Its name does not end in .zip.", "a pack.", mend, what))


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
