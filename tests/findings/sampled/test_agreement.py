"""Schools that were simulated, against the exact engine: the whole table within what chance allows."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest
import tomli_w

from misread.deployment import load
from misread.engine.sampled.simulate import simulate
from misread.engine.sampled.tables import tables_of
from misread.findings.about import KEYS
from misread.findings.sampled import Layout, findings, tally
from misread.study.exact.run import measured

from .schools import EVERYTHING, everything

SCHOOLS = 120


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """Rows of the sampled engine with the exact engine's, where nothing couples pupils."""
    tables = tomllib.loads(EVERYTHING)
    tables["rules"].pop()
    tables["file"]["marks"].pop()
    for key in ("feedback", "decisions"):
        tables.pop(key)
    tables["population"]["schools"] = SCHOOLS
    folder = tmp_path_factory.mktemp("agreement")
    chain, deployment = everything(folder, tomli_w.dumps(tables))
    cut = tables_of(chain, deployment)
    matrix = np.stack([tally(simulate(cut, 5, s), chain, deployment) for s in range(SCHOOLS)])

    def by_key(found):
        return {(f.id, f.rule, f.group, *(getattr(f, k) for k in KEYS)): f for f in found}

    exact = by_key(measured(load(folder / "everything.toml"), draws=0).findings)
    sampled = by_key(findings(Layout.of(chain, deployment), matrix))
    return [(sampled[key], row) for key, row in exact.items()]


def test_means_and_shares_agree(pairs):
    known = [(s, e) for s, e in pairs if s.se and e.value is not None and not s.id.startswith("false_flags_end")]
    z = np.array([(s.value - e.value) / s.se for s, e in known])
    worst = known[int(np.abs(z).argmax())]
    assert np.abs(z).max() < 4.5, worst
    # Neither too far apart nor, which a standard error too large would make, too near.
    assert 0.4 < np.mean(z**2) < 1.8
    assert len(known) > 300


def test_quantiles_agree_to_one_count(pairs):
    ends = [(s, e) for s, e in pairs if s.id.startswith("false_flags_end")]
    assert all(abs(s.value - e.value) <= max(1, 4.5 * (s.se or 0)) for s, e in ends)
    assert len(ends) == 3 * 2 * 2 * 3


def test_what_came_out_alike_is_so_or_nearly(pairs):
    """Without a standard error: certain, or so rare that no school sampled showed it."""
    alike = [(s, e) for s, e in pairs if not s.se and s.value is not None and not s.id.startswith("di")]
    for s, e in alike:
        if not s.id.startswith("false_flags_end"):
            assert s.value == pytest.approx(e.value, abs=2e-3, rel=1e-12), s
