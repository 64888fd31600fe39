"""Steps coarser than looks: laws of days and years against direct convolution, the draws against the laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d
from scipy.stats import chisquare

from misread.deployment import load
from misread.engine.chain import Chain
from misread.engine.exact.lesson import JointCounts, place
from misread.engine.exact.part import part_of
from misread.engine.sampled.keys import CERTAIN, COUNT, key, key_of
from misread.engine.sampled.laws import STEPS, by_default, coarsest, count, laws_of, refuse_too_coarse
from misread.engine.sampled.laws.cuts import cuts_of
from misread.engine.sampled.laws.joint import law_of_days
from misread.engine.sampled.simulate import simulate
from misread.errors import MisreadError

from .schools import differing, made, text_of
from .test_agreement import CORE, DIFFERENT

FEEDBACK = '\n[feedback]\nexpression = "neutral"\nmax = 0.8\nstrength = 0.05\nsaturates_at = 9\n'
HEAD, RULE, *_ = DIFFERENT.split("[[rules]]")
TAIL = DIFFERENT.split("flags = 9\n")[1]
MARKS = """
[file]
keep_days = 8
[[file.marks]]
name = "often"
rule = "negative affect"
flags = 17
within = "rolling year"
[[file.marks]]
name = "at times"
rule = "negative affect"
flags = 5
"""
ONE_RULE = (HEAD + "[[rules]]" + RULE).replace('labels = ["sad"]', 'labels = ["sad", "happy"]') + MARKS + TAIL
HIDES = ONE_RULE + FEEDBACK


def by_convolution(start, lesson, lessons, days):
    """The joint law of some days, flag by flag, day by day."""
    law = {z: np.array([[p]]) for z, p in enumerate(start)}
    for _ in range(lessons):
        law = {
            y: sum(convolve2d(law[z], lesson[z, y]) for z in range(len(start)))
            for y in range(len(start))
        }  # fmt: skip
    day = sum(law.values())
    total = np.array([[1.0]])
    for _ in range(days):
        total = convolve2d(total, day)
    return total


def whole(found, shape):
    """A law in its window, put where it belongs."""
    true, false, law = found
    out = np.zeros(shape)
    out[true : true + law.shape[0], false : false + law.shape[1]] = law
    return out


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_laws_by_roots_of_unity_are_those_by_convolution(data):
    cells, true, false, lessons, days = (data.draw(st.integers(1, most)) for most in (3, 3, 3, 3, 7))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    lesson = rng.dirichlet(np.full(cells * true * false, data.draw(st.sampled_from([0.1, 1.0]))), size=cells)
    lesson = lesson.reshape(cells, cells, true, false)
    start = rng.dirichlet(np.ones(cells))
    want = by_convolution(start, lesson, lessons, days)
    found = law_of_days(start, lesson, lessons, days)
    assert found[2].min() >= 0
    assert found[2].sum() == pytest.approx(1, abs=1e-12)
    assert np.abs(whole(found, want.shape) - want).max() < 2e-10


def test_a_window_is_much_smaller_than_all_counts_there_could_be():
    lesson = np.zeros((1, 1, 5, 5))
    lesson[0, 0, :3, :2] = [[0.5, 0.1], [0.2, 0.1], [0.05, 0.05]]
    lesson /= lesson.sum()
    _, _, law = law_of_days(np.ones(1), lesson, 6, 180)
    assert law.shape[0] < 400 < 4 * 6 * 180
    mean = 6 * 180 * (lesson[0, 0].sum(axis=1) @ np.arange(5))
    first, _, law = law_of_days(np.ones(1), lesson, 6, 180)
    assert law.sum(axis=1) @ (first + np.arange(len(law))) == pytest.approx(mean, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.floats(0.02, 2), st.integers(0, 2**32))
def test_rows_of_thresholds_cut_as_the_law_says(true, false, evenness, seed):
    law = np.random.default_rng(seed).dirichlet(np.full(true * false, evenness)).reshape(true, false)
    law[law < 1e-12] = 0
    cuts, first = cuts_of([(3, 5, law / law.sum())])
    assert first.tolist() == [0]

    def shares(row):
        edges = np.concatenate([[0], cuts.cut[cuts.at[row] : [*cuts.at, len(cuts.cut)][row + 1]]]).astype(float)
        assert edges[-1] == CERTAIN
        return int(cuts.least[row]), np.diff(edges) / CERTAIN

    found = np.zeros((true, false))
    least, of_false = shares(0)
    for i, p in enumerate(of_false):
        skipped, of_true = shares(1 + i)
        if p:
            found[skipped - 3 : skipped - 3 + len(of_true), least - 5 + i] = p * of_true
    assert len(cuts.at) == len(of_false) + 1
    assert np.abs(found - law / law.sum()).max() < 4 / CERTAIN


def year_law(chain: Chain, rule: int, reader: int):
    """A school year's law of the first stratum, by convolution of lessons."""
    compiled = chain.rules[rule]
    if reader:
        hit = np.broadcast_to(chain.claimed(compiled).astype(float), chain.step.shape[3:5])[None]
    else:
        hit = chain.emission.of(compiled.hit, chain.masking)[0, 0, 0, :1]
    part = part_of(chain, compiled, hit, 1 - hit, np.zeros(1, dtype=np.intp))
    counted = part.to_next(part.ask(JointCounts(compiled.most_flags)))[0]
    most = compiled.most_flags + 1
    lesson = np.zeros((*counted.shape[:2], most, most))
    for t in range(most):
        for f in range(most - t):
            lesson[..., t, f] = counted[..., place(t, f)]
    return by_convolution(part.start[0], lesson, chain.lessons, chain.days)


@pytest.mark.parametrize("step", ["year", "day", "lesson"])
@pytest.mark.parametrize("reader", [0, 1])
def test_counts_of_a_year_follow_the_exact_law(tmp_path, step, reader):
    # Both groups show alike, so that all pupils have one law.
    text = CORE.replace("pupils_per_school = 30", "pupils_per_school = 4000").replace('display = "flat", ', "")
    one = made(tmp_path, text)
    laws = laws_of(one.chain, one.deployment, step)
    schools = [count(one.tables, laws, 7, s) for s in range(2)]
    for rule in range(len(one.chain.rules)):
        want = year_law(one.chain, rule, reader)
        flags, false = (
            np.concatenate([getattr(s, a)[reader, rule].ravel() for s in schools]) for a in ("flags", "false")
        )
        seen = np.zeros(want.shape)
        np.add.at(seen, (flags - false, false), 1)
        order = np.argsort(want, axis=None)[::-1]
        expected, seen = want.ravel()[order] * len(flags), seen.ravel()[order]
        often = expected >= 8
        assert often.sum() > 3
        pooled = [np.append(a[often], a[~often].sum()) for a in (seen, expected)]
        assert pooled[0][-1] == 0 or pooled[1][-1] > 1e-6
        keep = slice(None) if pooled[1][-1] > 1 else slice(-1)
        found, wanted = (a[keep] for a in pooled)
        assert chisquare(found, wanted * (found.sum() / wanted.sum())).pvalue > 1e-3


@pytest.mark.parametrize("step", ["year", "day", "lesson"])
def test_the_same_pupils_go_to_school_at_every_step(tmp_path, step):
    one = made(tmp_path, DIFFERENT.replace("school_years = 2", "school_years = 2\nopt_out = 0.3"))
    laws = laws_of(one.chain, one.deployment, step)
    for school in range(3):
        looked, counted = simulate(one.tables, 3, school), count(one.tables, laws, 3, school)
        for what in ("school", "kind", "klass", "watched", "view"):
            assert np.array_equal(getattr(looked, what), getattr(counted, what)), what
        assert 0 < counted.watched.sum() < len(counted.watched)
        assert not counted.flags[..., ~counted.watched].any()
        assert counted.flags[..., counted.watched].any()
        assert (counted.false <= counted.flags).all()


@pytest.mark.parametrize("step", ["year", "day"])
def test_a_school_hangs_on_its_number_and_the_seed_alone(tmp_path, step):
    one = made(tmp_path, DIFFERENT)
    laws = laws_of(one.chain, one.deployment, step)
    schools = [count(one.tables, laws, 3, s) for s in range(4)]
    again = [count(one.tables, laws_of(one.chain, one.deployment, step), 3, s) for s in (2, 0, 3, 1)]
    for s, school in zip((2, 0, 3, 1), again, strict=True):
        assert differing(schools[s], school) == []
    assert "flags" in differing(schools[0], schools[1])
    assert "flags" in differing(schools[0], count(one.tables, laws, 4, 0))


def test_another_rule_beside_it_leaves_a_rule_s_counts_alone(tmp_path):
    all_three = made(tmp_path, CORE)
    first, _, *others = CORE.split("[[rules]]")
    without = made(tmp_path, "[[rules]]".join([first, *others]))
    assert [r.name for r in without.deployment.rules] == [
        r.name for r in all_three.deployment.rules if r.name != "negative affect"
    ]
    one, other = (count(m.tables, laws_of(m.chain, m.deployment, "year"), 5, 0) for m in (all_three, without))
    names = [r.name for r in all_three.deployment.rules]
    for r, rule in enumerate(without.deployment.rules):
        assert np.array_equal(one.flags[:, names.index(rule.name)], other.flags[:, r])


def test_a_better_classifier_never_gives_a_pupil_more_false_flags_of_a_year(tmp_path):
    one, better = (
        made(tmp_path, text) for text in (CORE, CORE.replace("sad = 0.07, none = 0.02", "sad = 0.02, none = 0.07"))
    )
    a, b = (count(m.tables, laws_of(m.chain, m.deployment, "year"), 5, 0).false[0, 0] for m in (one, better))
    assert (b <= a).all()
    assert (b < a).any()


class Plainly:
    """Days of one rule, drawn in plain Python."""

    def __init__(self, one, laws, seed, school):
        self.one, self.laws, self.seed, self.school = one, laws, seed, school

    def counts(self, reader, pupil, stratum, day, level):
        laws, chain = self.laws, self.one.chain
        own = key(laws.names[0], 0, 0, COUNT, *key_of(self.seed))[:2]
        words = key(self.school, pupil, day, COUNT, int(own[0]), int(own[1]))
        row = laws.row[0, reader, chain.epoch[day // chain.days], level, stratum]
        cuts = laws.cuts

        def drawn(row, word):
            cut = cuts.cut[cuts.at[row] : [*cuts.at, len(cuts.cut)][row + 1]]
            return int(np.sum(cut <= (int(word) >> 1)))

        one, other = words[2 * reader : 2 * reader + 2]
        place = drawn(row, one)
        return int(cuts.least[row]) + place, int(cuts.least[row + 1 + place]) + drawn(row + 1 + place, other)

    def life(self, reader, pupil, strata):
        """Daily (flags, false flags), and how far faces are hidden on the last day."""
        chain, hides = self.one.chain, reader == 0 and len(self.one.chain.masking) > 1
        days, given, level = [], 0, 0
        for day in range(chain.days * chain.years):
            level = min(given, len(chain.masking) - 1) if hides else 0
            false, true = self.counts(reader, pupil, strata[day // chain.days], day, level)
            days.append((true + false, false))
            given += true + false
        return np.array(days), chain.masking[level] if hides else 0.0


@pytest.mark.parametrize("text", [ONE_RULE, HIDES], ids=["a rolling year", "faces that hide"])
def test_days_are_put_together_as_plain_python_does(tmp_path, text):
    one = made(tmp_path, text)
    laws = laws_of(one.chain, one.deployment, "day")
    school, chain = count(one.tables, laws, 9, 4), one.chain
    plain, days = Plainly(one, laws, 9, 4), one.chain.days
    earned = set()
    for reader in range(2):
        for pupil in range(0, 30, 3):
            strata = school.kind[pupil] * len(chain.views) + school.view[:, pupil]
            life, hidden = plain.life(reader, pupil, strata)
            flags, false = life.T
            assert school.flags[reader, 0, :, pupil].tolist() == flags.reshape(-1, days).sum(axis=1).tolist()
            assert school.false[reader, 0, :, pupil].tolist() == false.reshape(-1, days).sum(axis=1).tolist()
            ends = (1, 5, days, len(flags))
            assert school.some[reader, 0, :, pupil].tolist() == [bool(flags[:end].any()) for end in ends]
            assert school.some_false[reader, 0, :, pupil].tolist() == [bool(false[:end].any()) for end in ends]
            assert school.on_file[reader, 0, pupil] == flags[-8:].sum()
            rolling = [d // days for d in range(len(flags)) if flags[max(0, d - days + 1) : d + 1].sum() >= 17]
            at_times = [d // days for d in range(len(flags)) if flags[d // days * days : d + 1].sum() >= 5]
            assert school.mark_year[reader, :, pupil].tolist() == [(rolling or [-1])[0], (at_times or [-1])[0]]
            earned |= {*school.mark_year[reader, :, pupil].tolist()}
            if reader == 0:
                assert school.masking[pupil] == hidden
    assert earned == {-1, 0, 1}


RANKED = text_of(pupils_per_school=30).split("[[decisions]]")[0]
RANKED_ALONE = HIDES.replace('flag = "3 of last 6"\nafter_flag = "clear"', 'flag = "top 3 of class"').replace(
    'true_if = "in_window"\n', ""
)
DECIDED = CORE + '[[decisions]]\nname = "trusted"\nrule = "kept"\nchoose = "fewest"\nshare = 0.3\nafter_year = 2\n'
CASES = [
    (CORE, "year", "nothing joins"),
    (DIFFERENT, "year", "nothing joins"),
    (RANKED, "lesson", "'happiest' ranks a class"),
    (RANKED_ALONE, "lesson", "'negative affect' ranks a class"),
    (RANKED + FEEDBACK, "tick", "'negative affect' hide faces from the other rules"),
    (DECIDED, "tick", "'trusted' holds"),
    (text_of(pupils_per_school=30), "tick", "'trusted' holds"),
    (CORE + FEEDBACK, "tick", "'negative affect' hide faces from the other rules"),
    (HIDES, "day", "hide faces from the next day on"),
    (ONE_RULE, "day", "'often' counts over a year that rolls"),
    (
        ONE_RULE.replace("school_years = 2", "school_years = 1").replace("from_year = 2", "from_year = 1"),
        "year",
        "nothing joins",
    ),
    (HIDES.replace('notify = ["teacher"]', "notify = []").replace('"rolling year"', '"year"'), "year", "nothing joins"),
]


@pytest.mark.parametrize(("text", "step", "why"), CASES)
def test_the_coarsest_step_and_why(tmp_path, text, step, why):
    path = tmp_path / "school.toml"
    path.write_text(text)
    deployment = load(path)
    assert coarsest(deployment).step == step
    assert why in coarsest(deployment).why
    for finer in STEPS[: STEPS.index(step) + 1]:
        refuse_too_coarse(deployment, finer)
    for coarser in STEPS[STEPS.index(step) + 1 :]:
        with pytest.raises(MisreadError, match=f"--step {coarser}\n.*would not be exact: .*{why}"):
            refuse_too_coarse(deployment, coarser)


def test_flags_kept_for_part_of_a_year_are_not_known_at_the_end_of_years(tmp_path):
    for keep, known in (("8", False), ("6", True), ("12", True), ("100", True), ('"forever"', True)):
        one = made(tmp_path, CORE.replace("keep_days = 8", f"keep_days = {keep}"))
        school = count(one.tables, laws_of(one.chain, one.deployment, "year"), 1, 0)
        assert (school.on_file is not None) == known
        if known:
            years = 1 if keep == "6" else 2
            assert np.array_equal(school.on_file, school.flags[:, :, -years:].sum(axis=2))


def test_a_table_that_would_not_fit_is_refused_with_its_size(tmp_path, monkeypatch):
    one = made(tmp_path, CORE)
    monkeypatch.setattr("misread.engine.sampled.laws.tables.WORK", 3_000)
    with pytest.raises(MisreadError, match=r"apart: tables of 0.0 GiB, and [\d,]+ numbers") as refused:
        laws_of(one.chain, one.deployment, "year")
    assert len(refused.value.problems) == 3
    assert [p.key for p in refused.value.problems][2] == "rules.kept.flag"
    assert by_default(one.deployment).step == "tick"
    assert "too large" in by_default(one.deployment).why
    monkeypatch.undo()
    assert by_default(one.deployment).step == coarsest(one.deployment).step != "tick"
