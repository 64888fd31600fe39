"""Which engine computes what: exact where it can be, the rest sampled; nothing twice, nothing lost."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from misread.deployment import load
from misread.errors import MisreadError
from misread.findings.about import KEYS
from misread.findings.definitions import DEFINITIONS
from misread.study.engines.both import SCHOOLS, Hands, Way, run
from misread.study.exact.run import needs_samples
from tests.study.schools import school

MORE = {
    "a class is ranked": '[[rules]]\nname = "saddest"\nlabels = ["sad"]\nflag = "top 1 of class"\nclaims = ["low"]\n',
    "a cohort is ranked": (
        '[[decisions]]\nname = "choir"\nrule = "{rule}"\nchoose = "most"\nshare = 0.5\nafter_year = 1\n'
    ),
    "kinds of lesson": '[[situations]]\nname = "a"\nshare = 0.5\n[[situations]]\nname = "b"\nshare = 0.5\n',
}
FOUND = {
    "a class is ranked": "flag_ppv",
    "a cohort is ranked": "decision_wrong",
    "kinds of lesson": "map_reliability",
}


def key(f):
    return (f.id, f.group, f.rule, *(getattr(f, k) for k in KEYS))


@pytest.fixture
def plain(tmp_path):
    """Two sure groups of pupils for some days, and nobody coupled."""
    school(tmp_path)
    settings = ("population.schools=30", "population.pupils_per_school=20", "population.class_size=10")
    return lambda *policies: load(tmp_path / "tiny.toml", policies=policies, settings=settings)


@pytest.fixture(params=list(MORE))
def coupled(request, plain, tmp_path):
    """What is coupled, and a deployment in which it is."""
    alone = plain()
    text = MORE[request.param].replace("{rule}", alone.rules[0].name).replace('"low"', f'"{alone.pupil.states[-1]}"')
    (tmp_path / "more.toml").write_text(text)
    return request.param, plain(tmp_path / "more.toml")


def test_nothing_is_drawn_where_nothing_is_coupled(plain):
    deployment = plain()
    assert list(needs_samples(deployment)) == []

    class Nobody(ThreadPoolExecutor):
        def submit(self, *_):
            raise AssertionError("somebody was asked to draw")

    found = run(deployment, Way(draws=4), Hands(executor=Nobody()))
    assert found.findings.to_json() == run(deployment, Way("exact", draws=4)).findings.to_json()
    assert (found.schools, found.left_out, found.findings.engine) == (None, (), "exact")


def test_each_finding_once_and_exact_where_it_can_be(coupled):
    what, deployment = coupled
    exact, sampled = run(deployment, Way("exact", draws=4)), run(deployment, Way("sampled", "tick", 0, schools=SCHOOLS))
    both = run(deployment, Way(draws=4))
    known = {key(f): f for f in exact.findings}
    assert len(exact.left_out) == 1
    assert both.left_out == ()
    assert both.findings[: len(known)] == exact.findings[:]
    rest = both.findings[len(known) :]
    # What was drawn is what the sampled engine gives by itself, less what is known.
    assert rest == tuple(f for f in sampled.findings if key(f) not in known)
    assert FOUND[what] in {f.id for f in rest}
    assert {key(f) for f in both.findings} == {key(f) for f in sampled.findings} | set(known)
    assert len({key(f) for f in both.findings}) == len(both.findings)
    assert (both.findings.engine, both.findings.step, both.schools) == ("both", "tick", SCHOOLS)
    assert {f.n is None for f in exact.findings} == {True}
    assert {f.low for f in rest} == {None}


def test_in_the_order_of_the_definitions_whichever_engine(plain):
    order = {id: i for i, id in enumerate(DEFINITIONS)}
    deployment = plain()
    exact, sampled = run(deployment, Way("exact", draws=0)), run(deployment, Way("sampled", "tick", 0, schools=3))
    known = {key(f) for f in exact.findings}
    assert known <= {key(f) for f in sampled.findings}
    assert [key(f) for f in sampled.findings if key(f) in known] == [key(f) for f in exact.findings]
    assert {f.id for f in sampled.findings} <= set(order)


def test_intervals_are_the_exact_engines_and_errors_the_samples(plain):
    deployment = plain()
    sampled = run(deployment, Way("sampled", "tick", 32, schools=10)).findings
    exact = {key(f): f for f in run(deployment, Way("exact", draws=32)).findings}
    without = {key(f): f for f in run(deployment, Way("sampled", "tick", 0, schools=10)).findings}
    assert any(f.low is not None for f in sampled)
    for f in sampled:
        alone = without[key(f)]
        assert (f.value, f.se, f.n) == (alone.value, alone.se, alone.n)
        assert alone.low is None is alone.high
        if f.low is not None:
            assert (f.low, f.high) == (exact[key(f)].low, exact[key(f)].high)
            assert "in the exact engine" in f.method
            assert "no interval" not in f.method


def test_more_schools_mean_less_error(plain):
    few, many = (run(plain(), Way("sampled", "tick", 0, schools=n)).findings for n in (7, 28))
    ratios = [
        math.log(b.se / a.se)
        for a, b in zip(few, many, strict=True)
        if a.se and b.se and a.id.startswith("label_share")
    ]
    # Four times the schools, half the error.
    assert sum(ratios) / len(ratios) == pytest.approx(math.log(1 / 2), abs=0.35)


def test_seeds_draw_other_pupils_and_the_same_seed_the_same(plain):
    one, again, other = (run(plain(), Way("sampled", "tick", 0, s, 3)).findings.to_json() for s in (1, 1, 2))
    assert one == again != other


@pytest.mark.parametrize(
    ("way", "says"),
    [
        (Way("exact", "tick"), "draws nothing"),
        (Way("auto", "year"), "needs --engine sampled"),
        (Way("exact", schools=2), "samples none"),
        (Way("sampled", schools=0), "from 1 to 30"),
        (Way("auto", schools=31), "the deployment has 30"),
        (Way("sampled", "lesson or so"), "The step is 'lesson or so'"),
        (Way("sampled", seed=-1), "from 0 to"),
        (Way("sampled", seed=2**64), "from 0 to"),
    ],
)
def test_what_cannot_be_asked_for(plain, way, says):
    with pytest.raises(MisreadError, match=says):
        run(plain(), way)


def test_files_are_kept_for_the_sampled_engine(plain, tmp_path):
    run(plain(), Way("sampled", "tick", 0, schools=2), Hands(out=tmp_path / "out"))
    assert [p.name for p in (tmp_path / "out" / "files").iterdir()] == ["schools-000001-000002.parquet"]
