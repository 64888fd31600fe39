"""Files that are odd without being wrong, or wrong in ways that a library would take for something else."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import replace

import duckdb
import pytest

from misread.audit.reading import Ask, count, read_counts
from misread.audit.reading.files import opened
from misread.audit.reading.words import natural, ordered
from misread.errors import MisreadError

ASK = Ask(truth="face", prediction="said", groups=("age",), spoken="options")
PLAIN = "face,said,age\nsad,sad,9-12\nhappy,sad,13-15\n"


def wrong(path, ask=ASK):
    with pytest.raises(MisreadError) as caught:
        count(path, ask)
    return caught.value.problems[0]


def test_a_packed_file_in_another_encoding(tmp_path):
    """Also one in which lines end in several ways, and one that is cut off."""
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress("face,said,age\nÄrger,Ärger,9-12\nFreude,Ärger,13-15\n".encode("cp1252")))
    assert count(path, ASK).table.expressions == ("Freude", "Ärger")
    path.write_bytes(gzip.compress(PLAIN.replace("\n", "\r\n", 1).encode()))
    assert count(path, ASK).table.counts.sum() == 2
    whole = bytearray(gzip.compress(PLAIN.encode() * 50))
    whole[len(whole) // 2] ^= 0xFF
    path.write_bytes(bytes(whole))
    assert wrong(path).file == str(path)


def test_what_a_packed_file_unpacks_to_is_what_counts(tmp_path, monkeypatch):
    monkeypatch.setattr("misread.audit.reading.files.opening.LARGEST_LEGACY", 2_000)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(("face,said,age\n" + "Ärger,Ärger,9-12\n" * 200).encode("cp1252")))
    assert path.stat().st_size < 2_000
    assert wrong(path).what.startswith("It is large and written in")


@pytest.mark.parametrize("folder", ["said=happy", "age=all", "face=sad", "c1=happy"])
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_folder_is_no_column_of_a_text(tmp_path, folder, name):
    path = tmp_path / folder / name
    path.parent.mkdir()
    rows = [dict(zip(("face", "said", "age"), line.split(","), strict=True)) for line in PLAIN.split()[1:]]
    path.write_text(PLAIN if name == "a.csv" else "\n".join(map(json.dumps, rows)))
    table = count(path, ASK).table
    assert table.labels == ("sad", "none")
    assert table.expressions == ("happy", "sad")
    assert table.levels == (("9-12", "13-15"),)


def test_a_name_that_is_no_text(tmp_path):
    path = os.fsdecode(bytes(tmp_path) + b"/a\xff.csv")
    with open(path, "w") as file:  # noqa: PTH123
        file.write(PLAIN)
    assert wrong(path).what == "Its name cannot be written as text."


def test_what_an_audit_wrote_is_no_table(tmp_path):
    path = tmp_path / "audit.json"
    path.write_text(json.dumps({"format": "misread-audit/1", "margins": [], "estimates": []}))
    problem = wrong(path)
    assert problem.what == "It is what an audit wrote: figures, and no answers."
    assert f"--profile audit:{path}" in problem.mend


@pytest.mark.parametrize("error", [RuntimeError("Query interrupted"), duckdb.InterruptException("INTERRUPT Error: x")])
def test_ctrl_c_while_the_file_is_read(tmp_path, error):
    """The database says it in words of its own, which must not look like a bug."""
    path = tmp_path / "a.csv"
    path.write_text(PLAIN)
    with pytest.raises(KeyboardInterrupt), opened(path, ASK):
        raise error


def test_a_bug_of_the_database_stays_one(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(PLAIN)
    with pytest.raises(RuntimeError, match="no such thing"), opened(path, ASK):
        raise RuntimeError("no such thing")


@pytest.mark.parametrize("word", ['=HYPERLINK("http://x")', "@sum", "+cmd", "-1+cmd|' /C calc'!A0", "-(1)"])
@pytest.mark.parametrize("column", ["face", "said", "age"])
def test_what_a_spreadsheet_would_work_out(tmp_path, word, column):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"face": "sad", "said": "sad", "age": "x"} | {column: word}) + "\n")
    problem = wrong(path)
    assert problem.what.startswith(f'"{column}" holds what a spreadsheet takes for a formula')
    assert ("--map-labels" in problem.mend) is (column != "age")


@pytest.mark.parametrize("word", ["-", "-5 to 0", "+40", "-1.5", "a=b", "50+", "- other"])
def test_what_it_would_not(tmp_path, word):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"face": "sad", "said": "sad", "age": word}) + "\n")
    assert count(path, ASK).table.levels == ((word,),)


def test_numbers_of_any_length_stand_in_order():
    long = "9" * 5_000
    assert ordered([long, "10", "9", "007", "a2", "a10"]) == ("007", "9", "10", long, "a2", "a10")
    assert natural("x10y") > natural("x9z")


def test_one_word_to_choose_is_no_vote(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("sad,happy\n3,1\n2,2\n")
    assert "the only word that could be chosen" in wrong(path, Ask(votes=("sad",))).what
    assert count(path, Ask(votes=("sad", "happy"))).votes is not None


def test_bands_with_many_digits_have_a_name_each():
    ask = replace(ASK, bands={"age": (1234567.5, 1234568.5, 1234569.5)})
    assert len(set(ask.band_names("age"))) == 4
    assert replace(ASK, bands={"age": (0.0, 6, 9.0)}).band_names("age") == ("below 0", "0-5", "6-8", "9+")
    assert replace(ASK, bands={"age": (0.5, 2)}).band_names("age") == ("below 0.5", "0.5 to below 2", "2+")


@pytest.mark.parametrize(
    ("text", "ask", "what"),
    [
        ("e,a\nx," + "1" * 200_000 + "\n", Ask(), "It is no CSV: "),
        ("said,count\na,1\n", Ask(prediction="said"), "Which column holds the truth is not plain"),
        ("count\n1\n", Ask(), "It holds no matrix."),
        ("sex,e,a,b\nf,a,1,2\n", Ask(), "'a' in 'e' is no number."),
        ("e,a,a\na,1,2\n", Ask(), "2 columns are called"),
    ],
)
def test_a_matrix_that_is_none(tmp_path, text, ask, what):
    path = tmp_path / "m.csv"
    path.write_text(text)
    with pytest.raises(MisreadError) as caught:
        read_counts(path, replace(ask, spoken="options"))
    assert caught.value.problems[0].what.startswith(what)
    if "'a' in" in what:
        assert "--group" in caught.value.problems[0].mend
