"""Who is chosen, when a school's cohort is ranked by what is on file."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Decision

Floats = NDArray[np.float64]


def chances(
    on_file: NDArray[np.float64],
    watched: NDArray[np.bool_],
    decision: Decision,
    opt_out_rank: Literal["left out", "worst", "best"],
) -> Floats:
    """Each pupil's chance of being chosen; those tied at the cut share the places that are left equally.

    Parameters
    ----------
    on_file : ndarray, shape (pupils,)
        Flags on file of a school's whole cohort, or 1 for a mark and 0 for none.
    watched : ndarray of bool, shape (pupils,)
        Pupils whom the cameras watch.
    decision : Decision
        Whom it chooses, and how many.
    opt_out_rank : {"left out", "worst", "best"}
        Where the others are ranked: nowhere, chosen last, or chosen first.

    Returns
    -------
    ndarray, shape (pupils,)
        From 0 to 1; adds to floor(share · n + ½) of the n ranked, the share taken as the decimal that was written.
    """
    ranked = watched if opt_out_rank == "left out" else np.ones_like(watched)
    places = math.floor(Fraction(str(decision.share)) * int(ranked.sum()) + Fraction(1, 2))
    values, rank = np.unique(on_file if decision.choose == "fewest" else -on_file, return_inverse=True)
    # Rank 0 is kept for those chosen first, the highest for those chosen last.
    rank = np.where(watched, rank + 1, len(values) + 1 if opt_out_rank == "worst" else 0)
    alike = np.bincount(rank[ranked], minlength=len(values) + 2)
    before = np.cumsum(alike) - alike
    chance = np.clip((places - before) / np.maximum(alike, 1), 0.0, 1.0)
    return np.where(ranked, chance[rank], 0.0)
