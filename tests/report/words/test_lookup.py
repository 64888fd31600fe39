"""Finding figures, and making text of users harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.report.words.lookup import Figures, clean, isolate, keys_of, quote, shorten
from tests.report.made_up import finding

ROWS = (
    finding("flag_ppv", 0.3, rule="r"),
    finding("flag_ppv", 0.9, rule="r", reader="perfect"),
    finding("flag_ppv", 0.2, rule="r", group="g"),
    finding("flag_ppv", None, rule="other"),
    finding("label_share", 0.7, label="neutral"),
    finding("label_share", 0.3, label="sad"),
    finding("label_share", 0.5, label="sad", group="g"),
)


def test_a_row_is_found_by_all_its_keys_and_no_others():
    figures = Figures(ROWS)
    assert figures.find("flag_ppv", "r") is ROWS[0]
    assert figures.find("flag_ppv", "r", reader="perfect") is ROWS[1]
    assert figures.find("flag_ppv", "r", "g") is ROWS[2]
    assert figures.find("flag_ppv") is None
    assert figures.find("flag_ppv", "r", mark="m") is None
    assert figures.value("flag_ppv", "other") is None
    assert figures.value("nothing") is None


def test_rows_along_a_key_and_of_the_groups():
    figures = Figures(ROWS)
    assert [keys_of(f)["label"] for f in figures.along("label_share", "label")] == ["neutral", "sad"]
    assert figures.groups("flag_ppv", "r") == (ROWS[2],)


@given(st.text())
def test_clean_text_has_one_line_no_controls_and_no_marks_of_direction(text):
    shown = clean(text)
    assert shown == " ".join(shown.split(" "))
    kinds = {unicodedata.category(c) for c in shown}
    assert not kinds & {"Cc", "Cs"}
    assert not set(shown) & set("\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069")
    shown.encode("utf-8")
    assert clean(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\n b\t c", "a b c"),
        ("evil\u202ename", "evilname"),
        ("nul\x00", r"nul\x00"),
        ("half \ud800", "half \ufffd"),
        ("<b>&", "<b>&"),
    ],
)
def test_clean(text, shown):
    assert clean(text) == shown


def test_text_from_right_to_left_is_isolated_and_other_text_left_alone():
    assert quote("sad") == "“sad”"
    assert quote("ילדים") == "“\u2068ילדים\u2069”"
    assert isolate("تلاميذ 3") == "\u2068تلاميذ 3\u2069"
    assert isolate("\u2069ילד\u2069") == "\u2068ילד\u2069"


def test_shorten():
    assert shorten("twelve chars", 12) == "twelve chars"
    assert shorten("thirteen char", 12) == "thirteen ch…"
    assert shorten("cut at a space", 8) == "cut at…"
