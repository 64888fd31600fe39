"""What must not change a finding, and what must."""

from __future__ import annotations

import copy
import random
import tomllib

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.deployment import load
from misread.findings.about import KEYS
from misread.study.exact.run import measured
from tests.engine.chains import near

from .test_enumerated import SHORT


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schools")

    def of(tables):
        path = folder / "school.toml"
        path.write_text(tomli_w.dumps(tables))
        return measured(load(path), draws=0).findings

    return of


def values(found, only=bool):
    return {(f.id, f.rule, f.group, *(getattr(f, k) for k in KEYS)): f.value for f in found if only(f)}


def alike(one, other, rel=1e-10):
    assert one.keys() == other.keys()
    for key, value in one.items():
        if value is None or other[key] is None:
            assert value is other[key], key
        else:
            assert near(value, other[key], rel=rel, tiny=1e-13), key


@st.composite
def schools(draw):
    """The tiny deployment with other numbers."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng, tables = random.Random(seed), tomllib.loads(SHORT)

    def row(words):
        weights = {w: rng.choice([0, 0, 1]) * rng.random() for w in words}
        weights[rng.choice(words)] = 0.05 + rng.random()
        return {w: p / sum(weights.values()) for w, p in weights.items()}

    faces, labels = ["neutral", "happy", "sad"], tables["classifier"]["labels"]
    for display in tables["display"].values():
        for state in display:
            display[state] = row(faces)
    for profile in tables["classifier"]["confusion"].values():
        profile.clear()
        profile.update({face: {**dict.fromkeys(labels, 0.0), **row(labels)} for face in faces})
    for group, share in zip(tables["population"]["groups"], (p := rng.random(), 1 - p), strict=True):
        group["share"] = share
    tables["pupil"]["mean_minutes"] = {s: rng.choice([0.5, 4, 30]) for s in tables["pupil"]["states"]}
    tables["camera"]["observe_every_seconds"] = draw(st.sampled_from([60, 168, 300]))
    tables["calendar"] |= {"days_per_year": draw(st.integers(1, 90)), "lessons_per_day": draw(st.integers(1, 4))}
    return tables


@settings(max_examples=12)
@given(schools())
def test_probabilities_shares_and_pools(run, tables):
    found = run(tables)
    for f in found:
        if f.value is None:
            continue
        assert f.value >= 0, f
        if f.unit == "1" and f.id not in ("observations", "labels_archived") and "end_p" not in f.id:
            assert f.value <= 1 + 1e-12, f
    shares = {g["name"]: g["share"] for g in tables["population"]["groups"]}
    for group in (*shares, "all"):
        assert near(sum(f.value for f in found["label_share"] if f.group == group), 1)
    for f in found:
        if f.id in ("flags_per_pupil_year", "false_flags_per_pupil_year", "p_mark", "flags_on_file_end", "label_share"):
            parts = {g: found.one(f.id, group=g, **where(f)).value for g in shares}
            assert near(found.one(f.id, **where(f)).value, sum(shares[g] * v for g, v in parts.items()))
        if f.id == "flag_ppv" and f.value is not None:
            flags, false = (
                found.one(id, group=f.group, **where(f)).value
                for id in ("flags_per_pupil_year", "false_flags_per_pupil_year")
            )
            assert near(f.value, 1 - false / flags, tiny=1e-12)
        if f.id.startswith("p_only_true_flags_by_"):
            wrong = found.one(f.id.replace("only_true_flags", "false_flag"), group=f.group, **where(f)).value
            assert f.value + wrong <= 1 + 1e-12
        if f.id == "p_mark_unearned":
            assert f.value <= found.one("p_mark", group=f.group, **where(f)).value * (1 + 1e-12)
        if f.id == "false_flags_end_p50":
            # Markov's inequality, and the median of non-negative counts.
            mean = found.one("false_flags_per_pupil_year", group=f.group, **where(f)).value * 2
            assert f.value <= 2 * mean + 1e-9
    for rule in tables["rules"]:
        by = [found.one(f"p_false_flag_by_{p}", rule=rule["name"]).value for p in ("day_1", "year_1", "end")]
        assert by == sorted(by)
        q = [found.one(f"false_flags_end_p{p}", rule=rule["name"]).value for p in ("05", "50", "95")]
        assert q == sorted(q)


def where(f):
    return {"rule": f.rule, "label": f.label, "reader": f.reader, "mark": f.mark}


@settings(max_examples=8)
@given(schools(), st.randoms(use_true_random=False))
def test_the_order_of_states_labels_faces_and_groups_changes_nothing(run, tables, order):
    other = copy.deepcopy(tables)
    for words in (
        other["pupil"]["states"],
        other["classifier"]["labels"],
        other["population"]["groups"],
        other["rules"],
    ):
        order.shuffle(words)
    for profile in other["classifier"]["confusion"].values():
        rows = list(profile.items())
        order.shuffle(rows)
        profile.clear()
        profile.update(rows)
    alike(values(run(tables)), values(run(other)))


@settings(max_examples=8)
@given(schools())
def test_other_names_change_nothing_but_names(run, tables):
    text = tomli_w.dumps(tables)
    names = {"bored": "elsewhere", "sad": "blue", "anxious": "afraid"}
    for old, new in names.items():
        text = text.replace(old, new)
    renamed = {
        tuple(names.get(k, k.replace("sad", "blue")) if k else k for k in key): v
        for key, v in values(run(tables)).items()
    }
    alike(renamed, values(run(tomllib.loads(text))))


@settings(max_examples=8)
@given(schools(), st.floats(0, 1))
def test_splitting_a_group_in_two_alike_changes_nothing_for_all(run, tables, part):
    other = copy.deepcopy(tables)
    group = other["population"]["groups"][0]
    twin = {**group, "name": "twin", "share": group["share"] * (1 - part)}
    group["share"] *= part
    other["population"]["groups"].insert(1, twin)
    one, two = run(tables), run(other)
    alike(values(one, lambda f: f.group == "all"), values(two, lambda f: f.group == "all"))
    name = group["name"]
    alike(
        {k[:2] + k[3:]: v for k, v in values(two, lambda f: f.group == name).items()},
        {k[:2] + k[3:]: v for k, v in values(two, lambda f: f.group == "twin").items()},
    )


@settings(max_examples=8)
@given(schools(), st.sampled_from([20, 45.5, 100, 400]))
def test_the_camera_s_interval_never_changes_the_pupil(run, tables, every):
    one = run(tables)
    tables["camera"]["observe_every_seconds"] = every
    tables["rules"] = [{**r, "flag": "run of 1"} if "share" not in r["flag"] else r for r in tables["rules"]]
    two = run(tables)
    for rule in tables["rules"]:
        for group in ("most", "few", "all"):
            keys = {"rule": rule["name"], "group": group}
            assert near(one.one("claimed_share", **keys).value, two.one("claimed_share", **keys).value)
    # With the same display and profile, what is written down has the same shares however often one looks.
    alike(
        values(one, lambda f: f.id == "label_share"),
        values(two, lambda f: f.id == "label_share"),
    )


def test_looking_twice_as_often_finds_what_was_there_before(run):
    # Of the looks at 0, Δ/2, Δ, …, every other one is a look of the slower camera: more lessons have a claimed look.
    tables = tomllib.loads(SHORT)
    before = run(tables).one("lesson_prevalence", rule="unmoved").value
    tables["camera"]["observe_every_seconds"] /= 2
    assert run(tables).one("lesson_prevalence", rule="unmoved").value > before
