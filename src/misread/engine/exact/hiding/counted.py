"""Flags of one rule, counted where flags hide faces: the law of their number, night by night.

While pupils are still flagged for the first few times, what counts is carried level by level. Those who have been
flagged as often as counts are at rest: their days are alike, whatever comes.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.fft import irfft, rfft
from numpy.typing import NDArray

from misread.engine.chain import Chain, CompiledRule, Emissions
from misread.engine.chain.markov import Array
from misread.engine.exact import laws
from misread.engine.exact.hiding.nights import Nights, overnight
from misread.engine.exact.hiding.product import Memory, false_flags, lesson_laws, read_with
from misread.engine.exact.laws import Spectrum

Ints = NDArray[np.intp]


def quantiles(nights: Nights, rule: CompiledRule, kinds: Array, q: tuple[float, ...], draws: int) -> Array:
    """Quantiles of a rule's false flags in all years, for mixtures of kinds of pupils.

    Parameters
    ----------
    nights : Nights
        How flags hide faces.
    rule : CompiledRule
        The rule.
    kinds : ndarray, shape (points, kinds, mixtures)
        Shares of the kinds in each mixture; columns add to 1.
    q : tuple of float
        Probabilities.
    draws : int
        How many draws, from the first.

    Returns
    -------
    ndarray, shape (len(q), draws, mixtures)
        The smallest n with P(N ≤ n) ≥ q − `misread.engine.exact.laws.SLACK`.
    """
    at_rest = nights.at_rest(rule).false_counts
    at_rest = at_rest.reshape(-1, nights.chain.epochs, nights.chain.strata, at_rest.shape[-1])
    return np.stack([_of_a_draw(nights, rule, at_rest[i], kinds[i % len(kinds)], q, i) for i in range(draws)], axis=1)


def _of_a_draw(
    nights: Nights, rule: CompiledRule, at_rest: Array, kinds: Array, q: tuple[float, ...], draw: int
) -> Array:
    """Of one draw, given the law of a day's false flags at rest: shape (epochs, strata, counts)."""
    chain, moving = nights.chain, nights.moving
    most = at_rest.shape[-1] - 1
    after = np.add.outer(np.arange(most + 1), np.arange(rule.most_false + 1))
    # No day brings more than `most`.
    after[after > most] = -1
    steps = steps_of(nights, rule, draw, false_flags(rule.most_false), after)
    first, width, moved = _window(nights, at_rest, steps)
    length = laws.fast_length(width)
    if rule.notify:
        # Who is not at rest yet has no more false flags than flags that count.
        moved = min(moved, len(chain.masking) - 2 + most)
    short = min(length, laws.fast_length(moved + 1))
    still = laws.folded_transform(at_rest, length)

    def in_full(spectra: Spectrum) -> Spectrum:
        return spectra if short == length else rfft(irfft(spectra, short, axis=-1), length, axis=-1)

    def of_kind(kind: int) -> Spectrum:
        own = chain.kind == kind
        within = nights.within[draw % len(nights.within)][own, kind]
        # By seat, root of unity and level; and what has come to rest, by seat and root.
        law = np.zeros((len(within), short // 2 + 1, len(chain.masking)), dtype=complex)
        law[..., 0] = 1
        rested = np.zeros((len(within), length // 2 + 1), dtype=complex)
        for epoch, days in zip(chain.epoch, moving[kind], strict=True):
            law[:], rested[:] = np.tensordot(within, law, 1), within @ rested
            at_roots = np.moveaxis(laws.folded_transform(steps[epoch][own], short), -1, 1) if days else law[..., None]
            for _ in range(days):
                law = np.matmul(law[..., None, :], at_roots)[..., 0, :]
                rested = rested * still[epoch, own] + in_full(law[..., -1])
                law[..., -1] = 0
            if days < chain.days:
                rested = (rested + in_full(law.sum(axis=-1))) * laws.power(still[epoch, own], chain.days - days)
                law[:] = 0
        return np.asarray(within @ (rested + in_full(law.sum(axis=-1))))

    with ThreadPoolExecutor() as threads:
        spectra = np.stack(list(threads.map(of_kind, range(chain.kinds))))
    return laws.quantiles_of(kinds.T @ spectra, length, first, width, q)


def _window(nights: Nights, at_rest: Array, steps: dict[int, Array]) -> tuple[int, int, int]:
    """Where the false flags of all years lie: the first number, and how many; and the most before all are at rest."""
    chain, most = nights.chain, at_rest.shape[-1] - 1
    low, high, spread = np.zeros(2), np.zeros(2), np.zeros(2)
    for epoch, days in zip(chain.epoch, nights.moving.max(axis=0), strict=True):
        for i, law, many in (
            (0, steps[epoch].sum(axis=-2) if days else at_rest[epoch], days),
            (1, at_rest[epoch], chain.days - days),
        ):
            mean, variance = laws.moments(law)
            low[i] += many * mean.min()
            high[i] += many * mean.max()
            spread[i] += many * variance.max()
    days = int(nights.moving.max(axis=0).sum())
    start, size = laws.window((low.sum(), high.sum()), spread.sum(), most, chain.days * chain.years)
    before, more = laws.window((low[0], high[0]), spread[0], most, days)
    return int(start), int(size), int(before + more) - 1


def steps_of(nights: Nights, rule: CompiledRule, draw: int, memory: Memory, after: Ints) -> dict[int, Array]:
    """What a day does, in the epochs in which some pupils are not at rest.

    Parameters
    ----------
    nights, rule, draw
        Whose; which draw.
    memory : Memory
        What is kept of a lesson's flags.
    after : ndarray of int, shape (kept of a day, kept of a lesson)
        What is kept of both; -1 for what need not be followed.

    Returns
    -------
    dict
        Epoch → ndarray, shape (strata, levels, levels, kept of a day): from level to level overnight, and what is kept.
    """
    epochs = np.unique(nights.chain.epoch[nights.moving.any(axis=0)])
    chain, emission = only(nights.chain, nights.emission, draw, epochs)
    lesson = lesson_laws(chain, emission, read_with(nights.chain.rules, rule), rule, memory)
    by_count = np.ascontiguousarray(lesson.law.transpose(0, 1, 3, 2))
    _, _, levels, strata = lesson.shape
    # Compiled code loads when there is something for it to do.
    from misread.engine.exact.hiding.forward import days

    def of_some(some: Ints) -> Array:
        return days(lesson.start[some], by_count[some], lesson.told, lesson.kept, after, chain.lessons, levels - 1)

    with ThreadPoolExecutor() as threads:
        shares = np.array_split(np.arange(len(by_count)), 4 * (os.cpu_count() or 1))
        law = np.concatenate(list(threads.map(of_some, shares)))
    law = law.reshape(len(epochs), levels, strata, *law.shape[1:])
    return dict(zip(epochs.tolist(), overnight(law.transpose(0, 2, 1, 3, 4)), strict=True))


def only(chain: Chain, emission: Emissions, draw: int, epochs: Ints) -> tuple[Chain, Emissions]:
    """Some epochs of a chain, at one draw."""

    def of(table: Array, i: int) -> Array:
        return table[i : i + 1, epochs]

    point = draw % len(chain.start)
    own = replace(
        chain,
        start=of(chain.start, point),
        step=of(chain.step, point),
        gap=of(chain.gap, point),
        share=chain.share[point : point + 1],
    )
    return own, Emissions(of(emission.plain, draw), of(emission.masked, draw))
