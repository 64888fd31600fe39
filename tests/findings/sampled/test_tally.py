"""Sums add up, and mean what they are called."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace

import numpy as np
import pytest
import tomli_w

from misread.engine.sampled.outcome import School
from misread.findings.sampled import Layout, findings, tally

from .schools import EVERYTHING, everything, only, school


def joined(one, other):
    """The pupils of two schools as those of one: pupils are the last axis of every array."""
    arrays = {f.name: (getattr(one, f.name), getattr(other, f.name)) for f in fields(School) if f.name != "school"}
    return School(school=0, **{name: np.concatenate(both, axis=-1) for name, both in arrays.items()})


def test_every_column_is_named_once(layout):
    columns = list(layout.columns())
    assert len(columns) == layout.size == len(set(columns))
    row = np.arange(layout.size, dtype=float)
    assert (layout.join(layout.split(row)) == row).all()


def test_two_schools_are_the_sum_of_each(world, layout, schools, matrix):
    both = layout.split(tally(joined(*schools[:2]), *world))
    for name, sums in layout.split(matrix[0] + matrix[1]).items():
        # A cohort is ranked by itself, and the two have the same classes.
        if name not in ("schools", "classes", "decisions"):
            np.testing.assert_allclose(both[name], sums, rtol=1e-12, err_msg=name)


def test_values_need_the_sums_alone(layout, matrix, found):
    pooled = findings(layout, matrix.sum(axis=0, keepdims=True))
    assert [f.value for f in pooled] == pytest.approx([f.value for f in found], rel=1e-9)
    assert all(f.se is None and f.method for f in pooled)


def test_moments_of_the_last_year_by_stratum(world, schools, layout, matrix):
    chain, deployment = world
    sums = layout.split(matrix[0])
    one, views = schools[0], len(chain.views)
    n, first, again = (np.zeros_like(sums[b]) for b in ("strata", "last year", "second reading"))
    for i in np.flatnonzero(one.watched):
        at = one.kind[i] * views + one.view[-1, i]
        n[at] += 1
        for r in range(len(deployment.rules)):
            deployed, second = float(one.flags[0, r, -1, i]), float(one.second[r, i])
            again[r, :, at] += second, deployed * second
            for reader in range(2):
                flags = float(one.flags[reader, r, -1, i])
                first[reader, r, :, at] += flags, flags**2
    assert (n == sums["strata"]).all()
    assert (first == sums["last year"]).all()
    assert (again == sums["second reading"]).all()


def test_schools_may_be_put_together(layout, matrix, found):
    """Three clusters instead of seven: the same values, of as many schools."""
    clusters = np.stack([matrix[i::3].sum(axis=0) for i in range(3)])
    other = findings(layout, clusters)
    assert [f.value for f in other] == pytest.approx([f.value for f in found], rel=1e-9)
    assert "7 schools" in only(other, "flags_per_pupil_year", rule="sad enough").method
    assert only(other, "flags_per_pupil_year", rule="sad enough").se > 0


def test_the_order_of_schools_changes_nothing(layout, matrix, found):
    other = findings(layout, matrix[::-1])
    assert [f.value for f in other] == pytest.approx([f.value for f in found], rel=1e-12)
    known = [(a.se, b.se) for a, b in zip(found, other, strict=True) if a.se is not None]
    assert [b for _, b in known] == pytest.approx([a for a, _ in known], rel=1e-6)


def test_the_same_school_gives_the_same_bytes(world, schools, matrix):
    assert tally(schools[3], *world).tobytes() == matrix[3].tobytes()


def test_pupils_left_alone_count_for_nothing(world, schools, matrix, layout):
    """Whatever an unwatched pupil's kind, class, seat or row in the ranking: only decisions may tell."""
    one = schools[0]
    off = ~one.watched
    changed = replace(one, kind=np.where(off, 0, one.kind), view=np.where(off, 1, one.view))
    assert (tally(changed, *world) == matrix[0]).all()
    assert layout.split(matrix[0])["pupils"][0].sum() == one.watched.sum()


def test_a_row_says_how_many_it_rests_on(world, schools, found):
    chain, _ = world
    watched = [(s.watched, chain.group[s.kind.astype(int) * 2], s) for s in schools]
    of_group = sum((w & (g == 1)).sum() for w, g, _ in watched)
    assert only(found, "flags_per_pupil_year", rule="sad enough", group="few").n == of_group
    at_back = sum((w & (s.view == 1).any(axis=0)).sum() for w, _, s in watched)
    assert only(found, "flag_ppv", rule="sad enough", view="back").n == at_back


def test_nobody_watched_nothing_known(tmp_path):
    chain, deployment = everything(tmp_path, EVERYTHING.replace("opt_out = 0.2", "opt_out = 1.0"))
    row = tally(school(chain, deployment, 1), chain, deployment)
    found = findings(Layout.of(chain, deployment), row[None])
    assert only(found, "observations").value == 0
    assert only(found, "flags_per_pupil_year", rule="sad enough").value is None
    assert "no value" in only(found, "flags_per_pupil_year", rule="sad enough").method


def test_no_rules_no_flags(tmp_path):
    tables = tomllib.loads(EVERYTHING)
    for key in ("rules", "decisions", "feedback", "situations", "ages", "traits", "file"):
        tables.pop(key, None)
    tables["camera"].pop("views")
    chain, deployment = everything(tmp_path, tomli_w.dumps(tables))
    matrix = np.stack([tally(school(chain, deployment, s), chain, deployment) for s in range(3)])
    found = findings(Layout.of(chain, deployment), matrix)
    assert only(found, "alerts_per_teacher_day").value == 0
    assert {f.id for f in found} == {
        "observations", "labels_archived", "label_share", "alerts_per_teacher_day", "alerts_per_family_year",
    }  # fmt: skip


def test_a_group_nobody_is_in_has_no_values(world, layout, schools):
    chain, _ = world
    # The first kinds are all of the first group.
    most = [replace(s, kind=s.kind % (chain.kinds // 2)) for s in schools]
    found = findings(layout, np.stack([tally(s, *world) for s in most]))
    few = only(found, "flag_ppv", rule="sad enough", group="few")
    assert (few.value, few.n) == (None, 0)
    assert only(found, "difference_false_flags", rule="sad enough").value is None


def test_method_says_how(found, layout, matrix):
    rate = only(found, "flags_per_pupil_year", rule="sad enough")
    assert "step tick" in rate.method
    assert "7 schools" in rate.method
    assert "clustered by school" in rate.method
    lone = only(findings(layout, matrix[:1], step="day"), "flags_per_pupil_year", rule="sad enough")
    assert "step day" in lone.method
    assert "one school makes no standard error" in lone.method
    apart = only(found, "disparity_false_flags", rule="sad enough")
    assert apart.se is None
    assert "biased upwards" in apart.method
    assert all((f.low, f.high) == (None, None) for f in found)
