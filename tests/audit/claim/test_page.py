"""The page of the docs: its examples are read as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from misread.audit.claim import Given, meaning, read
from misread.audit.claim.meaning import agreeing, ceiling
from misread.audit.claim.said import of_100, spread

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "audit" / "claim.md").read_text(encoding="utf-8")


def cells(heading, column):
    """What stands in quotation marks in a column of the first table under a heading."""
    section = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("|")][2:]
    return [(quoted, row) for row in rows for quoted in re.findall(r'"([^"]+)"', row[column])]


@pytest.mark.parametrize("sentence", [one for one, _row in cells("What is asked", 0)])
def test_what_the_page_says_is_asked_is_asked(sentence):
    assert read(sentence).unclear


@pytest.mark.parametrize(("sentence", "row"), cells("Real sentences", 1), ids=lambda one: str(one)[:20])
def test_what_the_page_says_is_understood_is_understood(sentence, row):
    if sentence.startswith("967"):
        return
    claim = read(sentence.removeprefix("… "))
    numbers = {one.value for one in claim.stated if one.value is not None and one.quantity != "benefit"}
    assert numbers == {float(n) for n in re.findall(r"0\.\d+", row[2])}


def test_the_figures_of_the_page_are_those_of_the_command():
    (part,) = meaning(read("95 % accurate"), Given(prevalence=0.05)).parts
    (row,) = part.rows
    assert f"{of_100(row.false_positive_rate[1])} of 100 looks at the others, and of 100" in PAGE
    assert f"alarms {spread(*row.precision)} may be right. If it errs as often" in PAGE
    for id, share in (("A40", ceiling()), ("M19", agreeing("M19"))):
        assert re.search(rf"{id}, [^.;]*, {of_100(share)} of 100", PAGE), id
