"""Estimates as a long table in CSV: one row each."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from misread.audit.rates import Estimate

FIELDS = ("statistic", "expression", "label", "value", "low", "high", "n", "hits", "persons", "n_eff", "method", "note")
"""Columns after those of the groups."""


def to_csv(estimates: Sequence[Estimate], columns: Sequence[str]) -> str:
    """Estimates as CSV: a column for each group column (empty where it does not apply), then `FIELDS`.

    Parameters
    ----------
    estimates : sequence of Estimate
        Everybody's, then those of groups.
    columns : sequence of str
        Group columns.

    Returns
    -------
    str
        Numbers unrounded; empty where there is none: what cannot be told is never 0.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([*(f"group_{column}" for column in columns), *FIELDS])
    for estimate in estimates:
        levels = dict(estimate.group)
        row = [getattr(estimate, name) for name in FIELDS]
        table.writerow([*(levels.get(column, "") for column in columns), *("" if v is None else v for v in row)])
    return out.getvalue()
