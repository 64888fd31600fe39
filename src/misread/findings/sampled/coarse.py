"""Findings of schools drawn a lesson, a day or a school year at a time: those that counts of flags give."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from misread.deployment.model import Deployment
from misread.engine.chain import Chain
from misread.engine.sampled.laws import BySituation, Counted
from misread.engine.sampled.laws.count import periods_of
from misread.engine.sampled.outcome import Counts
from misread.findings.about import About
from misread.findings.sampled.layout import PERIODS, Block, Floats, Ints, Layout, counts
from misread.findings.sampled.measure import estimates, in_words
from misread.findings.sampled.tally import Adding, _maps, _parts_of, adding
from misread.findings.table import Finding
from misread.findings.variance import SOURCES

PLAIN = (
    "observations",
    "labels_archived",
    "flags_per_pupil_year",
    "false_flags_per_pupil_year",
    "flag_ppv",
    "false_flags_end_p05",
    "false_flags_end_p50",
    "false_flags_end_p95",
    "p_mark",
    "disparity_false_flags",
    "difference_false_flags",
    "alerts_per_teacher_day",
    "alerts_per_family_year",
    "masking_end",
)
"""Findings that counts of flags give at any step."""
BLOCKS = (
    "schools",
    "classes",
    "pupils",
    "pupil-years",
    "flags",
    "false",
    "some false",
    "only true",
    "on file",
    "marks",
    "masking",
    "strata",
    "last year",
)
"""Blocks of `Layout` that counts of flags fill, beside the histograms."""

OF_SITUATIONS = ("flags_per_lesson", "false_flags_per_lesson", "map_reliability")
"""Findings that counts of flags give where each lesson's kind is known."""
BLOCKS_OF_SITUATIONS = ("lessons", "flags by situation", "map")
"""Blocks of `Layout` that they are made of."""


@dataclass(frozen=True, eq=False)
class CoarseLayout(Layout):
    """The columns of a school's row of sums where only flags were counted.

    `blocks` are those of `Layout`, so that estimates are made by the same lines; what a coarser step does not know
    is read as 0, and the findings made of it are left out (`knows`).

    Attributes
    ----------
    step : {"lesson", "day", "year"}
        What was drawn at a time.
    held : Layout
        The columns that a row has.
    whole_years : bool
        Whether flags are kept for whole school years.
    """

    step: str
    held: Layout
    whole_years: bool

    @classmethod
    def at(cls, step: str, chain: Chain, deployment: Deployment) -> CoarseLayout:
        """The layout of a deployment at a step: pure, the same for all its schools."""
        full = Layout.of(chain, deployment)
        names = {*BLOCKS, *(counts(rule.name) for rule in deployment.rules)}
        names |= set(BLOCKS_OF_SITUATIONS) if step == "lesson" and chain.situations else set()
        held: dict[str, Block] = {}
        first = 0
        for name in (name for name in full.blocks if name in names):
            held[name] = Block(first, full.blocks[name].axes)
            first += held[name].size
        own = Layout(chain, deployment, full.parts, full.lows, held)
        keep = deployment.file.keep_days
        whole = keep == "forever" or min(keep, chain.days * chain.years) % chain.days == 0
        return cls(chain, deployment, full.parts, full.lows, full.blocks, step, own, whole)

    @property
    def size(self) -> int:
        """Number of columns."""
        return self.held.size

    def columns(self) -> Iterator[tuple[str | int, ...]]:
        """For each column the name of its block, then what its index along each axis is."""
        return self.held.columns()

    def split(self, matrix: Floats) -> dict[str, Floats]:
        """Rows (…, columns) to the sums of each block, of shape (…, *block.shape); 0 where nothing is known."""
        found, rows = self.held.split(matrix), matrix.shape[:-1]
        blocks = {name: found.get(name, _nothing((*rows, *b.shape))) for name, b in self.blocks.items()}
        # Looks are known, labels are not: all are put under the first label.
        looks = self.chain.days * self.chain.lessons * self.chain.looks
        labels = np.zeros(blocks["labels"].shape)
        labels[..., 0, :, :] = looks * found["pupil-years"]
        return {**blocks, "labels": labels}

    def knows(self, about: About) -> bool:
        """Whether a finding is made of counts of flags alone."""
        if about.id == "flags_on_file_end":
            return self.step != "year" or self.whole_years
        if about.id == "file_variance_share":
            return about.source in SOURCES
        if about.id in OF_SITUATIONS:
            return self.step == "lesson"
        by_then, _, period = about.id.partition("_by_")
        if by_then in ("p_false_flag", "p_only_true_flags"):
            return period in periods_of(self.step)
        return about.id in PLAIN


def _nothing(shape: tuple[int, ...]) -> Floats:
    return np.broadcast_to(np.zeros(()), shape)


def coarse_findings(layout: CoarseLayout, matrix: Floats) -> tuple[Finding, ...]:
    """Findings of the schools drawn, in the order of `misread.findings.sampled.findings`.

    Parameters
    ----------
    layout : CoarseLayout
        What the columns are.
    matrix : ndarray, shape (schools, columns)
        A row of sums for each school (`coarse_tally`).
    """
    schools = int(layout.split(matrix)["schools"].sum())
    return in_words((e for e in estimates(layout, matrix) if layout.knows(e.about)), schools, layout.step)


def left_out(layout: CoarseLayout) -> Iterator[str]:
    """What counts of flags do not tell, in words."""
    yield "what looks, lessons and spells come to: labels, claims, sensitivity, lift, flags by state"
    if layout.step == "year":
        yield "what happens by the end of the first day and of the first week"
    if layout.deployment.file.marks:
        yield "how many marks are unearned, which the order of true and false flags decides"
    if layout.step == "year" and not layout.whole_years:
        yield "flags on file at the end, since they are not kept for whole school years"
    if layout.chain.situations and layout.step != "lesson":
        yield "flags by kind of lesson, and the reliability of maps"
    yield "how much of the variance is error, for which a path is read twice"


def coarse_tally(school: Counted, layout: CoarseLayout) -> Floats:
    """A school's row of sums.

    Parameters
    ----------
    school : Counted
        What was counted in one school.
    layout : CoarseLayout
        What the columns are.

    Returns
    -------
    ndarray, shape (columns,)
        The same bytes for the same school on every machine.
    """
    chain = layout.chain
    seen = np.flatnonzero(school.watched)
    stratum = school.kind[seen].astype(np.intp) * max(1, len(chain.views)) + school.view[:, seen]
    group = chain.group[stratum[0]]
    by_group, by_stratum = adding(group, len(chain.groups)), adding(stratum[-1], chain.strata)
    flags, false = school.flags[..., seen], school.false[..., seen]
    last = flags[:, :, -1].astype(np.float64)
    marked = school.mark_year[..., seen] >= 0
    on_file = np.zeros((*flags.shape[:2], len(seen))) if school.on_file is None else school.on_file[..., seen]
    sums = {
        "schools": np.ones(1),
        "classes": np.array([float(np.unique(school.klass).size)]),
        "on file": by_group(on_file),
        "marks": by_group(np.stack([marked, np.zeros_like(marked)], axis=2)),
        "masking": by_group(school.masking[seen]),
        "strata": by_stratum(np.ones(len(seen))),
        "last year": by_stratum(np.stack([last, last**2], axis=2)),
    }
    sums |= _by_part(flags, false, layout, stratum, group)
    sums |= _since(school, layout, seen, by_group)
    for r, (rule, low) in enumerate(zip(layout.deployment.rules, layout.lows, strict=True)):
        sums[counts(rule.name)] = _histogram(false[:, r].sum(axis=1), low, group, len(chain.groups))
    if school.by_situation is not None and chain.situations:
        sums |= _by_situation(school.by_situation, seen, by_group)
    return layout.held.join(sums)


def _by_part(flags: Counts, false: Counts, layout: CoarseLayout, stratum: Ints, group: Ints) -> dict[str, Floats]:
    """Sums over the school years of each part, by group."""
    shape = (len(layout.parts), len(layout.chain.groups))
    cells = math.prod(shape)
    code = _parts_of(layout.chain, stratum) * shape[1] + group
    values = np.concatenate([a.reshape(-1, stratum.size) for a in (flags, false)])
    total = adding(code.reshape(len(code), stratum.size), cells)(values).reshape(2, *flags.shape[:2], *shape)
    ever = np.zeros((cells, len(group)), dtype=bool)
    ever[code, np.arange(len(group))] = True
    return {
        "pupils": ever.sum(axis=1).reshape(shape).astype(np.float64),
        "pupil-years": np.bincount(code.ravel(), minlength=cells).reshape(shape).astype(np.float64),
        "flags": total[0],
        "false": total[1],
    }


def _by_situation(found: BySituation, seen: Ints, by_group: Adding) -> dict[str, Floats]:
    """Flags and lessons by kind of lesson, and moments of maps, by group."""

    def over_years(values: Counts) -> Floats:
        return by_group(values[..., seen].sum(axis=-2, dtype=np.int64))

    maps = _maps(found.half[..., seen], found.half_lessons[..., seen])
    return {
        "lessons": over_years(found.lessons),
        "flags by situation": over_years(found.flags),
        "map": by_group(maps),
    }


def _since(school: Counted, layout: CoarseLayout, seen: Ints, by_group: Adding) -> dict[str, Floats]:
    """Pupils with a false flag, and with true ones only, by the end of the periods that the step knows."""
    places = [PERIODS.index(p) for p in periods_of(layout.step)]
    some, false = school.some[..., seen], school.some_false[..., seen]
    found = {}
    for name, had in (("some false", false), ("only true", some & ~false)):
        found[name] = np.zeros(layout.blocks[name].shape)
        found[name][:, :, places] = by_group(had)
    return found


def _histogram(ever: Counts, low: Ints, group: Ints, groups: int) -> Floats:
    """Pupils by false flags until the end of school: shape (readers, groups, bins)."""
    place = np.searchsorted(low, ever, side="right") - 1
    shape = (len(ever), groups, len(low))
    code = (np.arange(len(ever))[:, None] * groups + group) * len(low) + place
    return np.bincount(code.ravel(), minlength=math.prod(shape)).reshape(shape).astype(np.float64)
