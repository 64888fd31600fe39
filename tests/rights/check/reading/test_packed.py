"""Archives and other kinds: opened as far as limits allow, or said what they are and what to ask for."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from misread.errors import MisreadError
from misread.rights.check.reading import limits, packed, read_export
from tests.rights.check.reading.makers import HEAD, ROWS, csv_of, every_form, xlsx_of, zip_of

TABLE = csv_of((HEAD, *ROWS))


def refused(name, content):
    with pytest.raises(MisreadError) as caught:
        read_export(name, content)
    (problem,) = caught.value.problems
    return problem


def test_all_files_of_data_are_read_and_the_others_counted():
    members = {
        "in/a.csv": TABLE,
        "in/b.json": b'[{"x": [{"y": 1}]}]',
        "c.xlsx": xlsx_of({"One": (HEAD, *ROWS)}),
        "photo.jpg": b"\xff\xd8\xff\xe0",
        "photo2.png": b"\x89PNG\r\n\x1a\n",
        "inner.zip": zip_of({"a.csv": TABLE}),
        "README.txt": b"This is what we have.",
        "__MACOSX/a.csv": b"x",
        "empty/": b"",
    }
    export = read_export("f.zip", zip_of(members))
    assert [table.name for table in export.tables] == ["in/a.csv", "in/b.json: x[]", "c.xlsx: One"]
    said = {note.text: note.count for note in export.notes if note.kind == "extra-file"}
    assert said == {
        "In the archive, and not opened: pictures (2).": 2,
        "In the archive, and not opened: archives inside the archive (1).": 1,
        "In the archive, and not opened: files that are not read here (1).": 1,
    }


def test_a_member_that_cannot_be_read_is_named():
    problem = refused("f.zip", zip_of({"good.csv": TABLE, "bad.json": b'{"a": '}))
    assert problem.file == "f.zip/bad.json"


def test_names_are_shown_and_never_used_as_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    export = read_export(
        "f.zip", zip_of({"../../up.csv": TABLE, "/root.csv": TABLE, "C:\\x.csv": TABLE, "a\nb\x1b[31m.csv": TABLE})
    )
    assert [table.name for table in export.tables][:2] == ["../../up.csv", "/root.csv"]
    assert all(table.name.isprintable() for table in export.tables)
    assert not any(tmp_path.iterdir())


def test_two_members_of_one_name_are_two_tables():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", b"a\nfirst\n")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.csv", b"a\nsecond\n")
    export = read_export("f.zip", out.getvalue())
    assert {table.name: table.columns.to_pydict()["a"] for table in export.tables} == {
        "a.csv": ["first"],
        "a.csv (2)": ["second"],
    }


def test_an_archive_without_data_says_what_is_in_it():
    problem = refused("f.zip", zip_of({"a.jpg": b"\xff\xd8\xff\xe0"}))
    assert problem.what == "There is nothing in it that is read here. In the archive, and not opened: pictures (1)."
    assert "ask the school" in problem.mend


def test_a_bomb_is_refused_by_its_ratio_before_it_is_unpacked():
    bomb = zip_of({"a.csv": b"a\n" + b"0\n" * 10_000_000})
    assert len(bomb) < 200_000
    problem = refused("f.zip", bomb)
    assert "more than 400 times its size" in problem.what


def test_a_bomb_that_lies_about_its_size_is_refused():
    bomb = bytearray(zip_of({"a.csv": b"a\n" + b"0\n" * 10_000_000}))
    at = bomb.index(b"PK\x01\x02")
    bomb[at + 24 : at + 28] = struct.pack("<I", 10)
    assert refused("f.zip", bytes(bomb)).what


def test_what_says_it_is_too_large_is_refused_by_what_it_says():
    content = bytearray(zip_of({"a.csv": TABLE}))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", limits.MOST_BYTES + 1)
    assert "unpacks to more than 512 MB" in refused("f.zip", bytes(content)).what


def test_members_count_together(monkeypatch):
    monkeypatch.setattr(limits.Budget.__init__, "__defaults__", (150,))
    assert (
        "unpacks to more than"
        in refused("f.zip", zip_of({"a.csv": b"a\n" + b"x\n" * 50, "b.csv": b"a\n" + b"x\n" * 50})).what
    )


def test_too_many_members_are_refused(monkeypatch):
    monkeypatch.setattr(packed, "MOST_MEMBERS", 5)
    assert "more than 5 files" in refused("f.zip", zip_of({f"{i}.csv": b"a\nx\n" for i in range(6)})).what


def locked(content: bytes) -> bytes:
    """The same archive, whose members say that they are encrypted."""
    made = bytearray(content)
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(sign)
        while at >= 0:
            made[at + flags] |= 1
            at = made.find(sign, at + 4)
    return bytes(made)


def test_a_locked_archive_is_named():
    problem = refused("f.zip", locked(zip_of({"a.csv": TABLE})))
    assert problem.what == "It is locked with a password."
    assert problem.file == "f.zip/a.csv"


def test_a_damaged_archive_is_named():
    content = bytearray(zip_of({"a.csv": TABLE * 20}))
    content[60] ^= 0xFF
    assert "damaged" in refused("f.zip", bytes(content)).what
    assert "damaged" in refused("f.zip", zip_of({"a.csv": TABLE})[:-10]).what


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
        (b"RIFF\x00\x00\x00\x00WEBP", "a picture"),
        (b"RIFF\x00\x00\x00\x00WAVE", "a sound recording"),
        (b"\x00\x00\x00\x18ftypmp42", "a film"),
        (b"\x00\x00\x00\x18ftypheic", "a picture"),
        (b"BM\x36\x00\x00\x00\x00", "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "locked with a password"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "XML"),
        (b"\x1f\x8b\x08", "packed in a way"),
        (b"7z\xbc\xaf\x27\x1c", "packed in a way"),
        (b"SQLite format 3\x00", "a database"),
        (b"PAR1", "a database"),
        (b"{\\rtf1", "word processor"),
    ],
)  # fmt: skip
def test_what_is_no_data_is_named_with_what_to_ask_for(start, what):
    problem = refused("export.csv", start + b"\x00" * 40)
    assert what in problem.what
    assert "CSV" in problem.mend or "unpack it" in problem.mend


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ({"[Content_Types].xml": b"x", "word/document.xml": b"x"}, "word processor"),
        ({"[Content_Types].xml": b"x", "xl/workbook.bin": b"x"}, "another form than .xlsx"),
        ({"mimetype": b"x", "content.xml": b"x"}, "another form than .xlsx"),
    ],
)
def test_documents_that_are_packed_are_named(members, what):
    assert what in refused("f.xlsx", zip_of(members)).what


def test_words_that_begin_like_pictures_are_words():
    assert read_export("f.csv", b"BMI,ID3\nx,y\n").tables[0].columns.column_names == ["BMI", "ID3"]


def test_the_name_decides_only_between_csv_and_json():
    assert read_export("f.csv", b"[id],label\nx,y\n").tables[0].columns.column_names == ["[id]", "label"]
    assert read_export("f.csv", every_form()["f.zip"]).tables[0].name == "in/a.csv"
    assert read_export("f.xlsx", TABLE).tables[0].format == "csv"
    assert read_export("f", b'{"a": 1}').tables[0].format == "json"


def test_more_than_the_limit_is_not_looked_at(monkeypatch):
    monkeypatch.setattr("misread.rights.check.reading.MOST_BYTES", 10)
    assert "at most" in refused("f.csv", TABLE).expected
