"""The detector's boxes are OpenCV's, on rendered faces and on noise; and what becomes of them."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from misread.closed.heads import expression
from misread.closed.readers.convert import converted
from misread.closed.readers.detector import group, pyramid, run
from misread.closed.readers.detector.table import FILE, SETTINGS, Setting
from misread.closed.readers.packages.place import cache_folder, kept
from misread.closed.readers.stimulus import Stimulus
from misread.errors import MisreadError

from .faces import noise, several, stimulus

cv2 = pytest.importorskip("cv2")
XML = Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"
"""facex ships this very cascade, in lines that end otherwise."""


@pytest.fixture(scope="module")
def cascade():
    return converted("cascade", [XML.read_bytes()])


@pytest.fixture(scope="module")
def opencv():
    return cv2.CascadeClassifier(str(XML))


@pytest.fixture
def detector(cascade, monkeypatch):
    monkeypatch.setattr(run, "prepared", {FILE: cascade}.__getitem__)
    return run._open_detector()


def asked(detector, **other) -> run._Detector:
    return dataclasses.replace(detector, setting=dataclasses.replace(detector.setting, **other))


def expected(opencv, face: Stimulus, setting: Setting) -> tuple[run.Box, ...]:
    found = opencv.detectMultiScale(
        cv2.cvtColor(face.rgb, cv2.COLOR_RGB2GRAY), scaleFactor=setting.scale, minNeighbors=setting.neighbours,
        minSize=(setting.least, setting.least),
    )  # fmt: skip
    return tuple(sorted(tuple(int(side) for side in box) for box in found))


@pytest.fixture(scope="module")
def rendered() -> list[Stimulus]:
    """Heads from the front and turned, in several sizes."""
    pytest.importorskip("vtkmodules", reason="the renderer's pictures need VTK: pip install misread[closed]")
    from misread.closed.render import Sitter, portrait_of
    from misread.closed.render.stimuli import _stimulus_of

    found = []
    for who, pose, apart, yaw in [
        (7, "neutral", 8, 0), (3, "happy", 40, 0), (7, "surprise", 24, 20), (11, "neutral", 32, 40),
    ]:  # fmt: skip
        lit = portrait_of(Sitter(0, who, weights=expression(pose)), apart, yaw, texels=128)
        found.append(_stimulus_of(lit, 0))
    return found


# The boxes are OpenCV's.


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_rendered_faces(detector, opencv, rendered, setting):
    own = dataclasses.replace(detector, setting=setting)
    found = [run._find(own, face) for face in rendered]
    assert found == [expected(opencv, face, setting) for face in rendered]
    assert sum(map(bool, found)) >= 2


@pytest.mark.parametrize("setting", [*SETTINGS.values(), Setting(1.3, 1, 1, "")], ids=[*SETTINGS, "coarse"])
def test_drawings_and_noise(detector, opencv, setting):
    own = dataclasses.replace(detector, setting=setting)
    for face in [*several(), *(stimulus(noise(seed, 60 + 17 * seed, 80 + 11 * seed)) for seed in range(5))]:
        assert run._find(own, face) == expected(opencv, face, setting)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), height=st.integers(20, 150), width=st.integers(20, 150), data=st.data())
def test_faces_stretched_and_under_noise(cascade, opencv, rendered, seed, height, width, data):
    """Also where they fill the picture, or are smaller than the least that is asked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "prepared", {FILE: cascade}.__getitem__)
        detector = run._open_detector()
    draw = np.random.default_rng(seed)
    rgb = cv2.resize(data.draw(st.sampled_from(rendered)).rgb, (width, height), interpolation=cv2.INTER_AREA)
    rgb = np.clip(rgb + draw.normal(0, draw.uniform(0, 12), rgb.shape), 0, 255).astype(np.uint8)
    setting = Setting(
        data.draw(st.sampled_from([1.05, 1.1, 1.3])), data.draw(st.integers(1, 5)),
        data.draw(st.sampled_from([1, 24, 40, 200])), "",
    )  # fmt: skip
    own = dataclasses.replace(detector, setting=setting)
    assert run._find(own, stimulus(rgb)) == expected(opencv, stimulus(rgb), setting)


PASSES_ALL = """<?xml version="1.0"?>
<opencv_storage><cascade type_id="opencv-cascade-classifier">
<stageType>BOOST</stageType><featureType>HAAR</featureType><height>24</height><width>24</width>
<stageParams><maxWeakCount>1</maxWeakCount></stageParams><featureParams><maxCatCount>0</maxCatCount></featureParams>
<stageNum>1</stageNum><stages><_><maxWeakCount>1</maxWeakCount><stageThreshold>0.</stageThreshold>
<weakClassifiers><_><internalNodes>0 -1 0 0.</internalNodes><leafValues>1. 1.</leafValues></_></weakClassifiers></_></stages>
<features><_><rects><_>0 0 24 24 -1.</_><_>12 0 12 24 2.</_></rects></_></features></cascade></opencv_storage>
"""
"""Of one weak classifier, to which every window is a face that is no plain wall."""


def test_a_box_ends_where_the_picture_does(monkeypatch, tmp_path):
    """Of 220 pixels, 25 are left at the last scale, and the second window's 215 begin at the ninth."""
    path = tmp_path / "all.xml"
    path.write_text(PASSES_ALL)
    monkeypatch.setattr(run, "prepared", {FILE: converted("cascade", [PASSES_ALL.encode()])}.__getitem__)
    rgb = np.zeros((220, 220, 3), np.uint8)
    rgb[:, 205:] = 255
    own = asked(run._open_detector(), neighbours=1, least=215)
    assert run._find(own, stimulus(rgb)) == ((9, 4, 211, 215),)
    assert expected(cv2.CascadeClassifier(str(path)), stimulus(rgb), own.setting) == ((9, 4, 211, 215),)


@given(
    seed=st.integers(0, 2**32 - 1), height=st.integers(2, 90), width=st.integers(2, 90), power=st.integers(0, 25)
)  # fmt: skip
@example(seed=1, height=64, width=64, power=0)
def test_smaller_pictures_are_opencvs(seed, height, width, power):
    grey, scale = noise(seed, height, width)[..., 0], float(np.float32(1.1**power))
    size = round(width / scale), round(height / scale)
    if min(size) > 0:
        smaller = cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR_EXACT)
        np.testing.assert_array_equal(pyramid._smaller(grey, scale), smaller)


def test_sums_are_opencvs():
    grey = noise(3)[..., 0]
    sums, squares = pyramid._sums(grey)
    expected_sums, expected_squares = cv2.integral2(grey)
    np.testing.assert_array_equal(sums, expected_sums)
    np.testing.assert_array_equal(squares, expected_squares)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(20, 40)), max_size=25), st.integers(1, 4))
def test_groups_are_opencvs(windows, neighbours):
    boxes = np.array([(x, y, side, side) for x, y, side in windows], np.int64).reshape(-1, 4)
    grouped, _ = cv2.groupRectangles([list(map(int, box)) for box in boxes], neighbours, 0.2)
    expected_boxes = sorted(tuple(map(int, box)) for box in grouped)
    assert sorted(tuple(map(int, box)) for box in group._grouped(boxes, neighbours)) == expected_boxes


def test_sizes_that_are_looked_for():
    """By hand: of 24 × 1.1 ** k those from 50 on that fit; and where none does, the nearest to what is asked for."""
    fer = SETTINGS["fer"]
    sides = [round(24 * s) for s in pyramid._scales(100, 24, fer)]
    assert sides == [51, 57, 62, 68, 75, 83, 91, 100]
    assert [round(24 * s) for s in pyramid._scales(40, 24, fer)] == [39]
    assert pyramid._scales(23, 24, fer) == ()


# What becomes of them.


def test_the_rendered_face_is_found_but_not_where_it_is_too_small(detector, rendered):
    small, near, *_ = rendered
    left, top, width, height = run._found(detector, near)
    for x, y in (near.landmarks["left pupil"], near.landmarks["right pupil"], near.landmarks["upper lip top"]):
        assert left < x < left + width
        assert top < y < top + height
    assert run._found(asked(detector, least=50), small) is None


def test_the_packages_ask_for_more(detector, rendered):
    """Whatever fer takes for a face, a kinder setting finds as well; a face of 40 pixels it does not look for."""
    found = {name: [run._found(asked(detector, **_values(s)), f) for f in rendered] for name, s in SETTINGS.items()}
    many = {name: sum(box is not None for box in boxes) for name, boxes in found.items()}
    assert many["fer"] < many["kind"]
    assert many["facex"] <= many["kind"]


def _values(setting: Setting) -> dict[str, float]:
    return {"scale": setting.scale, "neighbours": setting.neighbours, "least": setting.least}


def test_a_box_elsewhere_is_not_the_face(detector, monkeypatch):
    face = stimulus(noise(1, 100, 100), (20, 20, 40, 40))
    for boxes, best in [
        ((), None),
        (((70, 70, 30, 30),), None),
        (((70, 70, 30, 30), (10, 10, 64, 64), (0, 0, 70, 70)), (10, 10, 64, 64)),
        (((45, 20, 40, 40),), None),
    ]:
        monkeypatch.setattr(run, "_find", lambda *_given, boxes=boxes: boxes)
        assert run._found(detector, face) == best


def test_what_two_boxes_have_in_common():
    assert run._share((0, 0, 10, 10), (0, 0, 10, 10)) == 1
    assert run._share((0, 0, 10, 10), (10, 0, 10, 10)) == 0
    assert run._share((0, 0, 10, 10), (30, 30, 10, 10)) == 0
    assert run._share((0, 0, 10, 10), (5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert run._share((0, 0, 10, 10), (2, 2, 5, 5)) == pytest.approx(1 / 4)


# Who may ask, and with what.


class Alike:
    rgb, box, landmarks = noise(1), (0, 0, 100, 100), {}


@pytest.mark.parametrize("other", [noise(1), Alike(), b"bytes", "a path"], ids=["array", "alike", "bytes", "path"])
def test_it_reads_nothing_else(detector, other):
    for ask in (run._find, run._found):
        with pytest.raises(TypeError, match="only what the product rendered"):
            ask(detector, other)


def test_without_the_file_it_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("MISREAD_CACHE", str(tmp_path))
    with pytest.raises(MisreadError, match=rf"{FILE} is not there(.|\n)*misread closed prepare"):
        run._open_detector()


def test_the_cascades_numbers(cascade):
    """By hand, from the head of the file and its last lines."""
    with np.load(io.BytesIO(cascade)) as kept_arrays:
        assert kept_arrays["window"].tolist() == [24, 24]
        assert len(kept_arrays["ends"]) == 25
        assert kept_arrays["ends"][[0, -1]].tolist() == [9, 2913]
        assert kept_arrays["least"][0] == np.float32(-5.042550086975098)
        assert kept_arrays["rectangles"][0].tolist() == [[6, 4, 12, 9], [6, 7, 12, 3], [0, 0, 0, 0]]
        assert kept_arrays["weights"][0].tolist() == [-1, 3, 0]
        assert kept_arrays["threshold"][0] == np.float32(-0.031511999666690826)
        assert kept_arrays["below"][0] == np.float32(2.0875380039215088)
        assert kept_arrays["above"][0] == np.float32(-2.217210054397583)
    assert converted("cascade", [XML.read_bytes()]) == cascade


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("<featureType>HAAR", "<featureType>LBP", "boosted cascade"),
        ("<cascade ", "<other ", "boosted cascade"),
        ("0 -1 0 ", "1 -1 0 ", "trees"),
        ("0 -1 0 ", "0 -1 0 1 ", "trees"),
        ("</rects>", "</rects><tilted>1</tilted>", "tilted"),
    ],
)
def test_another_kind_of_cascade_is_not_converted(old, new, what):
    text = XML.read_text().replace(old, new, 1)
    if old == "<cascade ":
        text = text.replace("</cascade>", "</other>")
    with pytest.raises(ValueError, match=what):
        converted("cascade", [text.encode()])


@pytest.mark.long
@pytest.mark.skipif(kept() is None, reason="no networks: run `misread closed prepare`")
def test_the_package_ships_opencvs_cascade(cascade):
    assert (cache_folder() / FILE).read_bytes() == cascade
