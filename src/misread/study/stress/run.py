"""Every claim about every rule, tried; and how good a classifier would have to be."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from multiprocessing import get_context

from misread.deployment import Deployment, digest, unsupported
from misread.deployment.model import Rule
from misread.errors import MisreadError, Problem
from misread.study.exact.run import refuse_many
from misread.study.stress.accuracy import Needed, needed
from misread.study.stress.claims import Claim, claims_about
from misread.study.stress.questions import Question, questions
from misread.study.stress.search import Effort
from misread.study.stress.space import Space
from misread.study.stress.verdicts import Verdict, verdict
from misread.version import __version__

FORMAT = "misread-stress/1"
MOST_EFFORT = 16
"""Sixteen times the usual search takes a quarter of an hour and more."""


@dataclass(frozen=True, slots=True)
class Stress:
    """What became of all claims about a deployment.

    Attributes
    ----------
    title, sha256 : str
        The deployment.
    verdicts : tuple of Verdict
        One for each rule and claim.
    needed : tuple of Needed
        For each rule, how good the classifier would have to be for nine alerts of ten to be true.
    questions : tuple of Question
        What to ask the vendor.
    effort, seed : int
        How hard was searched; seed of the starts.
    version : str
        Version of misread.
    """

    title: str
    sha256: str
    verdicts: tuple[Verdict, ...]
    needed: tuple[Needed, ...]
    questions: tuple[Question, ...]
    effort: int
    seed: int
    version: str

    def to_json(self) -> str:
        """As text; the same search always gives the same text."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def stressed(
    deployment: Deployment,
    *,
    effort: int = 1,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Stress:
    """Try every claim about every rule.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    effort : int
        How hard to search, from 1.
    seed : int
        Seed of the starts.
    workers : int, optional
        Processes; by default one for each core. Results do not depend on it.
    progress : callable, optional
        Called with (claims done, claims in all).

    Raises
    ------
    MisreadError
        If there are no rules, or the deployment asks for what no engine computes yet.
    """
    if problems := unsupported(deployment):
        raise MisreadError(problems)
    refuse_many(deployment)
    if not deployment.rules:
        what = "There are no rules, so no claims about alerts."
        raise MisreadError(deployment.origin.problem(("rules",), what, "at least one rule.", "add one."))
    tasks = [(rule, claim) for rule in deployment.rules for claim in claims_about(deployment)]
    workers = min(workers or os.cpu_count() or 1, len(tasks))
    # A fresh interpreter for each worker: libraries with threads of their own do not survive a fork.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn")) if workers > 1 else nullcontext()
    with pool as executor:
        verdicts = _tried(deployment, tasks, Effort.of(effort), seed, executor, progress)
    return Stress(
        title=deployment.title,
        sha256=digest(deployment),
        verdicts=verdicts,
        needed=tuple(needed(deployment, rule) for rule in deployment.rules),
        questions=questions(deployment, verdicts),
        effort=effort,
        seed=seed,
        version=__version__,
    )


def _tried(
    deployment: Deployment,
    tasks: list[tuple[Rule, Claim]],
    effort: Effort,
    seed: int,
    executor: Executor | None,
    progress: Callable[[int, int], None],
) -> tuple[Verdict, ...]:
    if executor is None:
        found = []
        for i, (rule, claim) in enumerate(tasks):
            found.append(_one(deployment, rule, claim, effort, seed))
            progress(i + 1, len(tasks))
        return tuple(found)
    futures: list[Future[Verdict]] = [executor.submit(_one, deployment, r, c, effort, seed) for r, c in tasks]
    for i, _ in enumerate(as_completed(futures)):
        progress(i + 1, len(tasks))
    return tuple(f.result() for f in futures)


def _one(deployment: Deployment, rule: Rule, claim: Claim, effort: Effort, seed: int) -> Verdict:
    return verdict(Space(deployment, rule), claim, effort, seed)


def unsettled(stress: Stress) -> tuple[Problem, ...]:
    """What is to be said where a search did not come to rest."""
    return tuple(
        Problem(
            f"The search did not settle: its starts ended at {', '.join(f'{end:.4g}' for end in v.ends)}.",
            expected="starts that agree.",
            mend="search longer, with --effort 2 or more; until then take “holds” as “not broken by this search”.",
            file=stress.title,
            key=f"{v.rule}: {v.claim.words}",
        )
        for v in stress.verdicts
        if not v.settled
    )
