"""Decisions taken on files: who is chosen from a school's cohort, ties at the cut sharing the places equally."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Decision

Floats = NDArray[np.float64]


def chances_of(on_file: Floats, watched: NDArray[np.bool_], decision: Decision, opt_out_rank: str) -> Floats:
    """Each pupil's chance of being chosen.

    Parameters
    ----------
    on_file : ndarray, shape (pupils,)
        Flags on file at the decision, or 1 for having the mark; pupils left alone are not read.
    watched : ndarray of bool, shape (pupils,)
        Whom the cameras look at.
    decision : Decision
        Whom it chooses, and which share: ⌊share · ranked + ½⌋ pupils.
    opt_out_rank : {"left out", "worst", "best"}
        Pupils left alone are not ranked, chosen last, or chosen first.

    Returns
    -------
    ndarray, shape (pupils,)
        Ties at the cut share the places equally; 0 for those not ranked.
    """
    order = np.where(watched, on_file if decision.choose == "fewest" else -on_file, 0.0)
    if opt_out_rank == "worst":
        order = np.where(watched, order, np.inf)
    elif opt_out_rank == "best":
        order = np.where(watched, order, -np.inf)
    ranked = watched if opt_out_rank == "left out" else np.ones_like(watched)
    among = order[ranked]
    places = math.floor(Fraction(str(decision.share)) * len(among) + Fraction(1, 2))
    chances = np.zeros(len(order))
    if places:
        cut = np.sort(among)[places - 1]
        before, tied = int((among < cut).sum()), int((among == cut).sum())
        chances[ranked] = np.where(among < cut, 1.0, np.where(among == cut, (places - before) / tied, 0.0))
    return chances
