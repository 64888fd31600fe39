"""Several deployments on the same draws: differences with intervals of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from misread.deployment import Deployment, resolve_profiles
from misread.findings.about import KEYS
from misread.findings.pooling import Quantity
from misread.findings.summary import Open, finding
from misread.findings.table import rows_as_csv
from misread.study.draws import cells_of
from misread.study.run import SEED, Measured, default_draws, measured

FORMAT = "misread-comparison/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How one finding of a deployment differs from the same finding of the first.

    Attributes
    ----------
    deployment : str
        Name of the deployment; the first one is what it is compared with.
    id, rule, group, unit, label, reader, mark, view, state, trait, situation, age, decision, source
        As in `Finding`.
    value : float or None
        Its value less the first deployment's.
    low, high : float or None
        95 % equal-tailed interval of the difference, draw by draw on the same draws.
    method : str
        How value and interval were got, or why there is none.
    """

    deployment: str
    id: str
    rule: str | None
    group: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    method: str
    label: str | None = None
    reader: str | None = None
    mark: str | None = None
    view: str | None = None
    state: str | None = None
    trait: str | None = None
    situation: str | None = None
    age: str | None = None
    decision: str | None = None
    source: str | None = None


@dataclass(frozen=True, eq=False)
class Comparison:
    """Several deployments, measured on the same draws.

    Attributes
    ----------
    runs : mapping of name to Measured
        The deployments; the first is what the others are compared with.
    differences : tuple of Difference
        One for each finding that a deployment shares with the first.
    """

    runs: Mapping[str, Measured]
    differences: tuple[Difference, ...]

    def one(self, deployment: str, id: str, *, group: str = "all", **where: str | None) -> Difference:
        """The single difference of a deployment in one finding; keys not given must be absent.

        Raises
        ------
        KeyError
            If no row, or more than one, fits.
        """
        want = {"rule": None, **dict.fromkeys(KEYS), **where}
        want |= {"deployment": deployment, "id": id, "group": group}
        found = [d for d in self.differences if all(getattr(d, k) == v for k, v in want.items())]
        if len(found) != 1:
            raise KeyError(f"{len(found)} differences fit {want}")
        return found[0]

    def to_json(self) -> str:
        """The comparison as text; the same comparison always gives the same text."""
        first = next(iter(self.runs.values())).findings
        head: dict[str, Any] = {
            "format": FORMAT,
            "deployments": [
                {"name": name, "title": m.findings.title, "sha256": m.findings.sha256} for name, m in self.runs.items()
            ],
            "engine": first.engine,
            "step": first.step,
            "seed": first.seed,
            "version": first.version,
            "findings": [{"deployment": name, **f.row()} for name, m in self.runs.items() for f in m.findings],
            "differences": [
                {k: v for k, v in asdict(d).items() if v is not None or k not in KEYS} for d in self.differences
            ],
        }
        return json.dumps(head, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def to_csv(self) -> str:
        """The differences as CSV: every column, empty where a key does not apply."""
        return rows_as_csv(Difference, self.differences)


def compare(
    deployments: Mapping[str, Deployment],
    *,
    draws: int | None = None,
    seed: int = SEED,
    progress: Callable[[str, int, int], None] | None = None,
) -> Comparison:
    """Measure deployments on the same draws and take differences from the first.

    Parameters
    ----------
    deployments : mapping of name to Deployment
        At least two.
    draws, seed : int
        As in `measured`.
    progress : callable, optional
        Called with (name, work done, work in all).
    """
    if draws is None:
        draws = min(default_draws(d)[0] for d in deployments.values())
    # The first deployment's cells first: its intervals are those of a run of its own.
    layout = tuple(
        dict.fromkeys(cell for d in deployments.values() for cell in cells_of(resolve_profiles(d), d.ranges))
    )
    runs = {}
    for name, deployment in deployments.items():
        step = (lambda done, of, name=name: progress(name, done, of)) if progress else None
        runs[name] = measured(deployment, draws=draws, seed=seed, layout=layout, progress=step)
    (_, first), *others = runs.items()
    of = "the profiles and of stated ranges" if any(d.ranges for d in deployments.values()) else "the profiles"
    reference = {q.key: q for q in first.quantities}
    differences = tuple(
        _difference(name, q, reference[q.key], draws, of)
        for name, run in others
        for q in run.quantities
        if q.key in reference
    )
    return Comparison(runs, differences)


def _difference(name: str, q: Quantity, reference: Quantity, draws: int, of: str) -> Difference:
    why = "neither rests on anything whose uncertainty is stated" if draws else "no draws were asked for"
    found = finding(replace(q, samples=q.samples - reference.samples), Open(of, why))
    return Difference(
        deployment=name,
        id=found.id,
        rule=found.rule,
        group=found.group,
        value=found.value,
        low=found.low,
        high=found.high,
        unit=found.unit,
        method=found.method,
        **{key: getattr(found, key) for key in KEYS},
    )
