"""The page about records says what records are."""

from __future__ import annotations

import re
import tomllib

import click
import pytest

from misread.cli.rights.record import record as command
from misread.rights.record.fields import FIELDS, MAPS
from misread.rights.record.model import STATUSES
from misread.rights.record.store import read_record
from misread.rights.record.worked import worked
from tests.docs.pages import DOCS, codes, commands, fences, first_table, link_problems, words_of

PATH = DOCS / "rights" / "record.md"
PAGE = PATH.read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_its_links_lead_somewhere():
    assert link_problems(PATH, PAGE) == []


@pytest.mark.parametrize("line", commands(PAGE))
def test_its_commands_can_be_typed(line):
    rights, name, sub, *rest = words_of(line)
    assert (rights, name) == ("rights", "record")
    top = click.Context(command)
    made = command.get_command(top, sub).make_context(sub, rest, parent=top)
    assert made.params


def test_what_it_names_in_passing_is_there():
    for code in codes(PAGE):
        if code.startswith("misread rights record "):
            assert words_of(code)[2] in command.commands, code
        elif code.startswith("--"):
            option = code.split(" ")[0]
            assert any(option in param.opts for sub in command.commands.values() for param in sub.params), code


def test_its_table_of_statuses_has_each_with_its_meaning():
    rows = first_table(section("Statuses"))
    assert [(row[0].strip("`"), row[1]) for row in rows] == list(STATUSES.items())


def test_its_table_of_views_says_how_each_is_known():
    rows = first_table(section("Other catalogues"))
    assert [(row[0].strip("`"), row[2][0]) for row in rows] == [(name, to.mark) for name, to in MAPS.items()]


def test_its_table_of_fields_has_them_all():
    rows = first_table(section("The fields"))
    tiers = {"card": "card", "full": ""}
    assert rows == [[f"`{field.id}`", field.question, tiers[field.tier]] for field in FIELDS.values()]


def test_its_numbers_about_967_schools_are_those_of_the_record():
    statuses = [worked("967-schools").answer(id).status for id in FIELDS]
    said = " ".join(section("The first worked record").split())
    assert f"{len(FIELDS)} questions, none answered. {statuses.count('unsourced')} have a claim" in said
    assert f"{statuses.count('never_asked')} were never asked" in said


def test_its_record_by_hand_is_one():
    (example,) = (fence.text for fence in fences(PAGE) if fence.language == "toml")
    assert read_record(example.encode()).answer("ret.labels").value == "30 days"
    assert tomllib.loads(example)["place"] == "uk"


def test_its_example_gives_what_it_says():
    (example,) = (fence.text for fence in fences(PAGE) if fence.language == "python")
    names: dict[str, object] = {}
    wanted = re.findall(r"^(.+?) +# (.+)$", example, re.MULTILINE)
    exec(example, names)
    assert len(wanted) == 3
    for code, said in wanted:
        value = eval(code, names)
        values = value if isinstance(value, tuple) else (value,)
        assert ", ".join(str(one) for one in values) == said.strip('"')
