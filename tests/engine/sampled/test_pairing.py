"""What no policy changes: the pupil; and that no order of computing changes a number."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from misread.engine.sampled.pupils import pupils_of
from misread.engine.sampled.simulate import simulate
from misread.engine.sampled.tables import tables_of
from tests.engine.sampled.schools import differing, made, tapes, text_of

OTHER = {
    "classifier": ("sad = { neutral = 0.4, sad = 0.6 }", "sad = { sad = 1 }"),
    "rule": ('flag = "3 of last 6"', 'flag = "run of 1"'),
    "labels of a rule": ('labels = ["sad"]\nflag = "3 of last 6"', 'labels = ["happy", "none"]\nflag = "3 of last 6"'),
    "opt-out": ("opt_out = 0.1", "opt_out = 0.5"),
    "masking": ("max = 0.8", "max = 0.1"),
    "a trait more": (
        "[[situations]]",
        '[[traits]]\nname = "new"\nacts_on = "label"\nlabel = "happy"\nsd = 1.0\n[[situations]]',
    ),
}


@pytest.mark.parametrize("what", OTHER)
def test_a_policy_never_changes_the_path_of_a_pupil(what, tmp_path):
    text = text_of("full", pupils_per_school=20)
    old, new = OTHER[what]
    assert old in text
    before, after = (made(tmp_path, t).tables for t in (text, text.replace(old, new, 1)))
    one, other = tapes(before, 3, 0), tapes(after, 3, 0)
    both = one.keys() & other.keys()
    assert len(both) >= 5
    assert all(one[i]["cell"].tobytes() == other[i]["cell"].tobytes() for i in both)
    if what in ("classifier", "labels of a rule"):
        assert any(one[i]["label"].tobytes() != other[i]["label"].tobytes() for i in both)


def test_paths_differ_between_pupils_schools_days_and_seeds(tmp_path):
    tables = made(tmp_path, text_of(pupils_per_school=20)).tables
    paths = [p["cell"] for seed, school in ((1, 0), (1, 1), (2, 0)) for p in tapes(tables, seed, school).values()]
    days = [day.tobytes() for path in paths for day in path.reshape(6, -1)]
    assert len(set(days)) > 0.95 * len(days)


def test_halving_every_negative_probability_gives_nobody_a_negative_label(tmp_path):
    school = made(tmp_path, text_of("full", pupils_per_school=20, opt_out=0).replace("[feedback]", "[feedback]"))
    negative = np.isin(school.chain.labels, ["sad", "none"])  # what the rules "negative affect" and "kept" count
    emission = school.chain.emission

    def halved(rows):
        rows = np.where(negative, rows / 2, rows)
        rows[..., school.chain.labels.index("neutral")] += 1 - rows.sum(axis=-1)
        return rows

    kinder = replace(
        school.chain, emission=replace(emission, plain=halved(emission.plain), masked=halved(emission.masked))
    )
    # "muted" and "happiest" count other labels: without them the two are the most severe ones.
    rules = tuple(r for r in school.deployment.rules if r.name not in ("muted", "happiest"))
    file = school.deployment.file.model_copy(
        update={"marks": tuple(m for m in school.deployment.file.marks if m.rule in [r.name for r in rules])}
    )
    plain = school.deployment.model_copy(update={"rules": rules, "file": file, "decisions": (), "feedback": None})
    unmasked = {"masking": np.zeros(1)}
    tables, kinder_tables = (tables_of(replace(c, **unmasked), plain) for c in (school.chain, kinder))
    assert set(tables.severity[-2:]) == set(np.flatnonzero(negative))
    before, after = tapes(tables, 5, 0), tapes(kinder_tables, 5, 0)
    gone = 0
    for i in before:
        was, still = before[i]["label"] >= 2, after[i]["label"] >= 2
        assert not (still & ~was).any()
        gone += (was & ~still).sum()
    assert gone > 100


def test_the_order_of_schools_and_threads_changes_nothing(tmp_path):
    tables = made(tmp_path, text_of("full", pupils_per_school=40)).tables
    alone = [simulate(tables, 9, school) for school in range(6)]
    with ThreadPoolExecutor(4) as threads:
        order = [4, 1, 5, 0, 3, 2]
        beside = dict(zip(order, threads.map(lambda school: simulate(tables, 9, school), order), strict=True))
    assert all(differing(alone[school], beside[school]) == [] for school in range(6))
    assert differing(alone[0], alone[1])
    assert differing(simulate(tables, 9, 3, threads=3), alone[3]) == []


def test_a_pupil_of_a_class_counts_the_same_with_other_classes_beside_it(tmp_path):
    small, large = (
        made(
            tmp_path,
            text_of("full", pupils_per_school=n).replace("school_years = 3", "school_years = 3\nclass_size = 20"),
        )
        for n in (20, 300)
    )
    one, other = simulate(small.tables, 9, 2), simulate(large.tables, 9, 2)
    for name in ("kind", "watched", "view", "flags", "false", "tally", "labels", "mark_day", "by_situation", "second"):
        assert np.array_equal(getattr(one, name), getattr(other, name)[..., :20]), name


def test_shares_of_groups_traits_views_and_opt_out_come_out(tmp_path):
    tables = made(tmp_path, text_of("full", pupils_per_school=40_000, school_years=3)).tables
    pupils = pupils_of(tables, 1, 0)
    chain = made(tmp_path, text_of("full")).chain
    within = 4.5 * 0.5 / 40_000**0.5
    assert abs((pupils.place[0] == 1).mean() - 0.2) < within
    assert abs((~pupils.watched).mean() - 0.1) < within
    for trait, level in zip(chain.traits, pupils.place[1:], strict=True):
        assert np.abs(np.bincount(level, minlength=len(trait.share)) / 40_000 - trait.share).max() < within
    assert np.abs((pupils.view == 1).mean(axis=1) - 0.2).max() < within
    # The kind is that of the group and the levels.
    first = np.searchsorted(chain.kind, pupils.kind)
    assert np.array_equal(chain.group[first], pupils.place[0])
    assert np.array_equal(chain.level[first], np.stack(pupils.place[1:], axis=1))
    # Seats are drawn anew each year, whatever the kind.
    assert abs(np.corrcoef(pupils.view[0], pupils.view[1])[0, 1]) < 4.5 / 40_000**0.5


def test_seeds_and_schools_out_of_range_are_refused(tmp_path):
    tables = made(tmp_path, text_of()).tables
    for seed, school in ((-1, 0), (2**64, 0), (0, -1), (0, 2**32)):
        with pytest.raises(ValueError, match="out of range"):
            simulate(tables, seed, school)
    assert differing(simulate(tables, 2**64 - 1, 2**32 - 1), simulate(tables, 2**64 - 1, 2**32 - 1)) == []
