"""The tables of docs/audit/worked.md: what audits say, beside what the catalogue has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from misread import evidence
from misread.audit.agreement import between
from misread.audit.groups.trait import medians, places
from misread.audit.rates import Estimate
from misread.deployment.profiles.laid import FEWEST
from tests.audit.real.files import LONG, by_person, of_clips, of_product, of_raters

SHOWN = (("accuracy", None), ("recall", "fear"), ("recall", "sadness"))
"""Comparisons that the page tells."""
ASKED = {
    "E07": ("said “anger” of neutral clips", {"statistic": "confusion", "expression": "neutral", "label": "anger"}),
    "E08": ("said “anger” where that was not acted", {"statistic": "false_positive_rate", "label": "anger"}),
    "E09": ("right", {"statistic": "accuracy"}),
}
SPREAD = {"anger": "anger", "sadness": "sad", "disgust": "disgust"}
"""Word of the votes → the word of H05."""
GOES_OUT = ("anger", "sadness")
"""Words whose trait goes out: those that the rules of the deployment read."""
RATERS = (
    ("a vote is the commonest of the others'", "leave_one_out"),
    ("share of votes of the commonest word", "commonest_share"),
    ("two raters agree", "rater_pairs"),
    ("all agree", "unanimous"),
    ("Fleiss' kappa", "fleiss_kappa"),
    ("Krippendorff's alpha", "krippendorff_alpha"),
)
"""Figures of A40 in their order, and what the audit calls them."""


def percent(value: float, low: float | None = None, high: float | None = None, digits: int = 1) -> str:
    """Per cent, with its interval where there is one."""
    said = f"{value:.{digits}f}"
    return said if low is None or high is None else f"{said} ({low:.{digits}f} to {high:.{digits}f})"


def of(found: Estimate, scale: float = 100, digits: int = 1) -> str:
    """An estimate as the page writes it."""
    ends = (None, None) if found.low is None or found.high is None else (scale * found.low, scale * found.high)
    return percent(scale * (found.value or 0), *ends, digits=digits)


def row(*cells: object) -> str:
    """A row of a table."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def evidence_rows() -> Iterator[tuple[str, Any, Estimate]]:
    """Entry, its figure, and the audit's estimate of the same, E07 to E09."""
    for id, (_, asked) in ASKED.items():
        for figure in evidence.catalogue()[id].figures:
            level = LONG[figure.name.split(" (")[0]]
            column = "sex" if level in ("Male", "Female") else "race"
            rates = of_clips(column).rates(column)
            stratum = next(s for s in range(len(rates.table.strata)) if rates.table.names(s) == {column: level})
            kind = dict(asked)
            yield id, figure, rates.find(stratum, kind.pop("statistic"), **kind)


def products() -> Iterator[tuple[str, Estimate, Estimate]]:
    """Expression, or "all": how often each product reads it right."""
    both = [of_product(product).overall for product in ("FACET", "AFFDEX")]
    for expression in of_product("FACET").table.expressions:
        first, second = (found.of("recall", expression=expression)[0] for found in both)
        yield expression, first, second
    yield "all", both[0].of("accuracy")[0], both[1].of("accuracy")[0]


def deployed(word: str, expression: str) -> float:
    """Standard deviation between children of how often they are answered so, in a deployment with the audit's trait."""
    audit = of_clips()
    table, sd = audit.table, audit.effect.find(word).sd
    counts = table.margin().counts[0]
    rows = counts / counts.sum(axis=1, keepdims=True)
    nodes, weights = places(FEWEST)
    at = table.labels.index(word)
    times = np.ones((FEWEST, len(table.labels)))
    times[:, at] = np.exp(sd * nodes)
    kinds = medians(rows, table.labels, {word: sd}, FEWEST)[table.expressions.index(expression)] * times
    shares = (kinds / kinds.sum(axis=1, keepdims=True))[:, at]
    return float(np.sqrt(weights @ (shares - weights @ shares) ** 2))


def traits() -> Iterator[tuple[str, str, float, float]]:
    """Word and expression: how actors differ, and children of a deployment, as standard deviations."""
    for word in GOES_OUT:
        for expression in ("neutral", "fear", "disgust"):
            votes = by_person(of_clips(), expression)
            yield (
                word,
                expression,
                between(votes[:, of_clips().table.labels.index(word)], votes.sum(axis=1)).sd,
                deployed(word, expression),
            )


def tables() -> dict[str, list[str]]:
    """Mark → rows of the table under it."""
    told: dict[str, list[str]] = {"gaps": [], "evidence": [], "spread": [], "products": [], "raters": []}
    gaps = of_clips("race", "sex").disparities
    for statistic, expression in SHOWN:
        for column in ("race", "sex"):
            gap = next(g for g in gaps if (g.statistic, g.expression, g.column) == (statistic, expression, column))
            assert None not in (gap.p, gap.adjusted, gap.seen, gap.chance_high, gap.visible)
            points = (f"{100 * x:.1f}" for x in (gap.seen, gap.chance_high, gap.visible))
            told["gaps"].append(
                row(expression or statistic, f"{column} ({gap.groups})", f"{gap.p:.2g}", f"{gap.adjusted:.2g}", *points)
            )
    for id, figure, found in evidence_rows():
        told["evidence"].append(
            row(
                f"{id}: {ASKED[id][0]}",
                figure.name.split(" (")[0],
                percent(figure.value, figure.low, figure.high),
                of(found),
                found.persons,
            )
        )
    printed = {figure.name: figure.value for figure in evidence.catalogue()["H05"].figures}
    for word, name in SPREAD.items():
        votes = by_person(of_clips(), "neutral")
        hits, n = votes[:, of_clips().table.labels.index(word)], votes.sum(axis=1)
        mine, shares = between(hits, n), 100 * hits / n
        cells = (f"{100 * mine.mean:.1f}", printed[f"{name}, SD between actors"], f"{100 * mine.sd:.1f}")
        told["spread"].append(row(word, printed[f"{name}, mean"], *cells, f"{shares.min():.0f} and {shares.max():.0f}"))
    told["traits"] = [row(word, shown, *(f"{100 * sd:.1f}" for sd in both)) for word, shown, *both in traits()]
    told["products"] = [row(name, of(first), of(second)) for name, first, second in products()]
    figures = evidence.catalogue()["A40"].figures
    ceiling = of_raters().ceiling
    assert ceiling is not None
    for (words, statistic), figure in zip(RATERS, figures, strict=False):
        found = ceiling.find(statistic)
        scale, digits = (100, 1) if figure.unit == "%" else (1, 3)
        unit = " %" if figure.unit == "%" else ""
        told["raters"].append(
            row(
                words + (", in %" if unit else ""),
                percent(figure.value, figure.low, figure.high, digits),
                of(found, scale, digits),
            )
        )
    return told
