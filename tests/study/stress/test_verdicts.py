"""Claims tried on small deployments: against grids, runs of their own, closed forms."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from scipy.stats import beta

from misread.deployment import load, resolve_profiles
from misread.errors import MisreadError
from misread.study.exact.run import measured
from misread.study.stress import in_units, stressed, unsettled
from misread.study.stress.accuracy import needed
from misread.study.stress.claims import Claim, claims_about
from misread.study.stress.search import Effort
from misread.study.stress.space import Space, hit_share
from misread.study.stress.verdicts import verdict
from tests.findings.test_enumerated import SHORT, VIEWS

OPEN = (
    SHORT.replace("bored = 7,", 'bored = { value = 7, low = 3, high = 14, source = "B10" },')
    .replace("bored = { neutral = 0.7, sad = 0.3 }", "bored = { neutral = 0.7, sad = { value = 0.3, low = 0.1, high = 0.5 } }")
    .replace("sad = { neutral = 0.4, sad = 0.6 }\n", 'sad = { neutral = 0.4, sad = 0.6 }\nfaces_per_row = 50\nalternatives = ["harsh"]\n')
    .replace('after_flag = "keep"\nclaims = ["bored", "anxious"]', 'after_flag = "keep"\nclaims = ["bored"]\nmay_claim = ["anxious"]')
    .replace("happy = { neutral = 0.1, happy = 0.9 }", "happy = { neutral = 0.1, happy = 0.9 }")
    .replace('neutral = { neutral = 0.5, sad = 0.4, none = 0.1 }', 'neutral = { neutral = 0.5, sad = 0.4, none = 0.1 }\nhappy = { happy = 1 }')
)  # fmt: skip
EFFORT = Effort(starts=2, population=16, generations=4, steps=4)


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    path = tmp_path_factory.mktemp("stress") / "open.toml"
    path.write_text(OPEN)
    return load(path)


@pytest.fixture(scope="module")
def space(school):
    return Space(school, school.rules[0])


def claim(finding, limit, above):
    return Claim("c", "It is so.", finding, limit, above)


def test_everything_that_is_open_is_an_axis(space):
    names = [a.name for a in space.axes]
    assert names[:2] == ["pupil.mean_minutes.bored", "display.default.bored.sad"]
    assert any("'neutral'" in n for n in names)
    assert names[-2:] == ["which profile stands for 'kind'", "what makes a flag of 'sad enough' true"]
    assert space.choices[-2:] == [2, 4]
    assert space.values(space.stated[None], "flag_ppv")[0] == pytest.approx(
        measured(space.deployment, draws=0).findings.one("flag_ppv", rule="sad enough").value, rel=1e-12
    )


def test_a_point_is_a_run_of_its_own(space, tmp_path):
    point = space.stated
    point[0], point[1], point[-2], point[-1] = 1.0, 0.0, 1, 3
    path = tmp_path / "other.toml"
    path.write_text(
        OPEN.replace("{ value = 7, low = 3, high = 14, source = \"B10\" }", "14.0")
        .replace("bored = { neutral = 0.7, sad = { value = 0.3, low = 0.1, high = 0.5 } }", "bored = { neutral = 0.9, sad = 0.1 }")
        .replace('share = 0.75, profile = "kind"', 'share = 0.75, profile = "harsh"')
        .replace('claims = ["bored"]\nmay_claim = ["anxious"]', 'claims = ["bored", "anxious"]\ntrue_if = "at_flag"')
    )  # fmt: skip
    want = measured(load(path), draws=0).findings
    for id in ("flag_ppv", "p_false_flag_by_year_1", "flag_lift", "disparity_false_flags"):
        assert space.values(point[None], id)[0] == pytest.approx(want.one(id, rule="sad enough").value, rel=1e-12)


def test_rows_stay_inside_their_99_per_cent(school):
    p = resolve_profiles(school)["kind"]
    hit = np.isin(p.labels, ("sad",))
    i = p.expressions.index("sad")
    # 50 faces, 30 read as sad; all four labels were possible.
    law = beta(30 + 0.5, 20 + 1.5)
    assert hit_share(p, i, hit, 0.0) == pytest.approx(law.ppf(0.005))
    assert hit_share(p, i, hit, 0.5) == pytest.approx(0.6)
    assert hit_share(p, i, hit, 1.0) == pytest.approx(law.ppf(0.995))
    for x in np.linspace(0, 1, 7):
        rows = Space(school, school.rules[0]).rows(
            np.array([x if "'sad'" in a.name else a.stated for a in Space(school, school.rules[0]).axes]), p
        )
        assert rows[0].sum(axis=1) == pytest.approx(np.ones(len(p.expressions)))
        assert rows[0, i, hit].sum() == pytest.approx(hit_share(p, i, hit, x))


@pytest.mark.parametrize(("finding", "above"), [("flag_ppv", False), ("p_false_flag_by_year_1", True)])
def test_the_kindest_setting_against_a_grid(space, finding, above):
    small = [i for i, a in enumerate(space.axes) if a.choices or "'neutral'" in a.name or i < 2]
    sides = [range(n) if n else (0.0, 0.5, 1.0) for n in (space.choices[i] for i in small)]
    grid = np.repeat(space.stated[None], len(list(itertools.product(*sides))), axis=0)
    grid[:, small] = list(itertools.product(*sides))
    values = space.values(grid, finding)
    found = verdict(space, claim(finding, 0.0 if above else 2.0, above), EFFORT, 1)
    best = values.min() if above else values.max()
    assert found.kindest <= best + 1e-9 if above else found.kindest >= best - 1e-9
    assert found.holds
    assert found.settled
    assert len(found.ends) == 2


def test_what_breaks_a_claim_is_enough_and_none_too_many(space):
    stated = space.values(space.stated[None], "flag_ppv")[0]
    best = verdict(space, claim("flag_ppv", 2.0, above=False), EFFORT, 1).kindest
    limit = (stated + best) / 2
    found = verdict(space, claim("flag_ppv", limit, above=False), EFFORT, 1)
    assert found.holds_as_stated
    assert not found.holds
    names = [a.name for a in space.axes]
    at = {s.name: s for s in found.settings}
    assert at

    def value(settings):
        point = space.stated
        for name, s in settings.items():
            axis = space.axes[names.index(name)]
            if s.kind == "range":
                r = axis.range
                point[names.index(name)] = (s.kind_value - r.low) / (r.high - r.low)
            elif s.kind in ("profile", "rule"):
                point[names.index(name)] = next(
                    i for i in range(axis.choices) if s.kind_value in str(axis.options[i]) or _way(axis.options[i]) == s.kind_value
                )  # fmt: skip
            else:
                point[names.index(name)] = 1.0 if s.kind_value > s.stated else 0.0
        return space.values(point[None], "flag_ppv")[0]

    assert value(at) >= limit - 1e-6
    for left_out in at:
        if len(at) > 1:
            assert value({n: s for n, s in at.items() if n != left_out}) < limit


def _way(option):
    when, claims = option
    where = "at the look that fires" if when == "at_flag" else "at any look of the window"
    return f"if the child is {', '.join(claims)} {where}"


def test_a_range_turns_where_a_bisection_of_runs_turns(tmp_path):
    path = tmp_path / "one.toml"
    path.write_text(SHORT.replace("bored = 7,", "bored = { value = 7, low = 3, high = 14 },"))
    d = load(path)
    # A share rule, whose flags can be true in one way only: the range is all that is open.
    s = Space(d, next(r for r in d.rules if r.name == "glum lesson"))
    assert [a.name for a in s.axes] == ["pupil.mean_minutes.bored"]
    ends = s.values(np.array([[0.0], [1.0]]), "flag_ppv")
    stated = s.values(s.stated[None], "flag_ppv")[0]
    limit = (stated + ends.max()) / 2
    (setting,) = verdict(s, claim("flag_ppv", limit, above=False), EFFORT, 1).settings
    turned = measured(load(path, settings=[f"pupil.mean_minutes.bored={setting.turn}"]), draws=0).findings
    assert turned.one("flag_ppv", rule="glum lesson").value == pytest.approx(limit, rel=1e-3)


def test_a_claim_that_is_not_so_as_stated_is_not_searched(space):
    found = verdict(space, claim("flag_ppv", 0.0, above=False), EFFORT, 1)
    assert not found.holds_as_stated
    assert not found.holds
    assert found.evaluations == 1
    assert found.settings == found.ends == ()


def bayes(text, tmp_path):
    """Nine of ten where one look is one alert: prevalence 0.5, two labels."""
    path = tmp_path / "bayes.toml"
    path.write_text(text)
    return load(path)


def test_how_good_it_would_have_to_be_in_closed_form(tmp_path):
    text = (
        SHORT.replace('claims = ["anxious"]\ntrue_if = "at_flag"', 'claims = ["bored"]\ntrue_if = "at_flag"')
        .replace('labels = ["sad", "none"]\nflag = "1 of last 2"', 'labels = ["sad"]\nflag = "1 of last 1"')
        .replace("bored = { neutral = 0.7, sad = 0.3 }", "bored = { sad = 1 }")
        .replace("anxious = { neutral = 0.6, sad = 0.4 }", "anxious = { neutral = 1 }")
        .replace("bored = { neutral = 0.9, sad = 0.1 }", "bored = { sad = 1 }")
        .replace("anxious = { neutral = 0.8, sad = 0.2 }", "anxious = { neutral = 1 }")
    )
    d = bayes(text, tmp_path)
    rule = next(r for r in d.rules if r.name == "any word")
    prior = measured(d, draws=0).findings.one("claimed_share", rule="any word").value
    found = needed(d, rule)
    assert found.at_best == pytest.approx(1.0)
    # prior·a / (prior·a + (1 − prior)·(1 − a)/3) = 0.9, solved for a.
    assert found.accuracy == pytest.approx(3 * (1 - prior) / (prior + 3 * (1 - prior)), rel=1e-9)


def test_the_whole_thing_is_the_same_whatever_the_workers(school):
    # One rule of the four is enough, and quicker.
    school = school.model_copy(update={"rules": school.rules[:1], "file": school.file.model_copy(update={"marks": ()})})
    one = stressed(school, workers=1)
    assert one.to_json() == stressed(school, workers=2).to_json()
    said = json.loads(one.to_json())
    assert said["format"] == "misread-stress/1"
    assert len(said["verdicts"]) == len(school.rules) * len(claims_about(school))
    assert {q["input"] for q in said["questions"]} == {s["name"] for v in said["verdicts"] for s in v["settings"]}
    for v in one.verdicts:
        assert v.settings or v.holds or not v.holds_as_stated
    assert all(p.key.split(":")[0] in {r.name for r in school.rules} for p in unsettled(one))


def test_no_rules(tmp_path):
    start, end = SHORT.index("[[rules]]"), SHORT.index("[file]")
    path = tmp_path / "none.toml"
    path.write_text(SHORT[:start] + SHORT[end:].split("marks")[0])
    with pytest.raises(MisreadError, match="no rules"):
        stressed(load(path))


def test_one_group_makes_no_claim_about_groups(tmp_path, school):
    assert len(claims_about(school)) == 4
    text = SHORT.replace('  { name = "few", share = 0.25, display = "flat", profile = "harsh" },\n', "").replace(
        "share = 0.75", "share = 1"
    )
    path = tmp_path / "one.toml"
    path.write_text(text)
    assert len(claims_about(load(path))) == 3


def test_seats_that_a_setting_leaves_empty(tmp_path):
    # With nobody on them they have no rows of their own, in a stack apart: the other rows must still be there.
    seats = VIEWS.replace("share = 0.3", "share = { value = 0.3, low = 0.0, high = 0.6 }")
    path = tmp_path / "seats.toml"
    path.write_text(
        OPEN.replace("[classifier]", seats, 1).replace(
            "observe_every_seconds = 300", "observe_every_seconds = { value = 300, low = 200, high = 300 }"
        )
    )
    d = load(path)
    s = Space(d, d.rules[0])
    points = np.repeat(s.stated[None], 2, axis=0)
    for name in ('camera.views."back, by the window".share', "camera.observe_every_seconds"):
        points[1, [a.name for a in s.axes].index(name)] = 0.0
    empty = load(
        path,
        settings=[
            'camera.views."back, by the window".share=0',
            "camera.views.front.share=1",
            "camera.observe_every_seconds=200",
        ],
    )
    want = measured(empty, draws=0).findings.one("flag_ppv", rule="sad enough").value
    assert s.values(points, "flag_ppv")[1] == pytest.approx(want, rel=1e-12)


def test_units():
    assert in_units(0.25, "1") == "25 of 100"
    assert in_units(7.0, "minutes") == "7 minutes"
    assert in_units(1.05, "") == "1.05"
