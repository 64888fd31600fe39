"""An outside oracle: hmmlearn's likelihood of a sequence of labels."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hmmlearn.hmm import CategoricalHMM

from misread.deployment import load, resolve_profiles
from misread.engine.chain import compile_chain
from misread.engine.exact.day import solve
from tests.deployment.samples import SMALL

from .chains import chain, compiled, near, rates, tables


def model(start, step, emission):
    hmm = CategoricalHMM(n_components=len(start))
    hmm.startprob_, hmm.transmat_, hmm.emissionprob_ = start, step, emission
    return hmm


def likelihood(hmm, labels):
    return float(np.exp(hmm.score(np.asarray(labels)[:, None])))


def test_one_of_one_without_flag_is_the_forward_algorithm():
    rng = np.random.default_rng(5)
    m, looks = 4, 30
    rule = compiled(("k", 1, 1), np.zeros(m, bool), looks)
    c = chain(rates(rng, m), rng.uniform(0.01, 0.2, (1, m)), rule, looks, 1)
    hmm = model(*tables(c)[:2], c.emission.plain[0, 0, 0, 0])
    d = solve(c, rule, c.emission)
    assert near(d.false_counts[0, 0], likelihood(hmm, [0] * looks))


@pytest.mark.parametrize("flag", [("k", 2, 3), ("k", 3, 3), ("share", 0.5)], ids=str)
def test_every_sequence_of_hits(flag):
    # P(a flag) is the sum of hmmlearn's likelihoods over the sequences that flag.
    rng = np.random.default_rng(6)
    rule = compiled(flag, np.zeros(3, bool), 6)
    c = chain(rates(rng, 3), rng.uniform(0.1, 0.8, (1, 3)), rule, 6, 1)
    hmm, total = model(*tables(c)[:2], c.emission.plain[0, 0, 0, 0]), 0.0
    for hits in itertools.product((0, 1), repeat=6):
        if flag[0] == "share":
            flags = sum(hits) > 3
        else:
            flags = any(sum(hits[max(0, t - flag[2] + 1) : t + 1]) >= flag[1] for t in range(6))
        total += flags * likelihood(hmm, hits)
    assert near(solve(c, rule, c.emission).any_false[0], total)


def test_the_tables_of_a_file(tmp_path):
    path = tmp_path / "school.toml"
    path.write_text(SMALL.replace('flag = "3 of last 6"', 'flag = "1 of last 1"'))
    deployment = load(path)
    c = replace(compile_chain(deployment, resolve_profiles(deployment)), lessons=1)
    d = solve(c, c.rules[0], c.emission)
    sad = c.labels.index("sad")
    for s in range(2):
        hit = c.emission.plain[0, 0, s, 0, :, sad]
        hits = np.stack([1 - hit, hit], axis=1)
        never = likelihood(model(*tables(c, s)[:2], hits), [0] * c.looks)
        assert near(d.no_false[s] - d.only_true[s], never, rel=1e-10)
