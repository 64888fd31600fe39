"""What `misread audit --methods` tells: ids that are used exist, and what is said of coverage was measured."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.coverage.composed import drawn, table_of

from misread.audit.intervals.methods import DEFAULTS, METHODS
from misread.audit.rates import composites, confusion, rates

ROOT = Path(__file__).resolve().parents[3]
CELLS = json.loads((ROOT / "docs" / "audit" / "coverage.json").read_text(encoding="utf-8"))["cells"]


def figures(table: str, method: str, figure: str = "cover", places: int = 3, cases: tuple[str, ...] = ()) -> list[str]:
    """What the study has, as it is written."""
    found = [c for c in CELLS if c["table"] == table and c["method"] == method and (not cases or c["case"] in cases)]
    assert found, (table, method, cases)
    return [f"{c[figure]:.{places}f}".removeprefix("0") for c in found]


def said(*args, **kwargs) -> str:
    return ", ".join(figures(*args, **kwargs))


def extremes(*args, **kwargs) -> str:
    values = sorted(figures(*args, **kwargs))
    return f"{values[0]} to {values[-1]}"


ALIKE = ("10, 10", "20, 20", "50, 50")
EARLY = ("5 persons", "10 persons", "20 persons")
FACES = ("n = 30", "n = 100", "n = 300", "n = 1,000", "n = 10,000")
SAID = {
    "wilson": [said("one", "wilson"), said("one", "wald")],
    "wilson-persons": [
        *(said("persons", name) for name in ("wilson-persons", "naive", "bootstrap")),
        f"have 10 it is {said('persons uneven', 'wilson-persons', cases=('one of 100, thirty of 10',))}, and "
        f"{said('persons uneven', 'each counted', cases=('one of 100, thirty of 10',))} with k",
    ],
    "newcombe": [
        said("difference", "newcombe", cases=ALIKE),
        f"a difference in {said('persons difference', 'newcombe', 'claims', 2, ('15, 15',))} of",
        f"independent in {said('persons difference', 'naive', 'claims', 2, ('15, 15',))}",
    ],
    "mover-r": [said("ratio", name, cases=ALIKE) for name in ("mover-r", "koopman")],
    "beta-binomial": [
        said("persons", "beta-binomial", cases=EARLY),
        f"it is {said('persons split', 'beta-binomial', cases=('60 persons',))} with 60",
        f"and {said('persons split', 'wilson-persons', cases=('60 persons',))} for wilson-persons",
    ],
    "dirichlet": [
        f"truth in {said('row', 'dirichlet 0.5', cases=('n = 10',))} on average",
        f"a cell in {said('row', 'dirichlet 1', cases=('n = 10',))};",
        f"in {said('row', 'dirichlet 0.5', 'worst', 2, ('n = 10',))} only",
    ],
    "permutation": [
        f"in {extremes('range equal', 'permutation', 'rejects', 2)} of samples",
        f"persons in {extremes('range persons', 'permutation', 'rejects', 2)},",
        f"in {extremes('range persons', 'faces permuted', 'rejects', 2)} when faces",
    ],
    "pooled": [
        said("pooled", "pooled"),
        said("pooled", "pooled", "picked", 2),
        f"raw: {said('pooled', 'wilson', 'picked', 2)}",
    ],
    "delta-persons": [said("composed", "delta-persons")],
    "replicates-persons": [said("composed", "replicates-persons")],
    "calibration-null": [
        said("calibration", "calibration-null", "error", cases=("n = 30", "n = 100", "n = 1,000")),
        extremes("calibration", "calibration-null", "rejects", cases=FACES),
    ],
}


@pytest.mark.parametrize("name", SAID)
def test_coverage_that_is_named_was_measured(name):
    why = METHODS[name].why
    for part in SAID[name]:
        assert part in why, part
    # And no figure besides: every number of the sentence is one of those.
    assert set(re.findall(r"\.\d{2,3}\b", why)) <= {n for part in SAID[name] for n in re.findall(r"\.\d{2,3}", part)} | {
        ".02", ".50"
    }  # fmt: skip


def test_what_is_said_without_a_figure_of_its_own():
    named = set(SAID) | {"sidak"}
    assert not [m.id for m in METHODS.values() if re.search(r"\.\d{2,3}\b", m.why) and m.id not in named]
    # sidak: .99 or more everywhere, and no gap claimed.
    simultaneous = [c for c in CELLS if c["method"] == "simultaneous"]
    assert all(c["cover"] >= 0.99 for c in simultaneous)
    assert all(c["claims"] == 0 for c in simultaneous if c["table"] == "range equal")
    # pooled: a bootstrap of the range never holds it from six equal groups on.
    assert all(
        c["cover"] == 0
        for c in CELLS
        if c["table"] == "range equal" and c["method"] == "bootstrap" and c["case"] != "2 × 20"
    )


def test_every_method_that_is_named_is_there():
    assert list(METHODS) == [m.id for m in METHODS.values()]
    for default in DEFAULTS:
        assert {default.rows, default.persons} <= set(METHODS)
        for word in re.findall(r"([a-z-]+):", default.beside):
            assert word in METHODS, word


@pytest.mark.parametrize("kind", ["rows", "persons", "few persons", "weights"])
def test_every_method_that_estimates_name_is_there(kind):
    counts = drawn(np.random.default_rng(1), 40 if kind == "persons" else 8)
    table = table_of(counts)
    if kind in ("rows", "weights"):
        table = replace(table, people=None, squares=table.counts * 2 if kind == "weights" else None)
    made = [*rates(table), *confusion(table, interval="dirichlet"), *composites(table, replicates=200)]
    assert {estimate.method for estimate in made} <= set(METHODS)


@pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
def test_every_method_says_everything(method):
    for part in (method.name, method.formula, method.where_used, method.why, method.source):
        assert part.strip() == part != ""
    assert method.why[0].isupper()
    assert method.why.endswith(".")
    assert re.search(r"\d{4}|as [a-z]", method.source)


def test_no_method_is_named_that_nothing_uses():
    sources = (path for path in (ROOT / "src" / "misread").rglob("*.py") if path.name != "methods.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    # Of clusters, ids are put together: what is computed, and whose faces.
    made = {f"{kind}-{whose}" for kind in ("wilson", "linear") for whose in ("faces", "persons")}
    assert 'method=f"{kind}-{whose}"' in text
    assert [id for id in METHODS if f'"{id}"' not in text and id not in made] == []
