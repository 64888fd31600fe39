"""Which inputs a finding hangs on: one at a time, screened, then all at once."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict, dataclass, fields
from multiprocessing import get_context
from typing import Any

from misread.deployment import Deployment, digest, resolve_profiles, unsupported
from misread.deployment.ranges import Range
from misread.engine.chain import compile_rules
from misread.engine.exact.sizes import refuse_what_does_not_fit
from misread.errors import MisreadError, Problem
from misread.study.exact.run import refuse_many
from misread.study.sensitivity import screening
from misread.study.sensitivity.groups import Groups, salib
from misread.study.sensitivity.indices import BUDGET, HALF_WIDTH, Index, Indices, indices
from misread.study.sensitivity.inputs import Input
from misread.study.sensitivity.model import AT_ONCE, Model, spread
from misread.study.sensitivity.screening import Effect
from misread.study.sensitivity.target import Target, target
from misread.study.sensitivity.tornado import Swing, one_at_a_time
from misread.version import __version__

FORMAT = "misread-sensitivity/1"


@dataclass(frozen=True, slots=True)
class Influence:
    """One input and what the finding owes to it.

    Attributes
    ----------
    input : Input
        What is left open.
    swing : Swing
        The finding at its two ends.
    effect : Effect
        Its elementary effects.
    negligible : bool
        Whether its effects are so small that it was drawn together with the others of that kind.
    index : Index or None
        Its part of the variance; None where it is negligible, or nothing varies.
    """

    input: Input
    swing: Swing
    effect: Effect
    negligible: bool
    index: Index | None

    def row(self) -> dict[str, Any]:
        """As one flat record."""
        row: dict[str, Any] = {
            "input": self.input.name,
            "kind": "range" if isinstance(self.input.what, Range) else "row",
            "source": self.input.source,
            "assumption": self.input.assumption,
            **asdict(self.swing),
            "mu_star": self.effect.mu_star,
            "mu_star_half": self.effect.half_width,
            "sigma": self.effect.sigma,
            "negligible": self.negligible,
        }
        index = {f.name: None for f in fields(Index)} if self.index is None else asdict(self.index)
        return {**row, **index}


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Which inputs one finding hangs on.

    Attributes
    ----------
    title, sha256 : str
        The deployment.
    target : Target
        The finding.
    value : float
        Its value as stated.
    influences : tuple of Influence
        Every input: those with indices by their total index, then the others by their effects.
    others : Index or None
        The negligible inputs drawn together as one; None where there are none, or nothing varies.
    indices : Indices or None
        How the indices were got; None where the finding never varies.
    half_width, budget : float, int
        What was asked for.
    trajectories : int
        Of the screening.
    evaluations : int
        Evaluations in all.
    seed : int
        Seed of everything.
    version : str
        Version of misread.
    """

    title: str
    sha256: str
    target: Target
    value: float
    influences: tuple[Influence, ...]
    others: Index | None
    indices: Indices | None
    half_width: float
    budget: int
    trajectories: int
    evaluations: int
    seed: int
    version: str

    def to_json(self) -> str:
        """As text; the same analysis always gives the same text."""
        found = self.indices
        head: dict[str, Any] = {
            "format": FORMAT,
            "deployment": {"title": self.title, "sha256": self.sha256},
            "finding": {k: v for k, v in asdict(self.target).items() if v is not None},
            "value": self.value,
            "low": None if found is None else found.low,
            "high": None if found is None else found.high,
            "inputs": [i.row() for i in self.influences],
            "others": None if self.others is None else asdict(self.others),
            "base_points": None if found is None else found.base,
            "settled": None if found is None else found.settled,
            **{k: getattr(self, k) for k in ("half_width", "budget", "trajectories", "evaluations", "seed", "version")},
        }
        return json.dumps(head, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def to_csv(self) -> str:
        """The inputs as CSV, a line each."""
        rows = [i.row() for i in self.influences]
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()


def sensitivity(
    deployment: Deployment,
    *,
    finding: str = "flag_ppv",
    rule: str | None = None,
    group: str = "all",
    half_width: float = HALF_WIDTH,
    budget: int = BUDGET,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    keys: Mapping[str, str | None] | None = None,
) -> Sensitivity:
    """Say which inputs a finding hangs on.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    finding, rule, group, keys : str, mapping of str to str
        Which finding, as in `target`.
    half_width : float
        How wide the 95 % intervals of the indices may be, on either side.
    budget : int
        Most evaluations for the indices.
    seed : int
        Seed of all points.
    workers : int, optional
        Processes; by default one for each core. Results do not depend on it.
    progress : callable, optional
        Called with (evaluations done, evaluations planned so far).

    Raises
    ------
    MisreadError
        If nothing is left open, there is no such finding, it has no value somewhere, or SALib is missing.
    """
    if problems := unsupported(deployment):
        raise MisreadError(problems)
    refuse_many(deployment)
    salib("sample.sobol")
    refuse_what_does_not_fit(deployment, compile_rules(deployment)[0], AT_ONCE)
    profiles = resolve_profiles(deployment)
    asked, value = target(deployment, profiles, finding, rule, group, **(keys or {}))
    model = Model.of(deployment, profiles, asked)
    if not model.inputs:
        raise MisreadError(_nothing_open(deployment))
    groups = _grouped(model.inputs)
    count = Count(progress, 2 * len(model.inputs) + screening.evaluations(groups))
    workers = (os.cpu_count() or 1) if workers is None else workers
    # A fresh interpreter for each worker: libraries with threads of their own do not survive a fork.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn")) if workers > 1 else nullcontext()
    with pool as executor:
        swings = one_at_a_time(model)
        count.add(2 * len(model.inputs))
        evaluate = spread(model, executor, count.add)
        effects = screening.screened(evaluate, groups, seed)
        together = screening.negligible(effects)
        merged = groups.merged(together)
        # Where nothing moved it, nothing is left to be divided.
        varies = any(e.mu_star > 0 for e in effects)
        found = (
            indices(evaluate, merged, seed, half_width=half_width, budget=budget, planned=count.plan)
            if varies
            else None
        )
    return Sensitivity(
        title=deployment.title,
        sha256=digest(deployment),
        target=asked,
        value=value,
        influences=_sorted(zip(model.inputs, swings, effects, together, _own(found, together), strict=True), value),
        others=found.of[-1] if found is not None and any(together) else None,
        indices=found,
        half_width=half_width,
        budget=budget,
        trajectories=screening.TRAJECTORIES,
        evaluations=count.done,
        seed=seed,
        version=__version__,
    )


class Count:
    """Evaluations done, of those planned so far."""

    def __init__(self, progress: Callable[[int, int], None], planned: int) -> None:
        self.done, self.planned, self._progress = 0, planned, progress

    def plan(self, more: int) -> None:
        """So many more are to be made."""
        self.planned += more

    def add(self, done: int) -> None:
        """So many more are done."""
        self.done += done
        self._progress(self.done, self.planned)


def _grouped(inputs: Sequence[Input]) -> Groups:
    """One group an input; rows of profiles are quantiles of gamma laws, which have no ends."""
    pairs = sorted((c, i, isinstance(x.what, Range)) for i, x in enumerate(inputs) for c in x.columns)
    return Groups(tuple(i for _, i, _ in pairs), tuple(wide for *_, wide in pairs))


def _own(found: Indices | None, together: Sequence[bool]) -> tuple[Index | None, ...]:
    """For each input its own indices, if it has some."""
    if found is None:
        return (None,) * len(together)
    own = iter(found.of)
    return tuple(None if merged else next(own) for merged in together)


def _sorted(parts: Iterable[tuple[Input, Swing, Effect, bool, Index | None]], value: float) -> tuple[Influence, ...]:
    found = [Influence(*part) for part in parts]

    def rank(i: Influence) -> tuple[float, float, float]:
        return (-1.0 if i.index is None else i.index.total, i.effect.mu_star, i.swing.width(value))

    return tuple(sorted(found, key=rank, reverse=True))


def _nothing_open(deployment: Deployment) -> Problem:
    return Problem(
        "Nothing in it is left open: no number has a range, and no profile says on how many faces it rests.",
        expected='at least one range, such as bored = { value = 7.0, low = 3.0, high = 14.0, source = "assumption" }.',
        mend="give a range to each number that nobody has measured, or to a profile `faces_per_row`.",
        file=deployment.origin.file or deployment.origin.name,
    )
