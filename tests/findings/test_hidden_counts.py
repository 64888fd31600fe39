"""Quantiles and marks where flags hide faces: by both engines, with intervals, and left to samples where too large."""

from __future__ import annotations

import numpy as np
import pytest

from misread.deployment import load
from misread.engine.exact.hiding import beyond
from misread.findings.reading import MARKS, QUANTILES
from misread.study.engines.agreement import agreement, as_rows
from misread.study.engines.both import Way, run
from misread.study.exact.run import needs_samples

from .test_enumerated import VIEWS
from .test_further import AGES, BRIEF, FEEDBACK, with_


@pytest.fixture
def hiding(tmp_path):
    """Pupils whose faces flags hide, on seats and at ages that differ; days and years as they are asked for."""

    def of(days, years, *tables, replaced=("", "")):
        text = (
            with_(BRIEF, FEEDBACK, *tables).replace(*replaced).replace("days_per_year = 2", f"days_per_year = {days}")
        )
        path = tmp_path / "hiding.toml"
        path.write_text(text.replace("school_years = 2", f"school_years = {years}").replace("flags = 3", "flags = 6"))
        return load(path)

    return of


def deployed(findings, ids):
    return {(f.id, f.rule, f.group, f.mark): f for f in findings if f.id in ids and not f.reader}


@pytest.mark.parametrize(("days", "years"), [(5, 4), (60, 3)])
def test_the_engines_agree(hiding, days, years):
    found = agreement(hiding(days, years, VIEWS, AGES), schools=200)
    assert found.holds, [row for row in as_rows(found) if not row["agree"]]
    held = deployed([row.exact for row in found.rows if row.z is not None], (*QUANTILES, *MARKS))
    assert {id for id, *_ in held} == {*QUANTILES, *MARKS}
    assert len(held) > 10


def test_nothing_is_left_to_samples(hiding):
    deployment = hiding(5, 2)
    assert list(needs_samples(deployment)) == []
    found = run(deployment, Way(draws=0)).findings
    assert found.engine == "exact"
    rows = deployed(found, (*QUANTILES, *MARKS))
    # Four rules, two marks, two groups and all.
    assert len(rows) == 3 * (3 * 4 + 2 * 2)
    assert {f.se for f in rows.values()} == {None}


def test_intervals_are_of_draws_through_the_nights(hiding):
    unsure = ("sad = { neutral = 0.4, sad = 0.6 }", "sad = { neutral = 0.4, sad = 0.6 }\nfaces_per_row = 30")
    found = run(hiding(5, 2, replaced=unsure), Way(draws=39)).findings
    alone = run(hiding(5, 2), Way(draws=0)).findings
    rows, sure = (deployed(f, (*QUANTILES, *MARKS)) for f in (found, alone))
    assert {k: f.value for k, f in rows.items()} == {k: f.value for k, f in sure.items()}
    for (id, _, group, _), f in rows.items():
        if id == "p_mark" and group == "most":
            assert 0 < f.low < f.value < f.high < 1
        elif f.low is not None:
            assert f.low <= f.high


@pytest.mark.parametrize(("what", "left"), [("LIMIT", (*QUANTILES, *MARKS)), ("LONG", MARKS)])
def test_what_is_too_large_is_sampled(hiding, monkeypatch, what, left):
    deployment = hiding(5, 2)
    whole = run(deployment, Way(draws=0)).findings
    monkeypatch.setattr(beyond, what, 0)
    words = list(needs_samples(deployment))
    assert all("too large to follow night by night" in w for w in words)
    assert sum("mark 'resistant'" in w for w in words) == 1
    assert sum("quantiles of false flags of the rule 'unmoved'" in w for w in words) == (what == "LIMIT")
    exact = run(deployment, Way("exact", draws=0))
    assert exact.left_out == tuple(words)
    assert not deployed(exact.findings, left)
    both = run(deployment, Way(draws=0, schools=3)).findings
    assert both.engine == "both"
    sampled = deployed(both, left)
    assert sampled.keys() == deployed(whole, left).keys()
    assert all(f.n for f in sampled.values())
    # All else is what it was.
    rest = [f for f in exact.findings if f.id not in left or f.reader]
    assert rest == [f for f in whole if f.id not in left or f.reader]
    assert np.isin(left, [f.id for f in whole]).all()
