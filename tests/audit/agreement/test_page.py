"""Figures of the page on agreement, worked out anew."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from misread.audit.agreement import VoteTable, between, ceiling
from misread.audit.agreement.ceiling import STATISTICS as OF_RATERS
from misread.audit.agreement.flips import STATISTICS as OF_FLIPS
from misread.audit.groups.trait import places
from tests.audit.agreement.rows import DATA

PAGE = (Path(__file__).parents[3] / "docs" / "audit" / "agreement.md").read_text()


def table(mark: str) -> list[list[str]]:
    """Cells of the table after a comment, its head first."""
    rows = PAGE.split(f"<!-- {mark} -->\n")[1].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in row.split("|")[1:-1]] for i, row in enumerate(rows) if i != 1]


def rows_of(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.exists():
        pytest.skip("no folder shared/data beside the repository")
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_ceiling_of_ferplus():
    head, *told = table("ferplus")
    words = head[2:]
    rows = rows_of("ferplus_votes.csv")
    found = ceiling(VoteTable.everybody(words, np.array([[int(row[word]) for word in words] for row in rows])))
    assert [row[0].strip("`") for row in told] == [
        name for name in OF_RATERS if name in {r[0].strip("`") for r in told}
    ]
    for name, *cells in told:
        values = [found.find(name.strip("`"), word).value for word in (None, *words)]
        assert cells == [f"{value:.3f}" for value in values]
    assert f"Fleiss' kappa is {found.kappa.value:.3f}, Krippendorff's alpha {found.alpha.value:.3f}." in PAGE
    assert f"{found.lone:.0f} faces have fewer than two votes left" in PAGE
    several = [word for word in rows[0] if word not in ("Usage", "Image name")]
    every = ceiling(VoteTable.everybody(several, np.array([[int(row[word]) for word in several] for row in rows])))
    assert f"`leave_one_out` is {every.leave_one_out.value:.3f}" in PAGE


def test_spread_between_actors():
    rows = [r for r in rows_of("cremad_votes.csv") if (r["modality"], r["expression"]) == ("face", "neutral")]
    actors = sorted({row["actor"] for row in rows})
    words = ("anger", "disgust", "fear", "happiness", "neutral", "sadness")
    votes = np.zeros((len(actors), len(words)))
    for row in rows:
        votes[actors.index(row["actor"])] += [int(row[word]) for word in words]
    for word, *cells in table("actors")[1:]:
        found = between(votes[:, words.index(word)], votes.sum(axis=1))
        assert cells == [f"{100 * value:.1f}" for value in (found.mean, found.sd, found.seen)]


def test_every_figure_is_on_the_page():
    for name in (*OF_RATERS, *OF_FLIPS, "flip_to"):
        assert f"| `{name}` |" in PAGE


def test_the_mean_is_not_the_middle():
    nodes, weights = places()
    odds = 0.07 / 0.93 * np.exp(0.9 * nodes)
    assert f"a label of 7 % in the middle is {100 * float((odds / (1 + odds)) @ weights):.1f} % over all" in PAGE
