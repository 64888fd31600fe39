"""OpenCV's cascade of Haar features, from its XML to arrays: numbers only."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import numpy as np

MOST = 3
"""Rectangles of a feature, at most; each is left, top, width and height in pixels of the cascade's window."""


def arrays_of_cascade(content: bytes) -> bytes:
    """The cascade as a compressed `.npz`: the same bytes for the same XML.

    `window` holds its sides; by stage, `ends` says after which weak classifier it ends and `least` what it asks for; by
    weak classifier, `rectangles` (3 × 4; one that is not used is empty) and their `weights`, the `threshold`, and what
    it adds `below` that and otherwise (`above`). Fractions have four bytes, as OpenCV keeps them.
    """
    root = ElementTree.fromstring(content).find("cascade")
    if root is None or (root.findtext("featureType"), root.findtext("stageType")) != ("HAAR", "BOOST"):
        raise ValueError("expected a boosted cascade of Haar features")
    features = [_feature(found) for found in root.iterfind("features/_")]
    stages = [list(stage.iterfind("weakClassifiers/_")) for stage in root.iterfind("stages/_")]
    nodes = np.array([_numbers(weak, "internalNodes", 4) for stage in stages for weak in stage])
    leaves = np.array([_numbers(weak, "leafValues", 2) for stage in stages for weak in stage])
    # A stump's two ways lead to its leaves, 0 and -1.
    if (nodes[:, :2] != (0, -1)).any():
        raise ValueError("no conversion of trees")
    used = nodes[:, 2].astype(int)
    least = [float(stage.findtext("stageThreshold", "nan")) for stage in root.iterfind("stages/_")]
    written = io.BytesIO()
    np.savez_compressed(
        written,
        window=np.array([int(root.findtext(side, "0")) for side in ("width", "height")], np.int32),
        ends=np.cumsum([len(stage) for stage in stages]).astype(np.int32),
        least=np.array(least, np.float32),
        rectangles=np.array([features[i][0] for i in used], np.int32),
        weights=np.array([features[i][1] for i in used], np.float32),
        threshold=nodes[:, 3].astype(np.float32),
        below=leaves[:, 0].astype(np.float32),
        above=leaves[:, 1].astype(np.float32),
    )
    return written.getvalue()


def _feature(found: ElementTree.Element) -> tuple[list[list[int]], list[float]]:
    """Rectangles of a feature, filled up with empty ones, and their weights."""
    if found.findtext("tilted", "0").strip() != "0":
        raise ValueError("no conversion of tilted features")
    lines = [(line.text or "").split() for line in found.iterfind("rects/_")]
    lines += [["0"] * 5] * (MOST - len(lines))
    return [[int(corner) for corner in line[:4]] for line in lines], [float(line[4]) for line in lines]


def _numbers(weak: ElementTree.Element, name: str, count: int) -> list[float]:
    found = [float(number) for number in weak.findtext(name, "").split()]
    if len(found) != count:
        raise ValueError("no conversion of trees")
    return found
