"""Lessons drawn from laws: the laws against enumeration, the draws read aloud in plain Python, rankings against looks."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.engine.sampled.keys import COUNT, SITUATION, TIE, key, key_of, stream
from misread.engine.sampled.laws import count, laws_of
from misread.engine.sampled.laws.joint import law_of_hits
from misread.engine.sampled.simulate import simulate
from misread.errors import MisreadError
from misread.study.exact.run import measured

from .schools import differing, made
from .test_agreement import DIFFERENT
from .test_steps import FEEDBACK, HIDES, ONE_RULE

RANKS = """
[[rules]]
name = "glummest"
labels = ["sad", "none"]
flag = "top 3 of class"
claims = ["bored", "anxious"]
notify = ["parent"]
"""
OPT_OUT = "school_years = 2\nopt_out = 0.2\nclass_size = 11"
HEAD, TAIL = DIFFERENT.replace("school_years = 2", OPT_OUT).split("[file]", 1)
BESIDE = HEAD + RANKS + "[file]" + TAIL
"""A ranking and four rules on one pupil; traits, views, ages and situations."""
FIRST, LAST = HIDES.replace("school_years = 2", OPT_OUT).split("[[rules]]")
RANKED_ALONE = FIRST + RANKS + "[file]" + LAST.split("[file]")[1].replace("negative affect", "glummest")
"""A ranking that notifies, whose flags hide faces, and earn marks over a year and over a rolling one."""


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_laws_of_hits_by_roots_of_unity_are_those_by_enumeration(data):
    cells, looks = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 5))
    claimed = np.array(data.draw(st.lists(st.booleans(), min_size=cells, max_size=cells)))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    hit = rng.dirichlet([0.5, 0.5], size=cells)
    step, gap = (rng.dirichlet(np.full(cells, 0.5), size=cells) for _ in range(2))
    want = np.zeros((cells, 2, cells, looks + 1))
    for path in itertools.product(range(cells), repeat=looks):
        goes = np.prod([step[a, b] for a, b in itertools.pairwise(path)])
        most = int(2 * sum(claimed[z] for z in path) > looks)
        for hits in itertools.product(range(2), repeat=looks):
            chance = goes * np.prod([hit[z, h] for z, h in zip(path, hits, strict=True)])
            want[path[0], most, :, sum(hits)] += chance * gap[path[-1]]
    found = law_of_hits(hit, claimed, step, gap, looks)
    assert found.min() >= 0
    assert np.abs(found - want).max() < 1e-13


def test_a_law_of_hits_made_a_few_roots_at_a_time_is_the_same(monkeypatch):
    rng = np.random.default_rng(5)
    tables = rng.dirichlet([1, 1], size=3), np.array([False, True, True]), *rng.dirichlet(np.ones(3), size=(2, 3))
    whole = law_of_hits(*tables, 40)
    monkeypatch.setattr("misread.engine.sampled.laws.joint.AT_ONCE", 1000)
    assert np.abs(law_of_hits(*tables, 40) - whole).max() < 1e-15


class Plainly:
    """Lessons of one rule, drawn in plain Python."""

    def __init__(self, one, laws, rule, seed, school):
        self.one, self.laws, self.rule, self.seed, self.school = one, laws, rule, seed, school
        self.own = tuple(int(word) for word in key(laws.names[rule], 0, 0, COUNT, *key_of(seed))[:2])
        self.top = laws.tops[rule]

    def first(self, reader, i, day, at):
        flat = self.one.tables.flat
        limits = flat.start[at << flat.n.cell_bits : (at + 1) << flat.n.cell_bits]
        return int(np.sum(limits <= self.words(i, day)[reader]))

    def words(self, i, day):
        """A pupil's numbers of a day: two for the first cells, then two of each reader for each lesson."""
        return stream(2 + 4 * self.one.chain.lessons, *self.own, self.school, i, day, COUNT)

    def lesson(self, reader, i, day, lesson, law):
        cuts = self.laws.cuts
        words = self.words(i, day)[2 + 4 * lesson + 2 * reader :]

        def drawn(row, word):
            cut = cuts.cut[cuts.at[row] : [*cuts.at, len(cuts.cut)][row + 1]]
            return int(np.sum(cut <= word))

        place = drawn(law, words[0])
        came = int(cuts.least[law]) + place
        second = int(cuts.least[law + 1 + place]) + drawn(law + 1 + place, words[1])
        return came, *divmod(second, self.one.tables.flat.n.cells)

    def ranked(self, hits, when):
        def lot(i):
            return int(key(self.school, i, when, TIE, *key_of(self.seed))[0]) >> 1

        return sorted((i for i in hits if hits[i]), key=lambda i: (-hits[i], lot(i), i))[: self.top]

    def live(self, reader, klass, strata):
        """Of each pupil of a class all lessons, (day, situation, flags, false flags), and the last level of hiding."""
        chain, n = self.one.chain, self.one.tables.flat.n
        hides = reader == 0 and self.laws.notifies[self.rule]
        lessons, level = {i: [] for i in strata}, dict.fromkeys(strata, 0)
        for day in range(n.days * n.years):
            year = day // n.days
            epoch = int(chain.epoch[year])
            given = {i: sum(flags for _, _, flags, _ in lessons[i]) for i in strata}
            level = {i: min(given[i], len(chain.masking) - 1) if hides else 0 for i in strata}
            cell = {i: self.first(reader, i, day, epoch * n.strata + strata[i][year]) for i in strata}
            kinds = stream(n.lessons, *key_of(self.seed), self.school, klass, day, SITUATION)
            for lesson in range(n.lessons):
                when = day * n.lessons + lesson
                k = int(np.sum(self.one.tables.flat.situation <= kinds[lesson])) if n.situations > 1 else 0
                came = {}
                for i in strata:
                    law = self.laws.row[self.rule, reader, epoch, level[i], strata[i][year], k, cell[i]]
                    first, true, cell[i] = self.lesson(reader, i, day, lesson, law)
                    came[i] = first, true
                if self.top:
                    flagged = self.ranked({i: first for i, (first, _) in came.items()}, when)
                    came = {
                        i: (int(i in flagged and not true), int(i in flagged and true)) for i, (_, true) in came.items()
                    }
                for i, (false, true) in came.items():
                    lessons[i].append((day, k, false + true, false))
        return lessons, level


@pytest.mark.parametrize(
    ("text", "rule"),
    [(RANKED_ALONE, 0), (HIDES, 0), (ONE_RULE, 0), (BESIDE, 4), (BESIDE, 0)],
    ids=["a ranking that hides faces", "faces that hide", "a rolling year", "a ranking beside rules", "beside a ranking"],
)  # fmt: skip
def test_lessons_are_put_together_as_plain_python_does(tmp_path, text, rule):
    one = made(tmp_path, text)
    laws, chain = laws_of(one.chain, one.deployment, "lesson"), one.chain
    school, plain, days = count(one.tables, laws, 9, 4), Plainly(one, laws, rule, 9, 4), one.chain.days
    kinds, seen = school.by_situation, 0
    for klass in range(2):
        members = [int(i) for i in np.flatnonzero((school.klass == klass) & school.watched)]
        strata = {i: school.kind[i] * max(1, len(chain.views)) + school.view[:, i] for i in members}
        for reader in range(2):
            lives, level = plain.live(reader, klass, strata)
            for i in members:
                day, k, flags, false = np.array(lives[i]).T
                ends = (1, 5, days, days * chain.years)
                assert school.flags[reader, rule, :, i].tolist() == _sums(flags, day // days, chain.years)
                assert school.false[reader, rule, :, i].tolist() == _sums(false, day // days, chain.years)
                assert school.some[reader, rule, :, i].tolist() == [flags[day < end].any() for end in ends]
                assert school.some_false[reader, rule, :, i].tolist() == [false[day < end].any() for end in ends]
                assert school.on_file[reader, rule, i] == flags[day >= days * chain.years - 8].sum()
                seen += flags.sum()
                for what, counts in enumerate((flags, false)):
                    by_kind = [
                        _sums(counts[k == kind], day[k == kind] // days, chain.years) for kind in range(k.max() + 1)
                    ]
                    assert kinds.flags[reader, rule, what, : k.max() + 1, :, i].tolist() == by_kind
                assert kinds.lessons[:, -1, i].tolist() == _sums(
                    1, k[day >= days * (chain.years - 1)], len(kinds.lessons)
                )
                for m, (of, enough, rolls) in enumerate(laws.marks):
                    if of == rule:
                        since = [d - days + 1 if rolls else d // days * days for d in range(days * chain.years)]
                        earned = [
                            d // days
                            for d in range(len(since))
                            if flags[(day >= since[d]) & (day <= d)].sum() >= enough
                        ]
                        assert school.mark_year[reader, m, i] == (earned or [-1])[0]
                if reader == 0:
                    last = day >= days * (chain.years - 1)
                    for half in range(2):
                        of_half = last & (day % days % 2 == half)
                        assert kinds.half[rule, half, :, i].tolist() == _sums(
                            flags[of_half], k[of_half], len(kinds.lessons)
                        )
                        assert kinds.half_lessons[half, :, i].tolist() == _sums(1, k[of_half], len(kinds.lessons))
                if reader == 0 and plain.laws.notifies[rule] and len(chain.masking) > 1:
                    assert school.masking[i] == chain.masking[level[i]]
    assert seen > 50
    assert not any(a[..., ~school.watched].any() for a in (school.flags, school.false, kinds.flags, kinds.half))


def _sums(values, code, size):
    return np.bincount(code, np.broadcast_to(values, code.shape), size).astype(int).tolist()


def test_lessons_have_the_situations_that_looks_have(tmp_path):
    one = made(tmp_path, BESIDE)
    laws = laws_of(one.chain, one.deployment, "lesson")
    for school in range(2):
        looked, counted = simulate(one.tables, 3, school), count(one.tables, laws, 3, school).by_situation
        assert np.array_equal(looked.lessons, counted.lessons)
        assert np.array_equal(looked.half_lessons, counted.half_lessons)
        assert len(np.unique(counted.lessons[0, 0])) > 2


def test_situations_add_up_to_all_lessons(tmp_path):
    one = made(tmp_path, BESIDE)
    school = count(one.tables, laws_of(one.chain, one.deployment, "lesson"), 3, 0)
    flags, false = school.by_situation.flags.sum(axis=3).transpose(2, 0, 1, 3, 4)
    assert np.array_equal(flags, school.flags)
    assert np.array_equal(false, school.false)
    assert np.array_equal(school.by_situation.half.sum(axis=(1, 2)), school.flags[0, :, -1])


def test_a_ranking_flags_as_many_as_it_says_but_nobody_without_a_hit(tmp_path):
    one = made(tmp_path, BESIDE.replace('labels = ["sad", "none"]\nflag = "top', 'labels = ["neutral"]\nflag = "top'))
    school = count(one.tables, laws_of(one.chain, one.deployment, "lesson"), 3, 0)
    chain = one.chain
    lessons = chain.days * chain.lessons
    # Hardly a lesson goes by without a neutral look: three of each class, which the cameras have eleven or fewer of.
    for klass in range(3):
        of_class = (school.klass == klass) & school.watched
        assert school.flags[0, -1, :, of_class].sum(axis=0).tolist() == [min(3, of_class.sum()) * lessons] * 2
    assert (school.false <= school.flags).all()


def test_a_ranking_with_room_for_all_flags_who_has_a_hit(tmp_path):
    """As many as the exact engine's rule that asks for a share of the looks over 0."""
    text = BESIDE.replace("top 3 of class", "top 11 of class").replace("opt_out = 0.2", "opt_out = 0.0")
    ranked, shared = made(tmp_path, text), made(tmp_path, text.replace("top 11 of class", "share over 0.0"))
    laws = laws_of(ranked.chain, ranked.deployment, "lesson")
    for reader, name in enumerate((None, "perfect")):
        flags = np.array([count(ranked.tables, laws, 8, s).flags[reader, -1].sum() for s in range(60)])
        a_year = flags / flags.size / 60
        want = measured(shared.deployment, draws=0).findings.one("flags_per_pupil_year", rule="glummest", reader=name)
        assert a_year.sum() == pytest.approx(want.value, abs=4.5 * a_year.std() * np.sqrt(60))
        assert a_year.std() * np.sqrt(60) < 0.02 * want.value


SCHOOLS = 150


@pytest.mark.parametrize("text", [RANKED_ALONE, BESIDE], ids=["alone, hiding faces", "beside rules"])
def test_rankings_are_those_of_looks(tmp_path, text):
    one = made(tmp_path, text)
    laws, r = laws_of(one.chain, one.deployment, "lesson"), [r.name for r in one.deployment.rules].index("glummest")
    lessons, looks = ([_told(draw(s), r) for s in range(SCHOOLS)] for draw in (
        lambda s: count(one.tables, laws, 3, s), lambda s: simulate(one.tables, 4, s),
    ))  # fmt: skip
    a, b = np.array(lessons), np.array(looks)
    # As much to the mean of squares as to the mean: how unlike pupils are has to be the same.
    error = np.sqrt((a.var(axis=0, ddof=1) + b.var(axis=0, ddof=1)) / SCHOOLS)
    z = (a.mean(axis=0) - b.mean(axis=0)) / np.where(error > 0, error, 1)
    assert np.abs(z).max() < 4.2
    assert (b.mean(axis=0) > 0).all()
    assert len(z) == 20


def _told(school, r):
    """What a ranking came to in a school, by reader and year, and over all."""
    flags, false = school.flags[:, r][..., school.watched], school.false[:, r][..., school.watched]
    # Both kinds of school know by when there was a false flag.
    if hasattr(school, "some_false"):
        wrong = school.some_false[:, r][:, :, school.watched]
        by_day_1, by_end = wrong[:, 0], wrong[:, -1]
    else:
        first = school.first_false[:, r][:, school.watched]
        by_day_1, by_end = first == 0, first >= 0
    parts = [flags.mean(axis=2), false.mean(axis=2), (flags**2).mean(axis=2), (false**2).mean(axis=2)]
    return np.concatenate([*(p.ravel() for p in parts), by_day_1.mean(axis=1), by_end.mean(axis=1)])


def test_a_school_hangs_on_nothing_but_its_number_the_seed_and_the_deployment(tmp_path):
    one = made(tmp_path, BESIDE)
    laws = laws_of(one.chain, one.deployment, "lesson")
    schools = [count(one.tables, laws, 3, s) for s in range(3)]
    again = [count(one.tables, laws_of(one.chain, one.deployment, "lesson"), 3, s) for s in (2, 0, 1)]
    for s, school in zip((2, 0, 1), again, strict=True):
        assert _apart(schools[s], school) == []
    assert "flags" in _apart(schools[0], schools[1])
    assert "flags" in _apart(schools[0], count(one.tables, laws, 4, 0))


def _apart(one, other):
    plain, kinds = differing(one, other), differing(one.by_situation, other.by_situation)
    return [*(name for name in plain if name != "by_situation"), *kinds]


def test_a_ranking_beside_it_leaves_a_rule_s_lessons_alone(tmp_path):
    beside, without = made(tmp_path, BESIDE), made(tmp_path, HEAD + "[file]" + TAIL)
    one, other = (count(m.tables, laws_of(m.chain, m.deployment, "lesson"), 5, 0) for m in (beside, without))
    assert np.array_equal(one.flags[:, :-1], other.flags)
    assert np.array_equal(one.by_situation.flags[:, :-1], other.by_situation.flags)


def test_a_ranking_over_too_many_looks_is_refused_with_its_size(tmp_path, monkeypatch):
    one = made(tmp_path, RANKED_ALONE)
    monkeypatch.setattr("misread.engine.sampled.laws.tables.WORK", 3_000)
    with pytest.raises(MisreadError, match=r"up to 8 hits and claimed looks apart: .* [\d,]+ numbers") as refused:
        laws_of(one.chain, one.deployment, "lesson")
    assert [p.key for p in refused.value.problems] == ["rules.glummest.flag"]


def test_feedback_is_in_what_is_compared(tmp_path):
    """Else the ranking that hides faces would be one that does not."""
    hides, plain = (made(tmp_path, text) for text in (RANKED_ALONE, RANKED_ALONE.replace(FEEDBACK, "")))
    a, b = (count(m.tables, laws_of(m.chain, m.deployment, "lesson"), 5, 0) for m in (hides, plain))
    assert a.masking.max() > 0.2
    assert not np.array_equal(a.flags[0], b.flags[0])
    assert np.array_equal(a.flags[1], b.flags[1])
