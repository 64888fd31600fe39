"""All heads through the grid, one a core at a time, and the card of what they gave."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from importlib.resources import files
from importlib.util import find_spec
from itertools import repeat

from misread.closed import heads as heads_of_nobody
from misread.closed.card import model
from misread.closed.card.counted.answers import joined
from misread.closed.card.counted.count import Counted
from misread.closed.card.counted.power import WANTED, plan
from misread.closed.card.grid import DETECTORS
from misread.closed.card.made.sample import SAMPLED, sample_of
from misread.closed.card.made.take import Grid, Taken, _detector, _network, taken
from misread.closed.card.words import BASE, NOTES
from misread.closed.heads import GATED
from misread.closed.readers.detector.table import FILE
from misread.closed.readers.networks.table import NETWORKS
from misread.closed.readers.packages.table import PACKAGES
from misread.closed.workers import each
from misread.errors import MisreadError, Problem, install
from misread.version import __version__

LIBRARIES = ("numpy", "vtk", "onnxruntime", "ai-edge-litert")

Step = Callable[[int, int], None]


def made(count: int, seed: int = 1, progress: Step = lambda _done, _of: None) -> model.Card:
    """A card of so many heads.

    Parameters
    ----------
    count : int
        Heads, from seed 0 on; at least `model.LEAST`.
    seed : int
        Of the noise of located landmarks, and of the intervals' draws.
    progress : callable
        Told of heads done, and of heads in all.

    Raises
    ------
    MisreadError
        If the networks were not prepared, or the extra is not installed.
    """
    grid = Grid(seed=seed)
    ready(grid)
    power = planned(count)  # stated before: nothing has been drawn yet
    return carded(all_taken(range(count), grid, progress), power, seed)


def planned(count: int) -> model.Power:
    """What so many heads can show."""
    seen = [model.Seen(control=s.control, alike=s.alike, difference=s.difference) for s in plan(count, len(GATED))]
    return model.Power(heads=count, poses=len(GATED), power=WANTED, seen=tuple(seen))


def carded(parts: list[Taken], power: model.Power, seed: int) -> model.Card:
    """The card of what heads gave."""
    counted = Counted(joined([part.answers for part in parts]), seed)
    floors, changes = counted.changes()
    return model.Card(
        format=model.FORMAT,
        says=model.SAYS,
        made_with=versions(),
        weights=tuple(weights()),
        heads=model.Heads(count=len(parts), sha256=mesh_digest()),
        seed=seed,
        base=BASE,
        poses=GATED,
        notes=NOTES,
        power=power,
        floors=floors,
        changes=changes,
        hits=tuple(counted.hits()),
        found=tuple(counted.detected()),
        neutral=tuple(counted.called()),
        agreement=tuple(counted.agreement()),
        profile=counted.profile(),
        sample=sample_of(parts[: len(SAMPLED)]),
    )


def ready(grid: Grid) -> None:
    """Refuse, before anything is drawn, where the renderer, the networks or the detector are missing."""
    if find_spec("vtkmodules") is None:
        raise MisreadError(
            Problem(
                "The renderer needs VTK, which is not installed.",
                "the extra `closed`.",
                install("closed"),
                file="misread closed card",
            )
        )
    for name in grid.readers:
        if name in NETWORKS:
            _network(name)
    for name in DETECTORS:
        _detector(name)


def all_taken(seeds: Sequence[int], grid: Grid, progress: Step) -> list[Taken]:
    """Every head through the grid, several at a time, in the order of the seeds."""
    found: list[Taken] = []
    progress(0, len(seeds))
    for part in each(taken, seeds, repeat(grid)):
        found.append(part)
        progress(len(found), len(seeds))
    return found


def weights() -> Iterator[model.Weights]:
    """What each reader that has weights is made of, as pinned."""
    made_of = {network.file: network.name for network in NETWORKS.values()} | {FILE: "detector"}
    for package in PACKAGES:
        for held in package.models:
            if held.file in made_of:
                yield model.Weights(
                    reader=made_of[held.file],
                    package=package.name,
                    version=package.version,
                    licence=package.licence,
                    sha256=tuple(source.sha256 for source in held.sources),
                )


def versions() -> dict[str, str]:
    """Of misread and the libraries that pictures and answers hang on, as installed."""
    return {"misread": __version__, **{name: metadata.version(name) for name in LIBRARIES}}


def mesh_digest() -> str:
    """SHA-256 of the mesh that all heads are made of."""
    return hashlib.sha256(files(heads_of_nobody).joinpath("data/head.npz").read_bytes()).hexdigest()
