"""Entries of the catalogue that are counts of these files, from the audit; and each from the rows, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from misread import evidence
from misread.audit.agreement import between
from misread.audit.table import from_matrix
from tests.audit.real.files import ACTED, DATA, LONG, WORDS, by_person, clips, of_clips, of_product, of_raters
from tests.audit.real.tables import evidence_rows

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real answers is not here")
ENTRIES = evidence.catalogue()


def by_hand(id, name):
    """Share of votes, from the rows."""
    column = "sex" if name in ("men", "women") else "race"
    hits = n = 0
    for row in clips(known=column == "race").to_pylist():
        if row[column] != LONG[name] or (id == "E07" and row["expression"] != "neutral"):
            continue
        if id == "E08" and row["expression"] == "anger":
            continue
        hits += row[row["expression"] if id == "E09" else "anger"]
        n += sum(row[word] for word in ACTED)
    return hits, n


def test_votes_by_who_acted():
    seen = []
    for id, figure, found in evidence_rows():
        name = figure.name.split(" (")[0]
        hits, n = by_hand(id, name)
        assert (found.hits, found.n) == (hits, n)
        assert found.value == pytest.approx(hits / n, abs=1e-12)
        assert 100 * found.value == pytest.approx(figure.value, abs=0.0501), (id, name)
        assert figure.n in (None, n)
        seen.append((id, name))
    assert len(seen) == len(set(seen)) == 14


def test_intervals_hold_those_of_actors_drawn_again():
    """Two methods: the upper ends part where there are few actors, which the percentile bootstrap takes too lightly."""
    for id, figure, found in evidence_rows():
        low, high = 100 * found.low, 100 * found.high
        assert low < figure.value < high
        if figure.low is not None:
            few = found.persons < 20
            assert low == pytest.approx(figure.low, abs=0.15), id
            assert figure.high - 0.05 <= high <= figure.high + (3.5 if few else 0.5), id
            assert (high - low) / (figure.high - figure.low) > (1.4 if few else 0.97), id


def test_accuracy_of_silent_clips():
    figure = next(f for f in ENTRIES["A16"].figures if f.name == "silent")
    found = of_clips().overall.of("accuracy")[0]
    assert found.n == figure.n
    assert 100 * found.value == pytest.approx(figure.value, abs=0.0501)
    assert found.persons == 91


@pytest.mark.parametrize(("word", "name"), [("anger", "anger"), ("sadness", "sad"), ("disgust", "disgust")])
def test_neutral_faces_differ(word, name):
    printed = {figure.name: figure.value for figure in ENTRIES["H05"].figures}
    audit = of_clips()
    votes = by_person(audit, "neutral")
    hits, n = votes[:, audit.table.labels.index(word)], votes.sum(axis=1)
    found = between(hits, n)
    # The entry's own way of taking the noise out is not stated: a tenth of a point is left.
    assert 100 * found.mean == pytest.approx(printed[f"{name}, mean"], abs=0.11)
    assert 100 * found.sd == pytest.approx(printed[f"{name}, SD between actors"], abs=0.11)
    ends = 100 * np.array([min(hits / n), max(hits / n)])
    assert f"{ends[0]:.0f} to {ends[1]:.0f} %" == printed[f"{name}, range"]
    assert len(n) == 91


def test_the_neutral_face_itself():
    votes = by_person(of_clips(), "neutral")
    shares = 100 * votes[:, of_clips().table.labels.index("neutral")] / votes.sum(axis=1)
    printed = next(f.value for f in ENTRIES["H05"].figures if f.name == "neutral itself, range")
    assert f"{shares.min():.0f} to {shares.max():.0f} %" == printed


@pytest.mark.parametrize(("product", "id"), [("FACET", "M17"), ("AFFDEX", "M18")])
def test_products_cell_by_cell(product, id):
    published, audit = from_matrix(evidence.matrix(id)), of_product(product)
    found = {(e.expression, e.label): e for e in audit.confusion() if e.statistic == "confusion"}
    seen = 0
    for expression, cells in zip(published.expressions, published.counts[0], strict=True):
        for label, hits in zip(published.labels, cells, strict=True):
            if (expression, label) not in found:
                assert hits == 0, (expression, label)
                continue
            mine = found[expression, label]
            assert (mine.hits, mine.n) == (hits, cells.sum()), (expression, label)
            assert mine.value == pytest.approx(hits / cells.sum(), abs=1e-12)
            seen += 1
    assert seen >= len(published.expressions) * 8
    assert audit.facts.persons == 90
    # Rows that the entry leaves out are all that the audit has besides.
    more = {e for e, _ in found} - set(published.expressions)
    assert more == (set() if id == "M17" else {"pride", "embarrassment"})


def test_what_raters_agree_on():
    ceiling = of_raters().ceiling
    asked = [(name, None) for name in ("leave_one_out", "commonest_share", "rater_pairs", "unanimous")]
    asked += [("fleiss_kappa", None), ("krippendorff_alpha", None)]
    asked += [("leave_one_out", word) for word in WORDS]
    entry = ENTRIES["A40"]
    assert len(entry.figures) == len(asked)
    for (statistic, word), figure in zip(asked, entry.figures, strict=True):
        found = ceiling.find(statistic, word)
        scale, half = (100, 0.0501) if figure.unit == "%" else (1, 0.000501)
        assert word is None or figure.name.endswith(word)
        for mine, printed in zip(
            (found.value, found.low, found.high), (figure.value, figure.low, figure.high), strict=True
        ):
            assert scale * mine == pytest.approx(printed, abs=half), figure.name
    assert ceiling.faces == entry.units == 35_711
    assert ceiling.unanimous.n * ceiling.unanimous.value == pytest.approx(9_323)
    assert "first figure is 70.2" in " ".join(entry.notes)
