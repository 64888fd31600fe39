"""Who goes to a school: group, traits, seats and consent, each drawn from a key of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.engine.sampled.keys import GROUP, OPT_OUT, TRAIT, VIEW, Words, chances, key_of
from misread.engine.sampled.keys import key as key_words
from misread.engine.sampled.tables import Ints, Tables


@dataclass(frozen=True, eq=False)
class Pupils:
    """The pupils of one school.

    Attributes
    ----------
    kind : ndarray of int, shape (pupils,)
        Kind of each pupil.
    place : tuple of ndarray of int, each (pupils,)
        Group, then the level of each trait.
    klass : ndarray of int, shape (pupils,)
        Class; classes follow one another.
    watched : ndarray of bool, shape (pupils,)
        Whether the cameras look at the pupil.
    view : ndarray of int, shape (years, pupils)
        View of each year's seat.
    """

    kind: Ints
    place: tuple[Ints, ...]
    klass: Ints
    watched: NDArray[np.bool_]
    view: Ints


def pupils_of(tables: Tables, seed: int, school: int) -> Pupils:
    """Draw the pupils of a school.

    Parameters
    ----------
    tables : Tables
        The deployment's tables.
    seed, school : int
        As in `simulate`.
    """
    count, key = tables.pupils, key_of(seed)

    def drawn(limits: Words, when: int, purpose: int) -> Ints:
        words = chances(count, *key, school, when, purpose)
        return np.searchsorted(limits, words, side="right").astype(np.int64)

    place = (
        drawn(tables.group, 0, GROUP),
        *(_levels(tables, name, limits, key, school) for name, limits in tables.traits),
    )
    return Pupils(
        kind=tables.kind[place],
        place=place,
        klass=np.arange(count) // tables.class_size,
        watched=chances(count, *key, school, 0, OPT_OUT) >= tables.opt_out,
        view=np.array([drawn(tables.view, year, VIEW) for year in range(tables.flat.n.years)]),
    )


def _levels(tables: Tables, name: int, limits: Words, key: tuple[int, int], school: int) -> Ints:
    # The trait's own key hangs on its name: adding a trait leaves the others as they are.
    own = key_words(name, 0, 0, TRAIT, *key)[:2]
    words = chances(tables.pupils, int(own[0]), int(own[1]), school, 0, TRAIT)
    return np.searchsorted(limits, words, side="right").astype(np.int64)
