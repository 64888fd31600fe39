"""misread as a library: load, run, compare, and look at what came out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from misread.audit.result import PERMUTATIONS, REPLICATES, check_numbers
from misread.audit.result import Audit as _Audit
from misread.deployment import Deployment, load, load_all
from misread.errors import MisreadError
from misread.files import write_whole
from misread.findings.table import Finding, Findings
from misread.study.compare import Comparison, Difference, compare_sampled, refuse_what_does_not_go_together
from misread.study.compare import compare as _compare
from misread.study.engines.both import Engine, Hands, Way
from misread.study.engines.both import run as _run
from misread.study.exact.run import SEED, Measured

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Audit",
    "Deployment",
    "Difference",
    "Finding",
    "Findings",
    "Result",
    "ResultOfComparison",
    "audit",
    "compare",
    "load",
    "run",
]


@dataclass(frozen=True, eq=False)
class Result(Sequence[Finding]):
    """What a run found: a sequence of findings that can also write the report.

    Attributes
    ----------
    measured : Measured
        Deployment, profiles, findings, and the draws behind the intervals.
    way : Way
        How they were got.
    """

    measured: Measured
    way: Way

    @property
    def findings(self) -> Findings:
        """All findings."""
        return self.measured.findings

    @overload
    def __getitem__(self, key: str) -> Findings: ...
    @overload
    def __getitem__(self, key: int) -> Finding: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, key: str | int | slice) -> Findings | Finding | tuple[Finding, ...]:
        return self.findings[key]

    def __len__(self) -> int:
        return len(self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def table(self) -> pa.Table:
        """The findings as an Arrow table, which Narwhals, pandas, Polars and DuckDB read as it is."""
        return self.findings.table()

    def report_html(self, command: str = "") -> str:
        """The report's text: one HTML file that needs nothing else.

        Parameters
        ----------
        command : str, optional
            What to type to get it again; by default the call from Python.
        """
        # What reports are made with loads when one is written: figures alone go without.
        from misread.findings.definitions import DEFINITIONS
        from misread.report.page.html import render
        from misread.report.words.sources import parameters

        m = self.measured
        return render(
            m.findings,
            m.deployment,
            m.profiles,
            command=command or f"misread.run({_called(m.deployment)}, {_how(self.way, m)})",
            definitions=DEFINITIONS,
            provenance=parameters(m.deployment),
        )

    def report(self, path: str | Path) -> Path:
        """Write the report to `path`, whole or not at all, and return the path."""
        write_whole(Path(path), self.report_html())
        return Path(path)

    def _repr_html_(self) -> str:
        return self.findings._repr_html_()


@dataclass(frozen=True, eq=False)
class ResultOfComparison:
    """What a comparison found.

    Attributes
    ----------
    comparison : Comparison
        Runs and differences.
    """

    comparison: Comparison

    def __getitem__(self, id: str) -> tuple[Difference, ...]:
        """The differences in one finding."""
        return tuple(d for d in self.comparison.differences if d.id == id)

    def report_html(self, command: str = "") -> str:
        """The report's text: one HTML file that needs nothing else."""
        from misread.findings.definitions import DEFINITIONS
        from misread.report.studies.comparison import render_comparison

        c = self.comparison
        runs = tuple((name, m.findings, m.deployment) for name, m in c.runs.items())
        first = next(iter(c.runs.values()))
        loaded = ", ".join(_called(d) for _, _, d in runs)
        return render_comparison(
            runs,
            c.differences,
            command=command or f"misread.compare({loaded}, {_how_compared(first)})",
            definitions=DEFINITIONS,
        )

    def report(self, path: str | Path) -> Path:
        """Write the report to `path`, whole or not at all, and return the path."""
        write_whole(Path(path), self.report_html())
        return Path(path)


@dataclass(frozen=True, eq=False, repr=False)
class Audit(_Audit):
    """A model's answers on labelled faces, and everything that can be said of them; it can also write its report."""

    def to_json(self) -> str:
        """The text of audit.json: counts and statistics, unrounded; no row about a person."""
        from misread.audit.written.build import write

        return write(self).text()

    def profile(self, deployment: str = "as-described") -> str:
        """The text of profile.toml: an overlay that lets a deployment read faces as this model does.

        It reads audit.json beside it. What it still asks for stands at its head.

        Parameters
        ----------
        deployment : str
            Whose words it speaks: a file, or a shipped deployment.
        """
        from misread.audit.written.build import write
        from misread.deployment.profiles.policy import profile_toml

        return profile_toml(write(self), deployment)[0]

    def report_html(self, command: str = "") -> str:
        """The report's text: one HTML file that needs nothing else.

        Parameters
        ----------
        command : str, optional
            What to type to get it again; by default the call from Python.
        """
        from misread.report.audit import render

        return render(self, command=command or f"misread.audit({self.facts.source!r}, …)")

    def report(self, path: str | Path) -> Path:
        """Write the report to `path`, whole or not at all, and return the path."""
        write_whole(Path(path), self.report_html())
        return Path(path)


def audit(
    source: Any,
    *,
    level: float = 0.95,
    seed: int = SEED,
    replicates: int = REPLICATES,
    permutations: int = PERMUTATIONS,
    prevalence: float | Mapping[str, float] | None = None,
    **asked: Any,
) -> Audit:
    """Count a model's answers on labelled faces; every statistic is made from the counts.

    Parameters
    ----------
    source : dataframe, str or Path
        Anything that Narwhals takes (pandas, Polars, PyArrow, DuckDB, Dask …), or a file: Parquet, CSV, JSON, Arrow.
    level : float, default 0.95
        Of every interval.
    seed : int, default 1
        Of all that is drawn.
    replicates, permutations : int
        How often persons are drawn again, and groups are dealt again.
    prevalence : float or mapping of str to float, optional
        Share of faces that show an expression where the system would stand.
    **asked
        Which column means what, as `misread.audit.reading.Ask` has it: `truth`, `prediction`, `groups`, `person`,
        `score`, `weights`, `votes`, `paired` …

    Returns
    -------
    Audit

    Raises
    ------
    MisreadError
        If something is wrong with what is asked, or with what the table holds.
    """
    from misread.audit.reading import Ask, count

    # What is wrong is told before a table is counted, which may take long.
    check_numbers(level=level, seed=seed, permutations=permutations, replicates=replicates, prevalence=prevalence)
    return Audit(count(source, Ask.of(asked)), level, seed, permutations, replicates, prevalence)


def run(
    deployment: Deployment | str | Path,
    *,
    engine: Engine = "auto",
    step: str | None = None,
    draws: int | None = None,
    seed: int = SEED,
    schools: int | None = None,
    out: str | Path | None = None,
    executor: Executor | None = None,
    keep_going: bool = False,
) -> Result:
    """Count what a deployment gets wrong.

    Parameters
    ----------
    deployment : Deployment, str or Path
        As `load` returns it, or what `load` takes.
    engine : {"auto", "exact", "sampled"}
        The exact engine samples nothing; the sampled one draws pupils; "auto" is exact where it can be, and samples
        what couples pupils.
    step : str, optional
        What the sampled engine draws at a time; by default the coarsest step that is exact for the deployment.
    draws : int, optional
        Draws from the profiles' posteriors that intervals rest on; 0 for none. By default 256, none for very large
        deployments.
    seed : int, default 1
        Seed of all that is drawn.
    schools : int, optional
        Schools sampled: by default all with "sampled", 20 with "auto".
    out : str or Path, optional
        A folder in which the sampled engine keeps its schools; a run that was stopped goes on from there.
    executor : concurrent.futures.Executor, optional
        Who draws: threads, processes, or a Dask client's `get_executor()`. By default a thread for each core.
    keep_going : bool
        Whether to draw the other schools when some could not be drawn.

    Returns
    -------
    Result

    Raises
    ------
    MisreadError
        If something is wrong with the deployment, or it asks for what is not computed yet.
    """
    way = Way(engine, step, draws, seed, schools)
    hands = Hands(executor, None if out is None else Path(out), keep_going)
    return Result(_run(_loaded(deployment), way, hands), way)


def compare(
    first: Deployment | str | Path,
    *others: Deployment | str | Path,
    engine: Literal["exact", "sampled"] = "exact",
    draws: int | None = None,
    seed: int = SEED,
    schools: int | None = None,
    out: str | Path | None = None,
    executor: Executor | None = None,
    keep_going: bool = False,
) -> ResultOfComparison:
    """Run several deployments on the same draws, or the same pupils, and take differences from the first.

    Parameters
    ----------
    first : Deployment, str or Path
        What the others are compared with.
    *others : Deployment, str or Path
        At least one. A file with only the keys it changes is a policy, laid on the first where that is a file or
        a name too.
    engine : {"exact", "sampled"}
        The exact engine samples nothing, and leaves out what couples pupils; intervals say what the evidence leaves
        open. The sampled one draws the same pupils under each, look by look; intervals are those of sampling.
    draws : int, optional
        As in `run`, with "exact" alone.
    seed : int, default 1
        As in `run`.
    schools : int, optional
        Schools sampled: by default as many as the smallest deployment has.
    out, executor, keep_going
        As in `run`, with "sampled" alone.

    Returns
    -------
    ResultOfComparison

    Raises
    ------
    MisreadError
        As `run`, or if there is nothing to compare with.
    """
    if not others:
        raise MisreadError("There is nothing to compare with: name at least one more deployment or policy.")
    loaded = [_loaded(first)]
    for other in others:
        if isinstance(first, Deployment) or isinstance(other, Deployment):
            loaded.append(_loaded(other))
        else:
            loaded.append(load_all(first, [other])[1])
    refuse_what_does_not_go_together(engine, draws=draws, schools=schools)
    if engine == "exact":
        return ResultOfComparison(_compare(named(loaded), draws=draws, seed=seed))
    hands = Hands(executor, None if out is None else Path(out), keep_going)
    return ResultOfComparison(compare_sampled(named(loaded), seed=seed, schools=schools, hands=hands))


def named(deployments: Sequence[Deployment]) -> Mapping[str, Deployment]:
    """Deployments by name; a name that comes again gets a number."""
    out: dict[str, Deployment] = {}
    for deployment in deployments:
        name, n = deployment.origin.name, 2
        while name in out:
            name, n = f"{deployment.origin.name} ({n})", n + 1
        out[name] = deployment
    return out


def _loaded(deployment: Deployment | str | Path) -> Deployment:
    return deployment if isinstance(deployment, Deployment) else load(deployment)


def _how(way: Way, m: Measured) -> str:
    """Arguments that make a run again."""
    named = {f.name: getattr(way, f.name) for f in fields(way)} | {"draws": m.draws}
    return ", ".join(f"{k}={v!r}" for k, v in named.items() if v != getattr(Way(), k) or k in ("draws", "seed"))


def _how_compared(first: Measured) -> str:
    """Arguments that make a comparison again."""
    if first.schools is None:
        return f"draws={first.draws}, seed={first.findings.seed}"
    return f"engine='sampled', schools={first.schools}, seed={first.findings.seed}"


def _called(deployment: Deployment) -> str:
    """The call that loads a deployment again."""
    origin = deployment.origin
    words = [repr(origin.file or origin.name)]
    words += [f"policies={list(origin.policies)!r}"] if origin.policies else []
    words += [f"settings={list(origin.settings)!r}"] if origin.settings else []
    return f"misread.load({', '.join(words)})"
