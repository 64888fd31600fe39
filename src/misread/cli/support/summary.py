"""What a run found, in five sentences for a terminal."""

from __future__ import annotations

from misread.deployment.model import Deployment
from misread.findings.table import Finding, Findings
from misread.report.words import Band, amount, base, children, interval_sentence
from misread.report.words.headlines import headline, no_rules_headline
from misread.study.compare import Comparison


def sentences(findings: Findings, deployment: Deployment) -> tuple[str, ...]:
    """Five sentences with numbers about the first rule that was counted; one where there is none."""
    if not deployment.rules:
        return (str(no_rules_headline(*(findings.one(id).value for id in ("labels_archived", "observations")))),)
    counted = {f.rule for f in findings if f.id == "flag_ppv" and f.reader is None}
    rule = next((r for r in deployment.rules if r.name in counted), None)
    reader = deployment.classifier.reader
    if rule is None:
        return ("No rule of this deployment was counted: what couples pupils is sampled (--engine auto or sampled).",)

    def one(id: str, reader: str | None = None) -> Finding | None:
        # Draws of whole days or years do not tell all.
        known = any((f.id, f.rule, f.reader) == (id, rule.name, reader) for f in findings)
        return findings.one(id, rule=rule.name, reader=reader) if known else None

    ppv, lift = Band.of(one("flag_ppv")), Band.of(one("flag_lift"))
    said = [f"{headline(ppv.value if ppv else None, rule.notify, reader)} (rule “{rule.name}”)"]
    if ppv:
        left_open = interval_sentence(ppv.complement(), base(1 - ppv.value))
        if lift:
            by_lot = f"hey would be right {amount(lift.value)} times as often as alerts about children picked by lot"
            by_lot += f"{_between(lift)}."
            left_open = f"{left_open.rstrip('.')}; t{by_lot}" if ppv.ends else f"T{by_lot} {left_open}"
        said.append(left_open)
    year, leaving = (Band.of(one(f"p_false_flag_by_{when}")) for when in ("year_1", "end"))
    if year and leaving:
        first, last = children(year.value), children(leaving.value)
        then = "" if first == last == children(1.0) else f"; by the end of school, {_lower(last)}"
        said.append(
            f"{first} would be flagged wrongly at least once in the first year{_between(year.times(100))}{then}."
        )
    missed, ideal = Band.of(one("spells_missed")), Band.of(one("spells_missed", "perfect"))
    if missed and ideal:
        said.append(
            f"Of 100 spells of what it looks for ({', '.join(rule.claims)}), it would miss {amount(100 * missed.value)}"
            f"{_between(missed.times(100))}; one that reads every state without error would miss "
            f"{amount(100 * ideal.value)}."
        )
    kept = Band.of(one("flags_on_file_end"))
    if kept:
        said.append(f"A child would leave with {amount(kept.value)} flags on file{_between(kept)}.")
    return tuple(said)


def _between(band: Band) -> str:
    """The interval in brackets, where it says more than the value does."""
    if band.ends is None:
        return ""
    low, high = map(amount, band.ends)
    return "" if low == high == amount(band.value) else f" (95 % interval {low} to {high})"


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


COMPARED = (
    ("flag_ppv", 100, "of 100 flags, {after} would be right instead of {before}"),
    ("false_flags_per_pupil_year", 1, "a child would get {after} wrong flags a school year instead of {before}"),
    ("spells_missed", 100, "of 100 spells of what it looks for, it would miss {after} instead of {before}"),
)
"""What is said first of a comparison: finding, the scale it is said in, and the words."""


def sentences_compared(comparison: Comparison) -> tuple[str, ...]:
    """How each deployment differs from the first, one line each, about the first rule they share."""
    (name, first), *others = comparison.runs.items()
    said = [f"What changes, compared with {name}:"]
    for other, run in others:
        shared = {r.name for r in run.deployment.rules}
        rule = next((r.name for r in first.deployment.rules if r.name in shared), None)
        parts = [] if rule is None else [_change(comparison, other, rule, *what) for what in COMPARED]
        about = "no rule in common" if rule is None else f"rule “{rule}”: {'; '.join(filter(None, parts))}"
        said.append(f"{other}, {about}.")
    return tuple(said)


def _change(comparison: Comparison, other: str, rule: str, id: str, scale: float, words: str) -> str:
    first = next(iter(comparison.runs.values()))
    before = first.findings.one(id, rule=rule).value
    after = comparison.runs[other].findings.one(id, rule=rule).value
    if before is None or after is None:
        return ""
    difference = comparison.one(other, id, rule=rule)
    interval = ""
    if difference.low is not None and difference.high is not None:
        ends = f"{amount(scale * difference.low, signed=True)} to {amount(scale * difference.high, signed=True)}"
        interval = f" (95 % interval of the difference {ends})"
    return words.format(before=amount(scale * before), after=amount(scale * after)) + interval
