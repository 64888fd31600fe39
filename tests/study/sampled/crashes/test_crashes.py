"""Runs that are killed, stopped, or run out of disk: what is left is whole, and the next run ends the same."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from misread.errors import MisreadError
from misread.study.sampled import RangesError, executor_of, sampled
from tests.study.sampled import tasks

ROOT = Path(__file__).parents[4]


def started(out, task="lame", *more):
    """A run in a process of its own."""
    words = [sys.executable, "-m", "tests.study.sampled.crashes.stopped", str(out), task, *map(str, more)]
    return subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def files(out):
    return sorted((out / "files").glob("*.parquet"))


def contents(out):
    """Everything in the folder of files, hidden files too."""
    return {path.name: path.read_bytes() for path in (out / "files").iterdir()}


def wait_for(out, number):
    """Wait until so many files are there."""
    end = time.monotonic() + 30
    while len(files(out)) < number:
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The files and tallies of a run that nothing happened to."""
    out = tmp_path_factory.mktemp("undisturbed")
    matrix = sampled(tasks.job(), 20, out=out, task=tasks.plain)
    return contents(out), matrix


def ends_the_same(out, undisturbed):
    """The same command again, and the same bytes as without what happened."""
    matrix = sampled(tasks.job(), 20, out=out, task=tasks.plain)
    return contents(out) == undisturbed[0] and np.array_equal(matrix, undisturbed[1])


def test_killed_again_and_again_at_any_moment(tmp_path, undisturbed):
    moments = random.Random()
    for number in range(1, 5):
        run = started(tmp_path)
        wait_for(tmp_path, number)
        time.sleep(moments.uniform(0, 0.1))
        run.kill()
        run.communicate()
        # Whatever bears a file's name is whole.
        assert all(path.read_bytes() == undisturbed[0][path.name] for path in files(tmp_path))
    assert number <= len(files(tmp_path)) < 7
    assert ends_the_same(tmp_path, undisturbed)


@pytest.mark.parametrize("write", [1, 4])
def test_killed_while_it_writes(tmp_path, undisturbed, write):
    run = started(tmp_path, "plain", write)
    run.communicate()
    assert run.returncode == -signal.SIGKILL
    assert len(files(tmp_path)) == write - 1
    assert len(contents(tmp_path)) == write  # what was being written is left, under another name
    assert ends_the_same(tmp_path, undisturbed)


def test_stopped_by_ctrl_c(tmp_path, undisturbed):
    run = started(tmp_path)
    wait_for(tmp_path, 2)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    done = len(files(tmp_path))
    assert run.returncode == 130
    # It may be stopped between moving a file and counting it.
    told = [f"Interrupted. {n} of 7 ranges are done; to go on, run the same command again.\n" for n in (done, done - 1)]
    assert said in told
    assert 2 <= done < 7
    assert contents(tmp_path).keys() == {path.name for path in files(tmp_path)}
    assert ends_the_same(tmp_path, undisturbed)


def test_files_that_may_not_grow_so_large(tmp_path, undisturbed):
    largest = min(map(len, undisturbed[0].values())) // 2
    run = started(tmp_path, "plain", 0, largest)
    _, said = run.communicate()
    assert run.returncode == 2
    assert "It cannot be written: File too large" in said
    assert "0 of 7 ranges are done; to go on, run the same command again" in said
    assert contents(tmp_path) == {}
    assert ends_the_same(tmp_path, undisturbed)


def test_a_disk_that_is_full_after_three_files(tmp_path, monkeypatch, undisturbed):
    fsync, left = os.fsync, [3]

    def full(handle):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(MisreadError) as caught:
            sampled(tasks.job(), 20, out=tmp_path, keep_going=True, task=tasks.plain)
    assert len(caught.value.problems) == 1
    assert "No space left on device" in str(caught.value)
    assert "3 of 7 ranges are done; to go on, run the same command again" in str(caught.value)
    assert len(contents(tmp_path)) == 3
    assert ends_the_same(tmp_path, undisturbed)


def test_dask_workers_give_the_same_bytes(tmp_path, cluster, undisturbed):
    with executor_of(dask=cluster.scheduler_address) as executor:
        matrix = sampled(tasks.job(), 20, out=tmp_path, executor=executor, task=tasks.slow)
    assert contents(tmp_path) == undisturbed[0]
    assert np.array_equal(matrix, undisturbed[1])


def test_a_lost_dask_worker_changes_nothing(tmp_path, cluster, undisturbed):
    dying, out = tasks.Dying(tmp_path), tmp_path / "out"
    with executor_of(dask=cluster.scheduler_address) as executor:
        matrix = sampled(tasks.job(), 20, out=out, executor=executor, task=dying)
    assert dying.marker.exists()
    assert contents(out) == undisturbed[0]
    assert np.array_equal(matrix, undisturbed[1])


def test_a_range_that_loses_every_worker_has_failed_and_is_named(tmp_path, cluster, undisturbed, monkeypatch):
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    dying, out = tasks.Dying(tmp_path), tmp_path / "out"
    with (
        executor_of(dask=cluster.scheduler_address) as executor,
        pytest.raises(RangesError, match=r"schools 7–9.*KilledWorker") as caught,
    ):
        sampled(tasks.job(), 20, out=out, executor=executor, keep_going=True, task=dying)
    # What waited at the worker that died may have failed with it; nothing else has.
    assert len(files(out)) == 7 - len(caught.value.failed) >= 4
    assert ends_the_same(out, undisturbed)


def test_nobody_at_the_address(monkeypatch):
    monkeypatch.setattr("misread.study.sampled.executors.TIMEOUT", "0.5s")
    with pytest.raises(MisreadError, match="No Dask scheduler answers there"), executor_of(dask="tcp://127.0.0.1:9"):
        pass
    with pytest.raises(MisreadError, match="No Dask scheduler answers there"), executor_of(dask="over there"):
        pass


def test_without_dask(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MisreadError, match="make extras"), executor_of(dask="tcp://127.0.0.1:9"):
        pass


def test_the_files_are_parquet_that_others_read(undisturbed, tmp_path):
    assert ends_the_same(tmp_path, undisturbed)
    table = pq.read_table(tmp_path / "files")
    assert sorted(set(table["school"].to_pylist())) == list(range(20))
