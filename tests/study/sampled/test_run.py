"""Ranges handed out and taken back: order, window, failures, and what is said."""

from __future__ import annotations

import random
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pytest

from misread.errors import MisreadError
from misread.study.sampled import RangesError, Span, executor_of, sampled, spans_of
from misread.study.sampled.files import path_of

from . import tasks


class Deferred(Executor):
    """Does nothing until somebody waits; then does one range at random. Counts how many it was given at most."""

    def __init__(self, seed):
        self.random, self.waiting, self.most = random.Random(seed), [], 0

    def submit(self, fn, /, *args):
        future = Waited(self)
        self.waiting.append((future, fn, args))
        self.most = max(self.most, len(self.waiting))
        return future

    def one(self):
        future, fn, args = self.waiting.pop(self.random.randrange(len(self.waiting)))
        if future.set_running_or_notify_cancel():
            future.set_result(fn(*args))


class Waited(Future):
    def __init__(self, executor):
        super().__init__()
        self._executor = executor


def in_random_order(monkeypatch, seed):
    """An executor that ends ranges in random order, and how it is waited for."""
    executor = Deferred(seed)

    def wait(running, return_when):
        executor.one()
        ended = {future for future in running if future.done()}
        return ended, set(running) - ended

    monkeypatch.setattr("misread.study.sampled.run.wait", wait)
    return executor


def contents(out):
    return {path.name: path.read_bytes() for path in (out / "files").iterdir()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The files and tallies of a run that nothing happened to."""
    out = tmp_path_factory.mktemp("undisturbed")
    with executor_of(1) as one:
        matrix = sampled(tasks.job(), 20, out=out, executor=one, task=tasks.plain)
    return contents(out), matrix


def test_the_ranges_are_all_schools_once_whatever_their_number():
    job = tasks.job()
    for schools in range(1, 21):
        spans = spans_of(job, schools)
        assert [s for span in spans for s in range(span.first, span.end)] == list(range(schools))
        # A part of the schools is the beginning of all of them.
        assert spans[:-1] == spans_of(job, 20)[: len(spans) - 1]


@pytest.mark.parametrize("schools", [0, -3, 21])
def test_a_number_of_schools_that_cannot_be_is_refused(schools):
    with pytest.raises(MisreadError, match="from 1 to 20"):
        sampled(tasks.job(), schools, task=tasks.plain)


@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_completion_gives_the_same_bytes(tmp_path, monkeypatch, undisturbed, seed):
    executor = in_random_order(monkeypatch, seed)
    matrix = sampled(tasks.job(), 20, out=tmp_path, executor=executor, window=4, task=tasks.plain)
    assert contents(tmp_path) == undisturbed[0]
    assert np.array_equal(matrix, undisturbed[1])


@pytest.mark.parametrize("window", [1, 3, 50])
def test_no_more_ranges_are_handed_out_than_the_window_holds(monkeypatch, window):
    executor = in_random_order(monkeypatch, 1)
    sampled(tasks.job(size=1), 20, executor=executor, window=window, task=tasks.plain)
    assert executor.most == min(window, 20)


def test_threads_and_processes_give_the_same_bytes(tmp_path, undisturbed):
    for name, kind in (("threads", ThreadPoolExecutor), ("processes", ProcessPoolExecutor)):
        with kind(3) as executor:
            matrix = sampled(tasks.job(), 20, out=tmp_path / name, executor=executor, task=tasks.slow)
        assert contents(tmp_path / name) == undisturbed[0]
        assert np.array_equal(matrix, undisturbed[1])


def test_without_a_folder_nothing_is_written_and_the_tallies_are_the_same(tmp_path, monkeypatch, undisturbed):
    monkeypatch.chdir(tmp_path)
    assert np.array_equal(sampled(tasks.job(), 20, task=tasks.plain), undisturbed[1])
    assert not list(tmp_path.iterdir())


def test_tallies_beyond_memory_lie_in_a_file_and_are_the_same(monkeypatch, undisturbed):
    monkeypatch.setattr("misread.study.sampled.run.IN_MEMORY", 1000)
    matrix = sampled(tasks.job(), 20, task=tasks.plain)
    assert isinstance(matrix, np.memmap)
    assert np.array_equal(matrix, undisturbed[1])


def test_progress_is_told_in_schools(tmp_path):
    told = []
    with executor_of(1) as one:
        job, more = tasks.job(), {"out": tmp_path, "executor": one, "progress": lambda *at: told.append(at)}
        sampled(job, 9, task=tasks.plain, **more)
        assert told == [(3, 9), (6, 9), (9, 9)]
        told.clear()
        sampled(job, 20, task=tasks.plain, **more)
    # Those that are there already come at once, so that rate and time left are those of this run.
    assert told[0] == (9, 20)
    assert told[-1] == (20, 20)
    assert told == sorted(set(told))


def test_the_first_failed_range_stops_the_run(tmp_path):
    with executor_of(1) as one, pytest.raises(RangesError, match=r"Not drawn: schools 7–9 \(ZeroDivision") as caught:
        sampled(tasks.job(), 20, out=tmp_path, executor=one, window=1, task=tasks.failing)
    assert "2 of 7 ranges are done; to go on, run the same command again" in str(caught.value)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert len(contents(tmp_path)) == 2


def test_keep_going_draws_the_others_first(tmp_path, undisturbed):
    with pytest.raises(RangesError, match="schools 7–9, schools 13–15") as caught:
        sampled(tasks.job(), 20, out=tmp_path, keep_going=True, task=tasks.failing)
    assert set(caught.value.failed) == {Span(6, 9), Span(12, 15)}
    assert len(contents(tmp_path)) == 5
    sampled(tasks.job(), 20, out=tmp_path, task=tasks.plain)
    assert contents(tmp_path) == undisturbed[0]


def refusing(job, span, with_file):
    raise MisreadError("no tables here")


def test_what_a_worker_refuses_is_refused_in_its_words():
    with pytest.raises(MisreadError, match="no tables here"):
        sampled(tasks.job(), 20, task=refusing)


@pytest.mark.parametrize("keep_going", [False, True])
def test_a_lost_process_is_a_failed_range_and_the_next_run_ends_the_same(tmp_path, undisturbed, keep_going):
    dying, out = tasks.Dying(tmp_path), tmp_path / "out"
    with ProcessPoolExecutor(2) as pool, pytest.raises(RangesError, match="BrokenProcessPool") as caught:
        sampled(tasks.job(), 20, out=out, executor=pool, keep_going=keep_going, window=2, task=dying)
    assert all(isinstance(error, BrokenProcessPool) for error in caught.value.failed.values())
    with ProcessPoolExecutor(2) as pool:
        matrix = sampled(tasks.job(), 20, out=out, executor=pool, task=dying)
    assert contents(out) == undisturbed[0]
    assert np.array_equal(matrix, undisturbed[1])


class Remembering(ThreadPoolExecutor):
    """One thread that keeps what it handed out."""

    def __init__(self):
        super().__init__(1)
        self.handed = []

    def submit(self, fn, /, *args):
        self.handed.append(super().submit(fn, *args))
        return self.handed[-1]


def test_what_was_not_begun_is_called_off():
    with Remembering() as pool, pytest.raises(RangesError):
        sampled(tasks.job(size=1), 20, executor=pool, task=tasks.failing_slowly)
    assert len(pool.handed) == 20
    assert sum(future.cancelled() for future in pool.handed) >= 10


def test_a_worker_number_that_cannot_be_is_refused():
    with pytest.raises(MisreadError, match="at least 1"), executor_of(0):
        pass
    with pytest.raises(MisreadError, match="exclude each other"), executor_of(2, "tcp://127.0.0.1:1"):
        pass


def test_the_files_lie_where_they_are_said_to(tmp_path):
    sampled(tasks.job(), 4, out=tmp_path, task=tasks.plain)
    assert path_of(tmp_path, Span(0, 3)).name == "schools-000001-000003.parquet"
    assert path_of(tmp_path, Span(3, 4)).exists()
