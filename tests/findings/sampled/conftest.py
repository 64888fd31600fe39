from __future__ import annotations

import numpy as np
import pytest

from misread.findings.sampled import Layout, findings, tally

from .schools import everything, school


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """Chain, deployment."""
    return everything(tmp_path_factory.mktemp("sampled"))


@pytest.fixture(scope="session")
def schools(world):
    return [school(*world, seed) for seed in range(7)]


@pytest.fixture(scope="session")
def layout(world):
    return Layout.of(*world)


@pytest.fixture(scope="session")
def matrix(world, schools):
    return np.stack([tally(s, *world) for s in schools])


@pytest.fixture(scope="session")
def found(layout, matrix):
    return findings(layout, matrix)
