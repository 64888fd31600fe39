"""A table that is held in memory, read as one on a disk is."""

from __future__ import annotations

import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from misread.audit.reading import Ask, count
from misread.errors import MisreadError
from misread.web.pages.audit.held import _table, columns, counted, held

from .test_audit import FORMS, NAMED, ROWS, csv


@pytest.mark.parametrize("name", FORMS)
def test_a_file_in_memory_is_counted_as_one_on_a_disk(name, tmp_path):
    ask = Ask(truth="truth", prediction="answer", groups=("age",), person="who", score="score")
    file = tmp_path / name
    file.write_bytes(FORMS[name])
    known, found = count(file, ask), counted(held(name, FORMS[name]), ask)
    assert found.table == known.table
    assert found.facts.missing_answers == known.facts.missing_answers == (("empty", 22),)
    assert (found.facts.persons, found.facts.source, found.facts.rows) == (12, name, 240)
    assert found.facts.digest == known.facts.digest or name.endswith(".gz")
    assert [one.name for one in columns(held(name, FORMS[name]), Ask())] == list(NAMED)


def test_of_a_small_file_of_very_many_rows_the_words_are_held_once(monkeypatch):
    """A Parquet file of kilobytes may hold millions of rows; in memory they take no text each."""
    n = 500_000
    made = io.BytesIO()
    pq.write_table(pa.table(dict.fromkeys(("truth", "answer"), pa.repeat("a rather long word", n))), made)
    file, ask = held("a.parquet", made.getvalue()), Ask(truth="truth", prediction="answer")
    assert len(file.content) < 20_000
    before = pa.total_allocated_bytes()
    table, _kind, _notes = _table(file, ask, ("truth", "answer"))
    assert pa.total_allocated_bytes() - before < 12 * n == 12 * table.num_rows
    assert counted(file, ask).table.total == n
    monkeypatch.setattr("misread.web.pages.audit.held.MOST_CELLS", 2 * n - 1)
    with pytest.raises(MisreadError, match="too many rows for this page"):
        counted(file, ask)


@pytest.mark.parametrize("written", ["nan", "NaN", "", " "])
def test_no_number_is_no_number_however_it_is_written(written):
    rows = [*ROWS, {**ROWS[0], "score": written}]
    found = counted(held("a.csv", csv(rows).encode()), Ask(truth="truth", prediction="answer", score="score"))
    assert found.table.total == len(rows)
    assert found.table.scores.n.sum() == len(ROWS)


def test_half_a_letter_in_a_name_is_no_fault_of_the_file():
    assert held("h\udcffalf.csv", b"a").name == "h?alf.csv"


def test_lines_of_records_end_where_lines_end():
    """Some signs that end a line of text may stand within a word of JSON."""
    rows = [{"truth": "sad", "answer": "sad"}, {"truth": "very\u2028sad", "answer": "a\u2029b"}]
    text = "\r\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    found = counted(held("a.jsonl", text.encode()), Ask(truth="truth", prediction="answer"))
    assert found.table.total == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_of_a_long_text_the_beginning_tells_the_columns(encoding):
    text = "truth,answer,place\n" + "sad,fear,“北京” or Zürich\n" * 60_000
    found = columns(held("a.csv", text.encode(encoding)), Ask(encoding=encoding))
    assert [(one.name, one.words) for one in found] == [
        ("truth", ("sad",)), ("answer", ("fear",)), ("place", ("“北京” or Zürich",)),
    ]  # fmt: skip


def test_a_list_of_records_is_read_as_lines_are():
    ask = Ask(truth="truth", prediction="answer", groups=("age",), person="who", score="score")
    text = json.dumps(ROWS).encode()
    assert counted(held("a.json", text), ask).table == counted(held("a.jsonl", FORMS["a.jsonl"]), ask).table
