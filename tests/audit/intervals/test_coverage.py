"""How often intervals hold the truth: what the study says is so, and stays so."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from benchmarks.coverage import groups, persons
from benchmarks.coverage.cell import averaged, holds, stream
from benchmarks.coverage.study import PARTS, kept, study
from tools.make_coverage_study import KEPT, PAGE, page, read

ENUMERATED = ("one proportion", "two groups", "rows")
NAMED = ("table", "case", "method")


@cache
def stored() -> dict[tuple[str, ...], dict[str, float]]:
    cells = json.loads(Path(KEPT).read_text(encoding="utf-8"))["cells"]
    return {tuple(cell[name] for name in NAMED): {k: v for k, v in cell.items() if k not in NAMED} for cell in cells}


def cover(table, method, *cases):
    return [
        figures["cover"]
        for (t, case, m), figures in stored().items()
        if (t, m) == (table, method) and (not cases or case in cases) and "cover" in figures
    ]


@pytest.mark.parametrize("part", ENUMERATED)
def test_enumerated_again(part):
    for cell in kept(study([part])):
        expected = stored()[tuple(cell[name] for name in NAMED)]
        assert {k: v for k, v in cell.items() if k not in NAMED} == pytest.approx(expected, abs=2e-4), cell


def test_two_groups_as_measured_elsewhere():
    # The same 49 pairs of rates, enumerated by another program: three decimals where it printed three.
    assert cover("difference", "newcombe") == pytest.approx([0.97, 0.96, 0.956, 0.958], abs=0.004)
    assert cover("difference", "newcombe", "10, 50", "50, 50") == pytest.approx([0.956, 0.958], abs=0.002)
    assert cover("difference", "newcombe-jeffreys", "50, 50") == pytest.approx([0.95], abs=0.002)
    assert cover("ratio", "mover-r") == pytest.approx([0.951, 0.957, 0.953, 0.957], abs=0.002)
    assert cover("ratio", "koopman", "20, 20", "50, 50") == pytest.approx([0.954, 0.954], abs=0.002)


def test_what_the_audit_promises():
    assert min(cover("one", "wilson")) > 0.94
    assert min(cover("one", "clopper-pearson")) > 0.95
    assert min(cover("difference", "newcombe") + cover("ratio", "mover-r")) > 0.95
    assert min(cover("persons", "wilson-persons")) > 0.91
    # Persons with unequal numbers of faces: never worse than with each counted as one, and mostly far better.
    evened = {
        case: figures for (t, case, m), figures in stored().items() if (t, m) == ("persons uneven", "wilson-persons")
    }
    counted = dict(zip(evened, cover("persons uneven", "each counted"), strict=True))
    assert "cover" not in evened.pop("one of 1,000, thirty of 10")
    assert all(figures["cover"] >= max(0.9, counted[case]) for case, figures in evened.items())
    assert evened["10 of 20"]["cover"] == counted["10 of 20"]
    assert min(cover("persons difference", "newcombe")) > 0.94
    assert min(cover("pooled", "pooled")) > 0.94
    assert min(cover("composed", "delta-persons") + cover("composed", "replicates-persons", "100 persons")) > 0.93
    for (table, case, method), figures in stored().items():
        if table == "range equal" and method == "pooled":
            assert figures["claims"] <= 0.05, case
        if table in ("range equal", "range persons") and method == "permutation":
            # 500 or 300 samples: two standard errors.
            assert figures["rejects"] <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300), case


def test_a_bootstrap_of_the_range_never_holds_it_where_groups_are_equal():
    rng, n = stream(7, 12), np.full(12, 100.0)
    covered = []
    for _ in range(60):
        x = rng.binomial(100, 0.7, 12).astype(float)
        again = np.ptp(rng.binomial(100, x / n, (300, 12)) / n, axis=1)
        covered.append((np.quantile(again, 0.025) <= 0, groups.of_all(*groups.wilson(x, n, level=0.9957))[0] <= 0))
    bootstrap, simultaneous = np.mean(covered, axis=0)
    assert bootstrap == 0
    assert simultaneous > 0.95


def test_persons_with_fresh_draws():
    # Other draws than the study's: 900 of each setting, ten persons. Standard error of a mean over nine: 0.003.
    rng = stream(11, 10)
    covers = {name: [] for name in ("naive", "wilson-persons")}
    for icc in persons.ALIKE:
        for p in persons.RATES:
            people = persons.beta_persons(rng, 900, 10, p, icc)
            for name, found in covers.items():
                found.append(holds(persons.CLOSED[name](people), p).mean())
    assert np.mean(covers["naive"]) == pytest.approx(cover("persons", "naive", "10 persons")[0], abs=0.015)
    assert np.mean(covers["wilson-persons"]) == pytest.approx(
        cover("persons", "wilson-persons", "10 persons")[0], abs=0.015
    )


def test_no_interval_holds_nothing():
    assert not holds((np.array([np.nan]), np.array([np.nan])), 0.5).any()
    cell = averaged("t", "c", "m", [1.0, 0.5], [0.2, 0.4])
    assert cell.figures == pytest.approx({"cover": 0.75, "worst": 0.5, "width": 0.3})


def test_the_page_has_the_figures():
    text = PAGE.read_text(encoding="utf-8")
    assert page(text, read()) == text
    with pytest.raises(ValueError, match="markers 'one'"):
        page(text.replace("made: one -->", "gone -->"), read())


@pytest.mark.long
@pytest.mark.parametrize("part", [part for part in PARTS if part not in ENUMERATED])
def test_simulated_again_with_another_seed(part):
    # Two runs of at least 300 samples differ by less than this; where several settings are averaged, by far less.
    for cell in kept(study([part], seed=2)):
        expected = stored()[tuple(cell[name] for name in NAMED)]
        for name in ("cover", "claims", "rejects"):
            if name in expected:
                assert cell[name] == pytest.approx(expected[name], abs=0.1), (name, cell)
