"""Writing a deployment again, its digest, and random damage."""

from __future__ import annotations

import copy
import random
import tomllib

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.deployment import Deployment, digest, load, shipped, to_toml

from .samples import FULL, SMALL, problems_in, with_profile


def reload(deployment, folder, name="again.toml"):
    path = folder / name
    path.write_text(to_toml(deployment), encoding="utf-8")
    return load(path)


@pytest.mark.parametrize(
    "text", [SMALL, FULL, with_profile('from = "claim"\naccuracy = 0.95\nexpressions = { sad = ["sad"] }')]
)
def test_round_trip(text, file, tmp_path):
    d = load(file(text))
    again = reload(d, tmp_path)
    assert again == d
    assert digest(again) == digest(d)
    assert to_toml(again) == to_toml(d)
    assert {k: w.comment for k, w in written(again).items()} == {k: w.comment for k, w in written(d).items()}


def written(deployment):
    return {w.key: w for w in deployment.origin.parameters()}


def test_comments_are_put_back(file):
    text = to_toml(load(file(SMALL)))
    assert "schools = 2  # assumption: two\n" in text
    assert "[pupil]  # How states come and go.\n" in text
    assert "share = 0.8  # assumption: four of five\n" in text
    assert "bored = { engaged = 0.7, anxious = 0.3 }\n" in text


def test_policies_are_applied_and_their_comments_taken(file, tmp_path):
    policy = file("[camera]\nobserve_every_seconds = 30  # F01\n[[rules]]\nname = 'glum lesson'\noff = true", "p.toml")
    d = load(file(SMALL), policies=[policy], settings=["face.hold_minutes=2"])
    text = to_toml(d)
    assert "observe_every_seconds = 30  # F01\n" in text
    assert "glum" not in text
    assert reload(d, tmp_path) == d


def test_a_changed_copy_writes_what_it_says(file, tmp_path):
    d = load(file(FULL))
    changed = d.model_copy(update={"camera": d.camera.model_copy(update={"observe_every_seconds": 30.0})})
    assert reload(changed, tmp_path).camera.observe_every_seconds == 30
    assert reload(Deployment.model_validate(tomllib.loads(FULL)), tmp_path) == d


def test_origin_is_no_part_of_a_deployment(file):
    d = load(file(SMALL, "one.toml"))
    other = load(file(SMALL.replace("# B08", "# else"), "two.toml"))
    assert d == other
    assert (d.origin.name, other.origin.name) == ("one", "two")
    assert "origin" not in str(d.model_dump())


def test_parameters_with_their_sources(file):
    found = written(load(file(SMALL)))
    assert found["pupil.mean_minutes.engaged"].comment == "B08"
    assert found["population.groups.reference.share"].comment == "assumption: four of five"
    assert found["display.flat.bored"].value == "{ neutral = 0.9, sad = 0.1 }"
    assert found['rules."negative affect".labels'].value == '["sad"]'


SAME = {
    "comments": lambda t: t.replace("# assumption: two", "# else"),
    "title": lambda t: t.replace("A small one", "Another"),
    "order of tables": lambda t: t[t.index("[camera]") : t.index("[classifier]")] + t.split("\n", 1)[1].replace(t[t.index("[camera]") : t.index("[classifier]")], ""),
    "whole numbers": lambda t: t.replace("break_minutes = 10", "break_minutes = 10.0"),
    "order of entries": lambda t: t.replace("{ bored = 0.75, anxious = 0.25 }", "{ anxious = 0.25, bored = 0.75 }"),
    "defaults written out": lambda t: t.replace("school_years = 3", "school_years = 3\nclass_size = 30"),
}  # fmt: skip
OTHER = {
    "interval": lambda t: t.replace("_seconds = 300", "_seconds = 301"),
    "a row": lambda t: t.replace("sad = 0.6 }", "sad = 0.6, none = 0 }").replace("neutral = 0.4,", "neutral = 0.4,").replace("0.86", "0.85").replace("0.05", "0.06"),
    "faces": lambda t: t.replace("= 200", "= 201"),
    "a rule": lambda t: t.replace("3 of last 6", "3 of last 5"),
    "a name": lambda t: t.replace("glum lesson", "glum"),
}  # fmt: skip


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_digest_stays(change, file):
    assert change(SMALL) != SMALL
    assert digest(load(file(change(SMALL)))) == digest(load(file(SMALL)))


@pytest.mark.parametrize("change", OTHER.values(), ids=OTHER)
def test_digest_changes(change, file):
    assert change(SMALL) != SMALL
    assert digest(load(file(change(SMALL)))) != digest(load(file(SMALL)))


def test_digest_holds_the_evidence(file, fake_evidence):
    from misread import evidence

    text = with_profile('from = "evidence:Z01"\nexpressions = { happy = "happiness", sad = "sadness" }\nlabels = { happiness = "happy", sadness = "sad", other = "none" }')  # fmt: skip
    d = load(file(text))
    before = digest(d)
    evidence.matrix("Z01").counts["sadness"]["other"] += 1
    assert digest(d) != before


def test_digest_is_the_same_everywhere(file):
    """A figure kept, so that a change of what is hashed is noticed: old results would no longer be found."""
    assert digest(load(file(SMALL))) == "4455bcb1bdf3a528a2d4468dc16b3bbc63d3893b99d4e2a9cac8e1e262207bfb"


VALUES = st.one_of(
    st.none().map(lambda _: "delete"),
    st.sampled_from(
        [0, -1, 1, 10**400, 1.5, float("nan"), float("inf"), -0.0, 5e-324, 1e308, True, "", "x", "all", "none", [], {}, [[]],
         {"off": True}, ["sad", "sad"], {"from": "claim"}, {"from": "evidence:M99"}, "3 of last 6", "\x1b[31m", "1" * 300]
    ),
    st.text(max_size=5),
    st.floats(),
    st.integers(),
)  # fmt: skip


def every_path(data, path=()):
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from every_path(value, (*path, key))


def damage(data, choose, value):
    path = choose.choice(list(every_path(data)))
    here = data
    for part in path[:-1]:
        here = here[part]
    if value == "delete":
        del here[path[-1]]
    elif isinstance(here, dict) and choose.random() < 0.2:
        here[str(path[-1]) + "x"] = value
    else:
        here[path[-1]] = value


@settings(max_examples=120)
@given(
    st.randoms(use_true_random=False),
    st.lists(VALUES, min_size=1, max_size=3),
    st.sampled_from([SMALL, FULL]),
)
def test_damaged_files_are_refused_or_read(tmp_path_factory, choose: random.Random, values, text):
    data = tomllib.loads(text)
    for value in values:
        if list(every_path(data)):
            damage(data, choose, copy.deepcopy(value))
    path = tmp_path_factory.mktemp("damaged") / "school.toml"
    path.write_bytes(tomli_w.dumps(data).encode())
    check(path)


@settings(max_examples=300)
@given(st.integers(0, len(FULL)), st.integers(0, 30), st.binary(max_size=6) | st.text(max_size=6).map(str.encode))
def test_damaged_texts_are_refused_or_read(tmp_path_factory, at, length, put):
    content = FULL.encode()
    path = tmp_path_factory.mktemp("damaged") / "school.toml"
    path.write_bytes(content[:at] + put + content[at + length :])
    check(path)


def check(path):
    found = problems_in(load, path)
    for problem in found:
        assert problem.what.strip()
        assert all(c.isprintable() or c == "\n" for c in str(problem))
        assert "pydantic" not in str(problem).lower()
        assert "input should" not in str(problem).lower()
    if not found:
        d = load(path)
        again = reload(d, path.parent)
        assert again == d
        assert digest(again) == digest(d)


@pytest.mark.parametrize("name", shipped())
def test_shipped(name, tmp_path):
    d = load(name)
    assert d.origin.name == name
    again = reload(d, tmp_path)
    assert again == d
    assert digest(again) == digest(d)
    assert written(again) == written(d)
