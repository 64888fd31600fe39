"""The board's brief: one page, numbers that are findings, no verdict."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from misread.deployment import shipped
from misread.rights import law
from misread.rights.board import figures
from misread.rights.board.brief import brief
from misread.rights.board.provisions import bearing
from misread.rights.paper.blocks import Heading, Table, said
from misread.rights.paper.markdown import to_blocks, to_markdown
from misread.rights.paper.pdf import to_pdf

from .samples import basis, measured, story, untouched, worst


def pages(paper):
    return len(pypdf.PdfReader(io.BytesIO(to_pdf(paper))).pages)


def text(paper):
    return to_markdown(paper)


def table(paper, begins):
    (found,) = (block for block in paper.blocks if isinstance(block, Table) and block.head[0].startswith(begins))
    return [[said(cell) for cell in row] for row in found.rows]


@pytest.mark.parametrize("place", law())
def test_it_is_one_page_in_every_place_however_much_is_on_record(place):
    assert pages(brief(basis(worst(), place=place))) == 1


@pytest.mark.parametrize("record", [untouched, story])
def test_it_is_one_page_of_a_record_that_says_little(record):
    assert pages(brief(basis(record()))) == 1


LARGE = "as-described-full"
"""Counting it takes a minute."""


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.long) if n == LARGE else n for n in shipped()])
def test_it_is_one_page_of_every_shipped_deployment(name):
    assert pages(brief(basis(worst(), name=name, draws=0))) == 1


def test_its_numbers_are_those_of_the_findings():
    found = measured().findings
    rows = table(brief(basis()), "What it would get wrong")
    assert [text.split()[-1] for text, _ in rows] == [
        "flag_ppv",
        "p_false_flag_by_year_1",
        "false_flags_per_pupil_year",
        "disparity_false_flags",
        "spells_missed",
        "flag_lift",
    ]
    for text, shown in rows:
        sentence, id = text.rsplit(" ", 1)
        f = found.one(id, rule="negative affect")
        printed = [float(n.replace(",", "")) for n in re.findall(r"[\d,]*\d(?:\.\d+)?", shown)]
        assert len(printed) == 3 or [f.low, f.high] == pytest.approx([f.value] * 2, rel=0.05)
        assert printed == pytest.approx(
            [f.value, f.low, f.high][: len(printed)], rel=0.06, abs=0.5 if f.value > 10 else 0.006
        ), id
        assert sentence.endswith(".")
    wrong = 1 - found.one("flag_ppv", rule="negative affect").value
    words = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    assert f"{words[round(10 * wrong)]} would be wrong" in rows[0][0]


def test_all_three_ways_stand_beside_each_other_and_none_is_advised():
    rows = table(brief(basis(story())), "Decision")
    assert [row[0] for row in rows] == ["Buy", "Wait for conditions", "Refuse"]
    whole = text(brief(basis(story())))
    assert "No verdict" in whole
    assert not re.search(r"\b(illegal|unlawful|recommend|advise|score of|grade)\b", whole)
    # What a refusal gives up is said as plainly as what a purchase gets wrong.
    missed = measured().findings.one("spells_missed", rule="negative affect").value
    found = round(100 * (1 - missed))
    assert f"would have found {'seven' if found == 7 else found}" in rows[2][1]


def test_law_stands_with_its_mark():
    whole = text(brief(basis()))
    bears = bearing(basis().law, ("subject.pupil", "output.emotion"))
    for standing in bears[:4]:
        at = whole.index(f"**{standing.entry.pinpoint}**")
        assert f"\\[{standing.mark}, {standing.entry.confidence}; " in whole[at : whole.index("\n", at)]
    # What has no room is counted, and can be printed.
    assert f"{len(bears) - 4} more provisions: `misread rights where eu --on" in whole
    assert "No lawyer has reviewed it" in whole


def test_what_is_not_known_of_the_system_is_a_condition():
    assert "Only if it infers emotions" in text(brief(basis(facts=("subject.pupil",))))
    assert "Only if it infers emotions" not in text(brief(basis()))


def test_silence_is_counted_and_not_judged():
    whole = text(brief(basis(untouched())))
    assert "Of 49 questions about the system: 49 never asked." in whole
    assert "how many alerts are wrong" in whole
    assert "The 49 open questions are answered, with evidence." in whole


def test_without_a_rule_nobody_is_flagged():
    from misread.deployment import load
    from misread.rights.board import Basis
    from misread.study.engines.both import Way, run

    off = run(load("as-described", policies=["switched-off"]), Way("exact", draws=0))
    given = basis()
    whole = text(brief(Basis(given.record, off, given.law, given.today, given.command, given.facts)))
    assert "makes no flag" in whole
    assert "Given up" not in whole


def test_it_comes_back_from_markdown():
    paper = brief(basis(worst()))
    assert text(type(paper)(paper.title, "en", to_blocks(text(paper)))) == text(paper)
    assert [b.level for b in paper.titled if isinstance(b, Heading)] == [1, 2, 2, 2]


def test_leading_figures_are_of_the_system_and_not_of_a_perfect_reader():
    assert all(f.finding.reader is None and f.finding.group == "all" for f in figures.leading(measured()))


def test_what_is_too_long_is_cut_behind_a_word_where_there_are_words():
    from misread.rights.board.brief import _cut

    assert _cut("one two three", 9) == "one two…"
    assert _cut("one two", 9) == "one two"
    assert _cut("智慧课堂行为管理系统", 4) == "智慧课堂…"


def test_long_names_of_a_deployment_leave_it_one_page():
    from dataclasses import replace

    from misread.deployment import load_text, shipped_text
    from misread.study.engines.both import Way, run

    text = shipped_text("as-described").replace("negative affect", "negative affect " * 12 + "!")
    for state in ("bored", "frustrated", "anxious"):
        text = re.sub(rf'"{state}"|\b{state}(?= =)', f'"{state} {"x y" * 60}"', text)
    found = run(load_text(text.replace("Smart classroom", "Smart classroom " * 10)), Way("exact", draws=0))
    assert min(len(" ".join(found.deployment.rules[0].claims)), len(found.deployment.title)) > 150
    assert pages(brief(replace(basis(worst()), measured=found))) == 1
