"""What `misread audit` prints: at most 25 lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from misread.audit.reading.words import several
from misread.audit.written.told.facts import (
    about,
    differences,
    least,
    overall,
    percent,
    read,
    small_strata,
    told,
    worst_rows,
)
from misread.errors import printable

if TYPE_CHECKING:
    from misread.audit.groups import Disparity
    from misread.audit.written.model import Written

AUDIT = "audit.json"
MOST = 25
"""Lines."""
WARNINGS = 3
"""Of which so many are warnings; the others stand in audit.json."""


def lines(written: Written, names: Sequence[Path], asks: str = "", deployment: str = "as-described") -> tuple[str, ...]:
    """The answer, line by line.

    Parameters
    ----------
    written : Written
        The audit.
    names : sequence of Path
        What was written, the report last; none with --json.
    asks : str
        What profile.toml still asks for, and what to type.
    deployment : str
        Whose words it speaks.
    """
    said = [
        *_read(written),
        *_warnings(written),
        *_right(written),
        *_differ(written),
        *_files(names, asks, deployment if written.expressions else ""),
    ]
    assert len(said) <= MOST, f"{len(said)} lines"
    return tuple(printable(line) for line in said)


def _read(written: Written) -> Iterator[str]:
    source = written.source
    shown = several(len(written.expressions), "expression") if written.expressions else "no truth named"
    yield f"{read(written)}: {shown}, {several(len(written.labels), 'answer')}."
    missing = sum(source.missing_answers.values())
    # What was noticed while reading says the same with how they were missing.
    if missing and not any("missing" in warning for warning in written.warnings):
        yield f"Missing: {missing:,} answers ({percent(missing / source.rows)}), counted as none."
    if written.columns:
        by = " × ".join(column.name for column in written.columns)
        strata, few = small_strata(written) if written.expressions else (0, 0)
        how = f"fewer than five {written.unit}" if written.persons is None else "too few persons to be told"
        small = f", {few:,} of them with {how}" if few else ""
        number = several(strata, "stratum").replace("stratums", "strata")
        yield f"Groups: {by}" + (f", {number}{small}." if strata else ".")


def _warnings(written: Written) -> Iterator[str]:
    for warning in written.warnings[:WARNINGS]:
        yield f"Note: {warning}"
    if len(written.warnings) > WARNINGS:
        yield f"Note: {len(written.warnings) - WARNINGS} more in audit.json."


def _right(written: Written) -> Iterator[str]:
    yield ""
    for accuracy in overall(written, "accuracy") if written.expressions else ():
        sure = "" if written.persons is not None else "; faces taken to be independent"
        sure += "" if written.level == 0.95 else f"; intervals of {100 * written.level:g} %"
        yield f"Right: {told(accuracy)}{sure}."
    if written.ceiling is not None:
        one = next(
            e for e in written.ceiling.estimates if e.statistic == "leave_one_out" and not e.group and not e.label
        )
        yield f"Ceiling: one rater says what most of the others say on {told(one)}."
    for recall, instead in worst_rows(written):
        other = (
            ""
            if instead is None or instead.value is None
            else f", most often else {instead.label}: {percent(instead.value)}"
        )
        yield f"  {recall.expression}: read right {told(recall)}{other}."


def _differ(written: Written) -> Iterator[str]:
    plain = [d for d in written.disparities if not d.within]
    asked = [d for d in written.disparities if d.within]
    said = [line for kind in (asked, plain) for line in _told(kind, 2 if asked else 3)]
    yield from ("", *said) if said else ()


def _told(disparities: Sequence[Disparity], most: int) -> Iterator[str]:
    found = differences(disparities, most)
    if not found:
        return
    shown = sum(d.adjusted is not None and d.adjusted < 0.05 for d in disparities)
    of = sum(d.p is not None for d in disparities)
    within = " within others" if found[0].within else ""
    yield f"Differences between groups{within}: {shown} of {of} comparisons are more than chance (p adjusted for all)."
    yield from (f"  {_difference(one)}" for one in found)


def _difference(found: Disparity) -> str:
    points = f"{100 * (found.seen or 0.0):.1f} points seen"
    points += f", {found.highest} above {found.lowest}" if found.seen else ""
    chance = "" if found.chance_high is None else f", up to {100 * found.chance_high:.1f} by chance"
    ends = ""
    if found.adjusted is not None and found.adjusted < 0.05 and found.low is not None and found.high is not None:
        ends = f"; {100 * found.low:.1f} to {100 * found.high:.1f} when pooled"
    elif found.visible is not None:
        ends = f"; under {least(found.visible)} may well have gone unseen"
    among = "".join(f", {column} {level}" for column, level in found.within)
    sure = f"p {found.p:.2g}, adjusted {found.adjusted:.2g}"
    return f"{about(found)} by {found.column}{among}: {points}{chance}{ends}{_mixed(found)}; {sure}."


def _mixed(found: Disparity) -> str:
    """What is left of a gap where groups show other expressions."""
    if not found.of_the_mix or found.pair is None:
        return ""
    return f"; {100 * found.pair:.1f} points with everybody's mix of expressions"


def _files(names: Sequence[Path], asks: str, deployment: str) -> Iterator[str]:
    if not names:
        return
    *others, report = names
    inside = ", ".join(
        str(name.relative_to(report.parent)) for name in others if len(name.relative_to(report.parent).parts) == 1
    )
    yield ""
    yield f"Written: {inside}."
    if any(name.parent != report.parent for name in others):
        yield f"To be published: {report.parent / 'publication'} alone; the other files hold small counts."
    if deployment:
        run = f"misread run {quote(deployment)} --profile {quote(f'audit:{report.parent / AUDIT}')}"
        yield f"Run it in a school: {run} --set …. {asks}" if asks else f"Run it in a school: {run}"
    yield f"Report: {report}"
