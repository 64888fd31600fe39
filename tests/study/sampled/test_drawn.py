"""Schools that the sampled engine draws: the same bytes whoever draws them, and files that say what the tallies say."""

from __future__ import annotations

import pickle
import signal
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from misread.deployment import load
from misread.engine.sampled.simulate import simulate
from misread.errors import MisreadError
from misread.findings.sampled import tally
from misread.study.sampled import executor_of, job_of, sampled
from misread.study.sampled.job import compiled, digest_of

from . import tasks
from .crashes.test_crashes import started


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    return tasks.drawn_job(tmp_path_factory.mktemp("drawn"))


@pytest.fixture(scope="module")
def undisturbed(job, tmp_path_factory):
    out = tmp_path_factory.mktemp("undisturbed")
    with executor_of(1) as one:
        matrix = sampled(job, 7, out=out, executor=one)
    return contents(out), matrix, out


def contents(out):
    return {path.name: path.read_bytes() for path in (out / "files").iterdir()}


def test_the_tallies_are_those_of_each_school_by_itself(job, undisturbed):
    made = compiled(job)
    for school, row in enumerate(undisturbed[1]):
        alone = tally(simulate(made.tables, job.seed, school), made.chain, job.deployment)
        assert alone.tobytes() == row.tobytes()


def test_threads_give_the_same_bytes(job, undisturbed, tmp_path):
    with executor_of(3) as threads:
        matrix = sampled(job, 7, out=tmp_path, executor=threads)
    assert contents(tmp_path) == undisturbed[0]
    assert np.array_equal(matrix, undisturbed[1])


def test_processes_give_the_same_bytes(job, undisturbed, tmp_path):
    with ProcessPoolExecutor(2) as processes:
        matrix = sampled(job, 7, out=tmp_path, executor=processes)
    assert contents(tmp_path) == undisturbed[0]
    assert np.array_equal(matrix, undisturbed[1])


def test_dask_workers_give_the_same_bytes(job, undisturbed, cluster, tmp_path):
    with executor_of(dask=cluster.scheduler_address) as workers:
        matrix = sampled(job, 7, out=tmp_path, executor=workers)
    assert contents(tmp_path) == undisturbed[0]
    assert np.array_equal(matrix, undisturbed[1])


def test_killed_while_it_writes_and_taken_up_again(job, undisturbed, tmp_path):
    out = tmp_path / "out"
    run = started(out, "draw", 3)
    run.communicate()
    assert run.returncode == -signal.SIGKILL
    assert len(list((out / "files").glob("*.parquet"))) == 2
    matrix = sampled(job, 7, out=out)
    assert contents(out) == undisturbed[0]
    assert np.array_equal(matrix, undisturbed[1])


def test_the_size_of_ranges_moves_schools_between_files_and_changes_none(job, undisturbed, tmp_path):
    assert np.array_equal(sampled(replace(job, size=3), 7, out=tmp_path), undisturbed[1])
    tables = [pq.read_table(out / "files") for out in (undisturbed[2], tmp_path)]
    assert tables[0].equals(tables[1])


def test_files_add_up_to_the_tallies(job, undisturbed):
    rows = pq.read_table(undisturbed[2] / "files").to_pandas()
    assert len(rows) == 7 * 70 * 2
    made = compiled(job)
    sums = made.layout.split(undisturbed[1].sum(axis=0))
    seen = rows[rows["watched"]]
    for r, rule in enumerate(job.deployment.rules):
        for reader, begins in enumerate(("", "perfect reader: ")):
            for g, group in enumerate(made.chain.groups):
                of_group = seen[seen["group"] == group]
                assert of_group[f"{begins}flags: {rule.name}"].sum() == sums["flags"][reader, r, 0, g]
                assert of_group[f"{begins}false flags: {rule.name}"].sum() == sums["false"][reader, r, 0, g]
    assert seen["mark: word"].sum() == sums["marks"][0, 0, 0].sum() > 0
    assert seen["unearned mark: word"].sum() == sums["marks"][0, 0, 1].sum()
    assert not rows[~rows["watched"]].filter(like="flags: ").to_numpy().any()
    for d, decision in enumerate(job.deployment.decisions):
        chances = seen[seen["year"] == decision.after_year]
        a, b = (chances[f"{begins}decision: {decision.name}"] for begins in ("", "perfect reader: "))
        assert np.isclose((a * (1 - b) + b * (1 - a)).sum(), sums["decisions"][d, 0].sum())


def test_a_job_is_small_and_comes_back_the_same(job):
    text = pickle.dumps(job)
    assert len(text) < 100_000
    again = pickle.loads(text)
    assert again == job
    assert hash(again) == hash(job)
    assert compiled(again) is compiled(job)


def test_a_worker_with_other_tables_is_refused(job):
    with pytest.raises(MisreadError, match="other tables"):
        sampled(replace(job, tables="0" * 64), 2)


def test_another_camera_or_rule_is_another_job(tmp_path):
    path = tasks.further(tmp_path)
    first = job_of(load(path), seed=1)
    assert job_of(load(path), seed=1) == first
    for setting in ("camera.observe_every_seconds=60", "population.class_size=20", "population.opt_out=0.1"):
        other = job_of(load(path, settings=[setting]), seed=1)
        assert other.sha256 != first.sha256
        assert other.tables != first.tables


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_out_of_range_is_refused(tmp_path, seed):
    with pytest.raises(MisreadError, match="from 0 to"):
        job_of(load(tasks.further(tmp_path)), seed=seed)


def test_a_step_that_nobody_draws_is_refused(tmp_path):
    with pytest.raises(MisreadError, match="The step is 'hour'"):
        job_of(load(tasks.further(tmp_path)), seed=1, step="hour")


def test_a_digest_knows_values_shapes_and_types():
    arrays = [np.arange(6), np.arange(6).reshape(2, 3), np.arange(6.0), np.arange(6)[::-1], np.arange(5)]
    assert len({digest_of((array,)) for array in arrays}) == len(arrays)
    assert digest_of((np.arange(6)[::-1],)) == digest_of((np.arange(6)[::-1].copy(),))
    assert digest_of(("ab", "c")) != digest_of(("a", "bc"))
    with pytest.raises(TypeError, match="no digest of a dict"):
        digest_of({})
