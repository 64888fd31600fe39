"""How many independent faces a row is worth, person by person in plain Python."""

from __future__ import annotations

import math
from collections import Counter, defaultdict

import numpy as np
from hypothesis import given
from scipy.special import betaincinv

from misread.audit.intervals.effective import effective
from misread.audit.table import CountTable, People
from misread.audit.written.worth import worth
from tests.audit.rates.made import EXPRESSIONS, LABELS, Row, rows, table_of
from tests.docs.pages import DOCS, table_after


def by_hand(faces):
    """Independent faces of some faces with the same truth, from the definition."""
    n, shares = len(faces), Counter(row.answer for row in faces)
    of = defaultdict(list)
    for row in faces:
        of[row.person].append(row.answer)
    k = len(faces) ** 2 / sum(len(said) ** 2 for said in of.values())
    p = {label: count / n for label, count in shares.items()}
    free = sum(q * (1 - q) for q in p.values())
    if len(of) < 5 or k < 2 or free < 1e-12:
        return min(n, k)
    spread = sum(
        k / (k - 1) * sum((said.count(label) - p[label] * len(said)) ** 2 for said in of.values()) / n**2 for label in p
    )
    return min(n, free / spread) if spread > 1e-15 else n


@given(rows())
def test_each_row_of_each_margin(given_rows):
    table = table_of(given_rows, persons=True)
    for columns in ((), ("age",), ("tone", "age")):
        margin = table.margin(*columns)
        found = worth(margin)
        for s in range(len(margin.strata)):
            names = margin.names(s)
            for e, expression in enumerate(EXPRESSIONS):
                inside = [
                    r for r in given_rows if r.truth == expression and all(getattr(r, c) == names[c] for c in names)
                ]
                assert found.n[s, e] == len(inside)
                assert found.k[s, e] == len({r.person for r in inside})
                expected = by_hand(inside) if inside else 0
                assert math.isclose(found.n_eff[s, e], expected, rel_tol=1e-9, abs_tol=1e-9)


def test_with_two_labels_it_is_the_design_effect_of_either():
    rng = np.random.default_rng(3)
    table = table_of(_two(rng), persons=True).margin()
    found = worth(table)
    e, at = EXPRESSIONS.index("joy"), LABELS.index("joy")
    one = effective(
        table.counts[0, e, at], found.n[0, e], found.xx[0, e, at], found.xn[0, e, at], found.nn[0, e], found.k[0, e]
    )
    assert found.n_eff[0, e] == np.float64(one) or math.isclose(found.n_eff[0, e], float(one), rel_tol=1e-12)


def _two(rng):
    return [
        Row("child", "dark", "joy", "joy" if rng.random() < 0.2 + 0.6 * (person % 2) else "none", person)
        for person in range(12)
        for _ in range(10)
    ]


def test_rows_without_persons_are_worth_their_faces_and_weights_less():
    faces = [Row("child", "dark", "joy", "joy", 0, weight) for weight in (1.0, 1.0, 4.0)]
    assert worth(table_of(faces).margin()).n_eff[0, EXPRESSIONS.index("joy")] == 6
    weighted = worth(table_of(faces, weighted=True).margin())
    assert math.isclose(weighted.n_eff[0, EXPRESSIONS.index("joy")], 36 / 18)
    assert weighted.k is None


SHARES = np.array([0.55, 0.15, 0.1, 0.08, 0.05, 0.04, 0.02, 0.01])


def covered(icc, persons, runs=300):
    """How often intervals of a row's eight shares hold the truth: with what the row is worth, and with its faces."""
    rng = np.random.default_rng([round(100 * icc), persons])
    labels = (*"abcdefg", "none")
    kept = np.zeros((2, 8))
    for _ in range(runs):
        own = rng.dirichlet(SHARES * (1 - icc) / icc, size=persons)
        counts = np.array([rng.multinomial(rng.integers(10, 31), p) for p in own])
        who, cell = np.nonzero(counts)
        nowhere = np.zeros(len(who), np.int32)
        people = People(nowhere, who.astype(np.int32), cell.astype(np.int32), counts[who, cell].astype(float), persons)
        whole = counts.sum(axis=0)[None, None].astype(float)
        table = CountTable(("a",), labels, (), (), np.zeros((1, 0), np.int32), whole, np.zeros((1, 8)), people=people)
        n = whole.sum()
        for i, worth_of in enumerate((float(worth(table).n_eff[0, 0]), n)):
            a = worth_of * whole[0, 0] / n + 0.5
            b = worth_of + 4 - a
            low, high = betaincinv(a, b, 0.025), betaincinv(a, b, 0.975)
            kept[i] += (low <= SHARES) & (high >= SHARES)
    return kept.mean(axis=1) / runs


def test_rows_drawn_with_what_they_are_worth_hold_the_truth_as_the_page_says():
    text = (DOCS / "audit" / "outputs.md").read_text(encoding="utf-8")
    rows = table_after(text, "coverage")
    assert len(rows) == 6
    for icc, persons, *shown in rows:
        found = covered(float(icc), int(persons))
        assert [f"{share:.2f}" for share in found] == shown
        assert found[0] >= 0.93
