"""X15, what confidence values look like; X16, rows that are too regular to have been read from a face.

What counts as too regular in rows is reckoned from the labels themselves: how surprising a run of labels is, given how
often each follows each in this very file. Nothing here asks whether a label was right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from misread.language import gettext as _
from misread.language import mark
from misread.rights.check.dictionary.series import Mask
from misread.rights.check.dictionary.shapes import numbers
from misread.rights.check.dictionary.times import NONE
from misread.rights.check.findings.seen.checks import MOST_ROWS, finding
from misread.rights.check.findings.seen.moments import MINUTE

if TYPE_CHECKING:
    from misread.rights.check.findings.seen.look import Look
    from misread.rights.check.findings.seen.parts import Part
    from misread.rights.check.findings.seen.streams import Stream
    from misread.rights.check.model import Finding, Json

FEWEST = 50
"""Confidence values from which on something is said about all of them."""
WINDOW = 24
"""Labels of a run that is looked for a second time."""
MARGIN = 30.0
"""Bits beyond what so many pairs of runs make likely: one chance in a thousand million."""
ONE_VALUE = 50
"""Labels from which on it is told that all are the same."""
FASTEST = 500
"""Milliseconds; a label in less is told."""


def x15(look: Look) -> Finding:
    """What the confidence values look like."""
    said = look.promise("acc.claim")
    columns: list[Json] = []
    noticed: list[str] = []
    for part in look.parts:
        for column, cells in part.having("confidence"):
            values = numbers(cells.distinct)
            known = np.isfinite(values)
            if not known.any():
                continue
            n = int(cells.counts[known].sum())
            kept = values[known] / (100 if values[known].max() > 1 else 1)
            about = look.shown(column) | {
                "count": n,
                "different": int(known.sum()),
                "low": float(values[known].min()),
                "high": float(values[known].max()),
            }
            if n >= FEWEST:
                found = list(_noticed(kept))
                lacking = list(_lacking(look, part, cells.filled))
                if lacking:
                    about["missing_for"] = list(lacking)
                    found.append("missing")
                about["noticed"] = list(found)
                noticed += found
            columns.append(about)
    saw: dict[str, Json] = {"columns": columns}
    if not columns:
        return finding("X15", "cannot tell", _("No column holds confidence values."), saw, said, ["question:acc.claim"])
    if not noticed:
        return finding(
            "X15",
            "matches",
            _("They are neither constant, cut off, coarsely rounded, nor missing for one label."),
            saw,
            said,
        )
    says = " ".join(_(_NOTICED[kind]) for kind in dict.fromkeys(noticed))
    return finding("X15", "not mentioned", says, saw, said, ["question:acc.claim", "question:acc.false_alarms"])


_NOTICED = {
    "constant": mark("All confidence values are the same."),
    "rounded": mark("All of them are rounded coarsely."),
    "cut": mark("None lies below a cut."),
    "missing": mark("They are missing wherever one label stands."),
}
_CUT = 0.4
"""Among so many values the lowest is lower, unless what is lower was left out."""


def _noticed(values: NDArray[np.float64]) -> Iterator[str]:
    if values.size == 1:
        yield "constant"
        return
    if any(np.allclose(values / step, np.rint(values / step), atol=1e-6) for step in (0.05, 0.1, 0.25)):
        yield "rounded"
    if values.min() >= _CUT:
        yield "cut"


def _lacking(look: Look, part: Part, filled: Mask) -> Iterator[str]:
    """Labels that never have a confidence, where others do."""
    for stream in look.streams:
        if stream.part is not part or not stream.words:
            continue
        has = np.bincount(stream.codes, weights=filled[stream.rows], minlength=len(stream.words))
        for word, n, all_ in zip(stream.words, has, stream.counts, strict=True):
            if all_ and not n and has.any() and look.kind_of(word) != "nothing":
                yield word


def x16(look: Look) -> Finding:
    """Whether rows are too regular."""
    copied: list[Json] = []
    constant: list[Json] = []
    rates: list[Json] = []
    longest = 0
    unsettled = False
    for stream in look.streams:
        longest = max(longest, _longest_run(stream))
        if len(stream) >= ONE_VALUE and _one_value(stream):
            constant += [look.shown(column) for column in stream.columns]
        copied += [
            look.shown(stream.columns[0]) | {"row": a, "again_at_row": b, "labels": n} for a, b, n in copies(stream)
        ]
        if rate := _too_fast(stream):
            rates.append(look.shown(stream.columns[0]) | rate)
            # An alert that is taken for a label comes at the moment of one.
            unsettled |= look.unsettled(stream)
    saw: dict[str, Json] = {
        "copied": copied[:MOST_ROWS],
        "copied_in_all": len(copied),
        "constant": constant,
        "too_fast": rates,
        "longest_run_of_one_label": longest,
    }
    if not any(map(len, (stream.codes for stream in look.streams))):
        return finding("X16", "cannot tell", _("There are no labels to look at."), saw)
    say = []
    if copied:
        say.append(_("Blocks of labels that stand there twice, one like the other: %(n)s.", n=len(copied)))
    if rates:
        say.append(
            _("Columns with two labels at the same moment, or less than half a second apart: %(n)s.", n=len(rates))
        )
    if constant:
        say.append(_("Columns that always hold the same label: %(n)s.", n=len(constant)))
    if rates and unsettled and not copied:
        say.append(_("Some of them may be no labels: that waits for an answer of yours."))
        return finding("X16", "cannot tell", " ".join(say), saw, next=["answer:--column", "answer:--word"])
    if copied or rates:
        return finding(
            "X16", "contradicts", " ".join(say), saw, next=["question:rights.access", "question:output.interval"]
        )
    if constant:
        return finding("X16", "not mentioned", " ".join(say), saw, next=["question:output.labels"])
    return finding("X16", "matches", _("Nothing in it is more regular than its own labels make likely."), saw)


def _one_value(stream: Stream) -> bool:
    if stream.numeric:
        return (
            bool(np.ptp(stream.values[np.isfinite(stream.values)]) == 0) if np.isfinite(stream.values).any() else False
        )
    return not stream.spoilt and len(stream.words) == 1


def _longest_run(stream: Stream) -> int:
    if not stream.words or not len(stream):
        return 0
    ends = np.flatnonzero(np.diff(stream.codes, append=-1))
    return int(np.diff(ends, prepend=-1).max())


def _too_fast(stream: Stream) -> dict[str, Json] | None:
    """Labels at the same moment as another of the column, or hardly later."""
    known = np.flatnonzero(stream.moments != NONE)
    order = known[np.argsort(stream.moments[known], kind="stable")]
    step = np.diff(stream.moments[order])
    # A file whose times are whole minutes or days says nothing of seconds.
    if not step.size or not (stream.moments[order] % MINUTE).any():
        fast = step == 0
        if not fast.any() or fast.mean() > 0.5:
            return None
    else:
        fast = step < FASTEST
        if fast.mean() > 0.5:
            return None
    if not fast.any():
        return None
    rows = [stream.part.row(int(stream.rows[i])) for i in order[1:][fast][:MOST_ROWS]]
    return {"labels": int(fast.sum()), "row_sample": list(rows)}


def copies(labels: Stream) -> Iterator[tuple[int, int, int]]:
    """Blocks of labels that come again later: row of the first, row of the second, number of labels.

    Parameters
    ----------
    labels : Stream
        Labels in order.
    """
    codes = labels.codes.astype(np.int64)
    n = codes.size
    if len(labels.words) < 2 or n < 2 * WINDOW:
        return
    surprise = np.concatenate([[0.0], np.cumsum(_bits(codes, len(labels.words)))])
    marks = _marks(codes)
    order = np.argsort(marks, kind="stable")
    same = marks[order][1:] == marks[order][:-1]
    first, second = order[:-1][same], order[1:][same]
    needed = 2 * np.log2(n) + MARGIN
    # Pairs of windows grow into blocks along a diagonal: those with one distance, one after the other.
    gap = second - first
    keep = gap >= WINDOW
    along = np.lexsort((first[keep], gap[keep]))
    a, g = first[keep][along], gap[keep][along]
    if not a.size:
        return
    starts = np.flatnonzero(np.concatenate([[True], (np.diff(g) != 0) | (np.diff(a) != 1)]))
    for i, start in enumerate(starts):
        end = starts[i + 1] if i + 1 < len(starts) else a.size
        length = int(end - start) + WINDOW - 1
        at, distance = int(a[start]), int(g[start])
        if surprise[at + length] - surprise[at] >= needed:
            yield labels.part.row(int(labels.rows[at])), labels.part.row(int(labels.rows[at + distance])), length


def _bits(codes: NDArray[np.int64], words: int) -> NDArray[np.float64]:
    """How surprising each label is after the one before it, in bits, by how often it follows it in the stream."""
    pairs = np.bincount(codes[:-1] * words + codes[1:], minlength=words * words).reshape(words, words) + 0.5
    bits = -np.log2(pairs / pairs.sum(axis=1, keepdims=True))
    return np.concatenate([[0.0], bits[codes[:-1], codes[1:]]])


def _marks(codes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A number for each window; windows with the same labels have the same."""
    rng = np.random.default_rng(967)
    of_word = rng.integers(0, 2**63, int(codes.max()) + 1, dtype=np.uint64)
    base = np.uint64(0x9E3779B97F4A7C15)
    marks = np.zeros(codes.size - WINDOW + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for i in range(WINDOW):
            marks = marks * base + of_word[codes[i : codes.size - WINDOW + 1 + i]]
    return marks
