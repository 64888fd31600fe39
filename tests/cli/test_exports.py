"""Six ways to write out a child's file: each read back is the file, and none has a clock in it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.deployment import load
from misread.errors import MisreadError
from misread.report.file import LAYOUTS, Entry, Kind, export, layout_of
from misread.report.file.dates import after_opening, opening
from misread.report.file.truth import Truth
from tests.deployment.samples import FULL
from tests.docs.pages import DOCS, table_after

from .exports import core, read
from .small import held_by


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    path = tmp_path_factory.mktemp("full") / "full.toml"
    path.write_text(FULL)
    return load(path)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_read_back_is_the_file(full, name):
    file = held_by(full)
    assert list(read(name, export(file, LAYOUTS[name]))) == list(map(core, file.held()))


def test_the_layouts_differ_in_make():
    assert len(LAYOUTS) == 6
    assert {made.format for made in LAYOUTS.values()} == {"csv", "json", "xlsx"}
    assert len({made.language for made in LAYOUTS.values()}) >= 3
    assert len({made.dates for made in LAYOUTS.values()}) == 5
    assert len({made.nesting for made in LAYOUTS.values()}) == 5
    names = [frozenset(made.names.values()) for made in LAYOUTS.values()]
    assert len(set(names)) == 6


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn")), min_size=1).filter(
    lambda w: w.strip() == w
)


@given(
    label=WORDS,
    rule=WORDS,
    minute=st.integers(0, 10**7),
    told=st.sets(st.sampled_from(["teacher", "parent", "counsellor"])),
)
@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("name", LAYOUTS)
def test_any_word_and_any_millisecond_comes_back(full, name, label, rule, minute, told):
    minute /= 60_000
    at = opening(date(2001, 9, 3)) + after_opening(minute)
    where = (at, 1, 1, minute, 1, 1)
    entries = (
        Entry(*where, Kind.LABEL, label),
        Entry(*where, Kind.FLAG, rule, f'{rule}; “{label}”, "{label}"' if told else "", tuple(sorted(told))),
    )
    file = replace(held_by(full, years=(1, 1), days=0), entries=entries, truth=(Truth(),) * 2, kept_from=1)
    assert list(read(name, export(file, LAYOUTS[name]))) == list(map(core, entries))


@pytest.mark.parametrize("name", LAYOUTS)
def test_an_empty_file_is_written_too(full, name):
    empty = replace(held_by(full), entries=(), truth=(), on_file=(0, 0, 0))
    assert list(read(name, export(empty, LAYOUTS[name]))) == []


@pytest.mark.parametrize("name", ["years", "releves"])
def test_a_workbook_has_no_clock_and_no_formula(full, name, monkeypatch):
    file = held_by(full, years=(1, 1), days=1)
    bad = tuple(e._replace(word="=1+1") if e.kind is Kind.LABEL else e for e in file.entries)
    data = export(replace(file, entries=bad), LAYOUTS[name])
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert export(replace(file, entries=bad), LAYOUTS[name]) == data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheets = [book.read(n).decode() for n in book.namelist() if "worksheets/sheet" in n]
    assert sheets
    assert not any("<f>" in s or "<f/>" in s for s in sheets)
    assert [e[3] for e in read(name, data) if e[2] == "label"] == ["=1+1"] * 48


def test_too_wide_for_a_workbook(full):
    file = held_by(full, years=(1, 1), days=1)
    wide = replace(file, timetable=replace(file.timetable, looks=20_000))
    with pytest.raises(MisreadError, match="16,384 columns"):
        export(wide, LAYOUTS["releves"])


def test_a_format_has_a_default_and_refuses_the_others_makes():
    assert [layout_of(f).name for f in ("csv", "json", "xlsx")] == ["log", "days", "years"]
    with pytest.raises(MisreadError, match="one of json, not of csv"):
        layout_of("csv", "days")
    with pytest.raises(MisreadError, match="log, tabelle"):
        layout_of("csv", "nonsense")


def test_the_page_lists_the_layouts():
    rows = table_after((DOCS / "childs-file.md").read_text(encoding="utf-8"), "layouts")
    assert rows == [[f"`{m.name}`", m.format, m.language, m.nesting, m.dates] for m in LAYOUTS.values()]
