"""Count H02 to H04 of the evidence again, from every score of each photograph.

    .venv/bin/python tools/recount_scores.py SCORES.csv

The scores are not shipped. They are in the raw data of study 1 that the authors publish; the entries say where. One
row a photograph by their rule (the highest of frames 30 to 120); columns picture_set, actor, expression, "AFFDEX
anger", "FACET anger" and so on; empty where no face was found. It ends with 1 if a figure is not the catalogue's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from misread import evidence
from misread.evidence.entries.model import Quantity

Numbers = NDArray[np.float64]
Words = NDArray[np.str_]

LOWEST = 1e-4
"""Added to AFFDEX's scores (0 to 100) before their logarithm is taken."""
ROUNDED = 0.00501
"""What a printed figure of two digits may be off by."""


def left_over(rows: pa.Table, product: str, emotion: str) -> tuple[Numbers, Words, NDArray[np.bool_]]:
    """Of photographs of other emotions: score less the mean of its set and emotion; person; whether it is neutral."""
    score = rows[f"{product} {emotion}"].to_numpy()
    truth = np.array(rows["expression"].to_pylist())
    told = (truth != emotion) & ~np.isnan(score)
    score, truth = score[told], truth[told]
    if product == "AFFDEX":
        score = np.log(score + LOWEST)
    sets = np.char.add(np.array(rows["picture_set"].to_pylist())[told], truth)
    _, of = np.unique(sets, return_inverse=True)
    mean = np.bincount(of, score) / np.bincount(of)
    return score - mean[of], np.array(rows["actor"].to_pylist())[told], truth == "neutral"


def icc(values: Numbers, persons: Words) -> float:
    """ICC(1) of a one-way analysis of variance with unequal numbers."""
    _, of = np.unique(persons, return_inverse=True)
    n = np.bincount(of)
    means = np.bincount(of, values) / n
    among = (n * (means - values.mean()) ** 2).sum() / (len(n) - 1)
    inside = ((values - means[of]) ** 2).sum() / (len(values) - len(n))
    size = (len(values) - (n**2).sum() / len(values)) / (len(n) - 1)
    return float((among - inside) / (among + (size - 1) * inside))


def correlation(values: Numbers, persons: Words, neutral: NDArray[np.bool_]) -> float:
    """Of persons' neutral photograph with the mean of their others."""
    _, of = np.unique(persons, return_inverse=True)
    means = [np.bincount(of[of_them], values[of_them]) / np.bincount(of[of_them]) for of_them in (neutral, ~neutral)]
    return float(np.corrcoef(means)[0, 1])


def figures(id: str) -> dict[str, float]:
    """Name → figure of an entry, those in words left out."""
    entry = evidence.catalogue()[id]
    assert isinstance(entry, Quantity)
    return {f.name: float(f.value) for f in entry.figures if not isinstance(f.value, str)}


def recounted(rows: pa.Table) -> Iterator[tuple[str, str, float, float]]:
    """Entry, emotion, figure of the catalogue, figure counted again."""
    for emotion, printed in figures("H02").items():
        values, persons, _ = left_over(rows, "FACET", emotion)
        yield "H02", emotion, printed, icc(values, persons)
    for id, product in (("H03", "FACET"), ("H04", "AFFDEX")):
        for emotion, printed in figures(id).items():
            yield id, emotion, printed, correlation(*left_over(rows, product, emotion))


def main() -> None:
    """Print each figure beside the catalogue's."""
    found = list(recounted(pyarrow.csv.read_csv(sys.argv[1])))
    for id, emotion, printed, again in found:
        print(f"{id} {emotion:10} {printed:5.2f} {again:7.4f}")
    sys.exit(any(abs(printed - again) > ROUNDED for *_, printed, again in found))


if __name__ == "__main__":
    main()
