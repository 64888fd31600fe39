"""Sheets to be taken away: what the page says in lists stands on them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from misread.web.draw import stages_parts as parts
from misread.web.draw.sheet import block, sheet, table, tag, words
from misread.web.draw.stages_taken import taken

MAP = {
    "rule": "negative affect",
    "rows": [
        {
            "name": name,
            "flags": flags,
            "so": so,
            "flags_bar": parts.bar(float(flags) / 30, chosen=True),
            "so_bar": parts.bar(float(so) / 30, chosen=False),
        }
        for name, flags, so in (("test", "24", "13"), ("told <off>", "27.5", "22"))
    ],
}
DECISIONS = {
    "rows": [
        {
            "name": "admission",
            "year": 12,
            "file": "not chosen",
            "perfect": "chosen",
            "file_face": parts.picked(3, 0.0),
            "perfect_face": parts.picked(3, 1.0),
        }
    ]
}


def said(drawn) -> list[str]:
    return [text.text for text in ElementTree.fromstring(drawn).iter("text")]


def test_kinds_of_lesson_have_their_numbers() -> None:
    assert said(taken("map", MAP)) == ["test", "flagged", "24", "so", "13", "told <off>", "flagged", "27.5", "so", "22"]
    rows = ElementTree.fromstring(taken("map", MAP, as_table=True))
    assert [[cell.text for cell in row] for row in rows][1:] == [["test", "24", "13"], ["told <off>", "27.5", "22"]]


def test_decisions_have_a_ring_where_somebody_is_chosen() -> None:
    drawn = taken("decision", DECISIONS)
    assert said(drawn)[0] == "admission, after school year 12"
    assert {"not chosen", "chosen"} <= set(said(drawn))
    assert drawn.count('class="ring') == 1
    assert taken("decision", DECISIONS, as_table=True).count("<tr>") == 2


def test_what_is_not_there_is_not_drawn() -> None:
    assert taken("camera", {}) is None
    assert taken("rule", {"looks": ()}) is None
    assert taken("flag", {"message": ""}) is None
    assert taken("map", {"rows": [], "rule": ""}) is None
    assert taken("decision", {"rows": []}) is None


def test_a_face_that_is_not_in_the_picture_has_no_pixels() -> None:
    told = {"row": 1, "column": 2, "eyes": "9", "angle": 14, "hidden": 0, "found": "40", "address": None}
    drawn = taken("view", {**told, "dots": parts.hundred(40, "told")})
    assert "<image" not in drawn
    assert "No face is in the picture." in said(drawn)


@pytest.mark.parametrize("judged", ["wrong", "right", "quiet", "unseen"])
def test_a_card_tells_what_a_label_comes_to_without_colour(judged: str) -> None:
    drawn = sheet("One card.", 40, [tag(60, 20, "sad", judged)])
    signs = ElementTree.fromstring(drawn).findall("path")
    assert len(signs) == (judged in {"wrong", "right"})
    assert said(drawn) == ["sad"]


def test_long_words_go_on_in_the_next_line() -> None:
    drawn, below = block(0, 20, "one two three four five six seven", 80, size=10)
    lines = said(sheet("Lines.", 100, [drawn]))
    assert " ".join(lines) == "one two three four five six seven"
    assert max(map(len, lines)) <= 80 / 5.2
    assert below == pytest.approx(20 + 13 * len(lines))


def test_nothing_that_is_written_is_taken_for_a_drawing() -> None:
    assert said(sheet("<b>", 20, [words(0, 0, "<script>&")])) == ["<script>&"]
    assert table(("a",), [("<td>",)]) == "<table><tr><th>a</th></tr><tr><td>&lt;td&gt;</td></tr></table>"
