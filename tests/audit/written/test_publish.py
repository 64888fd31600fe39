"""What a publication tells beside its counts: figures that follow from them, and nothing of few persons."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.audit.rates import measures, rates
from misread.audit.rates.masks import cells
from misread.audit.reading import Ask, Counted, Facts, count
from misread.audit.result import Audit
from misread.audit.written.build import write
from misread.audit.written.publication.publish import Part, publish, published
from misread.audit.written.publication.suppress import suppress
from misread.errors import MisreadError
from tests.audit.rates.made import rows, table_of


def audit_of(table, persons=None):
    facts = Facts("made", "csv", bytes=1, rows=int(table.total), persons=persons)
    return Audit(Counted(table, facts=facts), permutations=99, replicates=100)


@given(rows(150))
@settings(max_examples=10)
def test_no_figure_tells_more_than_the_counts_do(faces):
    """Counts a figure is made of lie in the span of those that are published: it adds no equation."""
    table = table_of(faces)
    margins = [(), *((column,) for column in table.columns)]
    left_out = suppress(table, margins)
    for columns in margins:
        gaps = (left_out.cells, left_out.totals, left_out.untold, left_out.hidden)
        part = Part(table.margin(*columns), *(each[columns] for each in gaps))
        S, E, L = part.table.counts.shape
        for s in range(S):
            known = [np.eye(E * L)[c] for c in np.flatnonzero(~part.cells[s].reshape(-1))]
            known += [np.repeat(np.eye(E)[e], L) for e in range(E) if not part.totals[s, e]]
            span = np.array(known).reshape(-1, E * L)
            rank = np.linalg.matrix_rank(span) if len(span) else 0
            told = [m for m in (*measures(part.table), *cells(part.table)) if published(part, s, m)]
            more = [mask.reshape(-1).astype(float) for m in told for mask in (m.hits, m.of)]
            assert np.linalg.matrix_rank(np.vstack([span, *more])) == rank if more else True
            if not part.cells[s].any():
                assert published(part, s, None)


@pytest.fixture(scope="module")
def handed_on(found, written):
    """The files of a publication, as rows."""
    files = publish(found.table, written, "misread audit x")
    return files, {n: list(csv.DictReader(io.StringIO(t))) for n, t in files.items() if n.endswith(".csv")}


def test_crossings_are_left_out(handed_on):
    _, tables = handed_on
    for name in ("counts.csv", "estimates.csv"):
        assert not [row for row in tables[name] if row["group_age"] and row["group_sex"]]
        assert {bool(row["group_age"]) for row in tables[name]} == {True, False}


def test_values_are_those_of_the_audit_rounded(handed_on, written):
    _, tables = handed_on
    by_key = {
        (e.statistic, e.expression or "", e.label or "", tuple(v for _, v in e.group)): e for e in written.estimates
    }
    for row in tables["estimates.csv"]:
        group = tuple(row[name] for name in ("group_age", "group_sex") if row[name])
        found = by_key[row["statistic"], row["expression"], row["label"], group]
        assert row["value"] == ("" if found.value is None else str(round(found.value, 3)))


def test_where_a_group_has_few_persons_nobody_is_told_how_many():
    rng = np.random.default_rng(5)
    audit = audit_of(table_of(list(_faces(rng, dark=12, light=3)), persons=True), persons=15)
    files = publish(audit.table, write(audit), "x")
    told = list(csv.DictReader(io.StringIO(files["estimates.csv"])))
    assert {row["group_tone"] for row in told} == {"", "dark + (few)"}
    assert {row["persons"] for row in told if row["statistic"] == "accuracy"} == {"15"}
    enough = audit_of(table_of(list(_faces(rng, dark=12, light=9)), persons=True), persons=21)
    files = publish(enough.table, write(enough), "x")
    told = list(csv.DictReader(io.StringIO(files["estimates.csv"])))
    assert {row["persons"] for row in told if row["statistic"] == "accuracy"} == {"21", "12", "9"}


def _faces(rng, dark, light):
    from tests.audit.rates.made import Row

    for person in range(dark + light):
        tone = "dark" if person < dark else "light"
        for face in range(40):
            truth = ("anger", "joy")[face % 2]
            answer = truth if rng.random() < 0.6 else ("joy", "anger")[face % 2]
            yield Row("child", tone, truth, answer, person)


def test_differences_are_between_levels_that_are_all_told(handed_on):
    _, tables = handed_on
    told = {
        (row["statistic"], row["expression"], row["label"], column, row[f"group_{column}"])
        for row in tables["estimates.csv"]
        for column in ("age", "sex")
        if row[f"group_{column}"]
    }
    levels = {"age": ("6-8", "9-12", "13-15"), "sex": ("f", "m")}
    assert tables["differences.csv"]
    for row in tables["differences.csv"]:
        for level in levels[row["column"]]:
            assert (row["statistic"], row["expression"], row["label"], row["column"], level) in told


def test_it_says_what_is_left_out(handed_on):
    files, tables = handed_on
    small = sum(row["count"] == "<5" for row in tables["counts.csv"])
    others = sum(row["count"] == "x" for row in tables["counts.csv"])
    assert small
    assert f"What is left out: {small:,} counts" in files["README.md"] or others
    assert set(files) == {"counts.csv", "estimates.csv", "differences.csv", "README.md"}


@given(st.integers(0, 5))
def test_weights_are_refused(seed):
    rng = np.random.default_rng(seed)
    table = table_of(list(_faces(rng, 5, 5)), weighted=True)
    with pytest.raises(MisreadError, match="Rows have weights"):
        publish(table, SimpleNamespace(), "x")
    assert rates(table) is not None


def test_with_votes_alone_there_is_nothing_to_publish(tmp_path):
    path = tmp_path / "votes.csv"
    path.write_text("anger,joy\n" + "3,1\n0,4\n" * 20)
    audit = Audit(count(path, Ask(votes=("anger", "joy"))))
    with pytest.raises(MisreadError, match="Only votes are known"):
        publish(audit.table, write(audit), "x")
