"""Several deployments on the same draws, or the same pupils: differences with intervals of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from misread.deployment import Deployment, resolve_profiles, unsupported
from misread.errors import MisreadError
from misread.findings.about import KEYS
from misread.findings.definitions import DEFINITIONS
from misread.findings.pooling import Quantity
from misread.findings.summary import Open, finding
from misread.findings.table import Finding, Findings, rows_as_csv
from misread.study.engines.both import Hands
from misread.study.exact.draws import cells_of
from misread.study.exact.run import SEED, Measured, default_draws, measured
from misread.version import __version__

if TYPE_CHECKING:
    from misread.findings.sampled.differences import Differing
    from misread.study.sampled.paired import Member

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
        95 % interval of the difference: equal-tailed, draw by draw on the same draws of what is uncertain; where pupils
        were sampled, that of sampling, from the same pupils.
    se : float or None
        Sampling standard error of the difference, from the same schools; None where the value is exact.
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
    se: float | None = None
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
    """Several deployments, measured on the same draws or the same pupils.

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
            **({} if (schools := next(iter(self.runs.values())).schools) is None else {"schools": schools}),
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


def refuse_what_does_not_go_together(engine: str, *, draws: int | None, schools: int | None) -> None:
    """Refuse what the engine of a comparison has no use for.

    Raises
    ------
    MisreadError
        With the reason.
    """
    if engine == "sampled" and draws:
        raise MisreadError(
            "--draws are made from what the evidence leaves open: the intervals of a sampled comparison are those of "
            "sampling. Mend: leave --draws out, or take --engine exact."
        )
    if engine == "exact" and schools is not None:
        raise MisreadError("--schools says how many are sampled: the exact engine samples none.")


def compare_sampled(
    deployments: Mapping[str, Deployment], *, seed: int = SEED, schools: int | None = None, hands: Hands | None = None
) -> Comparison:
    """Draw the same schools of all deployments, look by look, and take differences from the first.

    Parameters
    ----------
    deployments : mapping of name to Deployment
        At least two.
    seed : int
        Seed of all that is drawn.
    schools : int, optional
        How many schools; by default as many as the smallest deployment has.
    hands : Hands, optional
        By whom, and where files go; by default a thread for each core, and nowhere.

    Returns
    -------
    Comparison
        Its intervals are those of sampling: how far a difference may lie from what drawing schools for ever would
        give. What the evidence leaves open is in those of `compare`.

    Raises
    ------
    MisreadError
        If something does not fit, is out of range or of another comparison.
    """
    # Compiled code and Arrow load where something is sampled.
    from misread.findings.sampled import differences, estimates, in_words
    from misread.study.sampled.paired import compiled_all, paired, pairing_of

    hands = hands or Hands()
    if problems := [p for d in deployments.values() for p in unsupported(d)]:
        raise MisreadError(problems)
    schools = min(d.population.schools for d in deployments.values()) if schools is None else schools
    pairing = pairing_of(deployments, seed=seed)
    matrices = paired(
        pairing,
        schools,
        out=hands.out,
        executor=hands.executor,
        keep_going=hands.keep_going,
        progress=hands.drawing,
    )
    made = compiled_all(pairing.members, pairing.job)
    found = [tuple(estimates(c.layout, matrix)) for c, matrix in zip(made, matrices, strict=True)]
    runs = {
        m.name: _drawn(m, in_words(rows, schools), seed, schools)
        for m, rows in zip(pairing.members, found, strict=True)
    }
    first, *others = pairing.members
    return Comparison(
        runs,
        tuple(
            _sampled(m.name, d, _paired_on(m, first, schools))
            for m, rows in zip(others, found[1:], strict=True)
            for d in differences(found[0], rows, identical=m.sha256 == first.sha256)
        ),
    )


def _drawn(m: Member, rows: tuple[Finding, ...], seed: int, schools: int) -> Measured:
    """A deployment's own findings, as a sampled run without draws has them."""
    findings = Findings(
        rows=rows,
        title=m.deployment.title,
        sha256=m.sha256,
        engine="sampled",
        step="tick",
        seed=seed,
        version=__version__,
    )
    return Measured(m.deployment, m.profiles, (), findings, 0, schools)


def _paired_on(member: Member, first: Member, schools: int) -> str:
    """What a difference was sampled on, as its `method` begins."""
    from misread.findings.sampled import sampled_on

    if member.apart:
        what = f"pupils with the same numbers, not on the same paths (other {', '.join(member.apart)})"
    elif member.stride == first.stride == 1:
        what = "the same pupils on the same paths"
    else:
        what = f"the same pupils on the same paths, moved every {float(member.grid):g} seconds"
    return f"{sampled_on(schools)}: {what}"


def _sampled(name: str, d: Differing, on: str) -> Difference:
    return Difference(
        deployment=name,
        id=d.about.id,
        rule=d.about.rule,
        group=d.about.group,
        value=d.value,
        low=d.low,
        high=d.high,
        se=d.se,
        unit=DEFINITIONS[d.about.id].unit,
        method=f"{on}; {_interval(d)}",
        **{key: getattr(d.about, key) for key in KEYS},
    )


def _interval(d: Differing) -> str:
    if d.value is None:
        return f"no value: {d.why}"
    if d.se is None:
        return f"no interval: {d.why}"
    how = f" ({d.why})" if d.why else ""
    return f"interval: 95 % of sampling, standard error clustered by school{how}"
