"""The annexes: every field in its part, every number a finding, every word of others as it was said."""

from __future__ import annotations

import json
import re
from contextvars import copy_context
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.findings.about import KEYS
from misread.findings.definitions import DEFINITIONS
from misread.language import speak
from misread.rights import at
from misread.rights.board import answers, figures
from misread.rights.board.annexes import DPIA, FRIA, computed, dpia, fria
from misread.rights.board.brief import brief
from misread.rights.board.provisions import bearing
from misread.rights.paper.blocks import Heading, Items, Paragraph, Run, Table, said
from misread.rights.record.fields import FIELDS
from misread.rights.record.model import STATUSES, Answer

from .samples import (
    DRAWS,
    QUOTE,
    TODAY,
    basis,
    brochure,
    contradicted,
    measured,
    record_of,
    refused,
    story,
    untouched,
    worst,
)

ANNEXES = ((dpia, DPIA), (fria, FRIA))


@cache
def printed(draws=DRAWS):
    """Findings as `misread run --json` prints them."""
    result = CliRunner().invoke(cli, ["run", "as-described", "--draws", str(draws), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["findings"]


def tables(paper, head):
    return [b for b in paper.blocks if isinstance(b, Table) and b.head[0] == head]


def told(paper):
    """Everything that stands in a paper, as plain text."""
    out = []
    for block in paper.titled:
        match block:
            case Table():
                out += [block.caption, *block.head, *(said(cell) for row in block.rows for cell in row)]
            case Items():
                out += [said(item) for item in block.items]
            case Heading() | Paragraph():
                out.append(said(block.words))
    return "\n".join(out)


def numbers(text):
    """The numbers of a cell: value, and both ends of its interval."""
    return [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def close(shown, exact):
    """Whether a number that was rounded for readers is this one."""
    digits = len(f"{shown:g}".partition(".")[2])
    return abs(shown - exact) <= max(0.5 * 10**-digits, 0.06 * abs(exact) if abs(exact) < 0.1 else 0) + 1e-9


def test_each_field_is_in_one_part_of_the_first_annex():
    placed = [id for part in DPIA for id in part.fields]
    assert sorted(placed) == sorted(FIELDS)
    assert all(id in FIELDS for part in FRIA for id in part.fields)


@pytest.mark.parametrize(("parts", "article", "tag"), [(DPIA, "gdpr", "35(7)"), (FRIA, "aia", "27(1)")])
def test_fields_stand_under_the_letters_they_are_mapped_to(parts, article, tag):
    letters = {part.title[1]: part.fields for part in parts}
    mapped = [(id, t) for id, f in FIELDS.items() for t in getattr(f, article) if t.startswith(f"{tag}(")]
    assert mapped
    for id, t in mapped:
        assert id in letters[t[-2]], (id, t)


@pytest.mark.parametrize(("write", "parts"), ANNEXES)
def test_headings_follow_the_article(write, parts):
    headings = [said(b.words) for b in write(basis()).blocks if isinstance(b, Heading)]
    letters = "abcdef"[: len(parts)]
    assert [h[:3] for h in headings[: len(parts)]] == [f"({letter})" for letter in letters]
    # Letters of articles were compared with no text: that is said.
    assert "from general knowledge (K)" in told(write(basis()))


@pytest.mark.parametrize(("write", "parts"), ANNEXES)
def test_every_number_is_a_finding_that_the_command_prints(write, parts):
    paper = write(basis())
    rows = [row for table in tables(paper, "What was computed") for row in table.rows]
    shown = [figure for part in parts for figure in computed(part, measured())]
    assert len(rows) == len(shown) >= 15
    known = {
        (f["id"], figures.about(figure.finding)): f
        for figure in shown
        for f in printed()
        if (f["id"], f["rule"], f["group"]) == (figure.finding.id, figure.finding.rule, figure.finding.group)
        and all(f.get(key) == getattr(figure.finding, key) for key in KEYS)
    }
    for (says, code, *rest), value in rows:
        id, rest = code.text, said(rest)
        assert code.style == "code"
        f = known[id, rest]
        shown_numbers = numbers(said(value))
        assert len(shown_numbers) == 3 or [f["low"], f["high"]] == pytest.approx([f["value"]] * 2, rel=0.05)
        for n, exact in zip(shown_numbers, (f["value"], f["low"], f["high"]), strict=False):
            assert close(n, exact), says.text
        assert any(item[0] == Run(id, "code") for b in paper.blocks if isinstance(b, Items) for item in b.items)
        assert DEFINITIONS[id].meaning in told(paper)


def test_what_speaks_for_the_cameras_stands_there_too():
    text = told(dpia(basis()))
    assert "times as often as pointing at children by lot" in text
    assert "somebody who reads every state without error" in text


def test_sentences_say_the_same_as_their_numbers():
    by_id = {}
    for figure in figures.errors(measured()):
        by_id.setdefault((figure.finding.id, figure.finding.rule, figure.finding.group), figure)
    f = by_id["false_flags_per_pupil_year", "negative affect", "rests with a frown"]
    assert numbers(f.says)[-1] == round(f.finding.value)
    assert "“rests with a frown”" in f.says
    missed = [f for f in figures.worth(measured()) if f.finding.id == "spells_missed"]
    assert len(missed) == 4
    assert all(100 in numbers(f.says) and round(100 * f.finding.value) in numbers(f.says) for f in missed)
    unearned = next(f for f in figures.errors(measured()) if f.finding.id == "p_mark_unearned")
    assert unearned.says.startswith(f"{round(100 * unearned.finding.value)} of 100 children")


def test_assumptions_are_called_so_and_figures_have_sources():
    (table,) = tables(dpia(basis()), "Part of the deployment")
    words = {said(row[0]): said(row[1]) for row in table.rows}
    assert words["What their faces show"] == "18 assumed."
    text = told(dpia(basis()))
    for id in ("B08", "A22", "M14"):
        assert f"{id}: " in text
    assert "misread run as-described --draws 4" in text
    assert measured().findings.sha256[:16] in text


def test_silence_is_called_silence():
    paper = dpia(basis(untouched()))
    cells = [said(row[1]) for table in tables(paper, "Question") for row in table.rows]
    assert cells == ["Never asked. Not told to us."] * len(FIELDS)
    assert "Of 49 questions about the system: 49 never asked." in told(paper)
    assert "rests on no piece of evidence" in told(paper)


def test_what_was_said_stands_word_for_word_with_its_evidence():
    answer = Answer(
        status="disclosed", value={"metric": "accuracy", "number": 0.93}, said_by="vendor", evidence=(brochure(),)
    )
    record = record_of({"acc.claim": answer, "output.labels": contradicted(), "legal.dpia": refused()})
    paper = dpia(basis(record))
    rows = {row[0][-1].text: row for table in tables(paper, "Question") for row in table.rows}
    claim = rows["acc.claim"][1]
    # Both say the same of the same page: it is one piece of evidence, with one number.
    assert Run(f"“{QUOTE}”", "emphasis") in claim
    assert "0.93" in said(claim)
    assert said(claim).endswith("[1]")
    both = said(rows["output.labels"][1])
    assert "[1]" in both
    assert "“Nothing is scored.” [2]" in both
    assert "Both are meant." in both
    assert both.lower().startswith(STATUSES["contradicted"])
    assert said(rows["legal.dpia"][1]).startswith("Asked, and refused. Not told to us")
    assert "1 October 2026" in said(rows["legal.dpia"][1])
    (evidence,) = tables(paper, "No.")
    assert [said(row[0]) for row in evidence.rows] == ["[1]", "[2]"]
    assert said(evidence.rows[0][3]) == ("ab" * 32)[:16]


def test_numbers_of_evidence_follow_the_fields():
    found = answers.numbers_of(story())
    assert list(found.values()) == list(range(1, len(found) + 1))
    pieces = {piece for id in FIELDS for piece in story().answer(id).evidence}
    assert set(found) == pieces


def test_counts_add_up_to_all_fields():
    for record in (untouched(), story(), worst()):
        assert sum(answers.counts(record).values()) == len(FIELDS) == 49
        assert set(answers.counts(record)) == set(STATUSES)


@pytest.mark.parametrize(("write", "parts"), ANNEXES)
@pytest.mark.parametrize("place", ["eu", "us-il", "in"])
def test_law_is_never_without_what_has_to_be_said_of_it(write, parts, place):
    given = basis(place=place)
    text = told(write(given))
    found = bearing(given.law, given.facts)
    assert found
    for standing in found:
        line = next(line for line in text.splitlines() if f" {standing.entry.id}" in line)
        assert f"[{standing.mark}, {standing.entry.confidence}; " in line
        standing.ground(TODAY).require(text)
    assert parts


def test_of_a_day_to_come_it_is_told_what_will_be_old_by_then():
    given = basis()
    later = replace(given, law=at("eu", date(2027, 8, 1)))
    assert "more than six months ago" not in told(dpia(given))
    assert "more than six months ago" in told(dpia(later))
    assert "Written on 30 November 2026. Law on 1 August 2027" in told(dpia(later))


def test_what_forbids_comes_first_and_what_is_excepted_does_not_come():
    effects = [s.entry.effect for s in bearing(basis().law, basis().facts)]
    assert effects[0] == "prohibits"
    assert effects == sorted(effects, key=lambda e: {"prohibits": 0, "requires": 1}.get(e, 2))
    medical = [s.entry.id for s in bearing(basis().law, (*basis().facts, "purpose.medical"))]
    assert "eu.aia.5-1-f" not in medical


def test_what_is_over_bears_on_nothing():
    given = basis()
    first, *rest = given.law.provisions
    over = replace(given.law, provisions=(replace(first, state="over"), *rest))
    assert first.entry.id in [s.entry.id for s in bearing(given.law, given.facts)]
    assert [s.entry.id for s in bearing(over, given.facts)].count(first.entry.id) == 0


def test_what_people_have_to_write_has_room():
    for write, parts in ANNEXES:
        blanks = [said(b.words) for b in write(basis()).blocks if isinstance(b, Paragraph) and "____" in said(b.words)]
        assert len(blanks) == sum(len(part.left) for part in parts)


def test_a_name_with_signs_stays_as_it_is():
    from misread.deployment import load_text, shipped_text
    from misread.study.engines.both import Way, run

    text = (
        shipped_text("as-described").replace("negative affect", "100 % %(n)s sad").replace("rests with a frown", "5 %s")
    )
    found = run(load_text(text), Way("exact", draws=0))
    says = [f.says for f in (*figures.kept(found), *figures.worth(found), *figures.errors(found))]
    assert any("“5 %s”" in s for s in says)
    assert all("%%" not in s for s in says)


@pytest.mark.parametrize("code", ["en-XA", "ar-XB"])
def test_papers_are_written_in_the_language_that_is_spoken(code):
    def written():
        speak(code)
        return [write(basis(worst())) for write in (dpia, fria, brief)]

    for paper in copy_context().run(written):
        assert paper.language == code
        assert "⟦" in paper.title
        # What others said, and names of findings, stay as they are.
        assert "“Nothing is scored.”" in told(paper) or paper.dense
        assert "false_flags_per_pupil_year" in told(paper)
