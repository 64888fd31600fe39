"""What is told of an audit wherever it is told in words: shares, intervals, the worst rows, the largest differences."""

from __future__ import annotations

from collections.abc import Sequence

from misread.audit.groups import Disparity
from misread.audit.intervals.effective import TOO_FEW
from misread.audit.rates import Estimate
from misread.audit.written.model import Written


def percent(share: float) -> str:
    """A share in percent, with a decimal; what is small has two digits that say something."""
    value = 100 * share
    return f"{value:.1f} %" if value == 0 or abs(value) >= 1 else f"{value:.2g} %"


def least(visible: float) -> str:
    """The smallest gap that would have been seen, in points with two digits."""
    return f"{100 * visible:.2g}" if visible < 0.995 else "100"


def read(written: Written) -> str:
    """What was read, and whom it shows."""
    source = written.source
    if written.weighted and source.counted != source.rows:
        what = f"{source.rows:,} {written.unit} of {source.name}, weighted to {source.counted:,.6g}"
    elif source.counted == source.rows:
        what = f"{source.rows:,} {written.unit} of {source.name}"
    else:
        what = f"{source.rows:,} rows of {source.name} with {source.counted:,.6g} {written.unit}"
    return f"{what}, " + ("persons not known" if written.persons is None else f"{written.persons:,} persons")


def told(estimate: Estimate) -> str:
    """Value and interval in words, or why there is none."""
    if estimate.value is None:
        return estimate.note or "not estimable"
    if estimate.low is None or estimate.high is None:
        return f"{percent(estimate.value)} ({estimate.note or 'no interval'})"
    return f"{percent(estimate.value)} ({percent(estimate.low).removesuffix(' %')} to {percent(estimate.high)})"


def overall(written: Written, statistic: str) -> tuple[Estimate, ...]:
    """Everybody's estimates of one statistic."""
    return tuple(e for e in written.estimates if e.statistic == statistic and not e.group)


def by_column(written: Written, statistic: str, column: str) -> tuple[Estimate, ...]:
    """Estimates of one statistic for each level of one column."""
    return tuple(e for e in written.estimates if e.statistic == statistic and [c for c, _ in e.group] == [column])


def worst_rows(written: Written, most: int = 3) -> tuple[tuple[Estimate, Estimate | None], ...]:
    """Expressions that are read right least often, each with the label that it is most often given instead."""
    recalls = sorted((e for e in overall(written, "recall") if e.value is not None), key=lambda e: e.value or 0.0)
    found = []
    for recall in recalls[:most]:
        others = [
            e
            for e in overall(written, "confusion")
            if e.expression == recall.expression and e.label != recall.expression and e.value
        ]
        found.append((recall, max(others, key=lambda e: e.value or 0.0, default=None)))
    return tuple(found)


def differences(disparities: Sequence[Disparity], most: int = 3) -> tuple[Disparity, ...]:
    """Those that chance explains least."""
    told = (d for d in disparities if d.p is not None)
    return tuple(sorted(told, key=lambda d: (d.adjusted or 0.0, d.p or 0.0, -(d.seen or 0.0))))[:most]


def about(item: Estimate | Disparity) -> str:
    """What a statistic is about, in words."""
    name = item.statistic.replace("_", " ")
    if item.expression and item.label:
        return f"{item.expression} answered {item.label}"
    return f"{name} of {item.expression or item.label}" if item.expression or item.label else name


def small_strata(written: Written) -> tuple[int, int]:
    """Strata of the finest margin that is told, and how many of them are left out or have under five faces.

    Where persons are known, those of one to four are left out, and what would tell of them.
    """
    finest = max(written.margins, key=lambda margin: len(margin.columns))
    small = [part for part in finest.parts if part.left_out or sum(row.n for row in part.rows) < TOO_FEW]
    return len(finest.parts), len(small)
