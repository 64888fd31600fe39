"""Files of every kind that is read, and what happens to those that are not whole, not text, or change."""

from __future__ import annotations

import gzip
import hashlib
import os

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from misread.audit.reading import Ask, count
from misread.audit.table import same
from misread.errors import MisreadError
from tests.audit.reading.makers import MADE, by_hand

WORDS = ("no_face",)
ASK = Ask(
    truth="face",
    prediction="said",
    groups=("age", "tone"),
    person="actor",
    score="sure",
    weights="weight",
    missing=WORDS,
)
PLAIN = "face,said,age\nsad,sad,9-12\nhappy,sad,13-15\n"
ASK_PLAIN = Ask(truth="face", prediction="said", groups=("age",))


def as_csv(rows, delimiter=",", end="\n", decimal="."):
    """The rows as CSV, with every word in quotation marks and numbers bare."""

    def cell(value):
        if value is None or value != value:
            return ""
        return f'"{value}"' if isinstance(value, str) else str(value).replace(".", decimal)

    lines = [delimiter.join(rows), *(delimiter.join(map(cell, row)) for row in zip(*rows.values(), strict=True))]
    return end.join(lines) + end


def as_json(rows):
    import json

    plain = [
        {k: None if v != v else v for k, v in zip(rows, row, strict=True)} for row in zip(*rows.values(), strict=True)
    ]
    return "\n".join(map(json.dumps, plain)) + "\n"


def write_parquet(path):
    pq.write_table(pa.table(MADE), path, row_group_size=5)


def write_stream(path):
    table = pa.table(MADE)
    with pa.ipc.new_stream(path, table.schema) as stream:
        stream.write_table(table, max_chunksize=4)


WRITERS = {
    "a.parquet": write_parquet,
    "a.feather": lambda path: feather.write_feather(pa.table(MADE), path, compression="lz4"),
    "a.arrow": lambda path: feather.write_feather(pa.table(MADE), path, compression="uncompressed"),
    "a.arrows": write_stream,
    "a.csv": lambda path: path.write_text(as_csv(MADE)),
    "a;.csv": lambda path: path.write_text(as_csv(MADE, ";", decimal=",")),
    "a.tsv": lambda path: path.write_text(as_csv(MADE, "\t", end="\r\n")),
    "bars.csv": lambda path: path.write_text(as_csv(MADE, "|")),
    "sep.csv": lambda path: path.write_text("sep=;\n" + as_csv(MADE, ";", decimal=",")),
    "a.csv.gz": lambda path: path.write_bytes(gzip.compress(as_csv(MADE).encode())),
    "bom.csv": lambda path: path.write_bytes(as_csv(MADE).encode("utf-8-sig")),
    "utf16.csv": lambda path: path.write_bytes(as_csv(MADE).encode("utf-16")),
    "utf16;.csv": lambda path: path.write_bytes(as_csv(MADE, ";", decimal=",").encode("utf-16-le")),
    "a.jsonl": lambda path: path.write_text(as_json(MADE)),
    "a.jsonl.gz": lambda path: path.write_bytes(gzip.compress(as_json(MADE).encode())),
    "array.json": lambda path: path.write_text("[" + as_json(MADE).strip().replace("\n", ",\n") + "]"),
}


OTHERS = ("a.arrow", "bars.csv", "utf16;.csv", "a.jsonl.gz")
"""Much like another one: not looked at each time."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name in OTHERS else name for name in WRITERS]
)
def test_every_format_gives_the_same_table(name, tmp_path):
    path = tmp_path / name
    WRITERS[name](path)
    counted = count(path, ASK)
    assert same(counted.table, count(pa.table(MADE), ASK).table)
    assert counted.facts.rows == 12
    assert counted.facts.source == name
    assert counted.facts.bytes == path.stat().st_size
    assert counted.facts.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert str(tmp_path) not in repr(counted.facts)


def test_how_a_file_was_read_is_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(MADE, ";", decimal=",").encode("utf-16"))
    assert count(path, ASK).facts.read_as == ("read as utf-16.", "between cells stand semicolons.")
    words = {"face": ["fröhlich", "müde"], "said": ["müde", "fröhlich"]}
    path.write_bytes(as_csv(words).encode("cp1252"))
    counted = count(path, Ask(truth="face", prediction="said"))
    assert counted.facts.read_as == ("read as cp1252, a guess.",)
    assert counted.table.expressions == ("fröhlich", "müde")
    path.write_bytes(as_csv({"face": ["щастя"], "said": ["щастя"]}).encode("koi8_u"))
    named = count(path, Ask(truth="face", prediction="said", encoding="koi8_u"))
    assert named.table.expressions == ("щастя",)


def test_the_delimiter_is_what_makes_the_columns_that_are_asked_for(tmp_path):
    path = tmp_path / "a.csv"
    # More commas than semicolons.
    path.write_text("face;said;note,a,b,c\nsad;sad;x,y,z,w\nhappy;sad;x,y,z,w\n")
    assert count(path, Ask(truth="face", prediction="said")).table.total == 2
    path.write_text("face~said\nsad~sad\n")
    assert count(path, Ask(truth="face", prediction="said", delimiter="~")).table.total == 1


def test_mixed_types_are_words(tmp_path):
    path = tmp_path / "a.csv"
    rows = "".join(f"{i % 3},{i % 3}\n" for i in range(30_000))
    path.write_text("face,said\n" + rows + "sad,1.50\n")
    table = count(path, Ask(truth="face", prediction="said")).table
    assert table.expressions == ("0", "1", "2", "sad")
    assert table.labels == ("0", "1", "2", "1.50", "none")
    path = tmp_path / "a.jsonl"
    path.write_text('{"face": 1, "said": "1"}\n{"face": "sad", "said": true}\n{"said": 1, "face": 1}\n')
    table = count(path, Ask(truth="face", prediction="said")).table
    assert table.expressions == ("1", "sad")
    assert table.labels == ("1", "true", "none")


def test_quotation_marks_hold_line_ends_and_delimiters(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('note,face,said\n"a\nb, ""c""",sad,sad\nx,"sad","sa,d"\n')
    assert count(path, Ask(truth="face", prediction="said")).table.labels == ("sad", "sa,d", "none")


def test_parts_in_a_folder_or_a_pattern(tmp_path):
    folder = tmp_path / "parts"
    for i, age in enumerate(("a", "b")):
        (folder / f"site={age}").mkdir(parents=True)
        pq.write_table(
            pa.table({"face": ["sad"] * (i + 1), "said": ["sad"] * (i + 1)}), folder / f"site={age}" / "0.parquet"
        )
    asked = Ask(truth="face", prediction="said", groups=("site",))
    counted = count(folder, asked)
    assert counted.table.counts[:, 0, 0].tolist() == [1, 2]
    digests = [hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*.parquet"))]
    assert counted.facts.digest == hashlib.sha256("\n".join(digests).encode()).hexdigest()
    # What lies in any other folder of it belongs to something else.
    (folder / "old").mkdir()
    (folder / "old" / "0.parquet").write_bytes((folder / "site=a" / "0.parquet").read_bytes())
    assert count(folder, asked).facts.digest == counted.facts.digest
    assert wrong(tmp_path, asked).what == "It is a folder without Parquet files."
    flat = count(tmp_path / "parts" / "site=*" / "*.parquet", Ask(truth="face", prediction="said"))
    assert flat.table.total == 3
    for name in "xy":
        (tmp_path / f"{name}.csv").write_text(PLAIN)
    assert count(str(tmp_path / "*.csv"), ASK_PLAIN).table.total == 4


def wrong(path, ask=ASK_PLAIN):
    with pytest.raises(MisreadError) as caught:
        count(path, ask)
    (problem,) = caught.value.problems
    # The engine's name and its advice would lead nowhere.
    assert "strict_mode" not in str(problem)
    return problem


def test_27_what_cannot_be_read(tmp_path):
    assert wrong(tmp_path / "a.csv").what == "It cannot be read: No such file or directory."
    assert wrong(tmp_path).what == "It is a folder without Parquet files."
    assert wrong(tmp_path / "*.csv").what == "No file fits this pattern."
    assert wrong("https://example.org/a.csv").what == "It is an address; misread fetches nothing."
    assert wrong("s3://bucket/a.parquet").what == "It is an address; misread fetches nothing."
    assert wrong("a\0b").what == "It is no path."
    (tmp_path / "empty.csv").write_text("")
    assert wrong(tmp_path / "empty.csv").what == "It is empty."
    os.mkfifo(tmp_path / "pipe")
    assert wrong(tmp_path / "pipe").what in ("It is no ordinary file.", "It is empty.")
    (tmp_path / "a.csv").write_text(PLAIN)
    write_parquet(tmp_path / "b.parquet")
    assert wrong(tmp_path / "[ab].*").what == "The files are of several kinds: parquet, text."


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything may be read by root")
def test_27_a_file_that_may_not_be_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(PLAIN)
    path.chmod(0)
    assert wrong(path).what == "It cannot be read: Permission denied."


@pytest.mark.parametrize("name", ["a.parquet", "a.feather", "a.arrows", "a.csv.gz"])
def test_27_a_file_that_ends_too_soon(name, tmp_path):
    path = tmp_path / name
    WRITERS[name](path)
    path.write_bytes(path.read_bytes()[:-40])
    problem = wrong(path, ASK)
    assert problem.what.startswith("It cannot be read")
    assert problem.file == str(path)
    assert "\n" not in problem.what


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"PK\x03\x04abc", "It is a ZIP or a workbook."),
        (b"\x89PNG\r\n\x1a\n", "It is a picture."),
        (b"\xff\xd8\xff\xe0", "It is a picture."),
        (b"RIFF0000WEBP", "It is a film or a picture."),
        (b"\0\0\0\x18ftypmp42", "It is a film or a picture."),
        (b"%PDF-1.7", "It is a PDF."),
        (b"\x80\x04\x95abc", "It is a Python pickle, which is never opened."),
        (b"SQLite format 3\0", "It is a database."),
        (b"ab\0\1\2\3c\0\0\0", "It holds zero bytes: it is no text."),
    ],
)
def test_27_what_is_no_table(start, what, tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(start + b"x" * 100)
    assert wrong(path).what == what


def test_lines_that_do_not_fit(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(PLAIN + "sad,sad\n")
    problem = wrong(path)
    assert problem.what == "A line has 2 cells, and the first one 3."
    assert problem.line == 4
    path.write_text(PLAIN + "sad,sad,9-12,more\n")
    assert wrong(path).what == "A line has 4 cells, and the first one 3."
    path.write_bytes((PLAIN + "sad,sad\n").encode("utf-16"))
    assert wrong(path).what == "A line has 2 cells, and the first one 3."
    assert wrong(path).line == 4


@pytest.mark.parametrize(
    ("content", "what", "line"),
    [
        (b'face,said,age\n"sad,sad,1\nx,y,2\n', "A quotation mark is not closed.", 2),
        (b'face,said,age\nsad,sad,"a"b\nx,y,2\n', "A quotation mark is not closed.", 2),
        (b"face,said,age\nsad,sad," + b"x" * 3_000_000, "A line is longer than two million letters.", 2),
    ],
)
def test_lines_that_are_no_csv(content, what, line, tmp_path):
    (tmp_path / "a.csv").write_bytes(content)
    problem = wrong(tmp_path / "a.csv")
    assert (problem.what, problem.line) == (what, line)


@pytest.mark.parametrize(
    "content",
    [
        b"face,said,age\rsad,sad,1\rhappy,sad,1\r",
        b"face,said,age\nsad,sad,1\r\nhappy,sad,1\n",
        b"\n\nface,said,age\nsad,sad,1\n\nhappy,sad,1\n\n\n",
        b"\r\n\xef\xbb\xbf"[2:] + b"face,said,age\r\nsad,sad,1\r\n\r\nhappy,sad,1",
        "\n\nface,said,age\nsad,sad,1\n\nhappy,sad,1\n".encode("utf-16"),
        b'face,said,age,note\nsad,sad,1,5" screen\nhappy,sad,1,\n',
    ],
)
def test_ends_of_lines(content, tmp_path):
    (tmp_path / "a.csv").write_bytes(content)
    table = count(tmp_path / "a.csv", ASK_PLAIN).table
    assert table.expressions == ("happy", "sad")
    assert table.counts[0].tolist() == [[1, 0], [1, 0]]


def test_what_is_wrong_with_json_is_said_without_the_row(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"face": "sad", "face": "Jane", "said": "sad"}\n')
    assert "Jane" not in str(wrong(tmp_path / "a.jsonl", Ask(truth="face", prediction="said")))


def test_text_where_numbers_have_to_be(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("face,said,sure\nsad,sad,0.5\nsad,happy,high\n")
    assert wrong(path, Ask(truth="face", prediction="said", score="sure")).what == '"sure" holds what is no number.'
    assert "no number" in wrong(path, Ask(truth="face", prediction="said", weights="sure")).what
    asked = Ask(truth="face", prediction="said", groups=("sure",), bands={"sure": (0, 1)})
    assert wrong(path, asked).what == '"sure" holds what is no number.'
    known = Ask(truth="face", prediction="said", score="sure", missing=("high",))
    assert '1 row without "sure": left out of calibration alone.' in count(path, known).facts.warnings


def test_names_that_are_missing_or_doubled(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("face,said,age,,\nsad,sad,9-12,x,y\n")
    assert count(path, ASK_PLAIN).table.total == 1
    path.write_text("face,said,age,said\nsad,sad,9-12,x\n")
    assert wrong(path).what == '2 columns are called "said".'
    path.write_text("Face,said,age\nsad,sad,9-12\n")
    assert wrong(path).mend == 'did you mean "Face"?'
    path.write_text(' face ,said,"a ""b"""\nsad,sad,x\n')
    assert count(path, Ask(truth="face", prediction="said", groups=('a "b"',))).table.levels == (("x",),)
    path.write_text("face,Face,said\nsad,x,sad\n")
    problem = wrong(path, Ask(truth="face", prediction="Face"))
    assert problem.what == '"face" and "Face" differ in case alone.'
    assert count(path, Ask(truth="face", prediction="said")).table.expressions == ("sad",)
    path.write_text("face,said,age\n")
    assert wrong(path).what == "a.csv has 0 rows; there is nothing to audit."


def test_json_that_is_none_or_nested(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"face": "sad", "said": {"label": "sad"}}\n')
    assert wrong(path, Ask(truth="face", prediction="said")).what == '"said" holds lists or records.'
    path.write_text('{"face": "sad", "said": "sad"}\n{"face": "sad", "sai')
    assert wrong(path, Ask(truth="face", prediction="said")).what.startswith("It cannot be read: ")
    path.write_text('{"face": "sad", "answer": "sad"}\n')
    assert wrong(path, Ask(truth="face", prediction="said")).expected == "one of face, answer."


def test_letters_that_are_not_utf8_come_late(tmp_path, monkeypatch):
    from misread.audit.reading.files import text

    monkeypatch.setattr(text, "LOOKED_AT", 1)
    monkeypatch.setattr(text, "PIECE", 1_000)
    path = tmp_path / "a.csv"
    path.write_bytes(b"face,said\n" + b"sad,sad\n" * 2_000 + "trüb,sad\n".encode("cp1252"))
    problem = wrong(path, Ask(truth="face", prediction="said"))
    assert problem.mend == "say how it is written with encoding=cp1252."
    assert problem.line == 2_002
    said = count(path, Ask(truth="face", prediction="said", encoding="cp1252"))
    assert said.table.expressions == ("sad", "trüb")


@pytest.mark.parametrize("kind", ["a.csv", "a.parquet"])
@pytest.mark.parametrize("change", ["appended", "touched", "replaced", "gone"])
def test_a_file_that_changes_is_noticed(kind, change, tmp_path, monkeypatch):
    from misread.audit.reading import counting as reading

    path = tmp_path / kind
    WRITERS[kind](path)
    counted = reading._count

    def meanwhile(source, ask):
        found = counted(source, ask)
        if change == "appended":
            with path.open("ab") as file:
                file.write(b"x")
        elif change == "touched":
            os.utime(path, ns=(1, 1))
        elif change == "replaced":
            content = path.read_bytes()
            path.rename(tmp_path / "old")
            path.write_bytes(content)
        else:
            path.unlink()
        return found

    monkeypatch.setattr(reading, "_count", meanwhile)
    problem = wrong(path, ASK)
    assert problem.what == "It changed while it was read."
    assert problem.file == str(path)


def test_duckdb_may_open_nothing_else(tmp_path):
    import duckdb

    from misread.audit.reading.files.opening import _connection

    (tmp_path / "a.csv").write_text(PLAIN)
    (tmp_path / "b.csv").write_text(PLAIN)
    connection = _connection([tmp_path / "a.csv"])
    assert connection.execute("SELECT current_setting('temp_directory')").fetchone() == ("",)
    for statement in (
        f"SELECT * FROM read_csv('{tmp_path}/b.csv')",
        "SELECT * FROM read_csv('https://example.org/a.csv')",
        f"COPY (SELECT 1) TO '{tmp_path}/c.csv'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET temp_directory = '/tmp'",
    ):
        with pytest.raises(duckdb.Error):
            connection.execute(statement)
    assert connection.execute("SELECT count(*) FROM read_csv(?)", [f"{tmp_path}/a.csv"]).fetchone() == (2,)


def test_a_name_is_no_sql(tmp_path):
    path = tmp_path / "a'); DROP TABLE x; --.csv"
    path.write_text("fa'ce,said\nsad,sad\n")
    assert count(path, Ask(truth="fa'ce", prediction="said", missing=("'); --",))).table.total == 1
    path = tmp_path / "a.jsonl"
    path.write_text('{"fa\'ce": "sad", "said": "sad"}\n')
    assert count(path, Ask(truth="fa'ce", prediction="said")).table.total == 1


def test_the_first_of_each_picture_in_a_file(tmp_path):
    generator = np.random.default_rng(3)
    rows = 5_000
    table = {
        "face": ["sad"] * rows,
        "said": [["sad", "happy"][x] for x in generator.integers(0, 2, rows)],
        "image": [f"i{x}" for x in generator.integers(0, 900, rows)],
    }
    first = {}
    for image, said in zip(table["image"], table["said"], strict=True):
        first.setdefault(image, said)
    expected = [sum(said == label for said in first.values()) for label in ("sad", "happy")]
    pq.write_table(pa.table(table), tmp_path / "a.parquet", row_group_size=500)
    (tmp_path / "a.csv").write_text(as_csv(table))
    asked = Ask(truth="face", prediction="said", id="image", duplicates="first")
    for name in ("a.parquet", "a.csv"):
        counted = count(tmp_path / name, asked)
        assert counted.table.counts[0, 0, :2].tolist() == expected
        assert counted.facts.rows == rows
        assert counted.facts.left_out == (("a picture that came before", rows - len(first)),)


def test_a_binary_column_in_a_file(tmp_path):
    pq.write_table(pa.table({**MADE, "image": [b"x"] * 12}), tmp_path / "a.parquet")
    assert wrong(tmp_path / "a.parquet", ASK).what == 'The column "image" holds binary data. misread takes no pictures.'


def test_counts_of_a_file_are_those_of_its_rows(tmp_path):
    generator = np.random.default_rng(5)
    rows = 3_000
    table = {
        "face": [["sad", "happy", "", "fear"][x] for x in generator.integers(0, 4, rows)],
        "said": [["sad", "happy", "", "calm"][x] for x in generator.integers(0, 4, rows)],
        "age": [["a", "b", ""][x] for x in generator.integers(0, 3, rows)],
    }
    (tmp_path / "a.csv").write_text(as_csv(table))
    from tests.audit.reading.makers import as_counter

    assert as_counter(count(tmp_path / "a.csv", ASK_PLAIN).table) == by_hand(table, "face", "said", ("age",))


def test_more_combinations_than_memory_holds(tmp_path, monkeypatch):
    from misread.audit.reading.files import opening

    rows = 200_000
    names = pa.array([f"a rather long name of a person {i}" for i in range(rows // 2)] * 2)
    pq.write_table(pa.table({"face": ["sad"] * rows, "said": ["sad"] * rows, "who": names}), tmp_path / "a.parquet")
    monkeypatch.setattr(opening, "MEMORY", "8MB")
    problem = wrong(tmp_path / "a.parquet", Ask(truth="face", prediction="said", person="who"))
    assert problem.what == "There is not enough memory for so many different combinations."
    # Nothing was written elsewhere to make room.
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]
