"""How far a class agrees when it plays the classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the counted votes come to.

    Attributes
    ----------
    faces : int
        Faces that at least two people voted on.
    pairs : float
        Share of pairs of people that gave a face the same word, the mean over faces.
    chance : float
        The same share if everybody drew words by lot, as often as the class used each.
    kappa : float or None
        Fleiss' kappa: how far agreement goes beyond chance, 1 for always, 0 for not at all; None where the class used
        one word only. Fleiss 1971, Psychological Bulletin 76, 378 to 382.
    """

    faces: int
    pairs: float
    chance: float
    kappa: float | None


def agreement(votes: Sequence[Sequence[int]]) -> Agreement | None:
    """How far people agree.

    Parameters
    ----------
    votes : sequence of sequences of int
        For each face, how many people chose each word.

    Returns
    -------
    Agreement or None
        None where no face has two votes.
    """
    counted = [face for face in votes if sum(face) >= 2]
    if not counted:
        return None
    pairs = sum(sum(n * (n - 1) for n in face) / (sum(face) * (sum(face) - 1)) for face in counted) / len(counted)
    total = sum(map(sum, counted))
    chance = sum((sum(face[j] for face in counted) / total) ** 2 for j in range(len(counted[0])))
    return Agreement(len(counted), pairs, chance, (pairs - chance) / (1 - chance) if chance < 1 else None)


def favourites(face: Sequence[int]) -> tuple[int, ...]:
    """Which words got most votes; several where they are as many, none without a vote."""
    most = max(face)
    return tuple(j for j, n in enumerate(face) if n == most) if most else ()
