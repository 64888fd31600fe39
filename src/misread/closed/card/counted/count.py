"""From answers to the rows of a card: everything is a mean of heads' means, with an interval by resampling heads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from misread.closed.card import model
from misread.closed.card.counted.answers import Answers
from misread.closed.card.counted.interval import Between, beyond, share, weights_of
from misread.closed.card.grid import (
    ASIDE,
    DETECTORS,
    FACTORS,
    FAMILIES,
    FINDING,
    READERS,
    Change,
    changes,
)
from misread.closed.heads import GATED
from misread.closed.readers.networks.table import WORDS

Floats = NDArray[np.float64]
PLACES = 3
NONE = "none"


class Counted:
    """Answers with the weights that resample their heads.

    Parameters
    ----------
    answers : Answers
        Of all readers and detectors, on at least as many pictures a row as a card may show.
    seed : int
        Of the draws.
    """

    def __init__(self, answers: Answers, seed: int) -> None:
        self.answers = answers
        self.weights = weights_of(len(answers.heads), seed)
        self.rows = changes(answers.conditions)
        gated = len(GATED)
        self.words, self.scores = answers.words[:, :, :gated], answers.scores[:, :, :gated]
        self.found = answers.found[:, :, :gated]
        # The base and every level; controls are left out.
        self.shown = [0, *(at for at, c in enumerate(answers.conditions) if c.factor in FACTORS)]

    def changes(self) -> tuple[tuple[model.Floor, ...], tuple[model.Changed, ...]]:
        """Flips and distances of every row and reader, and which control is the largest."""
        flips = {row: self._by_head(row, self._flipped) for row in self.rows}
        moves = {row: self._by_head(row, self._moved) for row in self.rows}
        held = [row for row in self.rows if row.control]
        floors, found = [], []
        for number, reader in enumerate(READERS):
            # The first reader is given points, and scores nothing.
            network = number - 1 if number else None
            floors.append(
                model.Floor(
                    reader=reader,
                    labels=_largest(flips, held, number),
                    scores=None if network is None else _largest(moves, held, network),
                )
            )
            for row in self.rows:
                found.append(
                    model.Changed(
                        factor=row.factor,
                        level=row.level,
                        reader=reader,
                        control=row.control,
                        flips=self._share(flips[row][:, number], len(row.pairs) * len(GATED)),
                        beyond=self._beyond(flips, row, number),
                        distance=None if network is None else _band(share(moves[row][:, network], self.weights)),
                        distance_beyond=None if network is None else self._beyond(moves, row, network),
                    )
                )
        return tuple(floors), tuple(found)

    def _beyond(self, rates: dict[Change, Floats], row: Change, at: int) -> model.Band | None:
        """By how much a row is more than the largest control; nothing for a control."""
        if row.control:
            return None
        controls = np.stack([rates[held][:, at] for held in self.rows if held.control], axis=1)
        return _band(beyond(rates[row][:, at], controls, self.weights))

    def hits(self) -> Iterable[model.Hits]:
        """Of how many heads a gated pose is called by its name, in the base and at every level."""
        names = np.array([WORDS.index(pose) for pose in GATED])
        hit = self.words == names[:, None]
        for number, reader in enumerate(READERS):
            for at in self.shown:
                condition = self.answers.conditions[at]
                yield model.Hits(
                    factor=condition.factor,
                    level=condition.level,
                    reader=reader,
                    by_pose=tuple(int(count) for count in hit[:, at, :, number].sum(axis=0)),
                )

    def detected(self) -> Iterable[model.Found]:
        """How often the face is found: base, controls, levels."""
        missed = 1.0 - self.found.mean(axis=2)
        held = [self._places(family) for family in FAMILIES if family != "box moved"]
        singles = [(c.factor, c.level, [at]) for at, c in enumerate(self.answers.conditions) if at in self.shown]
        families = [(self.answers.conditions[places[0]].factor, "", places) for places in held]
        for number, detector in enumerate(DETECTORS):
            controls = np.stack([missed[:, places, number].mean(axis=1) for places in held], axis=1)
            for factor, level, places in (*singles[:1], *families, *singles[1:]):
                rates = missed[:, places, number].mean(axis=1)
                yield model.Found(
                    factor=factor,
                    level=level,
                    detector=detector,
                    found=self._share(1.0 - rates, len(places) * len(GATED)),
                    missed_beyond=_band(beyond(rates, controls, self.weights)) if factor in FACTORS else None,
                )

    def called(self) -> Iterable[model.Called]:
        """What a neutral face is called."""
        neutral = self.words[:, :, GATED.index("neutral")]
        for number, reader in enumerate(READERS):
            for where, places in self._wheres():
                told = neutral[:, places, number]
                yield model.Called(
                    reader=reader,
                    where=where,
                    words={word: self._share((told == at).mean(axis=1), len(places)) for at, word in enumerate(WORDS)},
                )

    def agreement(self) -> Iterable[model.Agreed]:
        """How often two readers give the same label."""
        for first, second in combinations(range(len(READERS)), 2):
            for where, places in self._wheres():
                told = self.words[:, places]
                same = told[..., first] == told[..., second]
                yield model.Agreed(
                    readers=(READERS[first], READERS[second]),
                    where=where,
                    same=self._share(same.mean(axis=(1, 2)), len(places) * len(GATED)),
                )

    def profile(self) -> dict[str, dict[str, dict[str, int]]]:
        """By reader and pose, of how many heads each label was given in the base condition.

        "away": neutral faces seen from `ASIDE`. "none", for readers that use the detector alone: its kindest setting
        found no face.
        """
        seen = self.answers.found[..., DETECTORS.index("kind")]
        rows = {pose: (0, p) for p, pose in enumerate(self.answers.poses)}
        for aside in (at for at, c in enumerate(self.answers.conditions) if c.yaw == ASIDE):
            rows["away"] = aside, GATED.index("neutral")
        table: dict[str, dict[str, dict[str, int]]] = {}
        for number, reader in enumerate(READERS):
            table[reader] = {
                pose: _tally(self.answers.words[:, at, p, number], seen[:, at, p] if reader in FINDING else None)
                for pose, (at, p) in rows.items()
            }
        return table

    def _by_head(self, row: Change, of: Callable[[int, int], Floats]) -> Floats:
        """A row's mean for every head: shape (heads, readers)."""
        return np.asarray(np.mean([of(*pair) for pair in row.pairs], axis=0))

    def _flipped(self, changed: int, against: int) -> Floats:
        return np.asarray((self.words[:, changed] != self.words[:, against]).mean(axis=1))

    def _moved(self, changed: int, against: int) -> Floats:
        apart = np.abs(self.scores[:, changed] - self.scores[:, against]).sum(axis=-1) / 2
        return np.asarray(apart.mean(axis=1))

    def _places(self, factor: str) -> list[int]:
        return [at for at, c in enumerate(self.answers.conditions) if c.factor == factor]

    def _wheres(self) -> list[tuple[model.Where, list[int]]]:
        return [("base", [0]), ("all", self.shown)]

    def _share(self, rates: Floats, each: int) -> model.Share:
        """Heads' rates, each of so many pictures."""
        found = share(rates, self.weights)
        return model.Share(
            count=round(float(rates.sum()) * each),
            of=len(rates) * each,
            low=_down(found.low),
            high=_up(found.high),
        )


def _largest(rates: dict[Change, Floats], held: list[Change], at: int) -> str:
    """The control that changes the most."""
    return held[int(np.argmax([rates[row][:, at].mean() for row in held]))].factor


def _tally(words: NDArray[np.int8], seen: NDArray[np.bool_] | None) -> dict[str, int]:
    """How often each word was given, and that there was no face where it matters whether one was seen."""
    given = words if seen is None else words[seen]
    counts = {word: int((given == at).sum()) for at, word in enumerate(WORDS)}
    return counts if seen is None else {**counts, NONE: int((~seen).sum())}


def _band(found: Between) -> model.Band:
    return model.Band(value=round(found.value, PLACES), low=_down(found.low), high=_up(found.high))


def _down(value: float) -> float:
    return float(np.floor(value * 10**PLACES) / 10**PLACES)


def _up(value: float) -> float:
    return float(np.ceil(value * 10**PLACES) / 10**PLACES)
