"""What is composed of several rates: balanced accuracy, macro-F1, Cohen's kappa, Krippendorff's alpha."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from misread.audit.table import CountTable

Array = NDArray[np.float64]
Places = NDArray[np.intp]

STATISTICS = ("balanced_accuracy", "macro_f1", "kappa", "alpha")


@dataclass(frozen=True, eq=False)
class Sums:
    """What composites are made of.

    Attributes
    ----------
    hits : ndarray, shape (…, own)
        Answered with their own label, for each expression that has one.
    faces : ndarray, shape (…, expressions)
        Faces that show an expression.
    answers : ndarray, shape (…, labels)
        Answers of a label.
    own_rows, own_columns : ndarray of int, shape (own,)
        Where those expressions, and their labels, stand among all.
    scale : ndarray, shape (…)
        Takes sums of weights to the number of faces that they are worth; 1 without weights.
    """

    hits: Array
    faces: Array
    answers: Array
    own_rows: Places
    own_columns: Places
    scale: Array

    @property
    def shown(self) -> Array:
        """Faces of the expressions that have a label, shape (…, own)."""
        return self.faces[..., self.own_rows]

    @property
    def over(self) -> Array:
        """How many expressions have a face, shape (…)."""
        return np.asarray(np.count_nonzero(self.faces > 0, axis=-1))

    @property
    def said(self) -> Array:
        """Answers of the labels that have an expression, shape (…, own)."""
        return self.answers[..., self.own_columns]

    @property
    def n(self) -> Array:
        """All faces, shape (…)."""
        return np.asarray(self.faces.sum(axis=-1))


def sums_of(table: CountTable) -> Sums:
    """Sums of each stratum, shape (strata, …)."""
    rows, columns = own_words(table.expressions, table.labels)
    n = table.counts.sum(axis=(1, 2))
    scale = np.ones_like(n)
    if table.squares is not None:
        squares = table.squares.sum(axis=(1, 2))
        np.divide(n, squares, out=scale, where=squares > 0)
    return Sums(
        table.counts[:, rows, columns], table.counts.sum(axis=2), table.counts.sum(axis=1), rows, columns, scale
    )


@lru_cache(maxsize=64)
def own_words(expressions: tuple[str, ...], labels: tuple[str, ...]) -> tuple[Places, Places]:
    """Where the words stand that are expressions and labels: among the first, among the second."""
    both = [(e, labels.index(word)) for e, word in enumerate(expressions) if word in labels]
    rows, columns = zip(*both, strict=True) if both else ((), ())
    return np.array(rows, dtype=np.intp), np.array(columns, dtype=np.intp)


def values(sums: Sums) -> Array:
    """The four composites, shape (…, 4), in the order of `STATISTICS`; NaN where not estimable.

    Balanced accuracy is the mean recall, macro-F1 the mean of F1 = 2·hits / (faces + answers), both over the
    expressions that have at least one face, and 0 for one that nobody answers. Kappa is (p − c) / (1 − c) with the
    share p of right answers and c = Σ faces·answers / n² that would be right by chance (Cohen, Educ. Psychol. Meas. 20,
    1960, 37–46). Alpha is 1 − (1 − p) / d, where d is the chance that two words drawn from all 2n without putting back
    differ (Krippendorff, Content Analysis, 2004, ch. 11; nominal, two coders).
    """
    right = sums.hits.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = right / sums.n
        chance, differ = by_chance(sums), apart(sums)
        kappa = np.where(chance < 1, (p - chance) / (1 - chance), np.nan)
        alpha = np.where(differ > 0, 1 - (1 - p) / differ, np.nan)
        present = sums.shown > 0
        recall = np.where(present, sums.hits / sums.shown, 0)
        f1 = np.where(present, 2 * sums.hits / (sums.shown + sums.said), 0)
        over = sums.over
        balanced, macro = recall.sum(axis=-1) / over, f1.sum(axis=-1) / over
    return np.stack([balanced, macro, kappa, alpha], axis=-1)


def by_chance(sums: Sums) -> Array:
    """Share of right answers if answers were dealt out blindly, as often as they were given."""
    n = sums.n
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((sums.shown * sums.said).sum(axis=-1) / (n * n))


def apart(sums: Sums) -> Array:
    """Chance that two of all words, true and answered together, differ."""
    n = sums.scale * sums.n
    with np.errstate(invalid="ignore", divide="ignore"):
        alike = (sums.scale**2 * uses_squared(sums) - 2 * n) / (2 * n * (2 * n - 1))
        return np.asarray(1 - alike)


def uses_squared(sums: Sums) -> Array:
    """Σ over words of how often each is used, as truth and as answer together, squared."""
    both = 2 * (sums.shown * sums.said).sum(axis=-1)
    return np.asarray((sums.faces**2).sum(axis=-1) + (sums.answers**2).sum(axis=-1) + both)
