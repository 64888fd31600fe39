"""Schools drawn a lesson, a day or a year at a time: findings, files, and what such steps leave out."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest

from misread.deployment import load
from misread.engine.sampled.laws import STEPS
from misread.errors import MisreadError
from misread.findings.about import KEYS
from misread.study.engines.agreement import agreement
from misread.study.sampled import executor_of, job_of, sampled
from misread.study.sampled.job import compiled, found, unknown
from tests.engine.sampled.test_agreement import CORE, DIFFERENT
from tests.engine.sampled.test_lessons import BESIDE, RANKED_ALONE
from tests.engine.sampled.test_steps import HIDES, ONE_RULE

LASTING = "\n[face]\nhold_minutes = 6.0\n"
MORE_DAYS = {"days_per_year = 6": "days_per_year = 15"}


def deployment_of(folder, text, schools="30 "):
    for old, new in {**MORE_DAYS, "schools = 2 ": f"schools = {schools}"}.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / "school.toml"
    path.write_text(text)
    return load(path)


def key(finding):
    return (finding.id, finding.group, finding.rule, *(getattr(finding, k) for k in KEYS))


CASES = {
    "core, years": (CORE, "year"),
    "pupils who differ, years": (DIFFERENT, "year"),
    "pupils who differ, days": (DIFFERENT, "day"),
    "a rolling year, days": (ONE_RULE, "day"),
    "faces that hide, days": (HIDES, "day"),
    "core, lessons": (CORE, "lesson"),
    "pupils who differ beside a ranking, lessons": (BESIDE, "lesson"),
    "faces that last, lessons": (BESIDE + LASTING, "lesson"),
    "a rolling year, lessons": (ONE_RULE, "lesson"),
    "faces that hide, lessons": (HIDES, "lesson"),
}


@pytest.mark.parametrize("case", CASES)
def test_findings_are_the_exact_engine_s(tmp_path, case):
    text, step = CASES[case]
    compared = agreement(deployment_of(tmp_path, text), step=step, schools=120, seed=3)
    # A part of the variance that is 0 is estimated by squares, whose errors are far from normal; so is what is left.
    shares = [r for r in compared.rows if r.exact.id == "file_variance_share" and not 1e-6 < r.exact.value < 1 - 1e-6]
    rows = [r for r in compared.rows if r not in shares]
    assert all(r.sampled.value == pytest.approx(r.exact.value, abs=0.01) for r in shares)
    apart = [(key(r.exact), r.exact.value, r.sampled.value, r.z) for r in rows if not r.agree]
    assert apart == []
    assert len(rows) > 60
    z = np.array([r.z for r in rows if r.z is not None])
    # Findings of one rule hang together: over seeds, this lies from 0.7 to 1.5.
    assert 0.6 < np.sqrt((z**2).mean()) < 1.6
    assert {r.sampled.method.split(" on ")[0] for r in rows} == {f"sampled at step {step}"}
    ids = {r.exact.id for r in rows}
    assert ("p_false_flag_by_week_1" in ids) == (step != "year")
    assert ("masking_end" in ids) == (text is HIDES)
    assert ("false_flags_per_lesson" in ids) == (step == "lesson" and "[[situations]]" in text)


@pytest.mark.parametrize("text", [RANKED_ALONE, BESIDE + LASTING], ids=["alone, hiding faces", "beside rules"])
def test_findings_by_lessons_are_those_by_looks(tmp_path, text):
    deployment = deployment_of(tmp_path, text, schools="120 ")
    by_step = []
    for seed, step in ((3, "lesson"), (4, "tick")):
        job = job_of(deployment, seed=seed, step=step)
        by_step.append({key(f): f for f in found(job, sampled(job, 120))})
    lessons, looks = by_step
    assert lessons.keys() < looks.keys()
    assert ("masking_end" in {f.id for f in lessons.values()}) == (text is RANKED_ALONE)
    z = []
    for k, f in lessons.items():
        other = looks[k]
        if not f.id.startswith(("false_flags_end_p", "disparity", "difference", "file_variance")):
            assert (f.value is None) == (other.value is None), k
        if f.se and other.se:
            # Quantiles are whole numbers: a share's least error can give the neighbour.
            away = max(abs(f.value - other.value) - f.id.startswith("false_flags_end_p"), 0)
            z.append((away / np.hypot(f.se, other.se), k))
    assert max(z)[0] < 4.5, max(z)
    assert len(z) > 40
    assert np.sqrt(np.mean([distance**2 for distance, _ in z])) < 1.4
    assert {"map_reliability", "false_flags_per_lesson"} < {k[0] for _, k in z}


@pytest.fixture(scope="module", params=["year", "day", "lesson"])
def drawn(request, tmp_path_factory):
    """A job, the folder of seven schools of it, and their tallies."""
    folder = tmp_path_factory.mktemp(request.param)
    text = DIFFERENT.replace("school_years = 2", "school_years = 2\nopt_out = 0.2")
    text = BESIDE if request.param == "lesson" else text
    job = job_of(deployment_of(folder, text), seed=5, step=request.param, size=2)
    with executor_of(1) as one:
        matrix = sampled(job, 7, out=folder / "out", executor=one)
    return job, folder / "out", matrix


def contents(out):
    return {path.name: path.read_bytes() for path in (out / "files").iterdir()}


def test_the_same_bytes_by_threads_and_for_other_ranges(drawn, tmp_path):
    job, out, matrix = drawn
    with executor_of(3) as threads:
        again = sampled(job, 7, out=tmp_path / "threads", executor=threads)
    assert contents(tmp_path / "threads") == contents(out)
    assert np.array_equal(again, matrix)
    other = job_of(job.deployment, seed=5, step=job.step, size=3)
    assert np.array_equal(sampled(other, 7, out=tmp_path / "ranges"), matrix)
    tables = [pq.read_table(folder / "files") for folder in (out, tmp_path / "ranges")]
    assert tables[0].equals(tables[1])


def test_processes_give_the_same_bytes(drawn, cluster, tmp_path):
    job, out, matrix = drawn
    with executor_of(dask=cluster.scheduler_address) as workers:
        assert np.array_equal(sampled(job, 7, out=tmp_path, executor=workers), matrix)
    assert contents(tmp_path) == contents(out)


def test_files_tell_of_the_same_pupils_as_look_by_look(drawn, tmp_path):
    job, out, _ = drawn
    sampled(job_of(job.deployment, seed=5, size=7), 7, out=tmp_path)
    counted, looked = (pq.read_table(folder / "files").to_pandas() for folder in (out, tmp_path))
    who = [c for c in looked.columns if "flags" not in c and "mark" not in c]
    assert len(who) > 7
    assert counted[who].equals(looked[who])
    assert set(looked.columns) - set(counted.columns) == {"unearned mark: moody"}
    apart = [c for c in counted.columns if c.startswith("flags: ") and counted[c].equals(looked[c])]
    assert apart == []


def test_files_add_up_to_the_tallies(drawn):
    job, out, matrix = drawn
    rows = pq.read_table(out / "files").to_pandas()
    made = compiled(job)
    sums = made.layout.split(matrix.sum(axis=0))
    seen = rows[rows["watched"]]
    for r, rule in enumerate(job.deployment.rules):
        for reader, begins in enumerate(("", "perfect reader: ")):
            for g, group in enumerate(made.chain.groups):
                of_group = seen[seen["group"] == group]
                assert of_group[f"{begins}flags: {rule.name}"].sum() == sums["flags"][reader, r, 0, g]
                assert of_group[f"{begins}false flags: {rule.name}"].sum() == sums["false"][reader, r, 0, g]
        by_view = seen.groupby("view", observed=True)[f"flags: {rule.name}"].sum()
        for v, view in enumerate(made.chain.views):
            assert by_view[view] == sums["flags"][0, r, 1 + v].sum()
        ever = seen.groupby(["school", "pupil"])[f"false flags: {rule.name}"].sum()
        assert sums[f"counts: {rule.name}"][0].sum() == len(ever)
        assert sums["some false"][0, r, -1].sum() == (ever > 0).sum()
        year_1 = seen[seen["year"] == 1]
        assert sums["some false"][0, r, -2].sum() == (year_1[f"false flags: {rule.name}"] > 0).sum()
    assert seen["mark: moody"].sum() == sums["marks"][0, 0, 0].sum() > 0
    assert sums["pupil-years"][0].sum() == len(seen)
    assert not rows[~rows["watched"]].filter(like="flags: ").to_numpy().any()


def test_findings_are_some_of_those_look_by_look_in_the_same_order(drawn):
    job, _, matrix = drawn
    counted = found(job, matrix)
    by_look = job_of(job.deployment, seed=5)
    looked = found(by_look, sampled(by_look, 3))
    left = iter([key(f) for f in looked])
    assert all(key(f) in left for f in counted)
    gone = {f.id for f in looked} - {f.id for f in counted}
    assert {"label_share", "flag_lift", "lesson_sensitivity", "flag_state_share"} <= gone
    assert ("reliability of maps" in " ".join(unknown(job))) == (job.step != "lesson") == ("map_reliability" in gone)
    assert (job.step != "lesson") == ("false_flags_per_lesson" in gone)
    assert "unearned" in " ".join(unknown(job))
    assert ("first week" in " ".join(unknown(job))) == (job.step == "year") == ("p_false_flag_by_week_1" in gone)
    assert ("flags on file" in " ".join(unknown(job))) == (job.step == "year") == ("flags_on_file_end" in gone)
    assert unknown(by_look) == ()
    shares = {f.source for f in counted if f.id == "file_variance_share"}
    assert shares == {"state", "face", "view", "group", "within", "interaction"}


def test_another_step_is_another_run(drawn):
    job, out, _ = drawn
    before = contents(out)
    other = job_of(job.deployment, seed=5, step="tick", size=2)
    with pytest.raises(MisreadError, match=f"another step: {job.step} there, tick here"):
        sampled(other, 7, out=out)
    assert contents(out) == before


def test_a_step_too_coarse_is_refused(tmp_path):
    deployment = deployment_of(tmp_path, HIDES)
    with pytest.raises(MisreadError, match="Drawing a year at a time would not be exact"):
        job_of(deployment, seed=1, step="year")
    assert job_of(deployment, seed=1, step="day").step == "day"
    with pytest.raises(MisreadError, match=r"Drawing a day at a time would not be exact: .* ranks a class"):
        job_of(deployment_of(tmp_path, RANKED_ALONE), seed=1, step="day")


def test_a_range_of_years_holds_more_schools_than_one_of_looks(tmp_path):
    deployment = load("as-described")
    sizes = [job_of(deployment, seed=1, step=step).size for step in STEPS]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]
