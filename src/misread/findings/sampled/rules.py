"""What a rule's flags come to, as each reader raises them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from misread.deployment.model import Rule
from misread.deployment.model.flags import KOfLast, parse_flag
from misread.findings.about import About
from misread.findings.reading import APART, MARKS, QUANTILES
from misread.findings.sampled.estimate import Estimate, jackknife, quantile, quotient_of_ratios, ratio
from misread.findings.sampled.layout import PERIODS, READERS, Floats, counts
from misread.findings.sampled.spread import READINGS, Moments, correlation, variance_shares
from misread.findings.sampled.sums import Estimated, Sums, with_all
from misread.findings.variance import SOURCES

BIASED = "the highest and the lowest of samples lie too far apart (biased upwards), compare the groups' own rows"
LESSONS = {"lesson_sensitivity": (1, 0), "lesson_false_positive_rate": (3, 2), "spells_missed": (5, 4)}
"""Which of a school's tallies over which."""


def of_rule(sums: Sums, r: int, rule: Rule) -> Iterator[Estimated]:
    """All rows of the rule with the place `r`: the deployed system's, then the perfect reader's."""
    yield from _prevalence(sums, r, About("", rule=rule.name))
    for i, reader in enumerate(READERS):
        about = About("", rule=rule.name, reader=reader)
        yield from _rates(sums, i, r, rule, about)
        yield from _chances(sums, i, r, about)
        yield from _quantiles(sums, i, r, about)
        yield from sums.ratios(replace(about, id="flags_on_file_end"), sums.pooled["on file"][:, i, r], sums.pupils)
        yield from _parts(sums, i, r, about)
        yield from _marks(sums, i, about)
        yield from _apart(sums, i, r, about)
        yield from _situations(sums, i, r, about)
        yield from _variance(sums, i, r, about)
        if reader is None:
            yield from _maps(sums, r, about)
            yield from _by_state(sums, r, about)


def _prevalence(sums: Sums, r: int, about: About) -> Iterator[Estimated]:
    yield from sums.ratios(replace(about, id="claimed_share"), sums.pooled["claimed looks"][:, r], sums.looks)
    lessons = sums.pooled["tally"][:, 0, r]
    yield from sums.ratios(replace(about, id="lesson_prevalence"), lessons[:, 0], lessons[:, 0] + lessons[:, 2])


def _rates(sums: Sums, i: int, r: int, rule: Rule, about: About) -> Iterator[Estimated]:
    flags, false, tally = sums.pooled["flags"][:, i, r, 0], sums.pooled["false"][:, i, r, 0], sums.pooled["tally"]
    yield from sums.ratios(replace(about, id="flags_per_pupil_year"), flags, sums.years)
    yield from sums.ratios(replace(about, id="false_flags_per_pupil_year"), false, sums.years)
    yield from sums.ratios(replace(about, id="flag_ppv"), flags - false, flags)
    # Where a flag could be raised: at a look, or at a lesson's end.
    places = sums.looks if isinstance(parse_flag(rule.flag), KOfLast) else sums.pooled["lessons"].sum(axis=1)
    blind = sums.pooled["true if random"][:, r]
    lift = (quotient_of_ratios(*by_name) for by_name in zip((flags - false).T, flags.T, blind.T, places.T, strict=True))
    yield from sums.each(replace(about, id="flag_lift"), lift)
    for id, (part, whole) in LESSONS.items():
        yield from sums.ratios(replace(about, id=id), tally[:, i, r, part], tally[:, i, r, whole])


def _chances(sums: Sums, i: int, r: int, about: About) -> Iterator[Estimated]:
    for id, block in (("p_false_flag_by", "some false"), ("p_only_true_flags_by", "only true")):
        had = sums.pooled[block][:, i, r]
        for p, period in enumerate(PERIODS):
            yield from sums.ratios(replace(about, id=f"{id}_{period}"), had[:, p], sums.pupils)


def _quantiles(sums: Sums, i: int, r: int, about: About) -> Iterator[Estimated]:
    counted = np.moveaxis(with_all(np.moveaxis(sums.blocks[counts(str(about.rule))][:, i], 1, -1)), -1, 0)
    for id, q in QUANTILES.items():
        found = (quantile(by_name, sums.layout.lows[r], q) for by_name in counted)
        yield from sums.each(replace(about, id=id), found)


def _parts(sums: Sums, i: int, r: int, about: About) -> Iterator[Estimated]:
    flags, false, years = sums.pooled["flags"][:, i, r], sums.pooled["false"][:, i, r], sums.pooled["pupil-years"]
    for p, part in islice(sums.parts(), 1, None):
        of = replace(about, view=part.view, trait=part.trait, age=part.age)
        yield from sums.ratios(replace(of, id="false_flags_per_pupil_year"), false[:, p], years[:, p], p)
        yield from sums.ratios(replace(of, id="flag_ppv"), flags[:, p] - false[:, p], flags[:, p], p)


def _marks(sums: Sums, i: int, about: About) -> Iterator[Estimated]:
    found = sums.pooled["marks"][:, i]
    for m, mark in enumerate(sums.layout.deployment.file.marks):
        if mark.rule == about.rule:
            for at, id in enumerate(MARKS):
                yield from sums.ratios(replace(about, id=id, mark=mark.name), found[:, m, at], sums.pupils)


def _apart(sums: Sums, i: int, r: int, about: About) -> Iterator[Estimated]:
    false, years = sums.blocks["false"][:, i, r, 0].T, sums.years.T
    by_group = [ratio(a, b).value for a, b in zip(false, years, strict=False)]
    known = [v for v in by_group if v is not None]
    if len(known) < len(by_group):
        times = less = Estimate(None, why="nobody of some group was sampled")
    else:
        high, low = max(known), min(known)
        less = Estimate(high - low, why=BIASED)
        times = Estimate(high / low, why=BIASED) if low else Estimate(None, why="some group has no false flag")
    for id, estimate in zip(APART, (times, less), strict=True):
        yield sums.one(replace(about, id=id), estimate)


def _situations(sums: Sums, i: int, r: int, about: About) -> Iterator[Estimated]:
    found, lessons = sums.pooled["flags by situation"][:, i, r], sums.pooled["lessons"]
    for k, situation in enumerate(sums.layout.chain.situations):
        for at, id in enumerate(("flags_per_lesson", "false_flags_per_lesson")):
            yield from sums.ratios(replace(about, id=id, situation=situation), found[:, at, k], lessons[:, k])


def _variance(sums: Sums, i: int, r: int, about: About) -> Iterator[Estimated]:
    """What pupils' files differ from; only the deployed system read the same path twice."""
    blocks = sums.blocks
    moments = [blocks["strata"][:, None], blocks["last year"][:, i, r], blocks["second reading"][:, r]]
    sources = SOURCES if about.reader else (*SOURCES, *READINGS)

    def shares(m: Floats) -> Floats:
        return variance_shares(Moments(*np.moveaxis(m, -2, 0)), sums.layout.chain)[..., : len(sources)]

    found = jackknife(np.concatenate(moments, axis=1), shares, "pupils' flags do not differ")
    for source, estimate in zip(sources, found, strict=True):
        yield sums.one(replace(about, id="file_variance_share", source=source), estimate)


def _maps(sums: Sums, r: int, about: About) -> Iterator[Estimated]:
    if len(sums.layout.chain.situations) < 2:
        return

    def estimate(moments: Floats) -> Estimate:
        (found,) = jackknife(moments, lambda m: correlation(m)[..., None], "no pupil's map differs from another's")
        return found

    by_name = np.moveaxis(sums.pooled["map"][:, r], -1, 0)
    yield from sums.each(replace(about, id="map_reliability"), (estimate(m) for m in by_name))


def _by_state(sums: Sums, r: int, about: About) -> Iterator[Estimated]:
    flags = sums.pooled["flags by state"][:, r]
    for z, state in enumerate(sums.layout.chain.states):
        yield from sums.ratios(replace(about, id="flag_state_share", state=state), flags[:, z], flags.sum(axis=1))
