"""The page about answers says what answers there are, and its numbers are those that come out."""

from __future__ import annotations

import click
import pytest

from misread.cli.rights import rights
from misread.rights.case.modules import modules
from misread.rights.case.reading.citations import FITS
from tests.docs.pages import DOCS, commands, fences, link_problems, words_of
from tests.rights.case.replies.test_reading import FRESH, said
from tests.rights.case.texts import texts

PATH = DOCS / "rights" / "answers.md"
PAGE = PATH.read_text(encoding="utf-8")


def rows(title):
    """The rows of the first table of a section, without its head."""
    section = PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line.strip("| ") for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip().strip("`") for cell in line.split(" | ")] for line in lines]


def test_its_links_lead_somewhere():
    assert link_problems(PATH, PAGE) == []


@pytest.mark.parametrize("line", commands(PAGE))
def test_its_commands_can_be_typed(line):
    top, name, *rest = words_of(line)
    assert top == "rights"
    found = rights.commands[name]
    if isinstance(found, click.Group):
        sub, *rest = rest
        found = found.commands[sub]
    assert found.make_context(name, list(rest), resilient_parsing=False).params


def test_every_answer_is_told():
    assert rows("The answers") == [[id, module.says] for id, module in modules().items()]


def test_every_fit_is_told():
    assert [row[0] for row in rows("Law that a reply names")] == list(FITS)


def test_the_third_set_reads_as_it_says():
    _set, told, right, part, asked, wrong, other, taken = rows("How well it reads")[2]
    found = [(set(row["says"]), set(said(row["text"], row["place"], row.get("kind", "access")))) for row in FRESH]
    with_answer = [(says, got) for says, got in found if says]
    assert int(told) == len(with_answer)
    assert int(right) == sum(says == got for says, got in with_answer)
    assert int(part) == sum(bool(got) and got < says for says, got in with_answer)
    assert int(asked) == sum(not got for _says, got in with_answer)
    assert int(wrong) == sum(bool(got - says) for says, got in with_answer)
    assert int(other) == len(found) - len(with_answer)
    assert int(taken) == sum(bool(got) for says, got in found if not says)


def test_of_sentences_that_say_nothing_as_many_are_taken_for_an_answer_as_it_says():
    sentences = texts("fresh.toml", "sentence")
    taken = [
        row for row in sentences if said(row["text"], row["place"], "records" if row["place"] == "in" else "access")
    ]
    assert f"of {len(sentences)} further ones, {len(taken)} still are" in " ".join(PAGE.split())


def test_its_python_runs():
    (code,) = [fence.text for fence in fences(PAGE) if fence.language == "python"]
    names: dict[str, object] = {}
    exec(code, names)
    case, law, day = names["case"], names["law"], names["date"]
    assert names["read"].hits[0].module.id == "no-images-are-stored"
    assert [(s.date, s.letter) for s in names["next_steps"](case, law, day(2026, 11, 20))] == [
        (day(2026, 11, 20), None),
        (day(2026, 12, 4), "complaint"),
    ]
