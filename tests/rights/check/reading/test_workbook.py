"""Workbooks: the same cells as openpyxl finds, hidden parts named and counted, nothing evaluated, nothing expanded."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.workbook.defined_name import DefinedName

from misread.errors import MisreadError
from misread.rights.check.model import HIDDEN
from misread.rights.check.reading import read_export
from misread.rights.check.reading.workbook.cells import column_of, letters_of
from misread.rights.check.reading.workbook.dates import as_text, shown_as
from tests.rights.check.reading.makers import parts_of, sheet_xml, xlsx_of, zip_of

texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=6)
values = st.none() | st.integers(-(10**6), 10**6) | st.floats(0.001, 1e6) | st.booleans() | texts
moments = st.datetimes(datetime(1900, 3, 2), datetime(9999, 1, 1)).map(lambda d: d.replace(microsecond=0))


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content):
    return read_export("f.xlsx", content)


def plain(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date | time):
        return value.isoformat(*[" "] if isinstance(value, datetime) else [])
    return None if value in (None, "") else str(value)


@given(st.lists(st.lists(values, min_size=3, max_size=3), max_size=6))
@settings(max_examples=25)
def test_the_same_cells_as_openpyxl_finds(rows):
    # A text that begins so would be written as a formula.
    rows = [[cell if not isinstance(cell, str) or not cell.startswith("=") else "x" for cell in row] for row in rows]
    content = xlsx_of({"S": [("one", "two", "three"), *rows]})
    export = read(content)
    (table,) = export.tables
    sheet = load_workbook(io.BytesIO(content))["S"]
    found = {
        i: [plain(cell) for cell in row]
        for i, row in enumerate(sheet.iter_rows(min_row=2, max_col=3, values_only=True), 2)
    }
    assert {table.row(i): list(row.values()) for i, row in enumerate(table.columns.to_pylist())} == {
        i: row for i, row in found.items() if any(row)
    }


@given(moments, st.times().map(lambda t: t.replace(microsecond=0)), st.dates(date(1900, 3, 2)))
@settings(max_examples=25)
def test_dates_and_times_are_text_that_reads_in_one_way(moment, clock, day):
    (table,) = read(xlsx_of({"S": [("a", "b", "c"), (moment, clock, day)]})).tables
    assert list(table.columns.to_pylist()[0].values()) == [moment.isoformat(" "), clock.isoformat(), day.isoformat()]


@given(st.integers(61, 2_958_465), st.integers(0, 86_399))
def test_numbers_of_days_as_openpyxl_reads_them(days, seconds):
    told = as_text(repr(days + seconds / 86_400), "both")
    assert abs(datetime.fromisoformat(told) - from_excel(days + seconds / 86_400)) < timedelta(milliseconds=2)


def test_numbers_of_days_at_the_edges():
    assert as_text("1", "date") == "1900-01-01"
    # The day that never was stands beside the one after it, as no date can be it.
    assert as_text("61", "date") == "1900-03-01"
    assert as_text("0", "date", since_1904=True) == "1904-01-01"
    assert as_text("46267", "date", since_1904=False) == "2026-09-02"
    assert as_text("46267.5", "date") == "2026-09-02 12:00:00"
    assert as_text("0.333333333333333", "time") == "08:00:00"
    assert as_text("2958465.5", "date") == "9999-12-31 12:00:00"
    assert as_text("2958466", "date") == "2958466"
    assert as_text("-1", "date") == "-1"
    assert as_text("1e999", "both") == "1e999"
    assert as_text("nan", "both") == "nan"
    assert as_text("x", "both") == "x"


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (0, "", ""), (14, "", "date"), (22, "", "both"), (20, "", "time"), (31, "", "date"), (164, "0.00", ""),
        (164, "yyyy-mm-dd", "date"), (164, "dd/mm/yyyy hh:mm", "both"), (164, "[h]:mm", "time"), (164, "mmm", "date"),
        (164, '0 "days"', ""), (164, "#,##0 [Red]", ""), (164, "General", ""), (164, '[$-409]h:mm AM/PM;@', "time"),
        (164, 'yyyy"年"m"月"d"日"', "date"), (164, "0.00E+00", ""), (164, "_-* #,##0_-", ""), (164, "\\d0", ""),
    ],
)  # fmt: skip
def test_which_formats_show_a_date(number, code, shown):
    assert shown_as(number, code) == shown


@given(st.integers(0, 16_383))
def test_letters_of_columns(column):
    assert letters_of(column) == get_column_letter(column + 1)
    assert column_of(letters_of(column)) == column


def hiding() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Seen"
    for row in (("ts", "label", "note"), (1, "x", "secret one"), (2, "y", "secret two"), (3, "=A2+A3", "z")):
        sheet.append(row)
    sheet.column_dimensions["C"].hidden = True
    sheet.column_dimensions["H"].hidden = True
    sheet.row_dimensions[3].hidden = True
    sheet["B2"].comment = Comment("secret remark", "A. Example")
    other = book.create_sheet("Unseen")
    other.append(("name", "label"))
    other.append(("secret child", "x"))
    other.sheet_state = "veryHidden"
    book.defined_names["places"] = DefinedName("places", attr_text="Seen!$A$1")
    book.properties.creator = "secret author"
    return saved(book)


def test_what_is_hidden_is_named_and_counted():
    export = read(hiding())
    found = {note.kind: (note.sheet, note.row, note.column, note.count) for note in export.notes if note.kind in HIDDEN}
    assert found == {
        "hidden-sheet": ("Unseen", None, None, 1),
        "hidden-column": ("Seen", None, 3, 1),
        "hidden-row": ("Seen", 3, None, 1),
        "comment": ("Seen", None, None, 1),
        "formula": ("Seen", None, None, 1),
        "defined-name": ("", None, None, 1),
        "property": ("", None, None, 1),
    }
    texts = " ".join(note.text for note in export.notes)
    assert "B4" in texts
    assert "B2" in texts
    # A note never holds what a cell, a comment or a property says.
    assert "secret" not in texts
    # Hidden sheets, columns and rows are read like all others.
    assert [table.name for table in export.tables] == ["Seen", "Unseen"]
    assert export.tables[0].columns.to_pydict()["note"] == ["secret one", "secret two", "z"]


def test_notes_are_of_the_sheet_as_its_table_is_called():
    export = read_export("f.zip", zip_of({"in/book.xlsx": hiding()}))
    assert {note.sheet for note in export.notes} == {"", *(table.name for table in export.tables)}
    assert [table.name for table in export.tables] == ["in/book.xlsx: Seen", "in/book.xlsx: Unseen"]


def test_a_formula_is_what_was_stored_with_it_or_its_text():
    rows = ['<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>', '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>WEBSERVICE("http://x")</f></c></row>']  # fmt: skip
    export = read(parts_of(sheet_xml(*rows)))
    assert export.tables[0].columns.to_pydict() == {"a": ["2"], "b": ['=WEBSERVICE("http://x")']}


def test_macros_and_what_is_kept_beside_are_named():
    extra = {"xl/vbaProject.bin": b"x", "xl/pivotCache/pivotCacheRecords1.xml": b"<x/>", "xl/media/image1.png": b"x"}
    content = parts_of(sheet_xml('<row><c t="str"><v>a</v></c></row><row><c t="str"><v>x</v></c></row>'), **extra)
    export = read(content)
    assert sorted(note.kind for note in export.notes) == ["extra-file", "extra-file", "macro"]
    # Cells and rows that do not say where they stand follow one another.
    assert (export.tables[0].columns.to_pydict(), export.tables[0].row(0)) == ({"a": ["x"]}, 2)


def test_texts_in_several_styles_are_whole_and_how_they_are_spoken_is_left_out():
    shared = "<sst><si><r><t>bo</t></r><r><t>red</t></r></si><si><t>困惑</t><rPh><t>kunhuo</t></rPh></si><si><t>h</t></si></sst>"
    rows = ['<row r="1"><c r="A1" t="s"><v>2</v></c></row>', '<row r="3"><c r="A3" t="s"><v>0</v></c></row>', '<row r="4"><c r="A4" t="s"><v>1</v></c></row>']  # fmt: skip
    (table,) = read(parts_of(sheet_xml(*rows), shared)).tables
    assert table.columns.to_pydict() == {"h": ["bored", "困惑"]}
    assert [table.row(0), table.row(1)] == [3, 4]


def test_numbers_are_written_as_short_as_they_are():
    cells = (
        "0.28999999999999998",
        "8.949999999999999",
        "12345678901234567890",
        "0.1",
        "1.5E-3",
        "1." + "9" * 400 + "E400",
        "1.2.3.4.5.6.7.8.9",
    )
    rows = ['<row r="1"><c r="A1" t="str"><v>a</v></c></row>'] + [
        f'<row r="{i}"><c r="A{i}"><v>{cell}</v></c></row>' for i, cell in enumerate(cells, 2)
    ]
    told = read(parts_of(sheet_xml(*rows))).tables[0].columns.to_pydict()["a"]
    assert told == ["0.29", "8.95", "12345678901234567890", "0.1", "1.5E-3", *cells[5:]]


def test_names_with_a_prefix_are_the_same_names():
    sheet = '<x:worksheet xmlns:x="m"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c></x:row><x:row r="2"><x:c r="A2"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    assert read(parts_of(sheet)).tables[0].columns.to_pydict() == {"a": ["7"]}


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        parts_of(LAUGHS + sheet_xml('<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>')),
        parts_of(sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), LAUGHS + "<sst><si><t>&b;</t></si></sst>"),
        parts_of(sheet_xml(), "", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><styleSheet/>'),
    ],
)
def test_a_document_that_defines_names_is_refused(content):
    with pytest.raises(MisreadError, match="grow without end"):
        read(content)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1048577"><c r="A1"><v>1</v></c></row>',
        '<row r="2"/><row r="1"/>',
        '<row r="-1"/>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="1A"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>5</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>x</v></c></row>',
        '<cols><col min="0" max="99999999999" hidden="1"/></cols>',
        "<row>",
    ],
)
def test_a_damaged_sheet_is_refused(rows):
    with pytest.raises(MisreadError, match="damaged"):
        read(parts_of(sheet_xml(rows)))


def test_a_workbook_without_its_parts_is_refused():
    with pytest.raises(MisreadError, match="damaged"):
        read(zip_of({"[Content_Types].xml": b"<Types/>", "xl/other.xml": b"<x/>"}))
    whole = zipfile.ZipFile(io.BytesIO(xlsx_of({"S": [("a",), (1,)]})))
    without = {name: whole.read(name) for name in whole.namelist() if "sheet1" not in name}
    with pytest.raises(MisreadError, match="damaged"):
        read(zip_of(without))


def test_titles_above_the_names_are_asked_about_and_answered_by_row():
    content = xlsx_of({"S": [("Export",), (), ("ts", "label", "x"), ("a", "b", "c")]})
    with pytest.raises(MisreadError) as caught:
        read(content)
    assert (caught.value.problems[0].key, caught.value.problems[0].line) == ("--header", 1)
    from misread.rights.check.model import Choices

    (table,) = read_export("f.xlsx", content, Choices(header=3)).tables
    assert (table.columns.column_names, table.row(0)) == (["ts", "label", "x"], 4)


def test_a_sheet_of_many_rows_keeps_them_all():
    rows = [(f"n{i}", i if i % 2 else None) for i in range(500)]
    (table,) = read(xlsx_of({"S": [("a", "b"), *rows]})).tables
    assert table.rows == 500
    assert table.columns.to_pydict()["a"][499] == "n499"
    assert table.row(499) == 501
