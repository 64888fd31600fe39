"""`misread file`: everything the system would hold about one made-up child."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from misread.cli.child.pupil import all_kept, plural, seed_option, watched, within
from misread.cli.support.options import deployment_options

if TYPE_CHECKING:
    from misread.deployment.model import Deployment
    from misread.engine.sampled.replay import Facts
    from misread.report.file import ChildFile, Layout
    from misread.report.file.summary import TrueYear, Year

FORMAT = "misread-file/1"


@click.command()
@deployment_options
@click.option("--school", type=int, default=1, show_default=True, help="Which school, counted from 1.")
@click.option("--pupil", type=int, default=1, show_default=True, help="Which pupil of the school, counted from 1.")
@click.option("--years", metavar="A-B", help="School years to show, such as 3 or 2-5. By default all.")
@click.option(
    "--as-export",
    "format",
    type=click.Choice(["csv", "json", "xlsx"]),
    help="Write the file whole, as a system would give it out.",
)
@click.option("--layout", metavar="NAME", help="Make of the export: log, tabelle, days, events, years or releves.")
@click.option("--truth", is_flag=True, help="Say what was so, too; with an export in a second file.")
@seed_option
@click.option("--out", metavar="FILE", help="Where the export goes; the truth beside it.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def file(
    deployment: str,
    policies: tuple[str, ...],
    settings: tuple[str, ...],
    school: int,
    pupil: int,
    years: str | None,
    format: str | None,
    layout: str | None,
    truth: bool,
    seed: int,
    out: str | None,
    as_json: bool,
) -> None:
    """Show one made-up child's whole file, year by year, or write it out as a system would.

    It holds every label with its time, every flag, message, mark and decision, and nothing of what was true: that
    goes, with --truth, into a file of its own. The same seed, school and pupil always give the same child.
    """
    from misread.deployment import load
    from misread.report.file import child_file, decided_on

    made = _layout(format, layout, out)
    loaded = load(deployment, policies=policies, settings=settings)
    within("--school", school, loaded.population.schools, "schools")
    within("--pupil", pupil, loaded.population.pupils_per_school, "pupils in each school")
    shown = _years(years, loaded.population.school_years)
    target = None if made is None else _target(loaded, made, out, school, pupil, seed)
    replay = watched(loaded, seed).replay
    if decided_on(loaded, *shown):
        replay.ahead(school)
    facts = replay.facts(school, pupil)
    with all_kept():
        held = child_file(loaded, replay, school, pupil, seed, shown)
    written = {} if target is None or made is None else _write(held, facts, made, target, truth)
    if as_json:
        click.echo(json.dumps(_as_json(loaded, held, facts, written, truth), ensure_ascii=False, indent=1))
    else:
        _show(loaded, held, facts, truth)
        _say_where(written)


def _layout(format: str | None, layout: str | None, out: str | None) -> Layout | None:
    from misread.errors import MisreadError, Problem
    from misread.report.file import LAYOUTS, layout_of

    if format is None and layout is None:
        if out is not None:
            what, expected = "Nothing is written without a format.", "--as-export csv, json or xlsx."
            raise MisreadError(Problem(what, expected, "say one, or leave --out out.", key="--out"))
        return None
    known = LAYOUTS.get(layout or "")
    if format is None and known is None:
        what = f"There is no layout {layout!r}."
        raise MisreadError(Problem(what, f"one of {', '.join(LAYOUTS)}.", "name one of these.", key="--layout"))
    if format == "csv" or (known and known.format == "csv" and format is None):
        return layout_of("csv", layout)
    if format == "json" or (known and known.format == "json" and format is None):
        return layout_of("json", layout)
    return layout_of("xlsx", layout)


def _years(text: str | None, last: int) -> tuple[int, int]:
    """First and last school year to show."""
    from misread.errors import MisreadError, Problem

    if text is None:
        return 1, last
    found = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", text.strip())
    first, end = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not found or not 1 <= first <= end <= last:
        why = f"It ends before it begins: {text}." if found and end < first else f"There are no such years: {text!r}."
        expected = f"a school year from 1 to {last}, or two such as 1-{last}, the earlier one first."
        raise MisreadError(Problem(why, expected, "give other years after --years.", key="--years"))
    return first, end


def _target(deployment: Deployment, made: Layout, out: str | None, school: int, pupil: int, seed: int) -> Path:
    """Where the export goes; what cannot be written is said before anything is computed."""
    from misread.cli.support.output import folder_for
    from misread.deployment import digest
    from misread.errors import MisreadError, Problem

    if out is None:
        name = f"school-{school}-pupil-{pupil}-seed-{seed}-{made.name}{made.suffix}"
        return folder_for(None, deployment.origin.name, digest=digest(deployment)) / name
    if not out.strip():
        raise MisreadError(Problem("It names no file.", "a file's name.", "name one, or leave --out out.", key="--out"))
    target = Path(out)
    folder_for(str(target.parent), digest="")
    if target.is_dir():
        what, mend = "That is a folder.", f"name a file in it, such as {target / ('file' + made.suffix)}."
        raise MisreadError(Problem(what, "the name of a file.", mend, str(target), "--out"))
    return target


def _write(held: ChildFile, facts: Facts, made: Layout, target: Path, truth: bool) -> dict[str, Path]:
    from misread.files import write_whole
    from misread.report.file import export, twin_json

    write_whole(target, export(held, made))
    written = {"export": target}
    if truth:
        written["truth"] = target.with_name(f"{target.stem}-truth.json")
        write_whole(written["truth"], twin_json(held, facts))
    return written


def _as_json(
    deployment: Deployment, held: ChildFile, facts: Facts, written: dict[str, Path], truth: bool
) -> dict[str, Any]:
    from misread.report.file.summary import summary_json, truth_json
    from misread.report.file.truth import facts_json

    found: dict[str, Any] = {
        "format": FORMAT,
        "deployment": {"title": deployment.title},
        "seed": held.seed,
        "school": held.school,
        "pupil": held.pupil,
        "keep_days": deployment.file.keep_days,
        "years": summary_json(held),
        "entries_held": len(held.held()),
        "written": {what: str(path) for what, path in written.items()},
    }
    return found | ({"truth": {"pupil": facts_json(facts), "years": truth_json(held)}} if truth else {})


def _show(deployment: Deployment, held: ChildFile, facts: Facts, truth: bool) -> None:
    from rich.text import Text

    from misread.cli.support.terminal import WIDEST, terminal
    from misread.errors import printable
    from misread.report.file.summary import true_years_of, years_of

    console = terminal()
    years, true = years_of(held), true_years_of(held) if truth else None
    width = min(console.width, WIDEST)
    console.print(Text(printable(_headline(held, years)), style="bold"), width=width)
    console.print(Text(printable(_about(deployment, held)), style="dim"), width=width)
    if not facts.watched:
        console.print("\nThis pupil has opted out: no look, no label, no flag.", width=width)
    console.print(Text("\n" + _table(deployment, years, true)), soft_wrap=True)
    for line in _later(years, true):
        console.print(Text(printable(line)), width=width)
    if truth:
        console.print(Text("\n" + printable(_so(facts, years, true or ()))), width=width)


def _headline(held: ChildFile, years: tuple[Year, ...]) -> str:
    labels, flags = (sum(sum(getattr(y, what).values()) for y in years) for what in ("labels", "flags"))
    span = f"year {held.first}" if held.first == held.last else f"years {held.first} to {held.last}"
    line = f"The file of {held.name}, {span}: {plural(labels, 'label')}, {plural(flags, 'flag')}"
    return f"{line}, of which {years[-1].on_file:,} held at the end." if held.first == 1 else f"{line}."


def _about(deployment: Deployment, held: ChildFile) -> str:
    keep = deployment.file.keep_days
    kept = "for ever" if keep == "forever" else f"for {plural(keep, 'school day')}"
    return f"Made up: no child. {deployment.title or held.deployment}, seed {held.seed}. Flags are kept {kept}."


def _table(deployment: Deployment, years: tuple[Year, ...], true: tuple[TrueYear, ...] | None) -> str:
    """The years as columns of figures, as wide as their widest."""
    told = [who for who in ("teacher", "parent", "counsellor") if any(who in rule.notify for rule in deployment.rules)]
    head = ["year", "labels", "flags", *(["wrong"] if true else []), *(f"{who} told" for who in told), "on file"]
    rows = [head]
    for i, y in enumerate(years):
        wrong = [f"{sum(true[i].wrong.values()):,}"] if true else []
        messages = [f"{y.told.get(who, 0):,}" for who in told]
        row = [f"{y.year}", f"{sum(y.labels.values()):,}", f"{sum(y.flags.values()):,}", *wrong, *messages]
        rows.append([*row, f"{y.on_file:,}"])
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(c.rjust(w) for c, w in zip(row, wide, strict=True)) for row in rows) + "\n"


def _later(years: tuple[Year, ...], true: tuple[TrueYear, ...] | None) -> list[str]:
    """Marks and decisions, a line each."""
    from misread.report.file.messages import fate

    lines = []
    for i, y in enumerate(years):
        for mark in y.marks:
            unearned = bool(true) and mark in (true or ())[i].unearned
            so = "" if true is None else " Unearned: at least half of its flags were wrong." if unearned else " Earned."
            lines.append(f"Year {y.year}: marked “{mark}”.{so}")
        for j, d in enumerate(y.decisions):
            by = f", decided by {d.by}" if d.by else ""
            so = (
                "" if true is None else f" On the flags of a reader without error: {fate(true[i].decisions[j].chosen)}."
            )
            lines.append(f"Year {y.year}: {d.word}{by}: {fate(d.chance)}.{so}")
    return lines or ["No mark, no decision."]


def _so(facts: Facts, years: tuple[Year, ...], true: tuple[TrueYear, ...]) -> str:
    flags, wrong = sum(sum(y.flags.values()) for y in years), sum(sum(t.wrong.values()) for t in true)
    of = "No flag was raised." if not flags else f"Of {plural(flags, 'flag')}, {wrong:,} claimed what was not so."
    traits = "".join(f"; {name}: level {level}, {u:+.2f} standard deviations" for name, level, u in facts.traits)
    return f"{of} The pupil, group “{facts.group}”, class {facts.klass}{traits}."


def _say_where(written: dict[str, Path]) -> None:
    from rich.text import Text

    from misread.cli.support.terminal import terminal
    from misread.errors import printable

    for what, path in written.items():
        terminal().print(Text(f"{what.capitalize()}: {printable(str(path))}"), soft_wrap=True)
