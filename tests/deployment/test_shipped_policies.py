"""The shipped policies: found by name, told about, resting on what they name, and doing what they say."""

from __future__ import annotations

import json
import math
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

import misread as mr
from misread.cli import cli
from misread.deployment import (
    Deployment,
    digest,
    load,
    load_all,
    policies_by_topic,
    resolve_profiles,
    shipped,
    shipped_policies,
    shipped_text,
)
from misread.evidence import catalogue

ID = re.compile(r"\b[A-H]\d{2}\b|\bM\d{2}\b")
DOCS = Path(__file__).resolve().parents[2] / "docs"
OF_TEACHERS = {"anger-bias-e01-teacher"}
BY_M14 = ("as-described", "every-30-seconds", "one-classroom")
ANYWHERE = {"gaze-error-c11": [d for d in shipped() if d != "a-teacher-instead"]}
ANYWHERE["window-seat"] = ANYWHERE["gaze-error-c11"]
ANYWHERE |= {
    "alerts-to-a-counsellor": ("as-described", "as-described-full", "one-classroom"),
    "look-every-30-seconds": ("as-described", "as-described-full", "one-classroom"),
    "switched-off": ("as-described", "one-classroom"),
    "switched-off-in-full": ("as-described-full",),
    "ban": ("as-described", "one-classroom"),
    "moratorium": ("as-described", "one-classroom"),
    "retention-and-audit": ("as-described", "one-classroom"),
}

WHITE, BLACK = "White children", "Black children, as {}"
MORE_ANGER = {
    "anger-bias-e01": (WHITE, BLACK.format("E01's teachers read them")),
    "anger-bias-e01-teacher": (WHITE, BLACK.format("E01's teachers read them")),
    "anger-bias-e04": (WHITE, BLACK.format("E04's classifier reads Black players")),
    "neutral-anger-e05": (BLACK.format("E05's model sees them"), "White children, as E05's model sees them"),
    "neutral-anger-e06": ("African American children", "European American children, as E06's programs see them"),
}
"""Policy → the group in which less anger is seen, and the one in which more is."""
READ_WORSE = {
    "accuracy-e10": ("White or Black children", "South Asian children, as E10's models read them"),
    "culture-e16": ("children of the labellers' own culture", "children of another culture than the labellers'"),
    "open-mouth-a25": ("most pupils", "mouth open when looked at"),
    "old-faces-a19": ("most pupils", "learners of 69 to 80 years, as A19's product reads them"),
}
"""Policy → the group that is read better, and the one that is read worse."""


def base_of(name):
    return "a-teacher-instead" if name in OF_TEACHERS else "as-described"


def laid(name, on=None, **settings):
    return load(on or base_of(name), policies=[name], settings=[f"{k}={v}" for k, v in settings.items()])


def rows(deployment: Deployment, group: str):
    """Expression → label → probability, as a group is read."""
    (profile,) = (g.profile for g in deployment.population.groups if g.name == group)
    found = resolve_profiles(deployment)[profile]
    pairs = zip(found.expressions, found.p, strict=True)
    return {x: dict(zip(found.labels, map(float, p), strict=True)) for x, p in pairs}


def odds(p):
    return p / (1 - p)


def one_year(name):
    return mr.run(laid(name, **{"population.school_years": 1}), draws=0).findings


@pytest.mark.parametrize("name", shipped_policies())
def test_each_is_valid_where_it_says(name):
    where = ANYWHERE.get(name) or ([base_of(name)] if name in OF_TEACHERS else BY_M14)
    for on in where:
        changed = laid(name, on)
        assert digest(changed) != digest(load(on)), on
        assert math.fsum(g.share for g in changed.population.groups) == pytest.approx(1)
        assert {g.name for g in changed.population.groups} >= {"rests with a frown", "rarely shows feeling"}
        for profile in resolve_profiles(changed).values():
            assert profile.p.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("name", shipped_policies())
def test_each_names_evidence_that_exists_and_says_how_sure_it_is(name):
    text, known = shipped_text(name), catalogue()
    named = set(ID.findall(text))
    assert named or "assumption" in text
    assert named <= set(known)
    # What the policy is named after, or else everything: from memory, and quoted, are said to be so.
    own = {m.upper() for m in re.findall(r"[a-h]\d{2}", name)} or named
    statuses = {known[id].status for id in own}
    comments = " ".join(re.findall(r"#\s*(.*)", text))
    if "unverified" in statuses and own != named:
        assert "from memory" in comments
    if "secondary" in statuses and own != named:
        assert "seen quoted, not read" in comments


@pytest.mark.parametrize("name", shipped_policies())
def test_every_number_of_its_own_has_its_source_beside_it(name):
    text = shipped_text(name)
    for line in text.splitlines():
        if re.search(r"=.*\d", re.sub('"[^"]*"', "", line.partition("#")[0])):
            comment = line.partition("#")[2]
            assert "assumption" in comment or "computed" in comment or ID.search(comment), line


@pytest.mark.parametrize("name", shipped_policies())
def test_each_is_on_a_page(name):
    assert f"`{name}`" in (DOCS / "scenarios.md").read_text(encoding="utf-8")


def test_no_name_is_both_a_deployment_and_a_policy():
    assert not set(shipped()) & set(shipped_policies())
    assert [n for names in policies_by_topic().values() for n in names] == list(shipped_policies())
    assert len(set(shipped_policies())) == len(shipped_policies())


def test_no_shipped_deployment_holds_one():
    """Differences between groups of people are never a default."""
    for name in shipped():
        groups = " ".join(g.name for g in load(name).population.groups)
        assert not re.search("Black|White|African|European|Asian|culture", groups)


@pytest.mark.parametrize("name", MORE_ANGER)
def test_more_anger_is_seen_where_it_says(name):
    less, more = MORE_ANGER[name]
    found = one_year(name)
    share = {f.group: f.value for f in found["label_share"] if f.label == "angry"}
    assert share[more] > share[less]
    flags = {g: found.one("false_flags_per_pupil_year", rule="negative affect", group=g).value for g in (less, more)}
    assert flags[more] > flags[less]


def test_both_directions_are_there_for_race_and_none():
    """Anger is seen more in Black children by two policies, in White ones by two, and in neither by one."""
    sides = {name: "Black" in more for name, (_, more) in MORE_ANGER.items()}
    assert sum(sides.values()) >= 2
    assert sum(not side for side in sides.values()) >= 2
    found = one_year("no-difference-e07")
    one, other = (
        found.one("false_flags_per_pupil_year", rule="negative affect", group=g).value
        for g in (WHITE, BLACK.format("E07's raters see them"))
    )
    assert one == pytest.approx(other, rel=1e-12)
    # Each side says where the other is.
    for name, side in sides.items():
        others = [n for n, s in sides.items() if s != side]
        assert any(f"`{n}`" in shipped_text(name) for n in others), name


@pytest.mark.parametrize("name", READ_WORSE)
def test_a_group_is_read_worse(name):
    better, worse = READ_WORSE[name]
    d = laid(name)
    right = {"neutral": "neutral", "happy": "happy", "sad": "sad", "frown": "angry", "fear": "fear"}
    one, other = rows(d, better), rows(d, worse)
    assert all(other[x][label] < one[x][label] for x, label in right.items())
    found = one_year(name)
    ppv = {g: found.one("flag_ppv", rule="negative affect", group=g).value for g in (better, worse)}
    assert ppv[worse] < ppv[better]


def test_an_open_mouth_is_read_as_surprise():
    found = one_year("open-mouth-a25")
    share = {f.group: f.value for f in found["label_share"] if f.label == "surprise"}
    assert share["mouth open when looked at"] > 2 * share["most pupils"]


def test_children_read_worse_and_better():
    found = {
        n: one_year(n).one("flag_ppv", rule="negative affect").value
        for n in ("children-read-worse", "children-read-better")
    }
    plain = mr.run(load("as-described", settings=["population.school_years=1"]), draws=0).findings
    assert found["children-read-worse"] < plain.one("flag_ppv", rule="negative affect").value
    assert found["children-read-better"] > plain.one("flag_ppv", rule="negative affect").value


def test_a_seat_by_the_window_is_flagged_for_it():
    found = one_year("window-seat")
    flags = {
        g: found.one("false_flags_per_pupil_year", rule="not attentive", group=g).value
        for g in ("most pupils", "beside the window")
    }
    assert flags["beside the window"] > 2 * flags["most pupils"]


def test_the_window_takes_a_tenth_of_the_looks():
    d = laid("window-seat")
    for state, row in d.display["beside the window"].items():
        plain = d.display["default"][state]
        for x in {**row, **plain}:
            mixed = 0.9 * plain.get(x, 0) + (0.1 if x == "away" else 0)
            assert row.get(x, 0) == pytest.approx(mixed, abs=1e-12), (state, x)


def test_an_error_of_gaze_makes_wrong_flags():
    found = one_year("gaze-error-c11").one("false_flags_per_pupil_year", rule="not attentive").value
    plain = mr.run(load("as-described", settings=["population.school_years=1"]), draws=0).findings
    assert found > 2 * plain.one("false_flags_per_pupil_year", rule="not attentive").value


def figure(id, name):
    (found,) = (f for f in catalogue()[id].value if f.name == name)
    return float(found.value)


def diagonal(name, group, on=None):
    d = laid(name, on)
    (profile,) = (g.profile for g in d.population.groups if g.name == group)
    return d.classifier.confusion[profile].diagonal


def test_factors_are_those_of_their_sources():
    plain = load("as-described").classifier.confusion["camera"].diagonal
    assert plain == 0.95
    ten = figure("E10", "South Asian") / figure("E10", "White")
    assert diagonal("accuracy-e10", READ_WORSE["accuracy-e10"][1]) == pytest.approx(plain * ten, abs=5e-4)
    mouth = figure("A25", "accuracy, mouth open") / figure("A25", "accuracy, mouth closed")
    assert diagonal("open-mouth-a25", "mouth open when looked at") == pytest.approx(plain * round(mouth, 2), abs=5e-4)
    old = figure("A19", "old (69 to 80)") / figure("A19", "young (19 to 31)")
    assert diagonal("old-faces-a19", READ_WORSE["old-faces-a19"][1]) == pytest.approx(old, abs=5e-4)


def test_culture_costs_the_points_it_says():
    """E16's 9.3 points, on the mean of the right labels of the five faces that the displays show."""
    own, other = (rows(laid("culture-e16"), g) for g in READ_WORSE["culture-e16"])
    right = {"neutral": "neutral", "happy": "happy", "sad": "sad", "frown": "angry", "fear": "fear"}
    mean = [sum(r[x][label] for x, label in right.items()) / len(right) for r in (own, other)]
    assert 100 * (mean[0] - mean[1]) == pytest.approx(figure("E16", "on average"), abs=0.03)


@pytest.mark.parametrize("name", ["anger-bias-e01", "anger-bias-e01-teacher"])
def test_the_odds_of_e01(name):
    one, other = (rows(laid(name), g) for g in MORE_ANGER[name])
    for x in ("neutral", "happy", "sad", "fear"):
        assert odds(other[x]["angry"]) / odds(one[x]["angry"]) == pytest.approx(figure("E01", "odds"))
    assert other["frown"] == pytest.approx(one["frown"])
    assert other["away"] == one["away"]


def test_e05_and_e06_touch_neutral_faces_only():
    five = laid("neutral-anger-e05")
    plain = rows(five, "rests with a frown")
    white, black = (rows(five, g) for g in reversed(MORE_ANGER["neutral-anger-e05"]))
    assert all(white[x] == plain[x] == black[x] for x in ("happy", "sad", "frown", "fear", "away"))
    assert white["neutral"]["angry"] > plain["neutral"]["angry"] > black["neutral"]["angry"]
    assert all(black["neutral"][label] > plain["neutral"][label] for label in ("happy", "surprise"))
    six = laid("neutral-anger-e06")
    african, european = (rows(six, g) for g in MORE_ANGER["neutral-anger-e06"])
    assert african["neutral"]["fear"] > european["neutral"]["fear"]
    assert all(african[x] == european[x] for x in ("happy", "sad", "frown", "fear"))


def test_the_range_of_no_difference_is_that_of_the_votes():
    (r,) = (r for r in laid("no-difference-e07").ranges if r.path[-2:] == ("odds", "angry"))
    seven = odds(figure("E07", "Black (22 actors)") / 100) / odds(figure("E07", "White (61 actors)") / 100)
    eight = odds(figure("E08", "Black") / 100) / odds(figure("E08", "White") / 100)
    assert (r.low, r.value, r.high) == (round(seven, 2), 1.0, round(eight, 2))


def test_a_teacher_is_the_same_school():
    """Who reads the faces differs from `as-described`, and nothing else that can change a number."""
    camera, teacher = (load(n).model_dump(exclude={"title"}) for n in ("as-described", "a-teacher-instead"))
    for d in (camera, teacher):
        del d["classifier"]["confusion"], d["classifier"]["reader"]
        for group in d["population"]["groups"]:
            del group["profile"]
    assert camera == teacher


def test_the_teachers_penalty_for_children():
    """A18: 66 % right, of M21's rows for the seven faces that A18's photographs show."""
    (p,) = (p for n, p in load("a-teacher-instead").classifier.confusion.items() if n == "children's posed faces")
    from misread.evidence import matrix

    m = matrix("M21")
    kept = [c for c in m.columns if c not in p.drop]
    assert len(kept) == 7
    right = [m.counts[x][x] / sum(m.counts[x][c] for c in kept) for x in kept]
    assert p.diagonal == pytest.approx(float(catalogue()["A18"].value) / 100 / (sum(right) / 7), abs=5e-4)


def test_a_policy_by_name_goes_before_a_file_of_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "window-seat").write_text("[camera]\nobserve_every_seconds = 60\n")
    assert len(load("as-described", policies=["window-seat"]).population.groups) == 4
    assert load("as-described", policies=["./window-seat"]).camera.observe_every_seconds == 60


def test_compare_takes_them_by_name():
    _, changed, other = load_all("as-described", ["window-seat", "vendor-claim"])
    assert changed.origin.name == "as-described + window-seat"
    assert changed == laid("window-seat")
    assert other == load("vendor-claim")


def test_an_unknown_policy(problems):
    found = problems(load, "as-described", policies=["window-seats"])[""]
    assert "neither a file nor a shipped policy" in found.what
    assert found.mend == "did you mean `window-seat`?"
    # A deployment is no policy.
    assert "neither a file" in problems(load, "as-described", policies=["vendor-claim"])[""].what


def run(*args):
    return CliRunner().invoke(cli, args)


def test_they_are_listed_and_printed():
    listed = run("deployments").output
    for topic, names in policies_by_topic().items():
        assert f"POLICIES: {topic.upper()}" in listed
        assert all(f"\n{name}\n" in listed for name in names)
    rows = json.loads(run("deployments", "--policies", "--json").output)
    assert [(r["topic"], r["name"]) for r in rows] == [
        (t, n) for t, names in policies_by_topic().items() for n in names
    ]
    assert all(r["about"].endswith(".") for r in rows)
    only = run("deployments", "--policies").output
    assert "as-described\n" not in only
    assert "window-seat\n" in only
    assert run("deployments", "window-seat").output == shipped_text("window-seat")
    one = json.loads(run("deployments", "window-seat", "--json").output)
    assert one["policy"] == tomllib.loads(shipped_text("window-seat"))
    assert "deployment" not in one


def test_their_ranges_have_words_of_their_own_under_stress():
    from misread.study.stress.inputs import _about_key

    said = {_about_key(r.path, r.name)[0] for n in ("anger-bias-e04", "gaze-error-c11") for r in laid(n).ranges}
    assert (
        "the odds of a wrong “angry” in profile “as E04's classifier reads Black players”, as a multiple of its source"
        in said
    )
    assert "profile “camera” writes “away” whatever the face shows" in said


def test_one_is_run_by_name(tmp_path):
    done = run(
        "run", "as-described", "--with", "anger-bias-e01", "--set", "population.school_years=1", "--draws", "0",
        "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Black children, as E01’s teachers read them" in report.replace("&#39;", "’").replace("'", "’")
    assert "--with anger-bias-e01" in report
