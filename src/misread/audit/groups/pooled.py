"""Each group's own figure, drawn towards the others as far as the groups ask for it; the raw one beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from misread.audit.groups.pooling import centres, draws
from misread.audit.groups.seen import blocks, chosen, taking_part
from misread.audit.intervals.effective import TOO_FEW, t_quantile
from misread.audit.intervals.proportion import z_of
from misread.audit.rates import Estimate, Measure, measured
from misread.audit.table.model import MISSING, CountTable

DRAWS = 4000
MOSTLY = 0.5
"""Under this weight of its own faces, a group's pooled figure is mostly that of the others, and says so."""
METHOD = "pooled"
"""Id in `misread.audit.intervals.methods`."""


def pooled(
    table: CountTable,
    statistic: str,
    *,
    over: str | Sequence[str],
    expression: str | None = None,
    label: str | None = None,
    within: Sequence[str] = (),
    level: float = 0.95,
    seed: int = 1,
) -> tuple[Estimate, ...]:
    """Raw and pooled figure of each group, in turn.

    Groups are pooled over the columns `over` and nothing else. Whoever asks how one group differs should not pool over
    it: its figure would be drawn towards those of the others. Such a column is named in `within`, and kept apart.

    Parameters
    ----------
    table : CountTable
        With these columns.
    statistic : str
        A rate: "accuracy", "recall", "false_positive_rate", …
    over : str or sequence of str
        Columns whose levels (or crossings of levels) are the groups.
    expression, label : str, optional
        What the rate is about.
    within : sequence of str
        Columns whose levels are kept apart.
    level : float
        Of the intervals.
    seed : int
        Of the posterior draws.

    Returns
    -------
    tuple of Estimate
        For each group the raw figure, then the pooled one, whose method is "pooled". A group with fewer than five
        persons (or faces), or where one person has most of the faces, lends nothing and gets no pooled figure: too few
        to say. `(missing)` is no group, and has a raw figure alone.

    Raises
    ------
    MisreadError
        If the table has no such rate.
    """
    columns = (over,) if isinstance(over, str) else tuple(over)
    measure = chosen(table, statistic, expression=expression, label=label)
    return tuple(
        estimate
        for levels, part in blocks(table, columns, within)
        for estimate in _block(part, measure, levels, level, seed)
    )


def _block(
    table: CountTable, measure: Measure, within: tuple[tuple[str, str], ...], level: float, seed: int
) -> Iterator[Estimate]:
    rates = measured(table, (measure,), level=level)
    part = taking_part(rates)[:, 0]
    n = rates.n_eff[part, 0]
    if rates.even is not None:
        n = n * (z_of(level) / t_quantile(rates.even[part, 0], level)) ** 2
    x = rates.value[part, 0] * n
    mean, own, low, high = (np.full(len(part), np.nan) for _ in range(4))
    if part.any():
        mean[part], own[part] = centres(x, n)
        rate = draws(x, n, DRAWS, np.random.default_rng([seed, 3]))
        low[part], high[part] = np.quantile(rate, [(1 - level) / 2, (1 + level) / 2], axis=0)
    for stratum, raw in enumerate(rates):
        raw = replace(raw, group=(*within, *raw.group))
        yield raw
        if MISSING in table.names(stratum).values():
            continue
        if not part[stratum]:
            yield replace(raw, value=None, low=None, high=None, method=METHOD, note=_few(raw))
            continue
        yield replace(
            raw,
            value=float(mean[stratum]),
            low=float(low[stratum]),
            high=float(high[stratum]),
            method=METHOD,
            note=_weight(float(own[stratum])),
        )


def _few(raw: Estimate) -> str:
    """Why there is no pooled figure."""
    if raw.n <= 0 or (raw.persons or 0) >= TOO_FEW:
        return raw.note
    number, what = (raw.n, "face") if raw.persons is None else (raw.persons, "person")
    return f"too few to say ({number:g} {what}{'' if number == 1 else 's'})"


def _weight(own: float) -> str:
    said = f"its own faces weigh {own:.0%}".replace("%", " %")
    return said if own >= MOSTLY else f"{said}: mostly what the other groups show"
