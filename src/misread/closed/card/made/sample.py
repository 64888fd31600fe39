"""A few pictures of the card taken again: are they the same, and do the networks say the same of them?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from misread.closed.card import model
from misread.closed.card.counted.answers import joined
from misread.closed.card.grid import BASE, CONDITIONS, DETECTORS, Condition
from misread.closed.card.made.take import Grid, Taken, taken
from misread.closed.heads import GATED
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
    return model.Sample(**_given(parts))


def _given(parts: Sequence[Taken]) -> dict[str, Any]:
    """The sample's fields."""
    answers = joined([part.answers for part in parts])
    places = [at for at, condition in enumerate(answers.conditions) if in_sample(condition)]
    scores = answers.scores[:, places][:, :, : len(GATED)]
    found = answers.found[:, places][:, :, : len(GATED), DETECTORS.index("kind")]
    means = scores.reshape(-1, *scores.shape[-2:]).mean(axis=0)
    return {
        "heads": answers.heads,
        "factors": FACTORS,
        "pictures": found.size,
        "sha256": {
            f"head {head}, {answers.conditions[at].factor} {answers.conditions[at].level}": part.digests[at]
            for head, part in zip(answers.heads, parts, strict=True)
            for at in places
        },
        "scores": {
            name: {word: round(float(value), 6) for word, value in zip(WORDS, row, strict=True)}
            for name, row in zip(NETWORKS, means, strict=True)
        },
        "found": int(found.sum()),
    }


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
    outcome : str
        "same": pictures byte for byte, and all that is compared besides; "within tolerance"; or "differs".
    """

    same_bytes: int
    of: int
    furthest: float
    differs: tuple[str, ...]
    outcome: Literal["same", "within tolerance", "differs"]


def repeated(seed: int, progress: Callable[[int, int], None] = lambda _done, _of: None) -> model.Sample:
    """The sample, taken now; `progress` is told of heads done, and of heads in all."""
    grid = replace(Grid(seed=seed), conditions=tuple(c for c in CONDITIONS if in_sample(c)))
    parts: list[Taken] = []
    for head in SAMPLED:
        progress(len(parts), len(SAMPLED))
        parts.append(taken(head, grid))
    # Not refused whatever it holds, no numbers included: it is compared.
    return model.Sample.model_construct(**_given(parts))


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
        if not gap <= TOLERANCE  # what is no number differs
    ]
    if abs(now.found - kept.found) > FOUND:
        differs.append(f"the detector finds {now.found} faces of {now.pictures} now, {kept.found} then")
    furthest, of = float(np.max(list(gaps.values()))), len(kept.sha256)
    alike = same == of and furthest == 0 and now.found == kept.found
    outcome: Literal["same", "within tolerance", "differs"] = (
        "differs" if differs else "same" if alike else "within tolerance"
    )
    return Compared(same, of, furthest, tuple(differs), outcome)


def since(kept: model.Card, versions: Mapping[str, str], cache: Mapping[str, Any] | None) -> tuple[str, ...]:
    """What a card was made with that is otherwise now: no fault by itself, but a reason where a sample differs.

    Parameters
    ----------
    kept : Card
    versions : mapping of str to str
        Of misread and the libraries, as installed.
    cache : mapping or None
        The manifest of the prepared networks.
    """
    read = {source["sha256"] for package in cache["packages"] for source in package["read"]} if cache else set()
    libraries = [
        f"{name} {versions.get(name, 'is not installed')} now, {version} then"
        for name, version in kept.made_with.items()
        if versions.get(name) != version
    ]
    weights = [f"{held.reader}: other weights than then" for held in kept.weights if not read.issuperset(held.sha256)]
    return (*libraries, *weights)
