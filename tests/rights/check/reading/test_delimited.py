"""CSV: the same cells as Python's own reader finds, in the same rows; what does not fit is told with its number."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.rights.check.model import Choices
from misread.rights.check.reading import delimited as module
from misread.rights.check.reading import read_export
from misread.rights.check.reading.heads import unique
from misread.rights.check.reading.limits import LONGEST_CELL
from tests.rights.check.reading.makers import csv_of

cells = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=6) | st.sampled_from(
    ["", " ", '"', "a,b", "x;y", "line\nbreak", "line\r\nbreak", "12,5", "2026-09-02", "müde", "困惑"]
)


def read(content, **choices):
    return read_export("f.csv", content, Choices(**choices))


def refused(content, **choices):
    with pytest.raises(MisreadError) as caught:
        read(content, **choices)
    (problem,) = caught.value.problems
    return problem


def notes(export, kind):
    return [note for note in export.notes if note.kind == kind]


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=12), st.sampled_from([",", ";", "\t", "|"]))
@settings(max_examples=50)
def test_the_same_cells_as_pythons_reader(rows, delimiter):
    content = csv_of([("one", "two", "three"), *rows], delimiter)
    (table,) = read(content, delimiter=delimiter).tables
    (_head, *plain) = csv.reader(io.StringIO(content.decode(), newline=""), delimiter=delimiter)
    filled = {number: row for number, row in enumerate(plain, 2) if any(row)}
    assert table.columns.column_names == ["one", "two", "three"]
    assert [table.row(i) for i in range(table.rows)] == list(filled)
    assert [[cell or "" for cell in row.values()] for row in table.columns.to_pylist()] == list(filled.values())


@given(st.lists(st.lists(st.sampled_from(["a", "b c", "", "line\nbreak"]), max_size=6), min_size=1, max_size=15))
@settings(max_examples=50)
def test_ragged_rows_keep_their_cells_and_their_numbers(rows):
    export = read(csv_of([("one", "two", "three"), *rows]), delimiter=",", header=1)
    (table,) = export.tables
    places = [table.position(i) - 1 for i in range(table.columns.num_columns)]
    filled = {number: row for number, row in enumerate(rows, 2) if any(row)}
    assert [table.row(i) for i in range(table.rows)] == list(filled)
    for row, told in zip(filled.values(), table.columns.to_pylist(), strict=True):
        assert [cell or "" for cell in told.values()] == [row[i] if i < len(row) else "" for i in places]
        # A column that is left out holds nothing.
        assert not any(cell for i, cell in enumerate(row) if i not in places)
    for note in notes(export, "ragged"):
        cells = len(filled[note.row])
        assert note.text.endswith((f"row {note.row} has {cells}.", f"row {note.row}, with {cells}."))


def test_a_row_that_is_ragged_is_named():
    export = read(b"a,b,c\n1,2,3\n4,5\n7,8,9\n1,2,3,4\n")
    (note,) = notes(export, "ragged")
    assert (note.row, note.count) == (3, 2)
    assert note.text == "2 rows have another number of cells than there are names (3); the first is row 3, with 2."
    assert export.tables[0].columns.column_names == ["a", "b", "c", "column 4"]
    assert export.tables[0].columns.to_pydict()["column 4"] == [None, None, None, "4"]


def test_too_many_ragged_rows_are_read_in_a_wrong_way(monkeypatch):
    monkeypatch.setattr(module, "MOST_MENDED", 5)
    problem = refused(b"a,b,c\n" + b"1,2,3\n" * 300 + b"1,2\n" * 6)
    assert "the first is row 302, with 2" in problem.what
    assert "--delimiter" in problem.mend


def test_commas_at_the_end_of_each_row_are_no_columns():
    export = read(b"a,b\n1,x,\n3,y,\n")
    assert export.tables[0].columns.to_pydict() == {"a": ["1", "3"], "b": ["x", "y"]}
    assert not notes(export, "ragged")


def test_blank_rows_are_left_out_and_counted_and_rows_keep_their_numbers():
    export = read(b"a,b\n1,x\n\n,\n3,y\n\n")
    (table,) = export.tables
    assert [table.row(i) for i in range(table.rows)] == [2, 5]
    (note,) = notes(export, "blank")
    assert note.count == 3


def test_names_that_come_twice_are_told_apart():
    export = read(b"label,ts,label,label\nx,1,y,z\n")
    assert export.tables[0].columns.column_names == ["label", "ts", "label (2)", "label (3)"]
    assert [(note.column, note.kind) for note in export.notes] == [(3, "duplicate-column"), (4, "duplicate-column")]


@pytest.mark.parametrize(
    ("content", "names", "said"),
    [
        (b"a;b\n1;0,5\n2;0,7\n", ["a", "b"], "semicolon"),
        (b"a\tb\n1\tx y\n", ["a", "b"], "tab"),
        (b"a|b\nx|y\n", ["a", "b"], "bar"),
        (b"a,b\nx,y;z\n", ["a", "b"], ""),
        (b"only\nx\ny\n", ["only"], ""),
        (b"sep=;\r\na;b\r\nx;y\r\n", ["a", "b"], "semicolon"),
        (b'"sep=,"\r\na,b\r\nx,y\r\n', ["a", "b"], ""),
    ],
)
def test_what_stands_between_cells_is_found_and_told(content, names, said):
    export = read(content)
    assert export.tables[0].columns.column_names == names
    told = notes(export, "delimiter")
    assert ([note.text for note in told] == [f"Between its cells stands: {said}."]) if said else not told


def test_a_line_that_tells_the_delimiter_is_a_row_too():
    export = read(b"sep=;\na;b\nx;y\n")
    assert export.tables[0].row(0) == 3
    assert read(b"sep=;\nTitle\na;b\nx;y\n", header=3).tables[0].row(0) == 4


def test_two_signs_that_divide_all_rows_alike_are_asked_about():
    problem = refused(b"a;b,c\n1;2,x\n")
    assert problem.key == "--delimiter"
    assert "comma or semicolon" in problem.what
    assert read(b"a;b,c\nx;2,x\n", delimiter=",").tables[0].columns.column_names == ["a;b", "c"]


@pytest.mark.parametrize("given", ["ab", "é", '"', "\n", "a", "\0"])
def test_what_cannot_stand_between_cells_is_refused(given):
    assert refused(b"a,b\nx,y\n", delimiter=given).key == "--delimiter"


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b"Export of a file\n\na,b,c\nx,y,z\nx,y,z\n", 1),
        (b"1,2\n3,4\n", 1),
        (b"\n2026-09-02,happy\n2026-09-03,sad\n", 2),
    ],
)
def test_a_first_row_that_may_be_a_title_or_data_is_asked_about(content, row):
    problem = refused(content)
    assert (problem.key, problem.line) == ("--header", row)


def test_the_row_of_names_is_taken_as_it_is_said():
    content = b"Export\n\na,b,c\nx,y,z\n"
    (table,) = read(content, header=3).tables
    assert (table.columns.column_names, table.row(0)) == (["a", "b", "c"], 4)
    (table,) = read(b"1,2\n3,4\n", header=0).tables
    assert (table.columns.to_pydict(), table.row(0)) == ({"column 1": ["1", "3"], "column 2": ["2", "4"]}, 1)
    assert refused(content, header=9).key == "--header"


def test_a_quote_that_is_never_closed_is_named():
    problem = refused(b'a,b\n1,x\n2,"y\n3,z\n4,z\n')
    assert problem.what == "A quote is opened in row 3 and never closed: all that follows became one cell."
    assert read(b'a,b\n1,5" tall\n').tables[0].columns.to_pydict()["b"] == ['5" tall']


def test_formulas_are_text():
    (table,) = read(b'a,b\n=cmd|calc!A1,"=HYPERLINK(""x"")"\n+1,@x\n').tables
    assert table.columns.to_pydict() == {"a": ["=cmd|calc!A1", "+1"], "b": ['=HYPERLINK("x")', "@x"]}


def test_a_huge_cell_is_cut_and_told():
    long = "/9j/" + "A" * LONGEST_CELL
    export = read(f"photo,b\nx,1\n{long},2\n{long}B,3\n".encode())
    (table,) = export.tables
    assert table.columns.to_pydict()["photo"] == ["x", long[:LONGEST_CELL], long[:LONGEST_CELL]]
    (note,) = notes(export, "cut")
    assert (note.row, note.column, note.count) == (3, 1, 2)


def test_a_huge_row_is_refused(monkeypatch):
    monkeypatch.setattr(module, "LONGEST_ROW", 2**16)
    assert "more than 65,536 bytes" in refused(b'a,b\n"' + b"x\n" * 2**16 + b'",2\n').what


def test_a_row_of_far_too_many_cells_is_refused():
    assert "or 16,384 cells" in refused(b"a,b\n" + b"x,y\n" * 300 + b"," * 20_000 + b"\n", delimiter=",").what


def test_many_columns_of_one_name_are_told_apart_at_once():
    begun = time.process_time()
    names = unique(["a"] * 16_000)
    assert time.process_time() - begun < 2
    assert (names[0], names[1], names[-1], len(set(names))) == ("a", "a (2)", "a (16000)", 16_000)


def test_a_file_of_names_alone_is_a_table_without_rows():
    for content in (b"a,b", b"a,b\n", b"a,b\n\n\n"):
        export = read(content)
        assert export.tables[0].columns.column_names == ["a", "b"]
        assert export.tables[0].rows == 0
        assert notes(export, "empty")


@pytest.mark.parametrize("content", [b"", b" \n\n", b",\n", b"\xef\xbb\xbf"])
def test_nothing_is_refused(content):
    assert "nothing in it" in refused(content).what
