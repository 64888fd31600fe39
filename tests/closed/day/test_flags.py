"""The rules on readers' words are the engine's rules: on the trace's own labels they raise its very flags."""

from __future__ import annotations

import pytest

from misread.closed.day.cast import valid
from misread.closed.day.flags import raised
from misread.closed.day.make import cast_of
from misread.closed.day.model import READERS, Face, Sat
from misread.deployment import load


def sat(pupil: int, words: list[str], shown: list[str], states: list[str]) -> Sat:
    """A pupil of whom every reader says the same."""
    return Sat(
        pupil=pupil, seat=pupil - 1, row=0, column=0, head=1, age=9.0, group="all", between_eyes=20.0,
        faces=tuple(
            Face(
                state=state, expression=face, turn=(0.0, 0.0), crop=None, box=None, found=None,
                said=(word,) * len(READERS), scores=(0.0,) * len(READERS), landmarks=None,
            )
            for word, face, state in zip(words, shown, states, strict=True)
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def traced():
    cast = cast_of()
    pupils = [
        sat(who.pupil, [x.label for x in own], [x.expression for x in own], [x.state for x in own])
        for who, own in zip(cast.facts, cast.looks, strict=True)
    ]
    return cast, pupils, raised(cast.deployment, pupils, 8, 1)


@pytest.mark.parametrize("rule", ["negative affect", "not attentive"])
def test_a_windows_flags_are_those_of_the_trace(traced, rule):
    cast, pupils, found = traced
    expected = {
        (who.pupil, at, flag.true)
        for who, own in zip(cast.facts, cast.looks, strict=True)
        for at, look in enumerate(own)
        for flag in look.flags
        if flag.rule == rule
    }
    assert len(expected) > 1
    for reader in READERS:
        own = [f for f in found if f.rule == rule and f.reader == reader]
        assert {(f.pupil, f.at) for f in own} == {(pupil, at) for pupil, at, _true in expected}
        true_of = {(pupil, at): true for pupil, at, true in expected}
        for flag in own:
            shown = [pupils[flag.pupil - 1].faces[at].expression for at in flag.hits]
            judged = "right" if true_of[flag.pupil, flag.at] else "wrong"
            assert flag.judged == (judged if all(map(valid, shown)) else "cannot be judged")


def test_a_rule_that_ranks_takes_as_many_as_the_trace_does(traced):
    cast, _pupils, found = traced
    for lesson in range(6):
        last = 8 * lesson + 7
        expected = [who.pupil for who, own in zip(cast.facts, cast.looks, strict=True)
                    if any(flag.rule == "least engaged" for flag in own[last].flags)]  # fmt: skip
        own = {f.pupil for f in found if f.rule == "least engaged" and f.reader == "fer" and f.at == last}
        assert len(own) == len(expected)
        counts = {who.pupil: sum(x.label in ("away", "sad") for x in looks[last - 7 : last + 1])
                  for who, looks in zip(cast.facts, cast.looks, strict=True)}  # fmt: skip
        assert sorted(counts[p] for p in own) == sorted(counts[p] for p in expected)


@pytest.mark.parametrize(
    ("shown", "state", "judged"),
    [
        (["neutral"] * 8, "engaged", "wrong"),
        (["neutral"] * 8, "bored", "right"),
        (["neutral", "neutral", "frown", *["neutral"] * 5], "engaged", "cannot be judged"),
        (["neutral", "frown", *["neutral"] * 6], "engaged", "wrong"),
    ],
    ids=["at rest and engaged", "at rest and bored", "a frown is counted", "a frown that is not counted"],
)
def test_a_flag_is_judged_by_the_looks_that_it_counts(shown, state, judged):
    words = ["sad", "neutral", "sad", "neutral", "sad", "neutral", "neutral", "neutral"]
    found = raised(load("as-described"), [sat(1, words, shown, [state] * 8)], 8, 1)
    assert [(f.at, f.hits, f.judged) for f in found if f.reader == "human"] == [(4, (0, 2, 4), judged)]


def test_after_a_flag_only_what_came_since_is_counted():
    words = ["sad"] * 6 + ["neutral"] * 2
    found = [f for f in raised(load("as-described"), [sat(1, words, ["neutral"] * 8, ["engaged"] * 8)], 8, 1)
             if f.reader == "human"]  # fmt: skip
    assert [(f.at, f.hits) for f in found] == [(2, (0, 1, 2)), (5, (3, 4, 5))]
