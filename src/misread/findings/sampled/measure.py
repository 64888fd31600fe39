"""From the rows of sampled schools to the findings of docs/findings.md, in the order of the exact engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from misread.findings.about import KEYS, About
from misread.findings.definitions import DEFINITIONS
from misread.findings.sampled.estimate import Estimate, lots, ratio
from misread.findings.sampled.layout import READERS, Floats, Layout
from misread.findings.sampled.rules import of_rule
from misread.findings.sampled.sums import Estimated, Sums
from misread.findings.table import Finding

BY_CALENDAR = ("observations", "labels_archived")
"""Findings that may be the same in every school because the calendar alone makes them."""


def findings(layout: Layout, matrix: Floats, step: str = "tick") -> tuple[Finding, ...]:
    """Findings of the schools sampled.

    Parameters
    ----------
    layout : Layout
        What the columns are.
    matrix : ndarray, shape (schools, columns)
        A row of sums for each school (`tally`), in any order. Where there are very many, a row may hold the sum of
        several schools' rows, which then count as one cluster.
    step : str
        The sampled engine's step, as `method` names it.

    Returns
    -------
    tuple of Finding
        Whole rows, labels, rule by rule (the deployed system before the perfect reader), alerts, masking, decisions.
    """
    schools = int(layout.split(matrix)["schools"].sum())
    return in_words(estimates(layout, matrix), schools, step)


def estimates(layout: Layout, matrix: Floats) -> Iterator[Estimated]:
    """The same before they are put into words: what each row is about, with its estimate; arguments as `findings`."""
    return (_by_calendar(e, len(matrix)) for e in _rows(Sums.of(layout, matrix)))


def in_words(found: Iterable[Estimated], schools: int, step: str = "tick") -> tuple[Finding, ...]:
    """Estimates as findings.

    Parameters
    ----------
    found : iterable of Estimated
        As `estimates` gives them.
    schools : int
        Schools sampled.
    step : str
        As in `findings`.
    """
    on = sampled_on(schools, step)
    return tuple(_finding(e, on) for e in found)


def sampled_on(schools: int, step: str = "tick") -> str:
    """What was sampled, as every `method` begins."""
    return f"sampled at step {step} on {schools:,} school{'s' if schools > 1 else ''}"


def _by_calendar(e: Estimated, clusters: int) -> Estimated:
    """What the calendar alone makes is certain, however alike all schools are."""
    if e.about.id in BY_CALENDAR and e.estimate.se is None and clusters > 1:
        return replace(e, estimate=replace(e.estimate, se=0.0, why=""))
    return e


def _finding(e: Estimated, on: str) -> Finding:
    about, estimate = e.about, e.estimate
    return Finding(
        id=about.id,
        rule=about.rule,
        group=about.group,
        value=estimate.value,
        se=estimate.se,
        unit=DEFINITIONS[about.id].unit,
        n=e.n,
        method=_method(estimate, on),
        **{key: getattr(about, key) for key in KEYS},
    )


def _method(estimate: Estimate, on: str) -> str:
    if estimate.value is None:
        return f"{on}; no value: {estimate.why}"
    if estimate.se is None:
        unknown = "what is unknown about the inputs was not counted either"
        return f"{on}; no standard error: {estimate.why}; no interval: {unknown}"
    error = "standard error clustered by school" + (f" ({estimate.why})" if estimate.why else "")
    counted = "the standard error counts chance between sampled pupils only, not what is unknown about the inputs"
    return f"{on}; {error}; no interval: {counted}"


def _rows(sums: Sums) -> Iterator[Estimated]:
    yield from _whole(sums)
    yield from _labels(sums)
    for r, rule in enumerate(sums.layout.deployment.rules):
        yield from of_rule(sums, r, rule)
    for i in range(len(READERS)):
        yield from _alerts(sums, i)
    if sums.layout.deployment.feedback:
        yield from sums.ratios(About("masking_end"), sums.pooled["masking"], sums.pupils)
    for d in range(len(sums.layout.deployment.decisions)):
        yield from _decision(sums, d)


def _whole(sums: Sums) -> Iterator[Estimated]:
    schools, looks = sums.layout.deployment.population.schools, sums.looks[:, -1]
    yield sums.one(About("observations"), ratio(looks, sums.blocks["schools"][:, 0], schools))
    yield sums.one(About("labels_archived"), ratio(looks, sums.pupils[:, -1]))


def _labels(sums: Sums) -> Iterator[Estimated]:
    with_label = sums.pooled["labels"]
    looks = with_label.sum(axis=1)
    for y, label in enumerate(sums.layout.chain.labels):
        for p, part in sums.parts():
            about = About("label_share", label=label, view=part.view, trait=part.trait, age=part.age)
            yield from sums.ratios(about, with_label[:, y, p], looks[:, p], part=p)


def _alerts(sums: Sums, reader: int) -> Iterator[Estimated]:
    chain, rules = sums.layout.chain, sums.layout.deployment.rules

    def told(who: str) -> Floats:
        of = [r for r, rule in enumerate(rules) if who in rule.notify]
        flags: Floats = sums.pooled["flags"][:, reader, of, 0].sum(axis=1)
        return flags

    classes, a_day = sums.blocks["classes"][:, 0], 1 / (chain.days * chain.years)
    teacher, parent = (About(id, reader=READERS[reader]) for id in ("alerts_per_teacher_day", "alerts_per_family_year"))
    yield sums.one(teacher, ratio(told("teacher")[:, -1], classes, a_day))
    yield from sums.ratios(parent, told("parent"), sums.years)


def _decision(sums: Sums, d: int) -> Iterator[Estimated]:
    deployment = sums.layout.deployment
    decision = deployment.decisions[d]
    rule = decision.rule or next(m.rule for m in deployment.file.marks if m.name == decision.mark)
    wrong, chosen = (sums.pooled["decisions"][:, d, i] for i in range(2))
    about = About("decision_wrong", rule=rule, mark=decision.mark, decision=decision.name)
    yield from sums.ratios(about, wrong, sums.pupils)
    lottery = About("decision_lottery", rule=rule, mark=decision.mark, decision=decision.name)
    yield sums.one(lottery, lots(chosen[:, -1], sums.pupils[:, -1]))
