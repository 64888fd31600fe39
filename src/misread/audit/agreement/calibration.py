"""Calibration: how sure a model said it was beside how often it was right, and beside what chance alone would show."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from misread.audit.intervals.effective import LEAST_EVEN, TOO_FEW, t_quantile
from misread.audit.intervals.proportion import wilson
from misread.audit.rates.estimate import LOPSIDED, Estimate, too_few
from misread.audit.rates.masks import Measure, measure
from misread.audit.rates.measure import Rates, measured
from misread.audit.table.model import CountTable, together

Numbers = NDArray[np.float64]

SEED = 1
DRAWS = 1999
"""How often hits are drawn as a perfectly calibrated model would have them."""
NO_SCORE = "not estimable: no face with a score"


@dataclass(frozen=True, eq=False)
class Bins:
    """Scores in bins, one stratum.

    Attributes
    ----------
    edges : ndarray of float64, shape (bins + 1,)
        Of the bins.
    n, hits : ndarray of float64, shape (bins,)
        Faces with a score in a bin, and those answered right.
    score, share : ndarray of float64, shape (bins,)
        Mean score, and the share that was right; NaN in an empty bin.
    low, high : ndarray of float64, shape (bins,)
        Interval of the share; NaN where none can be given.
    """

    edges: Numbers
    n: Numbers
    hits: Numbers
    score: Numbers
    share: Numbers
    low: Numbers
    high: Numbers


@dataclass(frozen=True)
class Calibration:
    """How sure it said it was, beside how often it was right.

    Attributes
    ----------
    group : tuple of (column, level)
        Whom it is about; empty for everybody.
    error : float or None
        Expected calibration error: the mean distance between score and share over bins, each by its faces. Never to be
        told without what follows: it is above 0 for a perfect model as well.
    chance, chance_high : float or None
        What a perfectly calibrated model with these scores would show: mean and 95th percentile.
    p : float or None
        How often it would show an error as large as this one.
    beyond : float or None
        Root of the squared error with chance taken away (Kumar, Liang and Ma 2019, "debiased"), on as many faces as
        theirs are worth; 0 where chance explains it.
    overconfidence : Estimate
        Mean score less accuracy; above 0: it says it is surer than it is right.
    n : float
        Faces with truth and score.
    persons : int or None
        With a face that has a score, where persons are known.
    n_eff : float or None
        Independent faces that they are worth; None where that cannot be told.
    bins : Bins or None
        What a picture is drawn from; None of groups where persons are known: bins would tell of a few.
    draws, seed : int
        Of the chance figures.
    note : str
        Why something cannot be told, or what it rests on.
    """

    group: tuple[tuple[str, str], ...]
    error: float | None
    chance: float | None
    chance_high: float | None
    p: float | None
    beyond: float | None
    overconfidence: Estimate
    n: float
    persons: int | None
    n_eff: float | None
    bins: Bins | None = field(repr=False)
    draws: int
    seed: int
    note: str = ""


def calibration(
    table: CountTable, *, level: float = 0.95, draws: int = DRAWS, seed: int = SEED
) -> tuple[Calibration, ...]:
    """Calibration of each stratum of a table.

    A perfectly calibrated model is right as often as its scores say: hits of a bin are drawn from a binomial with the
    bin's faces and its mean score, which needs nothing but the bins. Where persons are known, faces of one person go
    right or wrong together, so a bin is drawn with as many faces as its own are worth: the design effect of the share
    that is right among faces with a score is used for it. That is too much where the score itself tells which persons
    are difficult, so the p is then too large rather than too small.

    Parameters
    ----------
    table : CountTable
        One margin, with scores.
    level : float
        Of the intervals, in (0, 1).
    draws : int
        Drawn models.
    seed : int
        Of the draws.

    Raises
    ------
    ValueError
        If the table has no scores.
    """
    if table.scores is None:
        raise ValueError("the table has no scores")
    right = _scored(table, level)
    with np.errstate(invalid="ignore", divide="ignore"):
        worth = right.n_eff[:, 0] / right.n[:, 0]
    persons = None if right.persons is None else right.persons[:, 0]
    even = None if right.even is None else right.even[:, 0]
    rests = [
        Rests(
            float(worth[s]),
            None if persons is None else round(persons[s]),
            None if even is None else float(even[s]),
            right.method,
            level,
        )
        for s in range(len(table.strata))
    ]
    return tuple(_stratum(table, s, on, draws, seed) for s, on in enumerate(rests))


def _scored(table: CountTable, level: float) -> Rates:
    """The share that is right of faces with a score, per stratum."""
    scores = table.scores
    assert scores is not None
    if table.people is not None and scores.people is None:
        # Nobody counted whose faces have a score: then it is taken that all have one.
        return measured(table, [measure(table, "accuracy")], level=level)
    n, hits = scores.n.sum(axis=1), scores.hits.sum(axis=1)
    counts = np.stack([n - hits, hits], axis=-1)[:, None]
    squares = None
    if table.squares is not None:
        all_faces = table.counts.sum(axis=(1, 2))
        each = np.divide(table.squares.sum(axis=(1, 2)), all_faces, out=np.zeros_like(all_faces), where=all_faces > 0)
        squares = counts * each[:, None, None]
    people = None if table.people is None else scores.people
    if people is not None:
        # Bins do not matter here, and whoever has no score takes no part.
        here = people.cell // 2 < scores.n.shape[1]
        people = replace(
            people,
            stratum=people.stratum[here],
            person=people.person[here],
            cell=people.cell[here] % 2,
            count=people.count[here],
        )
        people = together(people, people.stratum)
    told = replace(
        table,
        expressions=("scored",),
        labels=("wrong", "right"),
        counts=counts,
        untold=np.zeros((len(n), 2)),
        squares=squares,
        people=people,
        scores=None,
    )
    share = Measure("accuracy", None, None, np.array([[False, True]]), np.array([[True, True]]))
    return measured(told, [share], level=level)


@dataclass(frozen=True, slots=True)
class Rests:
    """What intervals of one stratum rest on.

    Attributes
    ----------
    worth : float
        Independent faces that one face counts for; NaN where that cannot be told.
    persons : int or None
        With a score.
    even : float or None
        How many with equally many faces they are worth.
    method : str
        How a share's interval is made.
    level : float
        Of the intervals.
    """

    worth: float
    persons: int | None
    even: float | None
    method: str
    level: float

    @property
    def enough(self) -> bool:
        """Whether intervals can be given."""
        return not np.isnan(self.worth) and (self.persons is None or self.persons >= TOO_FEW)

    @property
    def why_not(self) -> str:
        """What stands in the place of an interval; empty where one can be given."""
        if self.enough or self.persons is None:
            return ""
        lopsided = self.persons >= TOO_FEW and self.even is not None and self.even < LEAST_EVEN
        return LOPSIDED if lopsided else too_few(self.persons)

    def interval(self, hits: Numbers, n: Numbers) -> tuple[Numbers, Numbers]:
        """Wilson's, on what the faces are worth; NaN where none can be given."""
        usable = n * self.worth if self.enough else np.zeros_like(n)
        share = np.divide(hits, n, out=np.zeros_like(n), where=n > 0)
        quantile = None if self.even is None else float(t_quantile(self.even, self.level))
        return wilson(share * usable, usable, level=self.level, quantile=quantile)


def _stratum(table: CountTable, stratum: int, rests: Rests, draws: int, seed: int) -> Calibration:
    """Calibration of one stratum."""
    scores = table.scores
    assert scores is not None
    n, hits, total = scores.n[stratum], scores.hits[stratum], scores.total[stratum]
    faces = float(n.sum())
    told = faces > 0 and rests.enough
    with np.errstate(invalid="ignore", divide="ignore"):
        score, share = total / n, hits / n
    drawn = null(n, total, rests.worth, draws, np.random.default_rng([seed, stratum])) if told else None
    error = expected_error(n, hits, total) if faces else None
    group = tuple(table.names(stratum).items())
    note = rests.why_not if faces else NO_SCORE
    if told and rests.persons is not None:
        note = "chance is drawn with as many faces as those of the persons are worth"
    return Calibration(
        group=group,
        error=error,
        chance=None if drawn is None else float(drawn.mean()),
        chance_high=None if drawn is None else float(np.quantile(drawn, 0.95)),
        p=None if drawn is None or error is None else float((1 + (drawn >= error - 1e-12).sum()) / (1 + draws)),
        beyond=beyond_chance(*(sums * rests.worth for sums in (n, hits, total))) if told else None,
        overconfidence=_overconfidence(group, n, hits, total, rests),
        n=faces,
        persons=rests.persons,
        n_eff=faces * rests.worth if told else None,
        bins=Bins(scores.edges, n, hits, score, share, *rests.interval(hits, n)) if table.bins_told else None,
        draws=draws,
        seed=seed,
        note=note,
    )


def expected_error(n: Numbers, hits: Numbers, total: Numbers) -> float:
    """Expected calibration error: Σ |hits − Σ scores| over bins, by faces (Naeini, Cooper and Hauskrecht 2015).

    Parameters
    ----------
    n, hits, total : ndarray of float64, shape (bins,)
        Faces, those answered right, and the sum of their scores.
    """
    return float(np.abs(hits - total).sum() / n.sum())


def beyond_chance(n: Numbers, hits: Numbers, total: Numbers) -> float:
    """Root of the debiased squared error (Kumar, Liang and Ma, NeurIPS 2019, section 4.1), 0 where it is negative.

    Each bin's squared distance less the variance of its share. A bin with a single face has no variance and adds
    nothing.

    Parameters
    ----------
    n, hits, total : ndarray of float64, shape (bins,)
        As of `expected_error`, each times what a face is worth where faces are not independent or have weights.
    """
    several = n > 1
    n_b, share = n[several], hits[several] / n[several]
    squared = (total[several] / n_b - share) ** 2 - share * (1 - share) / (n_b - 1)
    return float(np.sqrt(max(0.0, (n_b * squared).sum() / n.sum())))


def null(n: Numbers, total: Numbers, worth: float, draws: int, rng: np.random.Generator) -> Numbers:
    """Expected calibration errors of perfectly calibrated models with these scores.

    Parameters
    ----------
    n, total : ndarray of float64, shape (bins,)
        Faces, and the sum of their scores.
    worth : float
        Independent faces that one face counts for, at most 1.
    draws : int
        How many models.
    rng : numpy.random.Generator
        What they are drawn from.

    Returns
    -------
    ndarray of float64, shape (draws,)
    """
    used = n > 0
    n, score = n[used], np.clip(total[used] / n[used], 0, 1)
    trials = np.maximum(1, np.rint(n * worth)).astype(np.int64)
    share = rng.binomial(trials, score, size=(draws, len(n))) / trials
    found: Numbers = np.abs(share - score) @ n / n.sum()
    return found


def _overconfidence(
    group: tuple[tuple[str, str], ...], n: Numbers, hits: Numbers, total: Numbers, rests: Rests
) -> Estimate:
    """Mean score less accuracy; scores are taken as given, so the interval is accuracy's, turned round."""
    faces, right, sure = float(n.sum()), float(hits.sum()), float(total.sum())
    low, high = (float(bound) for bound in rests.interval(np.array(right), np.array(faces)))
    told = faces > 0 and rests.enough
    return Estimate(
        statistic="overconfidence",
        group=group,
        expression=None,
        label=None,
        value=(sure - right) / faces if faces else None,
        low=sure / faces - high if told else None,
        high=sure / faces - low if told else None,
        n=faces,
        hits=None,
        persons=rests.persons,
        n_eff=faces * rests.worth if told else None,
        method=rests.method,
        note=rests.why_not if faces else NO_SCORE,
    )
