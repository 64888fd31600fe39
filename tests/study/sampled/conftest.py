"""A real cluster, and deployments small enough to be drawn in no time."""

from __future__ import annotations

import pytest

from misread.deployment import load

from . import tasks


@pytest.fixture(scope="session")
def cluster():
    """A scheduler and two worker processes."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.fixture(scope="session", params=["left out", "worst"])
def further(request, tmp_path_factory):
    """A deployment with most further tables."""
    return load(
        tasks.further(tmp_path_factory.mktemp("further")), settings=[f'population.opt_out_rank="{request.param}"']
    )
