"""Figures in words: nothing rounds away what is there, and nothing says what is not."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.report import words
from misread.report.words import Band, headlines

shares = st.floats(0, 1)
inner = st.floats(1e-12, 1 - 1e-12)
NUMBERS = {word: i for i, word in enumerate(words.SMALL)}


def number(word: str) -> int:
    return NUMBERS[word] if word in NUMBERS else int(word.replace(",", ""))


@pytest.mark.parametrize(
    ("p", "of", "said"),
    [
        (0.0, 10, "none"),
        (1.0, 10, "all ten"),
        (1.0, 100, "all 100"),
        (0.69, 10, "seven"),
        (0.04, 10, "fewer than one"),
        (0.96, 10, "nearly all ten"),
        (0.05, 10, "one"),
        (0.123, 100, "twelve"),
        (0.13, 100, "13"),
        (0.996, 1000, "996"),
        (0.9996, 1000, "nearly all 1,000"),
    ],
)
def test_tally(p, of, said):
    assert words.tally(p, of) == said


@given(inner, st.sampled_from([10, 100, 1000]))
def test_a_tally_is_none_or_all_only_where_it_is(p, of):
    said = words.tally(p, of)
    assert said not in {"none", "no", f"all {words.count(of)}"}
    if said == "fewer than one":
        assert p * of < 1
    elif said.startswith("nearly all"):
        assert of - 1 < p * of < of
    else:
        assert abs(number(said) - p * of) <= 0.5 + 1e-9


@given(inner)
def test_the_base_is_the_smallest_that_tells_a_share_from_none_and_all(p):
    of = words.base(p)
    told = [n for n in (10, 100, 1000) if 0 < words.half_up(p * n) < n]
    assert of == (told[0] if told else 1000)


@pytest.mark.parametrize(
    ("low", "high", "of", "said"),
    [
        (0.6, 0.9, 10, "between six and nine"),
        (0.6, 0.62, 10, "six"),
        (0.0, 0.22, 10, "two at most"),
        (0.8, 0.999, 10, "eight or more"),
        (0.0, 1.0, 10, "anything from none to all ten"),
        (0.01, 0.99, 10, "anything from fewer than one to nearly all ten"),
        (0.001, 0.002, 10, "fewer than one"),
        (0.991, 0.999, 10, "nearly all ten"),
    ],
)
def test_tally_range(low, high, of, said):
    assert words.tally_range(low, high, of) == said


@given(shares, shares, st.sampled_from([10, 100, 1000]))
def test_a_range_names_the_tallies_of_its_ends(a, b, of):
    low, high = sorted((a, b))
    said = words.tally_range(low, high, of)
    ends = words.half_up(low * of), words.half_up(high * of)
    named = {e for e in ends if 0 < e < of}
    assert all(words.count(e) in said for e in named)
    assert ("between" in said) == (0 < ends[0] < ends[1] < of)


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (0, "0"),
        (12345.6, "12,346"),
        (9.96, "10"),
        (9.94, "9.9"),
        (0.996, "1.0"),
        (0.31, "0.31"),
        (0.0312, "0.03"),
        (0.0951, "0.1"),
        (0.0000041, "0.000004"),
        (4.1e-9, "4e-09"),
        (-2.34, "−2.3"),
    ],
)
def test_amount(x, said):
    assert words.amount(x) == said


@given(st.floats(-1e12, 1e12).filter(lambda x: abs(x) > 1e-300), st.booleans())
def test_an_amount_is_near_and_has_its_sign(x, signed):
    said = words.amount(x, signed=signed)
    back = float(said.replace(",", "").replace("−", "-"))
    assert math.isclose(back, x, rel_tol=0.051 if abs(x) >= 0.0995 else 0.51)
    assert said.startswith("+") == (signed and x > 0)


@pytest.mark.parametrize(
    ("ppv", "notify", "said"),
    [
        (0.31, ("teacher", "parent"), "Of ten alerts that this school would send home, seven would be wrong."),
        (0.31, ("teacher",), "Of ten alerts that the cameras would send to teachers, seven would be wrong."),
        (
            0.31,
            ("teacher", "counsellor"),
            "Of ten alerts that the cameras would send to teachers and the counsellor, seven would be wrong.",
        ),
        (0.31, (), "Of ten flags that the cameras would put on file, seven would be wrong."),
        (0.03, ("parent",), "Of 100 alerts that this school would send home, 97 would be wrong."),
        (0.004, ("parent",), "Of 1,000 alerts that this school would send home, 996 would be wrong."),
        (0.0004, ("parent",), "Of 1,000 alerts that this school would send home, fewer than one would be right."),
        (0.9997, ("parent",), "Of 1,000 alerts that this school would send home, fewer than one would be wrong."),
        (0.99, ("parent",), "Of 100 alerts that this school would send home, one would be wrong."),
        (0.0, ("parent",), "Every alert that this school would send home would be wrong."),
        (1.0, ("parent",), "No alert that this school would send home would be wrong."),
        (None, ("parent",), "This rule would never raise an alert."),
        (None, (), "This rule would never raise a flag."),
    ],
)
def test_headline(ppv, notify, said):
    assert str(headlines.headline(ppv, notify)) == said


@given(inner)
def test_a_headline_says_every_and_no_only_where_it_is_so(ppv):
    said = str(headlines.headline(ppv, ("parent",)))
    assert not said.startswith(("Every", "No ", "This"))
    assert " none " not in said
    assert "all" not in said


def test_the_headline_of_a_deployment_without_rules():
    assert str(headlines.no_rules_headline(25920.0)) == (
        "Nobody would be flagged, and still 25,920 guesses about each child would be written down."
    )
    assert "written down" in str(headlines.no_rules_headline(None))
    # Labels are counted about a watched child: where nobody is watched there are none.
    assert str(headlines.no_rules_headline(25920.0, 0.0)) == "No child would be looked at, and nobody flagged."


@pytest.mark.parametrize(
    ("band", "of", "said"),
    [
        (Band(0.7, 0.6, 0.9), 10, "Between six and nine, given what is known."),
        (
            Band(0.7, 0.69, 0.71),
            10,
            "Hardly more or fewer, given what is known: 69 to 71 of 100.",
        ),
        (
            Band(0.7, 0.699, 0.701),
            10,
            "Hardly more or fewer, given what is known: 70 of 100 throughout the interval.",
        ),
        (
            Band(0.7, 0.8, 0.9),
            10,
            "That is seven with the published figures taken as they stand; with their uncertainty counted it is "
            "between eight and nine.",
        ),
        (Band(0.7, why="no draws were asked for"), 10, "Without an interval: no draws were asked for."),
        (Band(0.7), 10, "Without an interval: nothing states how uncertain the figures behind it are."),
    ],
)
def test_what_the_interval_leaves_open(band, of, said):
    assert words.interval_sentence(band, of) == said


@pytest.mark.parametrize(
    ("band", "said"),
    [
        (Band(20, 17, 26), "between 17 and 26"),
        (Band(1.31, 1.3, 1.34), "1.3 throughout the interval"),
        (Band(20, 21, 26), "between 21 and 26, uncertainty counted"),
        (Band(1.31, 1.32, 1.34), "1.3 throughout the interval"),
        (Band(20), ""),
    ],
)
def test_span(band, said):
    assert words.span(band) == said
    assert words.brackets(band) == (f" ({said})" if said else "")


@pytest.mark.parametrize(
    ("band", "said"),
    [
        (Band(0.05, 0.04, 0.06), "between 4 and 6"),
        (Band(1.0, 1.0, 1.0), "100 throughout the interval"),
        (Band(0.675, 0.671, 0.6749), "between 67.1 and 67.5, uncertainty counted"),
        (Band(0.05, 0.06, 0.08), "between 6 and 8, uncertainty counted"),
        (Band(0.05), ""),
    ],
)
def test_share_span(band, said):
    assert words.share_span(band) == said


@pytest.mark.parametrize(
    ("band", "of", "said"),
    [
        (Band(0.5, 0.45, 0.62), 10, " (between five and six)"),
        (Band(0.5, 0.48, 0.52), 10, " (48 to 52 of 100)"),
        (Band(0.5, 0.498, 0.502), 100, ""),
        (Band(0.5, 0.5, 0.5), 10, ""),
        (Band(0.5, 0.6, 0.7), 10, " (between six and seven, uncertainty counted)"),
        (Band(0.5), 10, ""),
    ],
)
def test_tally_brackets(band, of, said):
    assert words.tally_brackets(band, of) == said


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.0, "No child"),
        (1.0, "Every child"),
        (0.99, "Nearly every child"),
        (0.93, "93 of 100 children"),
        (0.01, "One child in 100"),
        (0.004, "4 of 1,000 children"),
        (0.001, "One child in 1,000"),
        (0.0001, "Fewer than one child in 1,000"),
    ],
)
def test_children(p, said):
    assert words.children(p) == said


@given(inner)
def test_children_are_none_or_all_only_where_they_are(p):
    assert words.children(p) not in {"No child", "Every child"}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(300, "every 5 minutes"), (60, "every minute"), (90, "every 90 seconds"), (1, "every second"), (2.5, "every 2.5 seconds")],
)  # fmt: skip
def test_every(seconds, said):
    assert words.every(seconds) == said


def test_listing_plural_and_exact():
    assert words.listing(["a", "b", "c"]) == "a, b or c"
    assert words.listing(("a", "b"), "and") == "a and b"
    assert words.listing(["a"]) == "a"
    assert words.listing([]) == ""
    assert words.plural(1, "school") == "1 school"
    assert words.plural(967, "school") == "967 schools"
    assert words.exact(None) == "–"
    assert words.exact(0.123456789) == "0.123457"
    assert words.exact(1.2e10) == "12,000,000,000"


def test_a_band_carries_why_it_has_no_interval():
    class Row:
        value, low, high = 0.5, None, None
        method = "exact; no interval: no draws were asked for"

    band = Band.of(Row())
    assert band == Band(0.5, why="no draws were asked for")
    assert band.complement().why == band.times(3).why == "no draws were asked for"
    assert words.no_interval(band) == "Without an interval: no draws were asked for."
    assert words.no_interval(Band(0.5, 0.4, 0.6)) == words.no_interval(None) == ""


@given(shares, shares, shares)
def test_the_complement_turns_a_band_round(a, b, c):
    low, value, high = sorted((a, b, c))
    turned = Band(value, low, high).complement()
    assert turned.ends == (1 - high, 1 - low)
    assert turned.outside is False
    assert math.isclose(turned.complement().value, value, abs_tol=1e-12)
