"""The person effect: how much of the false answers belongs to the person, as a share and as a trait the engines use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from misread.audit.groups.trait import even_places, middle, places
from misread.audit.intervals.effective import t_quantile
from misread.audit.table.model import CountTable
from misread.audit.table.told import LEAST

Numbers = NDArray[np.float64]

FEWEST = 10
"""Persons with two faces or more under which nothing is said."""
WIDEST = 4.0
"""The largest spread that is looked at: the odds of one person in six would be 100 times the middle one's."""
MOST = 5_000
"""Persons that are looked at; of more, as many are drawn, with `SEED`: they tell the spread to two hundredths."""
SEED = 1
POINTS = 41
ZOOMS = 3
"""Spreads that are tried at a time, and how often the grid is narrowed down."""
EVEN = even_places(61, 4.5)
"""Places of persons in the likelihood, and their weights."""
AT_ONCE = 16
"""Persons whose likelihoods are made at a time: what stays near the processor."""
FLAT = 1e-6
"""Gain in log likelihood under which a spread is no better than none."""


@dataclass(frozen=True, slots=True)
class LabelEffect:
    """How much of being answered one label falsely belongs to the person.

    Attributes
    ----------
    label : str
        The answer; looked at on faces whose truth is another word.
    icc, icc_low, icc_high : float or None
        Of what is left of the variance of being answered so, when each expression's own share is taken away: the part
        that is the person's. Slightly negative where there is none. The bounds are the outer ones of what those
        of `sd` come to and of its own standard error. None: cannot be told.
    sd, sd_low, sd_high : float or None
        Spread of the trait of a deployment file: the odds of the label are multiplied by exp(sd · u), u of the standard
        normal distribution. `sd_high` None beside an `sd`: no upper bound can be told.
    persons : int
        With two such faces or more.
    faces, hits : float
        Such faces of everybody, and those of them answered so, as in a false-positive rate; with weights, as many as
        they are worth. 0 where one to four persons have them all.
    note : str
        Why something cannot be told.
    """

    label: str
    icc: float | None
    icc_low: float | None
    icc_high: float | None
    sd: float | None
    sd_low: float | None
    sd_high: float | None
    persons: int
    faces: float
    hits: float
    note: str = ""


@dataclass(frozen=True)
class PersonEffect:
    """The person effect, label by label.

    Attributes
    ----------
    labels : tuple of LabelEffect
        In the order of the table's labels.
    persons : int
        In the table.
    within : tuple of str
        Group columns whose differences are not counted as the person's.
    level : float
        Of the intervals.
    """

    labels: tuple[LabelEffect, ...]
    persons: int
    within: tuple[str, ...]
    level: float

    def find(self, label: str) -> LabelEffect:
        """The effect on one label.

        Raises
        ------
        KeyError
            If it is no label of the table.
        """
        return {found.label: found for found in self.labels}[label]


def effect(table: CountTable, *, within: Sequence[str] = (), level: float = 0.95) -> PersonEffect:
    """How much of the false answers belongs to the person.

    Only faces whose truth is another word count: how well somebody shows an expression is another matter than what is
    read into a face. Rows that name no person, and persons with a single such face, tell nothing and are left out of
    the likelihood; they do count in the shares of each expression.

    Parameters
    ----------
    table : CountTable
        With persons.
    within : sequence of str
        Group columns whose differences are not counted as the person's: each expression has a share of its own in each
        of their levels. By default everybody is taken together.
    level : float
        Of the intervals, in (0, 1).

    Raises
    ------
    ValueError
        If the table knows no persons.
    """
    if table.people is None:
        raise ValueError("the table knows no persons")
    margin = table.margin(*within)
    found = tuple(_label(margin, i, level) for i in range(len(margin.labels)))
    return PersonEffect(found, table.people.k, tuple(within), level)


@dataclass(frozen=True, eq=False)
class Trials:
    """Faces that could falsely be answered a label, and those that were.

    Attributes
    ----------
    hits, faces : ndarray of float64, shape (persons, rows)
        Rows are expressions, in each stratum; persons have two faces or more.
    share : ndarray of float64, shape (rows,)
        Of all faces of a row, persons with a single face included.
    several : int
        Persons with two faces or more; the arrays hold `MOST` of them at most, drawn with `SEED`.
    """

    hits: Numbers
    faces: Numbers
    share: Numbers
    several: int

    @property
    def seen(self) -> Numbers:
        """Share of the faces of these persons, shape (rows,); 0 where they have none."""
        faces = self.faces.sum(axis=0)
        found: Numbers = np.divide(self.hits.sum(axis=0), faces, out=np.zeros_like(faces), where=faces > 0)
        return found


def trials(table: CountTable, label: int) -> Trials:
    """What the persons' counts say of one label; rows with weights are scaled to what they are worth (Kish).

    Parameters
    ----------
    table : CountTable
        With persons.
    label : int
        Place of the label in the table.
    """
    people, (S, E, L) = table.people, table.counts.shape
    assert people is not None
    false = np.array([expression != table.labels[label] for expression in table.expressions], dtype=bool)
    rows = np.flatnonzero(np.tile(false, S) & (table.counts.sum(axis=2).reshape(-1) > 0))
    row_of = np.full(S * E, -1)
    row_of[rows] = np.arange(len(rows))
    worth = _worth(table)
    row = row_of[people.stratum.astype(np.intp) * E + people.cell // L]
    faces = np.bincount(people.person[row >= 0], people.count[row >= 0] * worth, minlength=people.k)
    chosen = np.flatnonzero(faces > 1)
    several = len(chosen)
    if several > MOST:
        chosen = np.sort(np.random.default_rng(SEED).choice(chosen, MOST, replace=False))
    number = np.full(people.k, -1)
    number[chosen] = np.arange(len(chosen))
    mine = (row >= 0) & (number[people.person] >= 0)
    at = number[people.person[mine]] * len(rows) + row[mine]
    count = people.count[mine] * worth
    hit = people.cell[mine] % L == label

    def added(values: Numbers) -> Numbers:
        summed = np.bincount(at, values, minlength=len(chosen) * len(rows))
        return summed.reshape(len(chosen), len(rows)).astype(np.float64)

    counts = table.counts.reshape(-1, L)[rows]
    return Trials(added(count * hit), added(count), counts[:, label] / counts.sum(axis=1), several)


def _shown_by(table: CountTable, expressions: NDArray[np.bool_]) -> int:
    """Persons who show some of these expressions."""
    assert table.people is not None
    shown = expressions[table.people.cell // len(table.labels)]
    return len(np.unique(table.people.person[shown]))


def _worth(table: CountTable) -> float:
    """Faces that a weight of one is worth (Kish)."""
    return 1.0 if table.squares is None else float(table.counts.sum() / table.squares.sum())


def _label(table: CountTable, label: int, level: float) -> LabelEffect:
    """The effect on one label, or why it cannot be told."""
    found = trials(table, label)
    persons, looked_at = len(found.faces), float(found.hits.sum())
    name = table.labels[label]
    # Everybody's: of these persons alone they would tell of whoever has a single face.
    false = np.array([expression != name for expression in table.expressions], dtype=bool)
    faces = hits = 0.0
    if _shown_by(table, false) >= LEAST:
        counts = table.counts[:, false] * _worth(table)
        faces, hits = float(counts.sum()), float(counts[..., label].sum())
    why = ""
    if persons < FEWEST:
        why = f"cannot be told: {persons} persons with two faces, {FEWEST} are needed"
    elif looked_at == 0:
        why = "cannot be told: nobody was answered so"
    elif looked_at == found.faces.sum():
        why = "cannot be told: everybody was answered so"
    if why:
        return LabelEffect(name, None, None, None, None, None, None, persons, faces, hits, why)
    sd, low, high = spread(found, level=level)
    if low == 0 and high is None:
        why = "cannot be told: neither none at all nor a large spread is ruled out"
        return LabelEffect(name, None, None, None, None, None, None, persons, faces, hits, why)
    icc, error = intraclass(found)
    step = float(t_quantile(persons, level)) * error
    notes = [f"{persons} of {found.several} persons, drawn"] if found.several > persons else []
    if high is None:
        notes.append("no upper bound can be told")
    return LabelEffect(
        name,
        icc=icc,
        icc_low=min(icc - step, share_of_answers(found, low)),
        icc_high=None if high is None else min(1.0, max(icc + step, share_of_answers(found, high))),
        sd=sd,
        sd_low=low,
        sd_high=high,
        persons=persons,
        faces=faces,
        hits=hits,
        note="; ".join(notes),
    )


def intraclass(of: Trials) -> tuple[float, float]:
    """ICC(1) of being answered a label, after each row's own share is taken away, with its standard error.

    One-way analysis of variance over persons (Shrout and Fleiss, Psychol. Bull. 86, 1979, 420–428) with unequal numbers
    of faces; the rows' shares cost their degrees of freedom. The standard error leaves out one person after the other
    (the rows' shares stay). Answers are rare and persons' shares skewed: with ten persons this error alone is too
    small, and so is the F interval; see the measured coverage in docs/audit/agreement.md.

    Parameters
    ----------
    of : Trials
        Two persons or more.

    Returns
    -------
    icc : float
        At most 1; below 0 where persons differ less than chance would have it.
    error : float
        Its standard error.
    """
    faces, hits, share = of.faces.sum(axis=1), of.hits.sum(axis=1), of.seen
    k, rows = len(faces), of.faces.shape[1]
    square = (hits - of.faces @ share) ** 2 / faces
    # Of hits that are 0 or 1, the squares about the row's share.
    total = hits * 1.0 - 2 * (of.hits @ share) + of.faces @ share**2

    def icc(persons: int, n: Numbers, nn: Numbers, between: Numbers, everything: Numbers) -> Numbers:
        # With n, Σn² and the sums of squares between persons and in all.
        size = (n - nn / n) / (persons - 1)
        among = between / (persons - 1)
        inside = (everything - between) / np.maximum(n - rows - persons + 1, 1)
        found: Numbers = (among - inside) / (among + (size - 1) * inside)
        return found

    sums = [np.array([values.sum()]) for values in (faces, faces**2, square, total)]
    value = icc(k, sums[0], sums[1], sums[2], sums[3])
    without = icc(k - 1, sums[0] - faces, sums[1] - faces**2, sums[2] - square, sums[3] - total)
    return float(value[0]), float(np.sqrt((k - 1) / k * ((without - without.mean()) ** 2).sum()))


def share_of_answers(of: Trials, sd: float) -> float:
    """ICC(1) that a trait of this spread makes of such answers: the persons' part of their variance, rows together."""
    nodes, weights = places()
    share = of.seen
    used = (share > 0) & (share < 1)
    mean = share[used]
    persons = expit(middle(mean, sd)[:, None] + sd * nodes)
    among = ((persons - mean[:, None]) ** 2) @ weights
    faces = of.faces.sum(axis=0)[used]
    return float((faces @ among) / (faces @ (mean * (1 - mean))))


def likelihood(of: Trials, spreads: Numbers) -> Numbers:
    """Log likelihoods of spreads, the binomial coefficients left out; shape (spreads,).

    Given a person's place, faces are answered independently. Places lie on a fine even grid: the seven of a trait in a
    deployment lie too far apart for persons with many faces, whose own place is known well. The rows' means over
    persons are held at what was seen, so that the spread alone is asked for.

    Parameters
    ----------
    of : Trials
        Faces and hits of persons.
    spreads : ndarray of float64, shape (spreads,)
        Each 0 or more.
    """
    nodes, weights = EVEN
    used = (of.share > 0) & (of.share < 1)
    centre = middle(of.share[used], spreads[:, None])
    odds = np.moveaxis(centre[..., None] + spreads[:, None, None] * nodes, 1, 0)  # rows, spreads, places
    # log p is log (1 − p) + odds, and log (1 − p) is told without one minus something.
    logs = np.concatenate([odds, -np.logaddexp(0, odds)]).reshape(2 * len(odds), -1)
    counts = np.concatenate([of.hits[:, used], of.faces[:, used]], axis=1)
    found = np.zeros(len(spreads))
    for first in range(0, len(counts), AT_ONCE):
        persons = (counts[first : first + AT_ONCE] @ logs).reshape(-1, len(spreads), len(nodes))
        # What is largest is put aside, so that no person's likelihood is too small for a number.
        most = persons.max(axis=2)
        persons -= most[..., None]
        found += (most + np.log(np.exp(persons, out=persons) @ weights)).sum(axis=0)
    return found


def spread(of: Trials, *, level: float = 0.95) -> tuple[float, float, float | None]:
    """The most likely spread of the trait, and those that the likelihood does not rule out.

    A grid is narrowed down to the spreads whose log likelihood is less than t² / 2 below the highest, Student's t on
    the persons less one.

    Parameters
    ----------
    of : Trials
        Two persons or more, some hits.
    level : float
        In (0, 1).

    Returns
    -------
    sd, low : float
        0 or more.
    high : float or None
        None where `WIDEST` is not ruled out.
    """
    allowed = float(t_quantile(len(of.faces), level)) ** 2 / 2
    low, high = 0.0, WIDEST
    for _ in range(ZOOMS):
        grid = np.linspace(low, high, POINTS)
        seen = likelihood(of, grid)
        inside = np.flatnonzero(seen >= seen.max() - allowed)
        low, high = grid[max(inside[0] - 1, 0)], grid[min(inside[-1] + 1, POINTS - 1)]
    first, top, last = int(inside[0]), int(seen.argmax()), int(inside[-1])
    best = float(grid[top])
    if 0 < top < POINTS - 1:  # the top of the parabola through three points
        below, at, above = seen[top - 1 : top + 2]
        best += float((above - below) / (2 * at - below - above) / 2 * (grid[1] - grid[0]))
    if seen.max() - float(likelihood(of, np.zeros(1))[0]) < FLAT:
        best = 0.0
    least = seen.max() - allowed

    def crossing(outside: int, within: int) -> float:
        part = (least - seen[outside]) / (seen[within] - seen[outside])
        return float(grid[outside] + part * (grid[within] - grid[outside]))

    return (
        best,
        crossing(first - 1, first) if first else float(grid[0]),
        crossing(last + 1, last) if last < POINTS - 1 else None,
    )
