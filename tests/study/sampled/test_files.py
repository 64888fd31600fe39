"""Folders that hold what is of another run, and what would not fit."""

from __future__ import annotations

import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from misread.errors import MisreadError
from misread.study.sampled import refuse_what_does_not_fit, sampled
from misread.study.sampled.files import TALLIES, _packed, _unpacked

from . import tasks


def contents(folder):
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def run(out, schools=20, **others):
    return sampled(tasks.job(**others), schools, out=out, task=tasks.plain)


def refusal(out, schools=20, **others):
    """What is said, nothing being touched."""
    before = contents(out)
    with pytest.raises(MisreadError) as caught:
        run(out, schools, **others)
    assert contents(out) == before
    return str(caught.value)


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"seed": 6}, "another seed: 5 there, 6 here"),
        ({"sha256": "e" * 64}, "another deployment: dddddddddddd there, eeeeeeeeeeee here"),
        ({"version": "99.1"}, "another version of misread"),
        ({"step": "day"}, "another step: tick there, day here"),
        ({"size": 4}, "does not put into one file"),
    ],
)
def test_what_belongs_to_another_run_is_refused_and_left_alone(tmp_path, others, said):
    run(tmp_path, 6)
    assert said in (text := refusal(tmp_path, **others))
    assert "schools-000001-000003.parquet" in text


def test_other_tables_are_refused(tmp_path):
    run(tmp_path, 3)
    with pytest.raises(MisreadError, match="rounds otherwise"):
        sampled(replace(tasks.job(), tables="u" * 64), 3, out=tmp_path, task=tasks.plain)


def test_many_foreign_files_are_counted(tmp_path):
    run(tmp_path)
    said = refusal(tmp_path, seed=6)
    assert said.count("another seed") == 3
    assert "So are 4 more files there" in said


def test_files_of_others_are_refused_and_left_alone(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "schools-000001-000003.parquet").write_bytes(b"PAR1 and no more")
    assert "cannot be read as Parquet" in refusal(tmp_path)
    pq.write_table(pa.table({"a": [1]}), folder / "schools-000001-000003.parquet")
    assert "not written by misread" in refusal(tmp_path)
    (folder / "schools-000001-000003.parquet").rename(folder / "mine.parquet")
    assert "not written by misread" in refusal(tmp_path)


def test_a_file_cut_short_is_refused_and_left_alone(tmp_path):
    run(tmp_path)
    path = tmp_path / "files" / "schools-000004-000006.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    assert "schools-000004-000006.parquet" in refusal(tmp_path)


def test_tallies_that_cannot_be_read_are_refused(tmp_path):
    run(tmp_path, 3)
    path = tmp_path / "files" / "schools-000001-000003.parquet"
    table = pq.read_table(path)
    facts = {**pq.read_metadata(path).metadata, TALLIES: b"AAAA"}
    pq.write_table(table.replace_schema_metadata(facts), path)
    assert "Its tallies cannot be read" in refusal(tmp_path)


def test_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(MisreadError, match="It is a file"):
        run(tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_only_what_a_killed_run_left_is_removed(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    left = folder / ".schools-000001-000003.parquet.ab_9zzzz"
    mine = [folder / ".schools-mine", folder / "schools.txt", folder / ".schools-000001-000003.parquet.backup-of-mine"]
    for path in (left, *mine):
        path.write_bytes(b"half")
    run(tmp_path)
    assert not left.exists()
    assert all(path.read_bytes() == b"half" for path in mine)


def test_a_part_of_the_schools_first_and_then_all(tmp_path):
    run(tmp_path / "part", 6)
    whole = run(tmp_path / "part")
    assert np.array_equal(whole, run(tmp_path / "whole"))
    names = [{name: data for name, (data, _) in contents(tmp_path / folder).items()} for folder in ("part", "whole")]
    assert names[0] == names[1]


def test_all_schools_and_then_a_part_is_refused(tmp_path):
    run(tmp_path)
    assert "does not put into one file" in refusal(tmp_path, 6)
    # Nor is the last file of a part that ends within a range taken for the whole range.
    run(tmp_path / "odd", 4)
    assert "schools-000004-000004.parquet" in refusal(tmp_path / "odd")


def test_a_finished_run_draws_nothing(tmp_path):
    whole = run(tmp_path)
    before = contents(tmp_path)

    def none(job, span, with_file):
        raise AssertionError

    assert np.array_equal(sampled(tasks.job(), 20, out=tmp_path, task=none), whole)
    assert contents(tmp_path) == before


@given(arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 30))))
def test_tallies_come_back_bit_by_bit(tallies):
    text = _packed(tallies)
    text.decode("ascii")
    assert _unpacked(text).tobytes() == tallies.tobytes()


def has_room_for(monkeypatch, size):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=size))


def test_a_disk_without_room_is_refused_before_anything_is_drawn(tmp_path, monkeypatch):
    has_room_for(monkeypatch, 2**20)
    with pytest.raises(MisreadError, match=r"files of 20 schools may take [\d.]+ MiB; 1\.0 MiB are free"):
        run(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert run(None).shape == (20, 50)


def test_what_is_there_already_needs_no_room(tmp_path, monkeypatch):
    run(tmp_path)
    has_room_for(monkeypatch, 0)
    run(tmp_path)


def test_ranges_beyond_memory_are_refused_with_their_size():
    job = tasks.job()
    refuse_what_does_not_fit(job, 20, workers=4)
    with pytest.raises(MisreadError, match=r"1,000 times 3 schools at a time needs about [\d.]+ GiB of memory"):
        refuse_what_does_not_fit(job, 20, workers=1000)
