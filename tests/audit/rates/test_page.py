"""The figures of docs/audit/statistics.md, worked out again from the counts that stand on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score

from misread.audit.rates import composites, confusion, differences, precision_at, rates
from misread.audit.rates.composed.sums import STATISTICS
from misread.audit.table import CountTable
from tests.audit.rates.made import Row, table_of

PAGE = (Path(__file__).resolve().parents[3] / "docs/audit/statistics.md").read_text(encoding="utf-8")
WORDS = ("anger", "fear", "joy")


def tables() -> list[list[dict[str, str]]]:
    """Every table of the page, a dictionary a row."""
    found: list[list[dict[str, str]]] = []
    head: list[str] = []
    for line in PAGE.splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            head = []
        elif not head:
            head = cells
            found.append([])
        elif set(line) - set("|-"):
            found[-1].append(dict(zip(head, cells, strict=True)))
    return found


def with_head(*names: str) -> list[list[dict[str, str]]]:
    return [table for table in tables() if table and tuple(table[0]) == names]


@pytest.fixture(scope="module")
def table() -> CountTable:
    counts = [[[float(row[w]) for w in (*WORDS, "none")] for row in t] for t in with_head("shows", *WORDS, "none")]
    assert len(counts) == 2
    strata = np.array([[0], [1]], np.int32)
    return CountTable(
        WORDS, (*WORDS, "none"), ("light",), (("dim", "day"),), strata, np.array(counts), np.zeros((2, 4))
    )


def same(printed: str, value: float | None, places: int = 3) -> bool:
    return printed == ("" if value is None else f"{value:.{places}f}".replace("-", "−"))


def test_rates_and_composites(table):
    (printed,) = with_head("statistic", "expression", "label", "hits", "of", "value", "low", "high")
    whole = table.margin()
    every = {(e.statistic, e.expression or "", e.label or ""): e for e in (*rates(whole), *composites(whole))}
    assert {row["statistic"] for row in printed} == {e.statistic for e in every.values()}
    for row in printed:
        found = every[row["statistic"], row["expression"], row["label"]]
        assert same(row["hits"], found.hits, 0)
        assert same(row["of"], found.n, 0)
        for name in ("value", "low", "high"):
            assert same(row[name], getattr(found, name)), (row, found)


def test_other_figures_of_the_same_name(table):
    counts = table.margin().counts[0].astype(int)
    truth, said = np.repeat(np.indices(counts.shape).reshape(2, -1), counts.ravel(), axis=1)
    every, labelled = (f1_score(truth, said, labels=labels, average="macro") for labels in (None, range(3)))
    assert f"{every:.3f} instead of {labelled:.3f} for the table" in " ".join(PAGE.split())
    assert labelled == pytest.approx(composites(table.margin()).value[0, STATISTICS.index("macro_f1")])
    # "Whoever leaves faces without an answer out gets a higher kappa"
    answered = said < 3
    assert cohen_kappa_score(truth[answered], said[answered]) > cohen_kappa_score(truth, said)


def test_the_row_that_is_drawn(table):
    (printed,) = with_head("expression", "label", "value", "low", "high")
    found = confusion(table.margin(), interval="dirichlet")
    assert len(printed) == 4
    for row in printed:
        estimate = found.find(0, "confusion", row["expression"], row["label"])
        assert all(same(row[name], getattr(estimate, name)) for name in ("value", "low", "high"))


def test_dim_light_beside_day(table):
    (printed,) = with_head(
        "statistic", "expression", "label", "dim", "day", "difference", "low", "high", "ratio", "from", "to"
    )
    names = ["value", "against_value", "difference", "low", "high", "ratio", "ratio_low", "ratio_high"]
    for row in printed:
        (found,) = differences(
            table,
            row["statistic"],
            expression=row["expression"] or None,
            label=row["label"] or None,
            between="light",
            against="day",
        )
        assert all(
            same(cell, getattr(found, name)) for cell, name in zip(list(row.values())[3:], names, strict=True)
        ), row
        assert found.low < 0 < found.high  # as the page says


def test_precision_at(table):
    (printed,) = with_head("this share is", "value", "low", "high")
    found = rates(table.margin())
    for row in printed:
        (estimate,) = precision_at(found, {"anger": float(row["this share is"])})
        assert all(same(row[name], getattr(estimate, name)) for name in ("value", "low", "high"))
    assert round(100 * (1 - float(printed[0]["value"]))) == 94
    assert "94 of\n100 answers" in PAGE
    assert table.counts[:, 0].sum() / table.total == 0.3


def test_persons():
    (given,) = [t for t in tables() if t and "person" in t[0]]
    hits = [int(given[0][str(person)]) for person in range(1, 11)]
    faces = [
        Row("child", "dark", "joy", "joy" if i < x else "none", person)
        for person, x in enumerate(hits)
        for i in range(4)
    ]
    (printed,) = with_head("faces taken as", "value", "low", "high", "n_eff")
    for row, persons in zip(printed, (False, True), strict=True):
        found = rates(table_of(faces, persons=persons)).find(0, "recall", "joy")
        assert all(same(row[name], getattr(found, name)) for name in ("value", "low", "high"))
        assert same(row["n_eff"], found.n_eff, 1)
    squares = sum((x - 4 * sum(hits) / 40) ** 2 for x in hits)
    assert f"= {squares:.1f}, so v = 10/9 · 20.4/40² = {10 / 9 * squares / 1600:.5f}" in PAGE.replace("\n", " ")


def test_every_statistic_has_its_definition(table):
    defined = {row["statistic"] for t in tables() if t and "statistic" in t[0] and len(t[0]) in (2, 4) for row in t}
    assert defined == {e.statistic for e in rates(table)} | set(STATISTICS)
