"""Precision where an expression is as rare as it is stated to be, not as common as on the benchmark."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from misread.audit.intervals.compare import mover_ratio
from misread.audit.rates.against import by_person, correlation_of
from misread.audit.rates.estimate import Estimate, known
from misread.audit.rates.measure import Rates
from misread.audit.rates.moments import moments


def precision_at(rates: Rates, prevalence: float | Mapping[str, float]) -> tuple[Estimate, ...]:
    """Of the faces that get a label, the share that shows the expression, where it is shown by a stated share.

    With recall r, false-positive rate f and prevalence q it is q·r / (q·r + (1 − q)·f) = 1 / (1 + (1 − q)/q · f/r), and
    falls as f/r rises: its interval is that of the ratio f/r, by MOVER-R. Where persons are known the correlation of f
    and r is taken into account: who is read badly in one is in the other as well. The false-positive rate is that of
    the benchmark's other expressions, as common among themselves as they are there.

    Parameters
    ----------
    rates : Rates
        Of `rates(table)`.
    prevalence : float or mapping
        Share of faces that show the expression, in (0, 1); for every label, or label by label.

    Returns
    -------
    tuple of Estimate
        Statistic "precision_at", for each stratum and label; `n` counts faces of the expression and of all others.

    Raises
    ------
    ValueError
        If a prevalence is not in (0, 1).
    KeyError
        If a label has no precision in these rates.
    """
    labels = [found.label for found in rates.measures if found.statistic == "precision" and found.label]
    stated = prevalence if isinstance(prevalence, Mapping) else dict.fromkeys(labels, prevalence)
    for label, q in stated.items():
        if not 0 < q < 1:
            raise ValueError(f"prevalence of {label!r} is {q}: it must be above 0 and below 1")
    found = []
    for label, q in stated.items():
        f, r = rates.of("false_positive_rate", None, label), rates.of("recall", label)
        odds = (1 - q) / q
        sides = [(rates.value[:, at], rates.low[:, at], rates.high[:, at]) for at in (f, r)]
        ratio_low, ratio_high = mover_ratio(*sides[0], *sides[1], correlation=_together(rates, f, r))
        both = rates.value[:, [r, f]]
        with np.errstate(invalid="ignore", divide="ignore"):
            value = q * both[:, 0] / (q * both[:, 0] + (1 - q) * both[:, 1])  # NaN where neither ever happens
            low, high = 1 / (1 + odds * ratio_high), 1 / (1 + odds * ratio_low)
        for s in range(len(value)):
            rests = [rates.find(s, "recall", label), rates.find(s, "false_positive_rate", None, label)]
            persons = [e.persons for e in rests if e.persons is not None]
            reason = next((e.note for e in rests if e.note), "")
            if not reason and value[s] != value[s]:
                reason = "not estimable: never answered"
            stating = f"where {q:g} of faces show it"
            found.append(
                Estimate(
                    "precision_at",
                    rests[0].group,
                    None,
                    label,
                    known(value[s]),
                    known(low[s]),
                    known(high[s]),
                    rests[0].n + rests[1].n,
                    None,
                    min(persons) if persons else None,
                    None,
                    "mover-r",
                    f"{reason}; {stating}" if reason else stating,
                )
            )
    return tuple(found)


def _together(rates: Rates, f: int, r: int) -> NDArray[np.float64]:
    """Correlation of two rates of each stratum, since the same persons are in both; 0 where they are not known."""
    table = rates.table
    if table.people is None:
        return np.zeros(len(rates.value))
    one, other = rates.measures[f], rates.measures[r]
    (x, n, stratum, _), (x_other, n_other, _, _) = (by_person(table.people, side) for side in (one, other))
    return correlation_of(moments(table, [one]), moments(table, [other]), x, n, x_other, n_other, stratum)
