"""`misread check`, `deployments` and `schema`; warnings; what is not computed yet."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib

import jsonschema
import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.deployment import load, looks_per_lesson, shipped, shipped_text, unsupported, warnings
from misread.deployment.text.schema import json_schema

from .samples import FULL, SMALL, with_profile


def run(*args):
    return CliRunner().invoke(cli, [*map(str, args)])


def test_valid(file):
    done = run("check", file(SMALL))
    assert done.exit_code == 0
    assert "is valid" in done.output
    assert "looks per lesson  8" in done.output
    assert "8,640" in done.output
    assert "Not computed" not in done.output


def test_as_json(file):
    done = run("check", file(FULL), "--json")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert answer["valid"] is True
    assert answer["looks"] == {"per_lesson": 8, "per_pupil_year": 8640}
    assert answer["not_computed"] == []
    assert len(answer["deployment"]["sha256"]) == 64


def test_refused_as_json(file):
    done = run("check", file(SMALL.replace("bored = 7\n", "bored = 0\n")), "--json")
    assert done.exit_code == 2
    (problem,) = json.loads(done.stdout)["problems"]
    assert (problem["key"], problem["line"]) == ("pupil.mean_minutes.bored", 23)


def test_with_and_set(file):
    policy = file("[camera]\nobserve_every_seconds = 30", "policy.toml")
    done = run("check", file(SMALL), "--with", policy, "--set", "calendar.lesson_minutes=10", "--json")
    assert json.loads(done.stdout)["looks"]["per_lesson"] == 20


def test_several_problems_are_counted(file):
    done = run("check", file(SMALL), "--set", "camera.x=1", "--set", "file.y=2")
    assert done.exit_code == 2
    assert "Not valid: 2 problems." in done.output


def test_all_that_is_valid_is_computed(file):
    assert unsupported(load(file(FULL))) == ()
    assert json.loads(run("check", file(FULL), "--json").stdout)["not_computed"] == []


def said(deployment):
    return {p.key: p.what for p in warnings(deployment)}


def test_no_doubts(file):
    assert said(load(file(SMALL))) == {}


def test_a_rule_that_can_never_fire(file):
    d = load(
        file(SMALL),
        settings=[
            "rules.glum lesson.labels=['none']",
            "classifier.confusion.reference.neutral={ neutral = 1, none = 0 }",
        ],
    )
    assert "can never fire" in said(d)['rules."glum lesson".labels']
    assert "never written" in said(d)["classifier.labels"]
    d = load(
        file(SMALL),
        settings=[
            "rules.glum lesson.labels=['happy']",
            "classifier.confusion.reference.neutral={ neutral = 1, none = 0 }",
        ],
    )
    assert (
        'can never fire: none of its labels is ever written in "flat-affect"' in said(d)['rules."glum lesson".labels']
    )


def test_a_rule_that_always_fires(file):
    d = load(file(SMALL), settings=["rules.glum lesson.labels=['neutral', 'happy', 'sad', 'none']"])
    assert "every look is a hit" in said(d)['rules."glum lesson".labels']


def test_lost_faces_are_written_down(file):
    d = load(
        file(FULL),
        settings=[
            "classifier.confusion.reference.neutral={ neutral = 1 }",
            "rules.glum lesson.labels=['none']",
        ],
    )
    assert 'rules."glum lesson".labels' not in said(d)


def test_other_doubts(file):
    d = load(
        file(SMALL.replace("faces_per_row = 200\n", "")),
        settings=[
            "population.groups.flat-affect.display=default",
            "rules.glum lesson.claims=['engaged', 'bored', 'anxious']",
        ],
    )
    found = said(d)
    assert "Nobody uses the display" in found["display.flat"]
    assert "ever wrong" in found['rules."glum lesson".claims']
    assert "Nothing states how many faces" in found["classifier.confusion.reference"]
    assert "never begins" in said(load(file(FULL), settings=["ages.2.from_year=9"]))["ages.9.from_year"]


def test_a_group_that_nobody_is_in(file):
    found = said(
        load(file(SMALL), settings=["population.groups.flat-affect.share=0", "population.groups.reference.share=1"])
    )
    assert "Nobody is in this group" in found["population.groups.flat-affect.share"]


def test_faces_of_rows_that_are_not_there(file):
    spec = 'from = "claim"\naccuracy = 0.9\nfaces_per_row = 200'
    assert "It changes nothing" in said(load(file(with_profile(spec))))["classifier.confusion.reference.faces_per_row"]
    spec += "\nrows = { sad = { sad = 1 } }"
    assert "classifier.confusion.reference.faces_per_row" not in said(load(file(with_profile(spec))))


@pytest.mark.parametrize(
    ("minutes", "seconds", "looks"),
    [
        (40.0, 300, 8),
        (40.0, 299, 9),
        (0.1, 3, 2),
        (0.3, 0.1, 180),
        (40, 2400, 1),
        (40, 1e9, 1),
        (45.0, 0.7, 3858),
    ],
)
def test_looks_in_exact_decimals(minutes, seconds, looks, file):
    d = load(
        file(SMALL),
        settings=[
            "rules.negative affect.flag=run of 1",
            f"calendar.lesson_minutes={minutes}",
            f"camera.observe_every_seconds={seconds}",
        ],
    )
    assert looks_per_lesson(d) == looks


def test_shipped_ones_are_listed_and_printed():
    done = run("deployments")
    assert done.exit_code == 0
    for name in shipped():
        assert name in done.output
    assert run("deployments", shipped()[0]).output == shipped_text(shipped()[0])
    assert [row["name"] for row in json.loads(run("deployments", "--json").output)] == list(shipped())
    one = json.loads(run("deployments", "vendor-claim", "--json").output)
    assert one["deployment"] == tomllib.loads(shipped_text("vendor-claim"))


def test_an_unknown_name(problems):
    (problem,) = problems(shipped_text, "as-descibed").values()
    assert "did you mean `as-described`?" in problem.mend


@pytest.fixture(scope="module")
def schema():
    printed = json.loads(run("schema").output)
    assert printed == json.loads(json.dumps(json_schema()))
    jsonschema.Draft202012Validator.check_schema(printed)
    return jsonschema.Draft202012Validator(printed)


@pytest.mark.parametrize("text", [SMALL, FULL, *map(shipped_text, shipped())])
def test_the_schema_takes_what_is_valid(schema, text):
    schema.validate(tomllib.loads(text))


@pytest.mark.parametrize(
    "text",
    [
        SMALL.replace("observe_every", "observe_evry"),
        SMALL.replace("_seconds = 300", '_seconds = "300"'),
        SMALL.replace("bored = 7\n", "bored = 0\n"),
        SMALL.replace('after_flag = "clear"', 'after_flag = "cleer"'),
        SMALL.replace("sad = 0.6", "sad = -0.6"),
        FULL.replace('acts_on = "state"', 'acts_on = "stat"'),
    ],
)
def test_the_schema_refuses(schema, text):
    with pytest.raises(jsonschema.ValidationError):
        schema.validate(tomllib.loads(text))


def test_every_key_is_described():
    for table in json_schema()["$defs"].values():
        assert table["description"]
        for key, value in table.get("properties", {}).items():
            assert value.get("description") or "const" in value, key


def test_reading_stays_quick_to_load():
    code = "import sys, misread.deployment; print({'numpy', 'scipy', 'pyarrow', 'rich', 'jinja2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
