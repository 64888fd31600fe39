"""Whatever the bytes: an export, or one message. Never another error, and never for long."""

from __future__ import annotations

import json
import time

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.rights.check.model import Choices
from misread.rights.check.reading import read_export
from tests.rights.check.reading.makers import every_form

FORMS = every_form()
LONGEST = 5.0
"""CPU seconds that no small file may take: they take milliseconds."""
names = st.sampled_from(["x", "x.csv", "x.json", "x.xlsx", "x.zip", "x.txt"])
choices = st.builds(
    Choices,
    encoding=st.sampled_from(["", "", "utf-8", "utf-16", "cp1252", "gb18030", "base64", "rot13", "idna", "punycode", "nothing"]),
    delimiter=st.sampled_from(["", "", ",", ";", "tab", '"', "ab", "\0", "é"]),
    header=st.sampled_from([None, None, 0, 1, 2, 7]),
)  # fmt: skip
marks = st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"%PDF", b"\x00", b"{", b"[", b'"', b"sep=;\n", b"RIFF", b"<?xml"])  # fmt: skip
jsonish = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["2026-09-02", "bored"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "a.b", "2026-09-02", "1", ""]), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


def read(name, content, given=None):
    """An export that is sound, or None where there was one message."""
    begun = time.process_time()
    try:
        export = read_export(name, content, given)
    except MisreadError as refused:
        export, problems = None, refused.problems
    else:
        problems = ()
    assert time.process_time() - begun < LONGEST
    assert all(problem.what and problem.mend for problem in problems)
    if export is None:
        return None
    assert export.tables
    for table in export.tables:
        kind = pa.dictionary(pa.int32(), pa.string())
        assert table.columns.num_columns
        assert all(field.type == kind for field in table.columns.schema)
        assert len(set(table.columns.column_names)) == table.columns.num_columns
        assert len({table.row(i) for i in range(table.rows)}) == table.rows
        # Dictionaries are what the checks count on: nothing in them that is in no cell, no empty text.
        for column in table.columns.columns:
            texts = set(column.to_pylist()) - {None}
            assert "" not in texts
            assert texts <= set(column.combine_chunks().dictionary.to_pylist())
    return export


@given(names, marks, st.binary(max_size=300), choices)
@example("x", b"", b'a,b\n"', Choices())
@example("x", b"", b"a\n\x80", Choices())
@example("x", b"\xff\xfe", b"\x00\xd8", Choices())
@settings(max_examples=70)
def test_any_bytes(name, mark, content, given):
    read(name, mark + content, given)


@given(names, st.text(alphabet='a1,;\t|"\n\r\u00e9\u4e2d{}[]: .-/=\x00', max_size=80), choices)
@settings(max_examples=70)
def test_any_text(name, text, given):
    read(name, text.encode(), given)


@given(st.lists(jsonish, max_size=3), st.sampled_from(["", "\n", " "]))
@settings(max_examples=60)
def test_any_document(values, between):
    export = read("x.json", between.join(map(json.dumps, values)).encode())
    if export:
        # Every text that is a value stands in some cell.
        held = {
            cell for table in export.tables for column in table.columns.columns for cell in column.to_pylist() if cell
        }
        for text in texts_of(values):
            # In a cell of its own, or in that of a list.
            assert any(text == cell or json.dumps(text, ensure_ascii=False) in cell for cell in held)


def texts_of(value):
    if isinstance(value, str):
        return {value} - {""}
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set().union(*map(texts_of, inside))


@given(st.sampled_from(sorted(FORMS)), st.data())
@settings(max_examples=60)
def test_damaged_files(name, data):
    content = bytearray(FORMS[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        what = data.draw(st.sampled_from(["byte", "cut", "twice", "out"]))
        if what == "byte":
            content[at] = data.draw(st.integers(0, 255))
        elif what == "cut":
            del content[max(at, 1) :]
        elif what == "twice":
            content[at:at] = content[at : at + 50]
        else:
            del content[at : at + data.draw(st.integers(1, 20))]
        content = content or bytearray(b"x")
    read(name, bytes(content))


@pytest.mark.parametrize("name", sorted(FORMS))
def test_the_files_themselves_are_read(name):
    export = read(name, FORMS[name])
    for table in export.tables:
        if "label" in table.columns.column_names:
            assert table.columns["label"].to_pylist() == ["bored", None, "happy"]
            assert table.columns["pupil"].to_pylist() == ["A", "A", "A"]
