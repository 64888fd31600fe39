"""A section for a model card, in Markdown: what was measured, on whom, how sure it is, and what is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from misread.audit.rates import Estimate
from misread.audit.written.model import Written
from misread.audit.written.told.facts import about, by_column, differences, least, overall, percent, read, told

SHOWN = ("accuracy", "none_share", "balanced_accuracy", "macro_f1", "kappa", "alpha")
"""Everybody's figures; the last two are no shares."""
NO_SHARES = {"kappa", "alpha", "macro_f1"}
MOST_LEVELS = 40


def card(written: Written, command: str) -> str:
    """The section.

    Parameters
    ----------
    written : Written
        The audit.
    command : str
        What repeats it.

    Returns
    -------
    str
        Markdown that begins with a heading of the second level.
    """
    parts = (
        _measured(written),
        _overall(written),
        _expressions(written),
        _groups(written),
        _differences(written),
        _unknown(written),
        _again(written, command),
    )
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _measured(w: Written) -> Iterator[str]:
    yield from ("## Fairness: what was measured", "")
    yield (
        f"{_text(read(w))}, with {len(w.expressions)} expressions and {len(w.labels)} possible answers; no answer "
        "counts as the answer `none`, and is wrong."
    )
    groups = ", ".join(f"{_text(c.name)} ({', '.join(map(_text, c.levels[:20]))})" for c in w.columns)
    yield from ("", f"Groups: {groups}." if groups else "Groups: none were given, so nothing can be said of any.")
    yield ""


def _overall(w: Written) -> Iterator[str]:
    rows = [(about(e), _figure(e), _rests(e)) for name in SHOWN for e in overall(w, name)]
    if w.ceiling is not None:
        rows += [
            ("ceiling: a rater agrees with most of the others", told(e), f"{e.n:,.0f}")
            for e in w.ceiling.estimates
            if e.statistic == "leave_one_out" and not e.group and not e.label
        ]
    yield from _table(("everybody", f"value ({_level(w)})", "rests on"), rows)


def _expressions(w: Written) -> Iterator[str]:
    rows = [(_text(e.expression or ""), told(e), _rests(e)) for e in overall(w, "recall")]
    yield from _table(("a face that shows", f"is answered so ({_level(w)})", "rests on"), rows)
    rows = [(_text(e.label or ""), told(e), _rests(e)) for e in overall(w, "false_positive_rate")]
    yield from _table(("the answer", f"is given to other faces ({_level(w)})", "rests on"), rows)


def _groups(w: Written) -> Iterator[str]:
    for column in w.columns:
        rows = [(_text(e.group[0][1]), told(e), _rests(e)) for e in by_column(w, "accuracy", column.name)]
        yield from _table((_text(column.name), f"accuracy ({_level(w)})", "rests on"), rows[:MOST_LEVELS])
        if len(rows) > MOST_LEVELS:
            yield from (f"{len(rows) - MOST_LEVELS} more levels are in audit.json.", "")


def _differences(w: Written) -> Iterator[str]:
    rows = [
        (
            f"{_text(about(d))} by {_text(d.column)}",
            f"{100 * (d.seen or 0):.1f}",
            "" if d.chance_high is None else f"{100 * d.chance_high:.1f}",
            "" if d.low is None or d.high is None else f"{100 * d.low:.1f} to {100 * d.high:.1f}",
            f"{d.adjusted:.2g}",
            "" if d.visible is None else least(d.visible),
        )
        for d in differences(w.disparities, 10)
        if d.adjusted is not None
    ]
    head = (
        "largest difference between groups",
        "points seen",
        "by chance up to",
        "pooled",
        "p, adjusted",
        "gap visible",
    )
    yield from _table(head, rows)
    if rows:
        yield from (
            "Groups differ by chance alone: what equal groups stay under in 95 of 100 cases stands beside what was "
            "seen. Where the adjusted p is 0.05 or more no difference is shown; a gap under the last column may well "
            "have gone unseen.",
            "",
        )


def _unknown(w: Written) -> Iterator[str]:
    yield from ("### What is not known", "")
    said = ["Whether faces elsewhere are read as these: the figures are those of this benchmark."]
    said.append("What anybody felt: truth here is what the benchmark's labels say.")
    if w.persons is None:
        said.append(
            "Who is shown: faces are taken to be independent, so intervals are too narrow if persons recur; and "
            "whether a group is one person."
        )
    if w.ceiling is None:
        said.append("How far raters agree: without their votes nobody can say how good an answer could look.")
    if not any(c.error is not None for c in w.calibration):
        said.append("How sure the model said it was: no scores were given.")
    if w.source.missing_truth:
        said.append(f"What {w.source.missing_truth:,} faces show: their truth is missing, and they are in no rate.")
    silent = [e for e in w.estimates if e.value is not None and e.low is None and e.statistic == "accuracy" and e.group]
    if silent:
        said.append(f"Accuracy of {len(silent)} groups: they have too few persons for an interval.")
    yield from (f"- {line}" for line in [*said, *map(_text, w.warnings)])
    yield ""


def _again(w: Written, command: str) -> Iterator[str]:
    yield from ("### To get this again", "", "```sh", re.sub(r"[\r\n`]", " ", command), "```", "")
    digest = f" of the file with SHA-256 `{w.source.sha256}`" if w.source.sha256 else ""
    yield f"misread {w.version}{digest}, seed {w.seed}. `misread audit --methods` says how each interval is made."


def _figure(e: Estimate) -> str:
    if e.statistic not in NO_SHARES or e.value is None:
        return told(e)
    ends = "" if e.low is None or e.high is None else f" ({e.low:.3f} to {e.high:.3f})"
    return f"{e.value:.3f}{ends}"


def _rests(e: Estimate) -> str:
    persons = "" if e.persons is None else f", {e.persons:,} persons"
    return f"{e.n:,.0f}{persons}"


def _level(w: Written) -> str:
    return f"{percent(w.level).replace('.0', '')} interval"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    listed = list(rows)
    if not listed:
        return
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in listed)
    yield ""


def _text(word: str) -> str:
    """A word of the audited file that cannot be taken for Markdown."""
    plain = "".join(c if c.isprintable() else " " for c in word)
    return re.sub(r"([\\`*_{}\[\]<>#|!~])", r"\\\1", plain)
