"""A few pictures of the card taken again: are they the same, and do the networks say the same of them?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from misread.closed.card import model
from misread.closed.card.counted.answers import joined
from misread.closed.card.grid import BASE, CONDITIONS, DETECTORS, GATED, Condition
from misread.closed.card.made.take import Grid, Taken, taken
from misread.closed.readers.networks.table import NETWORKS, WORDS

SAMPLED = (0, 1)
"""Whose heads."""
FACTORS = ("yaw", "JPEG", "glasses", "mask")
"""What is changed beside the base: what exercises camera, light, geometry and compression."""
TOLERANCE = 0.02
"""By how much a mean score may differ where the pixels do: another machine's rasteriser puts edges elsewhere."""
FOUND = 3
"""By how many pictures the faces found may differ there."""


def in_sample(condition: Condition) -> bool:
    """Whether a condition is taken again."""
    return condition == BASE or condition.factor in FACTORS


def sample_of(parts: Sequence[Taken]) -> model.Sample:
    """What the heads of the sample gave in its conditions and the gated poses, in numbers that can be compared."""
    answers = joined([part.answers for part in parts])
    places = [at for at, condition in enumerate(answers.conditions) if in_sample(condition)]
    scores = answers.scores[:, places][:, :, : len(GATED)]
    found = answers.found[:, places][:, :, : len(GATED), DETECTORS.index("kind")]
    means = scores.reshape(-1, *scores.shape[-2:]).mean(axis=0)
    return model.Sample(
        heads=answers.heads,
        factors=FACTORS,
        pictures=found.size,
        sha256={
            f"head {head}, {answers.conditions[at].factor} {answers.conditions[at].level}": part.digests[at]
            for head, part in zip(answers.heads, parts, strict=True)
            for at in places
        },
        scores={
            name: {word: round(float(value), 6) for word, value in zip(WORDS, row, strict=True)}
            for name, row in zip(NETWORKS, means, strict=True)
        },
        found=int(found.sum()),
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """A sample taken again beside the one that was kept.

    Attributes
    ----------
    same_bytes : int
    of : int
        Conditions of heads whose pixels were compared.
    furthest : float
        The largest difference of a mean score.
    differs : tuple of str
        What is further off than the tolerance allows.
    """

    same_bytes: int
    of: int
    furthest: float
    differs: tuple[str, ...]


def repeated(seed: int, progress: Callable[[int, int], None] = lambda _done, _of: None) -> model.Sample:
    """The sample, taken now; `progress` is told of heads done, and of heads in all."""
    grid = replace(Grid(seed=seed), conditions=tuple(c for c in CONDITIONS if in_sample(c)))
    parts: list[Taken] = []
    for head in SAMPLED:
        progress(len(parts), len(SAMPLED))
        parts.append(taken(head, grid))
    return sample_of(parts)


def compared(kept: model.Sample, now: model.Sample) -> Compared:
    """What of a sample is as it was."""
    same = sum(now.sha256.get(name) == digest for name, digest in kept.sha256.items())
    gaps = {
        (network, word): abs(now.scores[network][word] - value)
        for network, row in kept.scores.items()
        for word, value in row.items()
    }
    differs = [
        f"{network}, mean score of “{word}”: {now.scores[network][word]:.3f} now, {kept.scores[network][word]:.3f} then"
        for (network, word), gap in gaps.items()
        if gap > TOLERANCE
    ]
    if abs(now.found - kept.found) > FOUND:
        differs.append(f"the detector finds {now.found} faces of {now.pictures} now, {kept.found} then")
    return Compared(same, len(kept.sha256), float(np.max(list(gaps.values()))), tuple(differs))
