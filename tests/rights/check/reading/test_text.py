"""Encodings: known by a mark, proved, or guessed; a guess is told."""

from __future__ import annotations

import pytest

from misread.errors import MisreadError
from misread.rights.check.model import Choices
from misread.rights.check.reading import read_export
from misread.rights.check.reading.text import PIECE, utf8

TEXTS = {
    "cp1252": "Datum;Kennung;Eintrag\n01.02.2026;A;müde\n" * 3,
    "gb18030": "日期,表情\n2026-01-01,高兴\n2026-01-02,专注\n",
    "cp1251": "Дата,метка\n1,скучно\n",
    "big5": "日期,表情\n1,難過\n",
}


@pytest.mark.parametrize(("encoding", "text"), TEXTS.items())
def test_a_guess_is_right_and_told(encoding, text):
    content, (note,) = utf8(text.encode(encoding), Choices(), "f.csv")
    assert content.decode() == text
    assert note.text == f"Read as {encoding}: a guess. If letters look wrong, say which it is with --encoding."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_what_is_said_or_marked_is_no_guess(encoding):
    text = "date,label\n1,müde\n"
    given = Choices(encoding=encoding if encoding == "cp1252" else "")
    content, notes = utf8(text.encode(encoding), given, "f.csv")
    assert content.decode() == text
    guessed = [note for note in notes if "guess" in note.text]
    # UTF-16 without a mark is told by its zeros, which is a guess as well.
    assert bool(guessed) == encoding.startswith("utf-16-")


def test_letters_that_come_late_are_found():
    text = "a,b\n" + "x,y\n" * PIECE + "müde,ß\n"
    content, (note,) = utf8(text.encode("cp1252"), Choices(), "f.csv")
    assert content.decode() == text
    assert "cp1252" in note.text


def test_a_letter_across_two_pieces_is_one():
    text = "x" * (PIECE - 1) + "ü" * 10
    assert utf8(text.encode(), Choices(), "f")[0].decode() == text
    assert utf8(text.encode("utf-16"), Choices(), "f")[0].decode() == text


@pytest.mark.parametrize(
    ("content", "encoding", "what"),
    [
        (b"a,b\nx,\x00\n", "", "zero byte"),
        (b"a,\xff\n", "utf-8", "cannot be read as utf-8"),
        (b"a,b\n", "no-such", "There is no encoding 'no-such'"),
        (b"a,b\n", "base64", "cannot be read as base64"),
        (b"\xff\xfea", "", "cannot be read as utf-16-le"),
    ],
)
def test_what_is_no_text_is_refused(content, encoding, what):
    with pytest.raises(MisreadError, match=what):
        read_export("f.csv", content, Choices(encoding=encoding))


def test_the_line_of_a_zero_byte_is_told():
    with pytest.raises(MisreadError) as caught:
        read_export("f.csv", b"a,b\nx,y\nx,\x00\n")
    assert caught.value.problems[0].line == 3
