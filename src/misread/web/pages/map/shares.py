"""Where files differ from, kinds of lesson and decisions: the exact engine where it is quick, samples on request."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from misread.engine.exact.sizes import Size
from misread.findings.table import Finding, Findings
from misread.report.further import decisions, lessons, measures
from misread.report.words.lookup import Figures
from misread.study.engines.both import Way, run
from misread.study.exact.run import MANY, measured
from misread.web.pages.map.asked import Asked
from misread.web.shipped import shipped_one

SCHOOLS = 2
"""Schools that are sampled on request: few enough to wait for, enough for a standard error."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Where files differ from: the sentence and the bar; `measures` is None where it takes too long unasked."""

    measures: measures.Measures | None
    rows: tuple[Finding, ...]
    command: str


@dataclass(frozen=True, slots=True)
class More:
    """What samples tell."""

    schools: int
    shares: Shares
    lessons: lessons.Lessons | None
    decisions: decisions.Decisions | None
    command: str


@lru_cache(maxsize=8)
def exact(name: str) -> Findings | None:
    """What the exact engine finds, without intervals; None where that takes minutes."""
    deployment = shipped_one(name)
    size = Size.of(deployment)
    if size.strata * size.levels > MANY:
        return None
    return measured(deployment, draws=0).findings


@lru_cache(maxsize=4)
def sampled(name: str, seed: int) -> Findings:
    """What a few sampled schools tell."""
    deployment = shipped_one(name)
    schools = min(SCHOOLS, deployment.population.schools)
    return run(deployment, Way(engine="sampled", step="tick", draws=0, seed=seed, schools=schools)).findings


def schools_of(asked: Asked) -> int:
    """How many schools are sampled on request."""
    return min(SCHOOLS, asked.deployment.population.schools)


def shares_of(asked: Asked) -> Shares:
    """The shares of the exact engine, where it is quick."""
    findings = exact(asked.name)
    command = f"misread run {asked.name} --engine exact --draws 0"
    return Shares(None, (), command) if findings is None else _shares(findings, asked, command)


def counted_too(asked: Asked) -> More:
    """All that takes samples."""
    findings = sampled(asked.name, asked.seed)
    deployment = asked.deployment
    schools = schools_of(asked)
    figures = Figures(findings)
    command = f"misread run {asked.name} --engine sampled --step tick --draws 0 --schools {schools} --seed {asked.seed}"
    return More(
        schools=schools,
        shares=_shares(findings, asked, command),
        lessons=lessons.tell([asked.rule], figures, deployment) if deployment.situations else None,
        decisions=decisions.tell(figures, deployment),
        command=command,
    )


def _shares(findings: Findings, asked: Asked, command: str) -> Shares:
    told = measures.tell([asked.rule], Figures(findings), asked.deployment)
    rows = [f for f in findings if f.id == "file_variance_share" and f.rule == asked.rule and f.reader is None]
    return Shares(told, tuple(f for f in rows if f.group == "all"), command)
