"""The figures of docs/audit/worked.md, from the files again; each hand count goes over the rows."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import misread

DATA = Path(__file__).parents[4] / "shared" / "data"
PAGE = (Path(__file__).parents[3] / "docs" / "audit" / "worked.md").read_text(encoding="utf-8")
OPTIONS = ("anger", "disgust", "fear", "happiness", "neutral", "sadness")
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real answers is not here")


@pytest.fixture(scope="module")
def silent(tmp_path_factory):
    """The votes on silent clips, as the page's first line of shell picks them."""
    with (DATA / "cremad_votes.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["modality"] == "face"]
    path = tmp_path_factory.mktemp("clips") / "face.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path, rows


def told(estimate):
    return f"{100 * estimate.value:.1f} % ({100 * estimate.low:.1f} to {100 * estimate.high:.1f} %)"


def accuracy(audit):
    return next(one for one in audit.overall if one.statistic == "accuracy")


def test_persons_against_rows(silent):
    path, rows = silent
    plain = accuracy(misread.audit(path, truth="expression", votes=OPTIONS))
    persons = accuracy(misread.audit(path, truth="expression", votes=OPTIONS, person="actor"))
    right = sum(int(row[row["expression"]]) for row in rows)
    votes = sum(int(row[option]) for row in rows for option in OPTIONS)
    assert plain.value == persons.value == pytest.approx(right / votes, abs=1e-12)
    assert told(plain) in PAGE
    assert told(persons) in PAGE


@pytest.mark.parametrize("column", ["race", "sex"])
def test_who_acted(silent, column):
    path, rows = silent
    audit = misread.audit(path, truth="expression", votes=OPTIONS, groups=("race", "sex"), person="actor")
    gap = next(one for one in audit.disparities if one.statistic == "accuracy" and one.column == column)
    shares = {}
    for level in (gap.highest, gap.lowest):
        mine = [row for row in rows if row[column] == level]
        votes = sum(int(row[option]) for row in mine for option in OPTIONS)
        shares[level] = sum(int(row[row["expression"]]) for row in mine) / votes
    assert gap.seen == pytest.approx(shares[gap.highest] - shares[gap.lowest], abs=1e-12)
    assert f"| {column} | {100 * gap.seen:.1f} | {100 * gap.chance_high:.1f} | {100 * gap.visible:.1f} |" in PAGE


@pytest.mark.parametrize(
    ("entry", "statistic", "hand"),
    [("E07", "anger", lambda row: (int(row["anger"]), row["expression"] == "neutral")),
     ("E08", "anger", lambda row: (int(row["anger"]), row["expression"] != "anger")),
     ("E09", "right", lambda row: (int(row[row["expression"]]), True))],
)  # fmt: skip
def test_evidence_of_actors(silent, entry, statistic, hand):
    from misread import evidence

    _, rows = silent
    told_by = {"Black": ("race", "African American"), "White": ("race", "Caucasian"), "Asian": ("race", "Asian")}
    told_by |= {"men": ("sex", "Male"), "women": ("sex", "Female")}
    printed = {figure.name.split(" (")[0]: figure.value for figure in evidence.catalogue()[entry].figures}
    for name, value in printed.items():
        column, level = told_by[name]
        mine = [(hand(row), row) for row in rows if row[column] == level]
        votes = sum(int(row[option]) for (_, of), row in mine if of for option in OPTIONS)
        assert 100 * sum(hits for (hits, of), _ in mine if of) / votes == pytest.approx(value, abs=0.051), name
