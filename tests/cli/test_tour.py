"""`misread tour`: what each stage says is what the deployment and the replay have."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from misread.cli.child.file import file
from misread.cli.child.tour import tour
from misread.cli.child.trace import trace
from misread.errors import MisreadError
from tests.deployment.samples import SMALL
from tests.docs.pages import DOCS, headings

from .small import TINY

TITLES = [
    "Camera", "Face and view", "Expression", "Comparison", "Label and time", "Rule", "Flag and message", "File", "Mark",
    "Map", "Decision, years later", "What it does to the child",
]  # fmt: skip


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    path = tmp_path_factory.mktemp("tiny") / "tiny.toml"
    path.write_text(TINY)
    return str(path)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "small.toml"
    path.write_text(SMALL.replace("days_per_year = 180", "days_per_year = 12"))
    return str(path)


def call(command, *args):
    done = CliRunner().invoke(command, [*map(str, args)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def walk(deployment, *args):
    found = json.loads(call(tour, deployment, "--json", *args))
    return {s["stage"]: s for s in found["stages"]}


def test_every_stage_has_its_place_in_the_page(tiny):
    stages = walk(tiny, "--pupil", 4)
    assert list(stages) == TITLES
    there = {words.split(".")[0] for _, words in headings((DOCS / "from-the-article.md").read_text(encoding="utf-8"))}
    named = {point for s in stages.values() for point in s["points"]}
    assert {f"A{i}" for i in range(1, 12)} <= named <= there
    assert all(s["system"] and s["truth"] for s in stages.values())


def test_the_flag_is_the_first_that_the_child_gets(tiny, tmp_path):
    stages = walk(tiny, "--pupil", 4)
    call(file, tiny, "--pupil", 4, "--as-export", "json", "--truth", "--out", tmp_path / "x.json")
    twin = json.loads((tmp_path / "x-truth.json").read_text(encoding="utf-8"))["entries"]
    first = next(i for i, row in enumerate(twin) if row["entry"] == "flag")
    flag = twin[first]
    assert stages["Flag and message"]["truth"].startswith("Right" if flag["right"] else "Wrong")
    assert f"At the time of the flag it was {flag['state']}." in stages["Flag and message"]["truth"]
    assert stages["Rule"]["system"].startswith(f"“{flag['word']}” counts sad")
    # The look that is followed is the last one the rule counts.
    hit = [row for row in twin[:first] if row["word"] == "sad"][-1]
    assert f"{hit['at']}, lesson".replace("T", " ") in stages["Label and time"]["system"]
    assert stages["Camera"]["truth"] == f"The child is {hit['state']}. The lesson is “{hit['situation']}”."
    assert stages["Expression"]["system"].startswith(f"The face shows: {hit['expression']}.")
    assert stages["Comparison"]["system"].endswith("Here it is: sad.")


def test_the_comparison_is_the_row_of_the_profile(small):
    """Without seats and traits: P(label | expression) as the file has it."""
    rows = {
        "neutral": "neutral 86, sad 7, happy 5, none 2",
        "happy": "happy 90, neutral 10",
        "sad": "sad 60, neutral 40",
    }
    seen = set()
    for pupil in range(1, 12):
        stages = walk(small, "--pupil", pupil)
        face = re.match(r"The face shows: (\w+)\.", stages["Expression"]["system"])[1]
        assert f"as: {rows[face]}." in stages["Comparison"]["system"]
        seen.add(face)
    assert "sad" in seen


def test_what_a_state_shows_is_the_row_of_the_display(small):
    rows = {
        "most": {"engaged": {"neutral": 75}, "bored": {"neutral": 70, "sad": 30}, "anxious": {"neutral": 60, "sad": 40}}
    }
    for pupil in range(1, 8):
        found = json.loads(call(tour, small, "--json", "--pupil", pupil))
        if found["pupil"]["group"] != "reference":
            continue
        stage = found["stages"][2]
        state, face, share = re.match(
            r"The child is (\w+)\. When it is, it shows (\w+) in (\S+) of 100 looks", stage["truth"]
        ).groups()
        assert float(share) == rows["most"][state][face]


def test_the_file_stage_counts_the_file(tiny):
    stages = walk(tiny, "--pupil", 4)
    years = json.loads(call(file, tiny, "--pupil", 4, "--json", "--truth"))
    given = sum(sum(y["flags"].values()) for y in years["years"])
    wrong = sum(sum(y["wrong"].values()) for y in years["truth"]["years"])
    labels = sum(sum(y["labels"].values()) for y in years["years"])
    assert f"{labels:,} labels" in stages["File"]["system"]
    assert f"of {given:,} ever given" in stages["File"]["system"]
    assert stages["File"]["truth"] == f"Of the {given:,} flags, {wrong:,} claimed what was not so."


def test_what_a_deployment_does_not_have_its_stage_says(small):
    stages = walk(small)
    assert "tells no seats apart" in stages["Face and view"]["system"]
    assert "no kinds of lesson apart" in stages["Map"]["system"]
    assert stages["Decision, years later"]["system"] == "This deployment takes no decision on the file."
    assert "no answer of the child" in stages["What it does to the child"]["system"]
    assert "This deployment gives no mark." in walk(small, "--set", "file.marks.resistant.off=true")["Mark"]["system"]


def test_without_rules_nothing_is_claimed(small):
    off = [f'rules."{name}".off=true' for name in ("negative affect", "glum lesson")]
    stages = walk(small, "--set", off[0], "--set", off[1], "--set", "file.marks.resistant.off=true")
    assert stages["Rule"]["system"] == "This deployment has no rule."
    assert stages["Flag and message"]["system"] == "No flag, no message."
    assert "lesson 1 of day 1, school year 1" in stages["Camera"]["system"]


def test_every_child_is_another(small):
    assert walk(small) == walk(small)
    walks = [json.dumps(walk(small, *args)) for args in ((), ("--seed", 2), ("--pupil", 2), ("--school", 2))]
    assert len(set(walks)) == 4


def test_nobody_looks_at_a_child_who_has_opted_out(tiny):
    pupils = json.loads(call(trace, tiny, "--json"))["pupils"]
    left_out = next(p["pupil"] for p in pupils if not p["watched"])
    assert json.loads(call(tour, tiny, "--json", "--pupil", left_out))["stages"] == []
    assert "opted out" in call(tour, tiny, "--pupil", left_out)


def test_it_is_shown_in_the_terminal(tiny):
    shown = call(tour, tiny, "--pupil", 4)
    for number, title in enumerate(TITLES, 1):
        assert f"\n{number}. {title}  (A" in shown


def test_who_is_not_there_is_refused(small):
    with pytest.raises(MisreadError, match="100 pupils in each school"):
        call(tour, small, "--pupil", 101)
    with pytest.raises(MisreadError, match="2 schools"):
        call(tour, small, "--school", 0)
