"""Every number of docs/audit/groups.md, computed again."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from misread.audit.groups import disparities, disparity, pooled
from tests.audit.groups import study
from tests.audit.groups.made import of_hits
from tests.audit.groups.test_mix import mixed

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/audit/groups.md"
VOTES = ROOT.parent / "shared/data/cremad_votes.csv"


@cache
def page() -> str:
    return PAGE.read_text()


def tables() -> dict[str, list[str]]:
    """Header → rows of each table of the page."""
    found = re.findall(r"^\| ?(.*?)\|\n\|[-|]+\|\n((?:\|.*\n)+)", page(), re.MULTILINE)
    return {head.split("|")[0].strip(): rows.splitlines() for head, rows in found}


def test_three_groups_that_do_not_differ() -> None:
    (found,) = disparity(of_hits([14, 12, 19], [20, 20, 25]), "recall", expression="sad", between="tone")
    assert f"as seen | {found.seen:.3f} |" in page()
    assert f"| {found.chance:.3f} on average, under {found.chance_high:.3f} in 95 % of cases |" in page()
    assert f"“{found.note}”" in page()


def test_two_groups_that_show_other_expressions() -> None:
    table = mixed([(810, 900), (90, 100)], [(40, 100), (360, 900)])
    right = table.counts[:, [0, 1], [0, 1]].sum(axis=1) / table.counts.sum(axis=(1, 2))
    (found,) = disparity(table, "accuracy", between="tone")
    text = " ".join(page().split())
    assert f"have accuracies of {right[0]:.2f} and {right[1]:.2f}." in text
    assert "the other way round" in text
    assert f"“{found.note}”" in text


def pooled_rows() -> list[str]:
    table = of_hits([2, 30, 9, 14], [10, 40, 10, 20], levels=("A", "B", "C", "D"))
    found = pooled(table, "recall", expression="sad", over="tone")
    return [
        f"| {raw.group[0][1]} | {raw.hits:g} of {raw.n:g} | {raw.value:.2f} ({raw.low:.2f} to {raw.high:.2f}) "
        f"| {after.value:.2f} ({after.low:.2f} to {after.high:.2f}) | {after.note.split('weigh ')[1]} |"
        for raw, after in zip(found[::2], found[1::2], strict=True)
    ]


def test_raw_and_pooled_figures() -> None:
    assert tables()["group"] == pooled_rows()


def test_what_is_needed() -> None:
    assert tables()["rate"] == study.needed()


@pytest.mark.long
def test_what_is_shown_by_which_way_of_looking() -> None:
    assert tables()["groups"] == study.rows()


@pytest.mark.long
def test_groups_that_are_built_differently() -> None:
    assert tables()["persons × faces"] == study.built()


@pytest.mark.long
def test_persons_who_are_in_several_groups() -> None:
    assert tables()["persons, faces in each group"] == study.shared()


def real_rows() -> list[str]:
    import polars as pl

    from misread.audit.reading import Ask, count

    votes = ("anger", "disgust", "fear", "happiness", "neutral", "sadness")
    face = pl.read_csv(VOTES).filter(pl.col("modality") == "face")
    counted = count(face, Ask(truth="expression", groups=("sex", "race"), person="actor", votes=votes))
    found = disparities(counted.table)
    assert len(found) == found[0].looked_at == 26
    assert {d.left_out for d in found} == {(), ("Unknown",)}
    told = []
    for d in found:
        if (d.statistic, d.expression, d.column) in {
            ("accuracy", None, "sex"),
            ("recall", "fear", "sex"),
            ("recall", "sadness", "sex"),
            ("recall", "sadness", "race"),
        }:
            name = " of ".join(word for word in (d.statistic, d.expression) if word)
            if d.column == "race":
                assert f"one under {100 * d.visible:.0f} points may well have gone unseen" in " ".join(page().split())
            told.append(
                f"| {name} | {d.column} ({d.groups}) | {d.p:.2g} ({d.adjusted:.2g}) | {d.seen:.3f} "
                f"| {d.chance:.3f}, under {d.chance_high:.3f} | {d.value:.3f} ({d.low:.3f} to {d.high:.3f}) "
                f"| {d.at_least:.3f} |"
            )
    return told


@pytest.mark.skipif(not VOTES.exists(), reason="the votes of CREMA-D are not there")
def test_real_answers() -> None:
    assert tables()["statistic"] == real_rows()
