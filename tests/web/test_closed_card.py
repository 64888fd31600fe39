"""The card's plots and the short movement, on what ships: every dot where its share is, every sentence from its counts."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.closed import card as cards
from misread.closed import micro as movement
from misread.closed.card.model import Card
from misread.closed.micro.model import Micro
from misread.web.pages.closed.measured import card as plots
from misread.web.pages.closed.measured import micro as frames
from misread.web.pages.closed.measured.dots import Column, Dot, Line, dots


@pytest.fixture(scope="module")
def card() -> Card:
    return cards.shipped()


@pytest.fixture(scope="module")
def micro() -> Micro:
    return movement.shipped()


def marks(drawn: str, kind: str) -> list[ElementTree.Element]:
    """The elements of a picture whose class begins so."""
    return [one for one in ElementTree.fromstring(drawn).iter() if one.get("class", "").split(" ")[0] == kind]


@given(st.lists(st.tuples(*[st.floats(0, 1)] * 3, st.booleans()), min_size=1, max_size=5))
def test_a_dot_lies_where_its_share_is_and_its_bar_from_end_to_end(given_) -> None:
    shares = [(*sorted(values), clear) for *values, clear in given_]
    lines = [Line("x", (Dot(at, low, high, clear),)) for low, at, high, clear in shares]
    drawn = str(dots("said", [Column("c", band=(0.25, 0.5))], lines, wide=100.0))
    (floor,) = marks(drawn, "floor")
    zero = float(floor.get("x")) - 25
    assert float(floor.get("width")) == 25
    for (low, at, high, clear), dot, bar in zip(shares, marks(drawn, "dot"), marks(drawn, "spread"), strict=True):
        assert float(dot.get("cx")) == pytest.approx(zero + 100 * at, abs=0.051)
        assert float(bar.get("x")) == pytest.approx(zero + 100 * low, abs=0.051)
        assert float(bar.get("width")) == pytest.approx(100 * (high - low), abs=0.051)
        assert ("hollow" in dot.get("class")) is not clear


def test_every_change_is_a_dot_and_filled_only_if_clearly_beyond_its_control(card: Card) -> None:
    told = plots.told(card)["changes"]
    drawn = marks(str(told["drawn"]), "dot")
    clear = [row for row in card.changes if row.beyond is not None and row.beyond.low > 0]
    assert len(drawn) == len(card.changes) == len(told["rows"])
    assert sum("hollow" not in one.get("class") for one in drawn) == len(clear)
    all_, n = (int(x) for x in re.findall(r"\d+", told["counted"]))
    assert (all_, n) == (sum(not row.control for row in card.changes), len(clear))


def test_the_band_behind_a_reader_is_its_largest_controls(card: Card) -> None:
    bands = marks(str(plots.told(card)["changes"]["drawn"]), "floor")
    for band, floor in zip(bands, card.floors, strict=True):
        controls = [row.flips for row in card.changes if row.control and row.reader == floor.reader]
        most = max(share.share for share in controls)
        widths = [96 * (share.high - share.low) for share in controls if share.share == most]
        assert any(float(band.get("width")) == pytest.approx(width, abs=0.11) for width in widths)


def test_the_headline_is_the_largest_of_all_changes_with_its_interval_and_says_so(card: Card) -> None:
    changed = [row for row in card.changes if not row.control]
    most = max(changed, key=lambda row: row.flips.share)
    share, low, high = (round(100 * x + 1e-9) for x in (most.flips.share, most.flips.low, most.flips.high))
    said = plots.told(card)["changes"]["sentence"]
    assert said.startswith(f"One change alone gave {share} of 100 faces ({low} to {high}) another word, by the ")
    assert said.endswith(f"Of {len(changed)} pairs of a change and a reader, this is the largest.")


def test_the_detectors_worst_is_among_faces_that_it_looks_for(card: Card) -> None:
    large = [row for row in card.found if row.detector == "fer" and row.factor != "pixels"]
    least = min(large, key=lambda row: row.found.share)
    said = plots.told(card)["found"]["sentence"]
    assert f"found {round(100 * least.found.share + 1e-9)} of 100 at its worst: " in said
    assert least.level in said


def test_pooled_faces_at_rest_are_said_to_be_of_this_grid(card: Card) -> None:
    assert "over this grid of changes" in plots.told(card)["neutral"]["sentence"]


def test_each_reader_is_beside_each_and_agrees_with_the_other_as_the_other_with_it(card: Card) -> None:
    rows = plots.told(card)["agreement"]["rows"]
    cells = [row.cells for row in rows]
    assert [list(column) for column in zip(*cells, strict=True)] == [list(row) for row in cells]
    assert all(cells[i][i] == "–" for i in range(len(cells)))
    shares = [100 * one.same.share for one in card.agreement if one.where == "base"]
    numbers = [int(cell) for i, row in enumerate(cells) for cell in row[i + 1 :]]
    assert sum(numbers) == pytest.approx(sum(shares), abs=0.5 * len(shares))


def test_faces_found_stand_in_the_column_of_their_setting(card: Card) -> None:
    told = plots.told(card)["found"]
    assert len(marks(str(told["drawn"]), "dot")) == len(card.found) == len(told["rows"])
    for row, found in zip(told["rows"], card.found, strict=True):
        assert row.names[2] == found.detector
        assert row.cells[:2] == (f"{found.found.count:,}", f"{found.found.of:,}")


def test_what_is_told_of_power_are_the_ends_of_what_the_card_states(card: Card) -> None:
    numbers = [int(n) for n in re.findall(r"\d+", plots.told(card)["power"])]
    differences = [100 * one.difference for one in card.power.seen]
    assert numbers[:2] == [card.power.heads, card.power.poses]
    assert min(abs(numbers[4] - x) for x in differences) <= 0.5
    assert numbers[4] == pytest.approx(min(differences), abs=0.5)
    assert numbers[5] == pytest.approx(max(differences), abs=0.5)


def test_the_page_never_says_passed_of_a_card(card: Card) -> None:
    assert "passed" not in str(plots.told(card)).lower()


def test_the_chance_of_being_looked_at_is_length_by_distance_of_looks(micro: Micro) -> None:
    told = frames.told(micro, str)
    longest = max(film.lasts for view in micro.views for film in view.films)
    times = round(micro.look_every * micro.per_second / longest)
    assert told["sentence"].endswith(f"once in {times:,} times.")
    assert len(told["chances"]) == len({film.lasts for view in micro.views for film in view.films})


def test_a_strip_has_each_frame_with_its_words_and_frames_those_that_hold_it(micro: Micro) -> None:
    for view in micro.views:
        film = frames.film_of(view, 5)
        drawn = ElementTree.fromstring(str(frames.strip(micro, view, film, "x.webp", "said")))
        held = [one for one in drawn.iter("rect") if one.get("class") == "held"]
        assert len(held) == len(film.held)
        found = frames.frames(micro, view, film)
        assert [at for at, _strength, _frame in found if at in film.held] == list(film.held)
        assert max(strength for _at, strength, _frame in found) == max(film.strengths)
        said = [text.text.removeprefix("× ") for text in drawn.iter("text")]
        for word in {word for _at, _strength, frame in found for word in frame.said} - {"none"}:
            assert said.count(word) == sum(frame.said.count(word) for _at, _strength, frame in found)


@pytest.mark.parametrize(
    ("word", "strength", "held", "found"),
    [
        ("none", 1.0, True, "unseen"),
        ("surprise", 1.0, True, "right"),
        ("neutral", 1.0, True, "wrong"),
        ("fear", 0.2, False, "quiet"),
        ("neutral", 0.0, False, "right"),
        ("surprise", 0.0, False, "wrong"),
    ],
)
def test_a_word_of_a_frame_in_between_is_not_judged(micro, word: str, strength: float, held: bool, found: str) -> None:
    assert frames.verdict_of(micro, word, strength, held) == found
