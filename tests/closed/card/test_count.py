"""Rows of a card from planted answers, counted a second way."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from misread.closed.card.counted.answers import NOT_TAKEN, Answers, joined
from misread.closed.card.counted.count import Counted
from misread.closed.card.grid import CONDITIONS, CONTROLS, DETECTORS, LEVELS, POSES, READERS
from misread.closed.heads import GATED
from misread.closed.readers.networks.table import NETWORKS, WORDS

HEADS = 20
AT = {(c.factor, c.level): n for n, c in enumerate(CONDITIONS)}
DIM = AT["light", "dim"]


def answered(seed: int, heads: int = HEADS) -> Answers:
    """Random answers; in the dark every label of the third reader is another than in the base."""
    draw = np.random.default_rng(seed)
    shape = (heads, len(CONDITIONS), len(POSES))
    words = np.full((*shape, len(READERS)), NOT_TAKEN, dtype=np.int8)
    scores = np.full((*shape, len(NETWORKS), len(WORDS)), np.nan)
    gated = len(GATED)
    base = draw.integers(0, 7, (heads, 1, gated, len(READERS)))
    other = draw.integers(0, 7, (heads, len(CONDITIONS), gated, len(READERS)))
    words[:, :, :gated] = np.where(draw.random(other.shape) < 0.15, other, base)
    words[:, 0] = draw.integers(0, 7, words[:, 0].shape)
    words[:, :, :gated][:, 1:] = np.where(draw.random(other[:, 1:].shape) < 0.15, other[:, 1:], words[:, :1, :gated])
    words[:, DIM, :gated, 2] = (words[:, 0, :gated, 2] + 1) % 7
    drawn = draw.dirichlet(np.ones(7), (heads, len(CONDITIONS), gated, len(NETWORKS)))
    scores[:, :, :gated] = drawn
    found = draw.random((*shape, len(DETECTORS))) < 0.9
    return Answers(tuple(range(heads)), words, scores, found)


@pytest.fixture(scope="module")
def answers() -> Answers:
    return answered(1)


@pytest.fixture(scope="module")
def counted(answers: Answers) -> Counted:
    return Counted(answers, 1)


@pytest.fixture(scope="module")
def rows(counted: Counted):
    return {(r.factor, r.level, r.reader): r for r in counted.changes()[1]}


def test_flips_and_distances_counted_one_by_one(answers: Answers, rows) -> None:
    for condition, (number, reader) in product(LEVELS, enumerate(READERS)):
        row, at = rows[condition.factor, condition.level, reader], AT[condition.factor, condition.level]
        flips, apart = 0, []
        for head, pose in product(range(HEADS), range(len(GATED))):
            flips += answers.words[head, at, pose, number] != answers.words[head, 0, pose, number]
            if number:
                p, q = (answers.scores[head, place, pose, number - 1] for place in (at, 0))
                apart.append(np.maximum(p - q, 0).sum())
        assert (row.flips.count, row.flips.of) == (flips, HEADS * len(GATED))
        if number:
            assert row.distance.value == pytest.approx(np.mean(apart), abs=6e-4)
        else:
            assert row.distance is None


def test_controls_are_pooled_by_family(answers: Answers, rows) -> None:
    row = rows["box moved", "", "fer"]
    four = [AT[c.factor, c.level] for c in CONTROLS if c.factor == "box moved"]
    flips = sum((answers.words[:, at, :3, 1] != answers.words[:, 0, :3, 1]).sum() for at in four)
    assert (row.flips.count, row.flips.of) == (flips, 4 * 60)
    assert row.control
    assert row.beyond is None


def test_a_planted_effect_lies_beyond_the_controls_and_others_do_not(rows) -> None:
    planted = rows["light", "dim", READERS[2]]
    assert planted.flips.share == 1
    assert planted.beyond.low > 0.5
    lying = [r for r in rows.values() if r.beyond is not None and r is not planted and r.beyond.low > 0]
    assert len(lying) <= 5


def test_the_difference_is_to_the_largest_control(counted: Counted, rows) -> None:
    for floor in counted.changes()[0]:
        shares = {c.factor: rows[c.factor, "", floor.reader].flips.share for c in CONTROLS}
        assert shares[floor.labels] == max(shares.values())
        row = rows["yaw", "20°", floor.reader]
        assert row.beyond.value == pytest.approx(row.flips.share - max(shares.values()), abs=6e-4)


def test_skins_ends_are_held_against_each_other(answers: Answers, rows) -> None:
    row = rows["skin", "L* 30 against L* 68", "human"]
    number = READERS.index("human")
    ends = [answers.words[:, AT["skin", f"L* {end}"], :3, number] for end in (30, 68)]
    assert row.flips.count == (ends[0] != ends[1]).sum()


def test_hits_neutral_and_agreement(answers: Answers, counted: Counted) -> None:
    for row in counted.hits():
        number, at = READERS.index(row.reader), AT[row.factor, row.level]
        for p, pose in enumerate(GATED):
            assert row.by_pose[p] == (answers.words[:, at, p, number] == WORDS.index(pose)).sum()
    shown = [0, *(AT[c.factor, c.level] for c in LEVELS)]
    for row in counted.called():
        assert sum(share.count for share in row.words.values()) == HEADS * (1 if row.where == "base" else len(shown))
        assert all(share.of == HEADS * (1 if row.where == "base" else len(shown)) for share in row.words.values())
    pairs = list(counted.agreement())
    assert len(pairs) == 2 * 15
    for row in pairs:
        first, second = (READERS.index(name) for name in row.readers)
        places = [0] if row.where == "base" else shown
        same = answers.words[:, places, :3, first] == answers.words[:, places, :3, second]
        assert (row.same.count, row.same.of) == (same.sum(), same.size)


def test_faces_found_and_missed(answers: Answers, counted: Counted) -> None:
    rows = {(r.factor, r.level, r.detector): r for r in counted.detected()}
    for (factor, level), at in AT.items():
        if factor in {c.factor for c in CONTROLS}:
            continue
        for number, detector in enumerate(DETECTORS):
            assert rows[factor, level, detector].found.count == answers.found[:, at, :3, number].sum()
    assert rows["taken again", "", "fer"].found.of == 120
    assert ("box moved", "", "fer") not in rows, "the detector is given no box"
    assert rows["base", "base", "fer"].missed_beyond is None


def test_the_profile_has_every_head_once(answers: Answers, counted: Counted) -> None:
    table = counted.profile()
    where = {pose: (0, p) for p, pose in enumerate(POSES)} | {"away": (AT["yaw", "40°"], GATED.index("neutral"))}
    for number, reader in enumerate(READERS):
        assert table[reader].keys() == where.keys()
        for pose, (at, p) in where.items():
            row, told = table[reader][pose], answers.words[:, at, p, number]
            seen = answers.found[:, at, p, DETECTORS.index("kind")]
            assert sum(row.values()) == HEADS
            if reader in ("fer", "facex"):
                assert row["none"] == (~seen).sum()
                told = told[seen]
            else:
                assert "none" not in row, "it does not use the detector"
            assert all(row[word] == (told == n).sum() for n, word in enumerate(WORDS))


def test_heads_of_several_runs_are_one_answer(answers: Answers, counted: Counted) -> None:
    halves = [
        Answers(
            tuple(range(a, a + 10)), answers.words[a : a + 10], answers.scores[a : a + 10], answers.found[a : a + 10]
        )
        for a in (0, 10)
    ]
    assert Counted(joined(halves), 1).changes() == counted.changes()


def test_too_few_pictures_make_no_row() -> None:
    few = Counted(answered(2, 4), 1)
    with pytest.raises(ValueError, match="greater than or equal to 20"):
        few.changes()
