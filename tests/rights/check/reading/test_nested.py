"""JSON: each list of objects is a table, and a row knows what stands around it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.rights.check.reading import read_export

scalars = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(st.characters(exclude_categories=("Cs",)), max_size=5)  # fmt: skip


def read(value, lines=False):
    text = "\n".join(map(json.dumps, value)) if lines else json.dumps(value)
    return read_export("f.json", text.encode())


def tables(export):
    return {table.name: table.columns.to_pydict() for table in export.tables}


def cell(value):
    return (
        {True: "true", False: "false"}[value]
        if isinstance(value, bool)
        else None
        if value in (None, "")
        else str(value)
    )


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), scalars), min_size=1, max_size=8), st.booleans())
@settings(max_examples=40)
def test_a_list_of_objects_and_json_lines_are_the_same_table(rows, lines):
    if not any(cell(value) for row in rows for value in row.values()):
        return
    (table,) = read(rows, lines).tables
    assert set(table.columns.column_names) == {key for row in rows for key in row}
    told = {table.row(i): row for i, row in enumerate(table.columns.to_pylist())}
    for number, row in enumerate(rows, 1):
        expected = {key: cell(row.get(key)) for key in table.columns.column_names}
        assert told.get(number, dict.fromkeys(expected)) == expected


days = st.fixed_dictionaries(
    {"date": st.dates().map(str)},
    optional={"lessons": st.lists(st.fixed_dictionaries({"n": st.integers(1, 9)}, optional={"labels": st.lists(st.fixed_dictionaries({"at": st.integers(0, 9)}), max_size=3)}), max_size=3), "note": st.text("xy", max_size=3)},
)  # fmt: skip


@given(st.lists(days, max_size=5), st.sampled_from(["A", "B"]))
@settings(max_examples=40)
def test_a_row_knows_its_lesson_its_day_and_its_child(given, child):
    found = tables(read({"child": child, "days": given, "source": "last"}))
    looks = [
        (child, "last", day["date"], day.get("note") or None, str(lesson["n"]), str(label["at"]))
        for day in given
        for lesson in day.get("lessons", ())
        for label in lesson.get("labels", ())
    ]
    table = found.get("days[].lessons[].labels[]", {})
    # What stands after a list in the document is known to its rows as well.
    nothing = [None] * len(looks)
    columns = ("child", "source", "days.date", "days.note", "days.lessons.n", "at")
    assert list(zip(*(table.get(name, nothing) for name in columns), strict=True)) == looks


def test_numbers_are_told_as_they_are_written():
    export = read_export("f.json", b'{"a": 1.50, "b": 12345678901234567890, "c": -0.0, "d": 1E5, "e": true, "f": null}')
    assert tables(export)["f.json"] == {"a": ["1.50"], "b": ["12345678901234567890"], "c": ["-0.0"], "d": ["1E+5"], "e": ["true"], "f": [None]}  # fmt: skip


def test_objects_in_objects_are_columns_and_numbers_in_a_list_one_cell():
    found = tables(read([{"face": {"box": {"x": 1, "y": 2}, "vec": [0.5, -1], "points": [[1, 2], [3, 4]]}, "told": ["teacher", "parent"], "none": []}]))  # fmt: skip
    assert found == {
        "f.json": {
            "face.box.x": ["1"],
            "face.box.y": ["2"],
            "face.vec": ["[0.5, -1]"],
            "face.points": ["[[1, 2], [3, 4]]"],
            "told": ['["teacher", "parent"]'],
            "none": [None],
        }
    }


def test_a_long_list_of_words_is_a_table():
    labels = ["bored", "happy"] * 6
    assert tables(read({"child": "A", "labels": labels}))["labels[]"] == {"child": ["A"] * 12, "value": labels}


def test_keys_that_are_days_begin_rows():
    found = tables(read({"child": "A", "days": {"2026-09-02": [{"at": 1}, {"at": 2}], "2026-09-03": "closed"}}))
    assert found["days{}"] == {"child": ["A", "A"], "key": ["2026-09-02", "2026-09-03"], "value": [None, "closed"]}
    assert found["days{}[]"] == {"child": ["A"] * 2, "days.key": ["2026-09-02"] * 2, "days.value": [None] * 2, "at": ["1", "2"]}  # fmt: skip


def test_rows_without_names_are_a_table():
    found = tables(read({"columns": ["ts", "label"], "rows": [["08:00", "happy"], ["08:05", "sad"]]}))
    assert found["rows[]"]["column 1"] == ["08:00", "08:05"]
    assert found["rows[]"]["column 2"] == ["happy", "sad"]


def test_a_key_that_comes_twice_is_told_apart():
    export = read_export("f.json", b'[{"a": 1, "a": 2}, {"a": 3}]')
    assert tables(export)["f.json"] == {"a": ["1", "3"], "a (2)": ["2", None]}
    assert [note.kind for note in export.notes] == ["duplicate-column"]


def test_a_key_within_the_row_goes_before_one_around_it():
    found = tables(read({"date": "outer", "rows": [{"date": "inner"}]}))
    assert found["rows[]"] == {"date (2)": ["outer"], "date": ["inner"]}


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ('{"a": 1,\n "b": tru}', "from about byte 19 on", 2),
        ('{"a": 1}\n{"a": 2}\n{"a" 3}', "from about byte 25 on", 3),
        ('[{"a": 1},\n{"a": ', "ends in the middle", 2),
        ('{"a": NaN}', "from about byte 7 on", 1),
        ('{"a": ' + "9" * 5000 + "}", "no JSON from about byte", 1),
        ("[" * 100, "more than 64 levels", None),
        ('{"a":' * 100, "more than 64 levels", None),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(text, what, line):
    with pytest.raises(MisreadError) as caught:
        read_export("f.json", text.encode())
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.line == line


def test_where_it_breaks_is_found_far_in():
    good = b'{"a": "xxxxxxxxxxxxxxxxxxxxxxxxxxx"}\n' * 10_000
    with pytest.raises(MisreadError) as caught:
        read_export("f.json", good + b'{"a": oops}\n' + good)
    (problem,) = caught.value.problems
    assert problem.line == 10_001
    assert problem.what == f"It is no JSON from about byte {len(good) + 7:,} on."


@pytest.mark.parametrize(
    ("value", "limit", "most"),
    [
        ([{str(i) + "x": 1 for i in range(50)}], "columns.MOST_COLUMNS", 40),
        ({f"l{i}": [{"a": 1}] for i in range(50)}, "nested.reader.MOST_TABLES", 40),
        ({"a": [*range(50)]}, "nested.reader.MOST_ITEMS", 40),
        ({"a": [[*range(10)] for _ in range(5)]}, "nested.reader.MOST_ITEMS", 40),
        ([{"a": 1}] * 50, "columns.MOST_CELLS", 40),
    ],
)
def test_what_is_too_large_is_refused(value, limit, most, monkeypatch):
    monkeypatch.setattr(f"misread.rights.check.reading.{limit}", most)
    with pytest.raises(MisreadError, match=r"40|cells"):
        read(value)


def test_rows_that_wait_are_packed_in_several_pieces(monkeypatch):
    monkeypatch.setattr("misread.rights.check.reading.columns.CHUNK", 4)
    rows = [{"a": i} if i % 3 else {"a": i, "late": "x"} for i in range(10)]
    rows[0] = {"a": 0}
    assert tables(read(rows))["f.json"] == {"a": [*map(str, range(10))], "late": [None, None, None, "x", None, None, "x", None, None, "x"]}  # fmt: skip
