"""Real answers, where they lie beside the repository: counted as the evidence catalogue has them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from misread import evidence
from misread.audit.reading import Ask, count
from misread.audit.table import from_matrix, same

DATA = Path(__file__).parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real answers is not here")


@pytest.mark.parametrize(("product", "id"), [("FACET", "M17"), ("AFFDEX", "M18")])
def test_two_products_are_the_matrices_of_the_catalogue(product, id):
    asked = Ask(truth="expression", prediction="prediction", groups=("product",), person="actor", unit="photographs")
    counted = count(DATA / "stoeckli2018_predictions.csv", asked)
    published = from_matrix(evidence.matrix(id))
    mine = counted.table.where({"product": product}).margin()
    for e, expression in enumerate(published.expressions):
        row = mine.expressions.index(expression)
        for label, n in zip(published.labels, published.counts[0, e], strict=True):
            found = mine.counts[0, row, mine.labels.index(label)] if label in mine.labels else 0
            assert found == n, (expression, label)
    assert counted.facts.persons == 90


def test_votes_of_raters_on_actors():
    options = ("anger", "disgust", "fear", "happiness", "neutral", "sadness")
    asked = Ask(truth="expression", votes=options, groups=("sex", "modality"), person="actor")
    counted = count(DATA / "cremad_votes.csv", asked)
    with (DATA / "cremad_votes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert counted.facts.rows == len(rows)
    hand = {}
    for row in rows:
        for option in options:
            key = row["sex"], row["modality"], row["expression"], option
            hand[key] = hand.get(key, 0) + int(row[option])
    table = counted.table
    for s in range(len(table.strata)):
        names = table.names(s)
        for e, expression in enumerate(table.expressions):
            for i, option in enumerate(table.labels[:-1]):
                assert table.counts[s, e, i] == hand[names["sex"], names["modality"], expression, option]
    assert table.people.k == 91


def test_ten_raters_on_faces():
    options = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")
    counted = count(DATA / "ferplus_votes.csv", Ask(votes=options, missing=("NF",)))
    votes = counted.votes
    assert votes.total == 35_887
    assert votes.options[-1] == "none"
    with (DATA / "ferplus_votes.csv").open(newline="") as file:
        total = np.array([[int(row[option]) for option in options] for row in csv.DictReader(file)]).sum(axis=0)
    order = [votes.options.index("none" if option == "NF" else option) for option in options]
    np.testing.assert_array_equal((votes.vectors * votes.count[:, None]).sum(axis=0)[order], total)
    assert counted.table.people is None


def test_a_part_at_a_time_gives_the_same():
    asked = Ask(truth="expression", prediction="prediction", groups=("product", "picture_set"))
    whole = count(DATA / "stoeckli2018_predictions.csv", asked).table
    import pyarrow.csv

    from misread.audit.table import add

    table = pyarrow.csv.read_csv(DATA / "stoeckli2018_predictions.csv")
    parts = [count(table.slice(start, 400), asked).table for start in range(0, 1_462, 400)]
    joined = parts[0]
    for part in parts[1:]:
        joined = add(joined, part)
    assert same(joined, whole)
