"""A tiny grid, rendered: one head, few conditions, the landmark reader. Controls, cameras, alterations, same bytes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from misread.closed.card.counted.answers import Answers
from misread.closed.card.grid import (
    BASE,
    CONDITIONS,
    CONTROLS,
    DETECTORS,
    FACTORS,
    LANDMARKS,
    LEVELS,
    POSES,
    READERS,
    changes,
)
from misread.closed.card.made import sample, take
from misread.closed.card.made.make import all_taken
from misread.closed.card.made.take import Grid, Taken, taken
from misread.closed.heads import GATED, SEEDS, expression
from misread.closed.readers.networks import boxes
from misread.closed.readers.networks.boxes import BOXES
from misread.closed.readers.networks.table import NETWORKS, WORDS
from misread.closed.readers.packages.place import kept
from misread.closed.render.picture import again, encoded, out_of_focus, portrait_of
from misread.closed.render.scene import Sitter
from tests.closed.render.scenes import QUICK

pytest.importorskip("vtkmodules", reason="the renderer's pictures need VTK: pip install misread[closed]")

HEAD = 3


def level(factor: str, which: int = -1):
    return [c for c in (*CONTROLS, *LEVELS) if c.factor == factor][which]


def grid(*conditions, poses=("neutral",), **other) -> Grid:
    return Grid(
        conditions=(BASE, *conditions), poses=poses, readers=(LANDMARKS,), detectors=(), care=QUICK, texels=64, **other
    )


def shown(*conditions, pose: str = "happy") -> list:
    """What readers are given, in the order of the conditions, the base first."""
    asked = grid(*conditions, poses=(pose,))
    found = {place: stimulus for place, _, stimulus in take._stimuli(HEAD, asked)}
    return [found[place] for place in range(len(asked.conditions))]


def test_the_same_grid_gives_the_same_bytes_and_words() -> None:
    asked = grid(level("yaw"), level("glasses"), poses=("neutral", "happy"))
    once, twice = taken(HEAD, asked), taken(HEAD, asked)
    assert once.digests == twice.digests
    np.testing.assert_array_equal(once.answers.words, twice.answers.words)
    assert once.answers.words.shape == (1, 3, 2, 1)
    assert ((once.answers.words >= 0) & (once.answers.words < len(WORDS))).all()
    other = taken(HEAD, replace(asked, seed=2))
    assert other.digests == once.digests, "the seed is of the noise alone"
    assert taken(HEAD + 1, asked).digests != once.digests


def test_heads_taken_in_other_processes_come_in_order_and_are_the_same() -> None:
    asked, told = grid(level("JPEG")), []
    found = all_taken((HEAD, HEAD + 1), asked, lambda done, of: told.append((done, of)))
    assert [part.answers.heads for part in found] == [(HEAD,), (HEAD + 1,)]
    assert [part.digests for part in found] == [taken(seed, asked).digests for seed in (HEAD, HEAD + 1)]
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_noise_is_a_pictures_own_whatever_else_is_taken() -> None:
    asked = grid(level("pixels"), poses=("surprise",))
    more = grid(level("yaw"), level("pixels"), poses=("surprise",))
    assert taken(HEAD, asked).answers.words[0, 1] == taken(HEAD, more).answers.words[0, 2]


def test_poses_that_are_not_gated_are_taken_in_the_base_alone() -> None:
    whole = list(Grid().taken())
    assert len(whole) == len(set(whole)) == len(GATED) * len(CONDITIONS) + len(POSES) - len(GATED)
    assert all(place == 0 for place, pose in whole if pose >= len(GATED))
    # Light is worked out once for what is in the same light.
    lights = [(CONDITIONS[place].lighting, pose) for place, pose in whole]
    assert sum(a != b for a, b in pairwise(lights)) + 1 == len(set(lights))


def test_a_mirrored_picture_mirrored_is_the_picture() -> None:
    base, mirrored = shown(level("mirrored"))
    difference = np.abs(mirrored.rgb[:, ::-1].astype(int) - base.rgb.astype(int))
    assert (difference > 0).mean() < 0.02
    assert difference.mean() < 0.2
    assert np.abs(mirrored.rgb.astype(int) - base.rgb.astype(int)).mean() > 1
    wide = base.rgb.shape[1]
    assert abs((wide - mirrored.box[0] - mirrored.box[2]) - base.box[0]) <= 1


def test_a_moved_box_is_moved_by_three_in_a_hundred_and_nothing_else() -> None:
    base, *moved = shown(*(c for c in CONTROLS if c.factor == "box moved"))
    left, top, width, height = base.box
    across, down = max(1, round(0.03 * width)), max(1, round(0.03 * height))
    steps = [(s.box[0] - left, s.box[1] - top) for s in moved]
    assert steps == [(-across, 0), (across, 0), (0, -down), (0, down)]
    for stimulus in moved:
        assert stimulus.box[2:] == (width, height)
        np.testing.assert_array_equal(stimulus.rgb, base.rgb)


def test_a_network_is_given_the_box_that_its_detector_draws() -> None:
    assert BOXES.keys() == NETWORKS.keys()
    box = (40, 60, 100, 50)
    assert boxes._widened(box, BOXES["face-api"]) == box
    assert boxes._widened(box, (0.4, 0.2, -0.1)) == (20, 40, 140, 65)


@pytest.mark.long
@pytest.mark.skipif(kept() is None, reason="no detector: run `misread closed prepare`")
def test_fers_box_is_the_mean_of_what_its_detector_draws() -> None:
    detector, more = take._detector("kind"), []
    for seed in (1, 2, 5, 7):
        for _, _, stimulus in take._stimuli(seed, Grid(conditions=(BASE,), poses=("neutral", "happy"))):
            box = take._found(detector, stimulus)
            if box is not None:
                _, top, width, height = stimulus.box
                more.append([
                    (top - box[1]) / height, (box[2] / width - 1) / 2, (box[1] + box[3] - top - height) / height,
                ])  # fmt: skip
    assert len(more) >= 4
    np.testing.assert_allclose(np.mean(more, axis=0), BOXES["fer"], atol=0.08)


@pytest.mark.long
@pytest.mark.skipif(kept() is None, reason="no networks: run `misread closed prepare`")
def test_how_the_box_is_drawn_decides_what_ferx_names_rightly() -> None:
    """The figures of docs/closed-classroom.md and of `boxes.BOXES`."""
    ferx = take._network("ferx")
    bare, drawn, pictures = 0, 0, 0
    for seed in SEEDS:
        given = Grid(conditions=(BASE,), poses=GATED)
        for _, pose, stimulus in take._stimuli(seed, given):
            named = [WORDS[int(take._scores(ferx, [s])[0].argmax())] == GATED[pose]
                     for s in (stimulus, boxes._as_drawn("ferx", stimulus))]  # fmt: skip
            bare, drawn, pictures = bare + named[0], drawn + named[1], pictures + 1
    assert (round(100 * bare / pictures), round(100 * drawn / pictures)) == (17, 87)


def test_taken_again_the_face_lies_half_a_pixel_further() -> None:
    base, across, down = shown(*(c for c in CONTROLS if c.factor == "taken again"))
    for stimulus, step in ((across, (-0.5, 0.0)), (down, (0.0, -0.5))):
        for name, (x, y) in base.landmarks.items():
            # Nearer and farther points move a little more and less: the camera is one and a half metres away.
            assert stimulus.landmarks[name] == pytest.approx((x + step[0], y + step[1]), abs=0.06)
        assert (stimulus.rgb != base.rgb).any()


def test_blur_and_compression_move_nothing() -> None:
    base, blurred, compressed = shown(level("blur"), level("JPEG"))
    for stimulus in (blurred, compressed):
        assert stimulus.box == base.box
        assert stimulus.landmarks == base.landmarks
        assert (stimulus.rgb != base.rgb).mean() > 0.3
    steps = [np.abs(np.diff(s.rgb.astype(int), axis=1)).mean() for s in (base, blurred)]
    assert steps[1] < 0.6 * steps[0], "edges are softer"


def test_glasses_and_masks_are_where_they_should_be_in_the_picture() -> None:
    base, glasses, mask = shown(level("glasses"), level("mask"))
    eyes = (base.landmarks["left pupil"][1] + base.landmarks["right pupil"][1]) / 2
    mouth = base.landmarks["upper lip top"][1]
    for stimulus, inside, outside in ((glasses, eyes, mouth), (mask, mouth, eyes)):
        difference = np.abs(stimulus.rgb.astype(int) - base.rgb.astype(int)).sum(axis=(1, 2))
        assert difference[round(inside)] > 4 * difference[round(outside)]


def test_light_worked_out_once_is_the_light_of_every_camera() -> None:
    sitter = Sitter(0, HEAD, 9.5, expression("happy"))
    lit = portrait_of(sitter, 24, care=QUICK, texels=64)
    for apart, yaw in ((16, 0.0), (20, 30.0)):
        alone = portrait_of(sitter, apart, yaw=yaw, care=QUICK, texels=64)
        np.testing.assert_array_equal(encoded(again(lit, apart, yaw).whole()), encoded(alone.whole()))


def test_a_lens_out_of_focus_takes_no_light_away() -> None:
    lit = portrait_of(Sitter(0, HEAD), 16, care=QUICK, texels=64)
    sharp = encoded(lit.whole())
    np.testing.assert_array_equal(out_of_focus(lit, 1e-6), sharp)
    soft = out_of_focus(lit, 2.0)
    assert soft.mean() == pytest.approx(sharp.mean(), rel=0.03)
    assert np.abs(np.diff(soft.astype(int), axis=0)).mean() < np.abs(np.diff(sharp.astype(int), axis=0)).mean()


def test_every_level_differs_from_the_base_in_its_factor_alone() -> None:
    fields = {"yaw": "yaw", "pixels": "apart", "light": "light", "blur": "spread", "JPEG": "quality", "glasses": "wears",
              "mask": "wears", "skin": "skin", "age": "age"}  # fmt: skip
    assert set(FACTORS) == set(fields)
    for condition in LEVELS:
        changed = {n for n in BASE.__slots__ if getattr(condition, n) != getattr(BASE, n)} - {"factor", "level"}
        assert changed == {fields[condition.factor]}, condition
    assert len({(c.factor, c.level) for c in CONDITIONS}) == len(CONDITIONS)


def test_rows_hold_every_condition_against_the_base() -> None:
    rows = changes()
    assert sorted(pair[0] for row in rows for pair in row.pairs if pair[1] == 0) == list(range(1, len(CONDITIONS)))
    (ends,) = [row for row in rows if row.pairs[0][1] != 0]
    darkest, lightest = (CONDITIONS[at].skin for at in ends.pairs[0])
    assert (darkest, lightest) == (30.0, 68.0)


def test_a_network_that_answers_no_numbers_is_found_out_by_the_sample() -> None:
    conditions = tuple(c for c in CONDITIONS if sample.in_sample(c))
    shape = (1, len(conditions), len(POSES))
    scores = np.full((*shape, len(NETWORKS), len(WORDS)), 1 / len(WORDS))
    words, found = np.zeros((*shape, len(READERS)), np.int8), np.ones((*shape, len(DETECTORS)), bool)
    parts = [
        Taken(Answers((head,), words, scores, found, conditions=conditions), ("0" * 64,) * len(conditions))
        for head in sample.SAMPLED
    ]
    before = sample.sample_of(parts)
    scores[0, 0, 0, 0] = np.nan
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample, "taken", lambda head, _grid: parts[head])
        now = sample.compared(before, sample.repeated(1))
    assert now.outcome == "differs"
    assert len(now.differs) == len(WORDS), "of that network alone"
