"""Sensitivity against functions whose indices are known, and against runs of their own."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import beta, dirichlet

from misread.deployment import load, ranges, resolve_profiles
from misread.errors import MisreadError
from misread.profile import Profile
from misread.study.exact.run import measured
from misread.study.sensitivity import Groups, Row, indices, negligible, screened, sensitivity
from misread.study.sensitivity.model import Model, spread
from misread.study.sensitivity.screening import Effect
from misread.study.sensitivity.target import Target, target
from misread.study.sensitivity.tornado import _table, share_of_hits
from tests.findings.test_enumerated import TINY

from .schools import school

MINUTES = """mean_minutes.engaged = 12.0
mean_minutes.bored = { value = 7, low = 3, high = 14 }  # assumption
mean_minutes.anxious = 4.5"""
UNSURE = (
    TINY.replace("mean_minutes = { engaged = 12.0, bored = 7, anxious = 4.5 }", MINUTES)
    .replace("bored = { neutral = 0.7, sad = 0.3 }", "bored = { neutral = 0.7, sad = { value = 0.3, low = 0.1, high = 0.5, source = \"B01\" } }")
    .replace("schools = 3", "schools = { value = 3, low = 2, high = 9 }")
    .replace("sad = { neutral = 0.4, sad = 0.6 }", "sad = { neutral = 0.4, sad = 0.6 }\nfaces_per_row = 30")
)  # fmt: skip
QUICK = {"workers": 1, "half_width": 0.3, "budget": 4000}


def ishigami(u, a=7.0, b=0.1):
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices(a=7.0, b=0.1):
    """First-order and total, in closed form (Ishigami & Homma 1990)."""
    v1, v2, v13 = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    v = v1 + v2 + v13
    return [v1 / v, v2 / v, 0.0], [(v1 + v13) / v, v2 / v, v13 / v]


def test_the_function_of_ishigami():
    found = indices(ishigami, Groups.single(3), 1)
    first, total = ishigami_indices()
    assert found.settled
    assert found.widest < 0.05
    for i, f, t in zip(found.of, first, total, strict=True):
        assert i.first == pytest.approx(f, abs=0.03)
        assert i.total == pytest.approx(t, abs=0.03)


def test_an_additive_function():
    weights = np.array([1.0, 2.0, 4.0, 0.0])
    found = indices(lambda u: u @ weights + 3, Groups.single(4), 2)
    for i, part in zip(found.of, weights**2 / (weights**2).sum(), strict=True):
        assert i.first == pytest.approx(part, abs=0.02)
        assert i.total == pytest.approx(part, abs=0.02)
    assert (found.of[3].first, found.of[3].total, found.of[3].total_half) == (0, 0, 0)


def test_groups_take_their_dimensions_together():
    # u0·u1 + u2: what the product does within its group is first-order of the group.
    def product(u):
        return u[:, 0] * u[:, 1] + u[:, 2]

    variance = 1 / 9 - 1 / 16
    part = variance / (variance + 1 / 12)
    grouped = indices(product, Groups((0, 0, 1), (True,) * 3), 1)
    single = indices(product, Groups.single(3), 1)
    assert [i.first for i in grouped.of] == pytest.approx([part, 1 - part], abs=0.03)
    assert [i.total for i in grouped.of] == pytest.approx([part, 1 - part], abs=0.03)
    alone = (1 / 4 / 12) / (variance + 1 / 12)
    assert [i.first for i in single.of[:2]] == pytest.approx([alone, alone], abs=0.03)
    assert single.of[0].first + single.of[1].first < grouped.of[0].first


def test_groups_need_not_lie_side_by_side():
    weights = np.array([1.0, 3.0, 1.0, 2.0])
    found = indices(lambda u: u @ weights, Groups((2, 0, 2, 1), (True,) * 4), 1)
    assert [i.total for i in found.of] == pytest.approx([9 / 15, 4 / 15, 2 / 15], abs=0.02)


def test_the_points_are_doubled_until_the_intervals_are_narrow():
    seen = []

    def counted(u):
        seen.append(len(u))
        return ishigami(u)

    wide = indices(counted, Groups.single(3), 1, half_width=0.5)
    assert (wide.base, seen) == (256, [256 * 5])
    seen.clear()
    narrow = indices(counted, Groups.single(3), 1, half_width=0.05)
    assert narrow.base > 256
    # Nothing twice: the points of a round begin with those of the round before.
    assert sum(seen) == narrow.evaluations == narrow.base * 5
    once = indices(counted, Groups.single(3), 1, half_width=10, budget=10**9)
    assert once.of == wide.of
    short = indices(counted, Groups.single(3), 1, half_width=0.001, budget=5000)
    assert not short.settled
    assert short.evaluations == 512 * 5 <= 5000 < 1024 * 5


def test_a_round_that_goes_on_is_the_round_made_at_once():
    from misread.study.sensitivity.indices import _analysed, _points

    found = indices(ishigami, Groups.single(3), 5, half_width=0.001, budget=1024 * 5)
    at_once = _analysed(ishigami(_points(Groups.single(3), 1024, 5)), Groups.single(3), 1024, 5, 0.001)
    assert found == at_once


def test_bootstrap_intervals_hold_the_truth():
    first, total = ishigami_indices()
    held = [
        abs(got - true) <= half
        for seed in range(20)
        for i, f, t in zip(indices(ishigami, Groups.single(3), seed, half_width=10).of, first, total, strict=True)
        for got, true, half in ((i.first, f, i.first_half), (i.total, t, i.total_half))
    ]
    # Points more even than chance make the bootstrap too careful, never too bold.
    assert np.mean(held) >= 0.95


def test_what_never_varies_has_no_indices():
    assert indices(lambda u: np.full(len(u), 3.0), Groups.single(2), 1) is None
    assert indices(lambda u: np.full(len(u), 0.1), Groups((0, 0), (True,) * 2), 1) is None


def test_one_input_accounts_for_everything():
    found = indices(lambda u: u[:, 0] * u[:, 1], Groups((0, 0), (True,) * 2), 1)
    assert [(i.first, i.total) for i in found.of] == [(1, 1)]
    assert 0 < found.low < found.high < 1


def test_effects_of_a_linear_function_are_its_slopes():
    weights = np.array([1.0, -2.0, 0.0, 4.0])
    effects = screened(lambda u: u @ weights, Groups.single(4), 1)
    assert [e.mu_star for e in effects] == pytest.approx([1, 2, 0, 4])
    assert [e.sigma for e in effects] == pytest.approx([0] * 4, abs=1e-9)
    assert max(e.half_width for e in effects) < 1e-9


def test_effects_of_groups_and_their_order():
    # A group moves by up to the sum of its slopes, or by their difference: half of the time each.
    effects = screened(lambda u: u @ np.array([1.0, 3.0, 5.0]), Groups((1, 1, 0), (True,) * 3), 1, trajectories=400)
    assert effects[0].mu_star == pytest.approx(5)
    assert effects[1].mu_star == pytest.approx((4 + 2) / 2, abs=0.15)
    assert effects[0].sigma is not None
    assert effects[1].sigma is None


def test_dimensions_without_ends_stay_off_0_and_1():
    seen = []
    screened(lambda u: seen.append(u) or u.sum(axis=1), Groups((0, 1), (True, False)), 1)
    (u,) = seen
    assert (u[:, 0].min(), u[:, 0].max()) == (0, 1)
    assert 0.02 < u[:, 1].min() < u[:, 1].max() < 0.98


@pytest.mark.parametrize(
    ("sizes", "halves", "small"),
    [
        ((10, 1, 0), (0, 0, 0), (False, True, True)),  # 1 of 101: under 2 %
        ((10, 1, 1.1), (0, 0, 0), (False, True, False)),  # together 2.2 %
        ((10, 1, 0), (0, 2, 0), (False, False, True)),  # too unsure
        ((0, 0), (0, 0), (True, True)),
        ((1, 1e-12), (0, 5), (False, True)),  # rounding
    ],
)
def test_what_is_negligible(sizes, halves, small):
    assert negligible([Effect(s, h, 0.0) for s, h in zip(sizes, halves, strict=True)]) == small


def test_merged_groups_are_the_last():
    assert Groups((0, 0, 1, 2, 3), (True,) * 5).merged((True, False, True, False)).of == (2, 2, 0, 2, 1)


def test_ends_of_a_row_are_quantiles_of_its_law():
    p = Profile(
        "x",
        ("a", "b"),
        ("u", "v", "w"),
        np.array([[0.5, 0.3, 0.2], [1, 0, 0]]),
        np.array([40.0, np.nan]),
        np.ones((2, 3), bool),
    )
    hit = np.array([True, False, True])
    stated, low, high = share_of_hits(p, 0, hit)
    drawn = dirichlet([20.5, 12.5, 8.5]).rvs(200_000, random_state=1)
    assert stated == pytest.approx(0.7)
    assert (low, high) == pytest.approx(np.quantile(drawn[:, [0, 2]].sum(axis=1), [0.025, 0.975]), abs=2e-3)
    assert (low, high) == pytest.approx(beta(29, 12.5).ppf([0.025, 0.975]))
    row = _table(p, Row(p.name, "a"), frozenset(("u", "w")), low)
    assert row[0].sum() == pytest.approx(1)
    assert row[0, hit].sum() == pytest.approx(low)
    assert row[0, 0] / row[0, 2] == pytest.approx(0.5 / 0.2)
    assert (row[1] == p.p[1]).all()


@pytest.fixture(scope="module")
def deployment(tmp_path_factory):
    return school(tmp_path_factory.mktemp("unsure"), UNSURE)


@pytest.fixture(scope="module")
def found(deployment):
    return sensitivity(deployment, **QUICK)


def one(found, name):
    return next(i for i in found.influences if i.input.name == name)


def test_inputs_are_ranges_and_rows(deployment, found):
    names = {i.input.name for i in found.influences}
    rows = {n for n in names if ": row of " in n}
    assert names - rows == {r.name for r in deployment.ranges}
    p = next(p for p in resolve_profiles(deployment).values() if p.uncertain.any())
    assert rows == {f'{p.name}: row of "{x}"' for x, u in zip(p.expressions, p.uncertain, strict=True) if u}
    columns = sorted(c for i in found.influences for c in i.input.columns)
    assert columns == list(range(len(columns)))


def test_sources_are_the_authors_words(found):
    minutes, row = one(found, "pupil.mean_minutes.bored"), one(found, "display.default.bored.sad")
    assert minutes.input.source == "assumption; range: assumption"
    assert minutes.input.assumption
    assert row.input.source.endswith("range: B01")
    assert not row.input.assumption


@pytest.mark.parametrize("end", ["low", "high"])
def test_ends_are_runs_of_their_own(deployment, found, end):
    i = one(found, "pupil.mean_minutes.bored")
    x = getattr(i.swing, end)
    again = load(deployment.origin.file, settings=[f"pupil.mean_minutes.bored={x}"])
    value = measured(again, draws=0).findings.one("flag_ppv", rule=found.target.rule).value
    assert getattr(i.swing, f"at_{end}") == pytest.approx(value, rel=1e-9)
    assert value != pytest.approx(found.value)


@pytest.mark.parametrize("end", ["low", "high"])
def test_ends_of_a_number_in_a_row(deployment, found, end):
    i = one(found, "display.default.bored.sad")
    moved = ranges.at(deployment, {i.input.what.path: getattr(i.swing, end)})
    value = measured(moved, draws=0).findings.one("flag_ppv", rule=found.target.rule).value
    assert getattr(i.swing, f"at_{end}") == pytest.approx(value, rel=1e-9)


def test_what_cannot_matter_gets_nothing(found):
    i = one(found, "population.schools")
    assert i.swing.at_low == i.swing.at_high == pytest.approx(found.value, rel=1e-12)
    assert (i.effect.mu_star, i.negligible, i.index) == (0, True, None)
    assert found.influences[-1].effect.mu_star == 0


def test_points_are_runs_of_their_own(deployment):
    profiles = resolve_profiles(deployment)
    asked, _ = target(deployment, profiles)
    model = Model.of(deployment, profiles, asked)
    dimensions = sum(len(i.columns) for i in model.inputs)
    points = np.random.default_rng(1).random((7, dimensions))
    together = model(points)
    assert together == pytest.approx([model(p[None])[0] for p in points], rel=1e-12)
    in_parts = spread(model, None, lambda _: None)(np.repeat(points, 50, axis=0))
    assert in_parts == pytest.approx(np.repeat(together, 50), rel=1e-12)


@pytest.mark.long
def test_indices_of_a_finding_against_a_grid(tmp_path):
    # First order: Var(E[y | x]) / Var(y). Total: E[Var(y | all others)] / Var(y). Both by the midpoint rule.
    plain = two_ranges(tmp_path)
    got = sensitivity(plain, workers=1, half_width=0.05, budget=20_000)
    model = Model.of(plain, resolve_profiles(plain), got.target)
    grid = (np.arange(24) + 0.5) / 24
    u, v = np.meshgrid(grid, grid, indexing="ij")
    y = model(np.column_stack([u.ravel(), v.ravel()])).reshape(24, 24)
    for axis, i in enumerate(model.inputs):
        first = y.mean(axis=1 - axis).var() / y.var()
        total = y.var(axis=axis).mean() / y.var()
        assert total >= first > 0.01
        index = one(got, i.name).index
        assert index.first == pytest.approx(first, abs=0.05)
        assert index.total == pytest.approx(total, abs=0.05)


def two_ranges(folder):
    """Two ranges only, so that a grid holds all that is left open."""
    text = UNSURE.replace("\nfaces_per_row = 30", "").replace("{ value = 3, low = 2, high = 9 }", "3")
    return school(folder, text, "two")


@pytest.mark.long
def test_the_same_seed_gives_the_same_text(deployment, found):
    assert sensitivity(deployment, **QUICK).to_json() == found.to_json()
    assert sensitivity(deployment, **QUICK, seed=2).to_json() != found.to_json()


def test_workers_change_nothing(deployment, found):
    assert sensitivity(deployment, **{**QUICK, "workers": 2}).to_json() == found.to_json()


def test_the_files(found):
    data = json.loads(found.to_json())
    assert data["format"] == "misread-sensitivity/1"
    assert [i["input"] for i in data["inputs"]] == [i.input.name for i in found.influences]
    assert data["evaluations"] == found.evaluations
    lines = found.to_csv().splitlines()
    assert len(lines) == 1 + len(found.influences)
    assert lines[0].split(",")[:2] == ["input", "kind"]


def test_negligible_inputs_are_drawn_together(found):
    assert found.others is not None
    assert found.others.total < 0.05
    assert all((i.index is None) == i.negligible for i in found.influences)


def test_a_finding_that_nothing_moves(deployment):
    got = sensitivity(deployment, finding="labels_archived", **QUICK)
    assert got.indices is None
    assert got.others is None
    assert all(i.effect.mu_star == 0 and i.index is None for i in got.influences)


def test_nothing_is_open(tmp_path):
    with pytest.raises(MisreadError, match=r"(?s)Nothing in it is left open.*source = \"assumption\".*faces_per_row"):
        sensitivity(school(tmp_path, TINY, "plain"), **QUICK)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"finding": "flag_pv"}, "(?s)no finding 'flag_pv'.*did you mean flag_ppv"),
        ({"finding": "labels_archived", "rule": "x"}, "(?s)--rule.*about no single rule"),
        ({"rule": "glum leson"}, "(?s)--rule.*did you mean 'glum lesson'"),
        ({"group": "nobody"}, "(?s)--group.*There is no 'nobody' here.*'all'"),
        ({"finding": "label_share"}, "(?s)--label.*one for each label.*'neutral'"),
        ({"finding": "label_share", "keys": {"label": "sadd"}}, "(?s)--label.*did you mean 'sad'"),
        ({"finding": "flag_state_share"}, "(?s)--state.*one for each state"),
        ({"keys": {"mark": "m"}}, "(?s)--mark.*is about no mark"),
        ({"keys": {"reader": "perfekt"}}, "(?s)--reader.*did you mean 'perfect'"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly(deployment, asked, says):
    with pytest.raises(MisreadError, match=says):
        sensitivity(deployment, **QUICK, **asked)


def test_a_deployment_without_marks(tmp_path):
    text = UNSURE[: UNSURE.index("marks = [")]
    with pytest.raises(MisreadError, match=r"(?s)no finding p_mark.*\[\[file.marks\]\]"):
        sensitivity(school(tmp_path, text, "no marks"), finding="p_mark", **QUICK)


def test_a_finding_of_a_label_a_state_and_the_perfect_reader(deployment):
    profiles = resolve_profiles(deployment)
    for asked in (
        {"finding": "label_share", "label": "sad"},
        {"finding": "flag_state_share", "state": "bored"},
        {"reader": "perfect"},
    ):
        got, value = target(deployment, profiles, **asked)
        finding = measured(deployment, draws=0).findings.one(
            got.id, rule=got.rule, label=got.label, state=got.state, reader=got.reader
        )
        assert value == finding.value
    assert Target("label_share", label="sad").hits(deployment) == {"sad"}


def test_a_finding_without_a_value_as_stated(tmp_path):
    # A rule on a label that is never written down.
    text = UNSURE.replace('labels = ["sad"]\nflag = "2 of last 3"', 'labels = ["surprise"]\nflag = "2 of last 3"')
    text = text.replace(
        'labels = ["neutral", "happy", "sad", "none"]', 'labels = ["neutral", "happy", "sad", "surprise", "none"]'
    )
    text = text.replace(
        "happy = { neutral = 0.1, happy = 0.9 }", "happy = { neutral = 0.1, happy = 0.9, surprise = 0 }"
    )
    with pytest.raises(MisreadError, match="flag_ppv has no value as stated"):
        sensitivity(school(tmp_path, text, "never"), **QUICK)


def test_a_finding_without_a_value_somewhere(tmp_path):
    # At the low end bored children show no sad face, and a sure reader then never writes the label down.
    text = TINY.replace(
        "bored = { neutral = 0.7, sad = 0.3 }",
        "bored = { neutral = 0.7, sad = { value = 0.3, low = 0.0, high = 0.5 } }",
    )
    text = text.replace("anxious = { neutral = 0.6, sad = 0.4 }", "anxious = { neutral = 1 }")
    for old in ("bored = { neutral = 0.9, sad = 0.1 }", "anxious = { neutral = 0.8, sad = 0.2 }"):
        text = text.replace(old, old.split("{")[0] + "{ neutral = 1 }")
    text = text.replace("happy = 0.05, sad = 0.07, none = 0.02", "happy = 0.12, none = 0.02").replace(
        "neutral = 0.5, sad = 0.4, none", "neutral = 0.9, none"
    )
    with pytest.raises(MisreadError, match=r"(?s)flag_ppv has no value at 1 of 2 points.*narrow the ranges"):
        sensitivity(school(tmp_path, text, "sometimes"), **QUICK)


def test_without_salib(monkeypatch, deployment):
    import sys

    monkeypatch.setitem(sys.modules, "SALib.sample.sobol", None)
    with pytest.raises(MisreadError, match=r'(?s)SALib is not installed.*pip install "misread\[study\]"'):
        sensitivity(deployment, **QUICK)
