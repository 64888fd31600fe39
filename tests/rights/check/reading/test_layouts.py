"""The six layouts of `misread file --as-export` are read as what was written, label by label."""

from __future__ import annotations

from functools import cache

import pytest

from misread.cli.child.pupil import watched
from misread.deployment import load
from misread.report.file import LAYOUTS, ChildFile, child_file, export
from misread.rights.check.reading import read_export

COLUMNS = {
    "log": ("pupil-17.csv", "label"),
    "tabelle": ("pupil-17.csv", "Eintrag"),
    "days": ("days[].periods[].readings[]", "emotion"),
    "events": ("pupil-17.jsonl", "value"),
    "years": ("Grade 1", "Mood"),
}
KINDS = {"tabelle": ("Art", "Messung"), "events": ("type", "affect.reading")}


@cache
def held() -> ChildFile:
    loaded = load("as-described", settings=["calendar.days_per_year=10", "population.school_years=1"])
    return child_file(loaded, watched(loaded, 1).replay, 3, 17, 1)


def labels(name, tables):
    """All labels, in the order of the file."""
    if name == "releves":
        columns = [c for c in tables["Relevés"] if c.startswith("Relevé +")]
        return [cell for row in zip(*(tables["Relevés"][c] for c in columns), strict=True) for cell in row if cell]
    sheet, column = COLUMNS[name]
    kind, word = KINDS.get(name, (column, None))
    pairs = zip(tables[sheet][kind], tables[sheet][column], strict=True)
    return [label for is_of, label in pairs if label and word in (None, is_of)]


@pytest.mark.parametrize("name", LAYOUTS)
def test_labels_come_back_in_their_order(name):
    layout = LAYOUTS[name]
    read = read_export(f"pupil-17{layout.suffix}", export(held(), layout))
    tables = {table.name: table.columns.to_pydict() for table in read.tables}
    written = [entry.word for entry in held().held() if entry.kind == "label"]
    assert labels(name, tables) == written
    assert len(written) == 10 * 6 * 8


@pytest.mark.parametrize("name", ["log", "tabelle"])
def test_rows_have_the_numbers_that_an_editor_shows(name):
    content = export(held(), LAYOUTS[name])
    lines = content.decode("utf-8-sig").splitlines()
    (table,) = read_export("f.csv", content).tables
    for i in (0, 1, 100, table.rows - 1):
        cells = list(table.columns.slice(i, 1).to_pylist()[0].values())
        assert lines[table.row(i) - 1].split(LAYOUTS[name].separator)[0] == cells[0]
        assert str(cells[1]) in lines[table.row(i) - 1]
