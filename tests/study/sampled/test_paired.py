"""Several deployments on the same pupils: what is shared, what a difference's error is, and that intervals cover."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pyarrow.parquet as pq
import pytest

from misread.deployment import load
from misread.errors import MisreadError
from misread.findings.reading import QUANTILES
from misread.study.compare import compare_sampled
from misread.study.engines.both import Hands
from misread.study.exact.run import measured
from misread.study.sampled import job_of, sampled
from misread.study.sampled.files import path_of
from misread.study.sampled.job import found
from misread.study.sampled.paired import apart, compiled_all, grid_of, paired, pairing_of
from tests.findings.test_enumerated import TINY

from . import tasks

KINDER = ("neutral = { neutral = 0.86, happy = 0.05, sad = 0.07, none = 0.02 }", "neutral = { neutral = 1 }")
FLAGS = {"id": "false_flags_per_pupil_year", "rule": "sad enough"}


def school(folder, *changes, name="school", text=None, settings=()):
    """A tiny deployment without what couples pupils, some words replaced."""
    text = (text or TINY).replace("schools = 3", "schools = 400")
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    path = folder / f"{name}.toml"
    path.write_text(text)
    return load(path, settings=settings)


def looking(folder, seconds):
    return school(
        folder, ("observe_every_seconds = 300", f"observe_every_seconds = {seconds}"), name=f"every {seconds}"
    )


def keyed(rows):
    """Rows by all that tells them apart."""
    return {(r.id, r.rule, r.group, r.label, r.reader, r.mark, r.view, r.state, r.trait, r.source): r for r in rows}


def test_the_sums_are_those_of_separate_runs(tmp_path):
    deployments = {
        "a": load(tasks.further(tmp_path)),
        "b": load(tasks.further(tmp_path), settings=["population.opt_out=0.6"]),
    }
    together = paired(pairing_of(deployments, seed=5, size=2), 5)
    for deployment, matrix in zip(deployments.values(), together, strict=True):
        alone = sampled(job_of(deployment, seed=5), 5)
        assert matrix.tobytes() == alone.tobytes()


def test_a_comparison_has_the_findings_of_each_run_and_their_differences(tmp_path):
    a, b = school(tmp_path), school(tmp_path, KINDER, name="kinder")
    compared = compare_sampled({"a": a, "b": b}, seed=5, schools=6)
    for name, d in (("a", a), ("b", b)):
        job = job_of(d, seed=5)
        assert compared.runs[name].findings.rows == found(job, sampled(job, 6))
    one, other = (keyed(compared.runs[name].findings) for name in "ab")
    assert keyed(compared.differences).keys() == one.keys() & other.keys()
    for key, d in keyed(compared.differences).items():
        if d.value is not None:
            assert d.value == pytest.approx(other[key].value - one[key].value, abs=1e-12)
        assert (d.low is None) == ("no interval" in d.method or "no value" in d.method)
        assert (d.low is None) == (d.se is None)


def test_nothing_differs_from_itself(tmp_path):
    further = load(tasks.further(tmp_path))
    compared = compare_sampled({"a": further, "again": further}, schools=5)
    assert len(compared.differences) == len(compared.runs["a"].findings)
    assert {(d.value, d.se, d.low, d.high) for d in compared.differences} <= {(0.0,) * 4, (None,) * 4}
    assert sum(d.value is None for d in compared.differences) < len(compared.differences) / 10


def test_what_a_policy_cannot_change_does_not_differ(tmp_path):
    compared = compare_sampled({"a": school(tmp_path), "b": school(tmp_path, KINDER, name="kinder")}, schools=5)
    d = compared.one("b", "claimed_share", rule="sad enough")
    assert (d.value, d.se, d.low, d.high) == (0.0, 0.0, 0.0, 0.0)
    assert "the same in every school" in d.method


def test_pairing_takes_off_what_the_two_have_in_common(tmp_path):
    """The error of a difference of independent runs is known: √(a² + b²). Pairing must do far better."""
    a, b = school(tmp_path), school(tmp_path, ('flag = "2 of last 3"', 'flag = "run of 3"'), name="stricter")
    compared = compare_sampled({"a": a, "b": b}, schools=60)
    # The other rules are left alone: nothing of them differs, and it is known for certain.
    assert compared.one("b", FLAGS["id"], rule="any word").se == 0.0
    assert fewer_pupils(compared) > 1.2
    # Of 100 neutral faces one is read otherwise: nearly all pupils are flagged alike.
    kinder = school(tmp_path, ("sad = 0.07, none = 0.02", "sad = 0.06, none = 0.03"), name="kinder")
    assert fewer_pupils(compare_sampled({"a": a, "b": kinder}, schools=60)) > 10
    # Were pupils not shared, nothing would be gained: the same schools under another seed.
    alone = [compare_sampled({"a": a}, seed=seed, schools=60).runs["a"].findings.one(**FLAGS).se for seed in (1, 2)]
    assert compared.one("b", **FLAGS).se < math.hypot(*alone)


def fewer_pupils(compared):
    """How many times as many pupils independent runs would need for the same standard error."""
    one, other = (compared.runs[name].findings.one(**FLAGS).se for name in "ab")
    return (one**2 + other**2) / compared.one("b", **FLAGS).se ** 2


COVERED = (
    "false_flags_per_pupil_year",
    "flag_ppv",
    "p_false_flag_by_end",
    "spells_missed",
    "flags_on_file_end",
    "false_flags_end_p50",
)


@pytest.mark.long
def test_intervals_cover_the_exact_difference(tmp_path):
    a, b = school(tmp_path), school(tmp_path, KINDER, name="kinder")
    first, second = (measured(d, draws=0).findings for d in (a, b))
    truth = {id: second.one(id, rule="sad enough").value - first.one(id, rule="sad enough").value for id in COVERED}
    held, z = dict.fromkeys(COVERED, 0), []
    for seed in range(40):
        compared = compare_sampled({"a": a, "b": b}, seed=seed, schools=8)
        for id in COVERED:
            d = compared.one("b", id, rule="sad enough")
            held[id] += d.low <= truth[id] <= d.high
            if id not in QUANTILES:
                z.append((d.value - truth[id]) / d.se)
    # Of 40 intervals of 95 %, 38 hold the truth; 33 or fewer would be a chance of 1 in 300.
    assert all(n >= 34 for n in held.values()), held
    # And they are no wider than need be.
    assert 0.8 < np.std(z) < 1.5
    assert abs(np.mean(z)) < 0.35


def test_cameras_at_different_intervals_look_at_one_path(tmp_path):
    every = {f"{s} s": looking(tmp_path, s) for s in (300, 200, 70)}
    pairing = pairing_of({k: every[k] for k in ("300 s", "200 s")}, seed=1)
    assert [(m.grid, m.stride) for m in pairing.members] == [(100, 3), (100, 2)]
    tables = [c.tables.flat for c in compiled_all(pairing.members, pairing.job)]
    assert [t.n.looks for t in tables] == [3, 5]
    for name in ("start", "step", "gap", "epoch"):
        assert getattr(tables[0], name).tobytes() == getattr(tables[1], name).tobytes()


@pytest.mark.parametrize("seconds", [(300, 200), (300, 60)])
def test_looks_on_a_grid_follow_the_law_of_the_deployment(tmp_path, seconds):
    deployments = {f"{s}": looking(tmp_path, s) for s in seconds}
    compared = compare_sampled(deployments, seed=3, schools=150)
    exact = [keyed(measured(d, draws=0).findings) for d in deployments.values()]
    z = []
    for run, truth in zip(compared.runs.values(), exact, strict=True):
        z += [_z(f, truth[key].value) for key, f in keyed(run.findings).items() if key in truth]
    for key, d in keyed(compared.differences).items():
        one, other = (truth[key].value if key in truth else None for truth in exact)
        z.append(_z(d, None if one is None or other is None else other - one))
    z = [each for each in z if each is not None]
    assert len(z) > 1000
    # Were the last look before a break, or the break itself, drawn by a wrong law, many would lie off.
    assert max(map(abs, z)) < 5.0
    assert np.mean(np.abs(z) > 2) < 0.1
    d = compared.one(str(seconds[1]), **FLAGS)
    assert d.method.startswith("sampled at step tick on 150 schools: the same pupils on the same paths, moved every ")


def _z(row, truth):
    """How many standard errors off; None where there is none, or where the least error of a share shifts a count."""
    if truth is None or row.value is None or not row.se or row.id in QUANTILES:
        return None
    return (row.value - truth) / row.se


def test_the_grid_is_the_greatest_common_divisor_of_the_decimals(tmp_path):
    assert grid_of([looking(tmp_path, s) for s in (0.3, 0.2)]) == Fraction(1, 10)
    assert grid_of([looking(tmp_path, s) for s in (300, 45, 7.5)]) == Fraction(15, 2)
    assert grid_of([looking(tmp_path, 300)]) == 300


def test_intervals_with_hardly_a_common_divisor_are_refused(tmp_path):
    with pytest.raises(MisreadError, match=r"grid of 0.001 seconds.*larger divisor"):
        pairing_of({"a": looking(tmp_path, 300), "b": looking(tmp_path, 299.999)}, seed=1)


CHANGES = {
    "states, or times in them": ("engaged = 12.0", "engaged = 11"),
    "groups": ("share = 0.75", "share = 0.7499"),
    "timetables": ("break_minutes = 3.5", "break_minutes = 4"),
    "pupils per school": ("pupils_per_school = 70", "pupils_per_school = 60"),
    "school years": ("school_years = 2", "school_years = 1"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_other_pupils_are_compared_all_the_same_and_it_is_said(tmp_path, what):
    change = CHANGES[what]
    rest = ("share = 0.25", "share = 0.2501") if what == "groups" else change
    other = school(tmp_path, change, *([rest] if rest != change else []), name="other")
    assert list(apart(school(tmp_path), other)) == [what]
    compared = compare_sampled({"a": school(tmp_path), "b": other}, schools=4)
    assert f"not on the same paths (other {what})" in compared.one("b", **FLAGS).method


@pytest.mark.parametrize(
    "setting",
    ["camera.observe_every_seconds=60", "population.opt_out=0.5", "file.keep_days=1", "population.class_size=10"],
)
def test_what_leaves_paths_alone(tmp_path, setting):
    assert list(apart(school(tmp_path), school(tmp_path, settings=[setting]))) == []


def test_files_hold_all_deployments_and_are_taken_up_again(tmp_path):
    deployments = {
        "as it is": load(tasks.further(tmp_path)),
        "no marks": load(tasks.further(tmp_path), settings=["population.opt_out=0.5"]),
        "fewer rules": school(tmp_path, name="fewer"),
    }
    pairing = pairing_of(deployments, seed=5, size=2)
    out = tmp_path / "out"
    first = paired(pairing, 5, out=out)
    files = sorted((out / "files").glob("*.parquet"))
    assert len(files) == 3
    before = {f: f.read_bytes() for f in files}
    table = pq.read_table(out / "files")
    assert table["deployment"].to_pylist()[:1] == ["as it is"]
    rows = {name: sum(table["deployment"].to_numpy() == name) for name in deployments}
    assert rows == dict.fromkeys(deployments, 5 * 70 * 2)
    files[1].unlink()
    again = paired(pairing_of(deployments, seed=5, size=2), 5, out=out)
    assert [m.tobytes() for m in again] == [m.tobytes() for m in first]
    assert {f: f.read_bytes() for f in files} == before
    other = pairing_of({**deployments, "one more": deployments["as it is"]}, seed=5, size=2)
    with pytest.raises(MisreadError, match="another deployment"):
        paired(other, 5, out=out)
    assert path_of(out, next(iter(pairing_spans(other)))).read_bytes() == before[files[0]]


def pairing_spans(pairing):
    from misread.study.sampled import spans_of

    return spans_of(pairing.job, 5)


def test_processes_draw_the_same(tmp_path, cluster):
    from distributed import Client

    deployments = {"a": looking(tmp_path, 300), "b": looking(tmp_path, 200)}
    pairing = pairing_of(deployments, seed=5, size=2)
    alone = paired(pairing, 5)
    with Client(cluster) as client:
        there = paired(pairing, 5, executor=client.get_executor(pure=False))
    assert [m.tobytes() for m in there] == [m.tobytes() for m in alone]


def test_more_schools_than_the_smallest_has_are_refused(tmp_path):
    small = school(tmp_path, ("schools = 400", "schools = 3"), name="small")
    compared = compare_sampled({"a": school(tmp_path), "b": small})
    assert compared.runs["a"].schools == 3
    with pytest.raises(MisreadError, match="from 1 to 3"):
        compare_sampled({"a": school(tmp_path), "b": small}, schools=4)
    with pytest.raises(MisreadError, match="from 1 to 3"):
        compare_sampled({"a": small, "b": school(tmp_path)}, schools=0, hands=Hands())
