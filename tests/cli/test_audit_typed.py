"""`misread audit` with options that do not fit together, and what its lines say to type next."""

from __future__ import annotations

import json
import shlex
from types import SimpleNamespace

import pytest

from misread.audit.written.told.facts import differences, least
from tests.audit.written.made import OPTIONS, predictions

from .calls import call, mistake

MATRIX = "sex,truth,neutral,happy,none\nf,neutral,80,20,0\nf,happy,30,60,10\nm,neutral,70,30,0\nm,happy,20,70,10\n"
ONE_GROUP = "sex,truth,neutral,happy,none\nf,neutral,80,20,0\nf,happy,30,60,10\n"


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    return predictions(tmp_path_factory.mktemp("typed") / "answers.csv", persons=60)


@pytest.fixture
def matrix(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text(MATRIX)
    return path


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--person", "who"), ("--score", "s"), ("--weights", "w"), ("--votes", "a,b"), ("--paired", "p"), ("--id", "i"),
        ("--bands", "age=0,6"), ("--score-scale", "100"), ("--duplicates", "keep"), ("--max-labels", "9"),
        ("--max-levels", "9"),
    ],
)  # fmt: skip
def test_what_is_of_rows_means_nothing_of_a_matrix(matrix, option, value):
    said = mistake("audit", "--counts", matrix, "--group", "sex", option, value)
    assert said.startswith(f"{option}\n  It changes nothing of a matrix, which has no rows.")


@pytest.mark.parametrize(
    "typed", [("--group", "sex"), ("--truth", "e"), ("--faces-per-row", "9"), ("--transpose",), ("--person", "x")]
)
def test_a_matrix_of_the_catalogue_says_itself_what_it_holds(typed):
    said = mistake("audit", "--counts", "evidence:M17", *typed)
    assert said.startswith(f"{typed[0]}\n  It changes nothing of a matrix of the catalogue")


def test_matrices_of_the_catalogue_are_named():
    assert "one of M01, M02," in mistake("audit", "--counts", "evidence:A40")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("--within", "age"), ("--within\n", "--compare COL --within age")),
        (("--compare", "tone"), ("--compare\n  'tone' is no group column", "one of age, sex", "--group tone")),
        (("--compare", "sex", "--within", "skin tone"), ("--within\n", "--group 'skin tone'")),
        (("--compare", "sex", "--within", "sex"), ("--within\n  'sex' is named with --compare too",)),
        (("--prevalence", "nobody=0.1"), ("--prevalence\n  'nobody' has no precision",)),
    ],
)
def test_options_are_called_as_they_are_typed(answers, typed, says):
    said = mistake("audit", answers, *OPTIONS, *typed, "--json")
    assert all(part in said for part in says), said


def test_too_few_persons_are_told_of_the_option(tmp_path):
    assert ": --person\n" in mistake("audit", predictions(tmp_path / "few.csv", persons=3), *OPTIONS, "--json")


@pytest.mark.parametrize("address", ["https://example.org/a.csv", "s3://b/a.parquet"])
def test_an_address_is_not_fetched(address):
    said = mistake("audit", address, "--truth", "t", "--prediction", "p")
    assert said.startswith(f"{address}\n  It is an address; misread fetches nothing.")


def test_no_file_is_not_this_folder():
    assert "Name one file" in mistake("audit", "", "--truth", "t", "--prediction", "p")


def test_what_to_type_next_can_be_typed(matrix, tmp_path):
    """Also where the folder has a blank, and the deployment is another one."""
    out = tmp_path / "my results"
    said = call("audit", "--counts", matrix, "--group", "sex", "--deployment", "vendor-claim", "--out", out)
    line = next(line for line in said.splitlines() if line.startswith("Run it in a school: "))
    words = shlex.split(line.removeprefix("Run it in a school: ").partition(" --set ")[0])
    assert words == ["misread", "run", "vendor-claim", "--profile", f"audit:{out / 'audit.json'}"]


def test_what_is_handed_on_names_no_folder(matrix, tmp_path):
    words = tmp_path / "words.toml"
    words.write_text('neutral = "calm"\n')
    out = tmp_path / "out"
    options = ("--group", "sex", "--map-labels", words, "--level", "0.9123456789", "--for-publication")
    call("audit", "--counts", matrix, *options, "--out", out)
    for path in (p for p in out.rglob("*.*") if p.name != "run.json"):
        assert str(tmp_path) not in path.read_text(), path.name
    again = "misread audit --group sex --map-labels words.toml --counts m.csv --level 0.9123456789 --for-publication"
    assert again in (out / "card.md").read_text()
    assert again in (out / "publication" / "README.md").read_text()
    # What repeats it on this machine stands in the record of the run alone.
    assert f"--counts {matrix}" in json.loads((out / "run.json").read_text())["command"]


@pytest.mark.parametrize(
    ("text", "typed", "says"),
    [
        ("truth,neutral,none\nneutral,80,20\n", (), "1 expression, 2 answers."),
        (ONE_GROUP, ("--group", "sex"), "Groups: sex, 1 stratum."),
    ],
)
def test_one_is_not_several(tmp_path, text, typed, says):
    (tmp_path / "m.csv").write_text(text)
    assert says in call("audit", "--counts", tmp_path / "m.csv", *typed, "--out", tmp_path / "out")


def test_intervals_at_another_level_say_so(matrix, tmp_path):
    said = call("audit", "--counts", matrix, "--group", "sex", "--level", "0.8", "--out", tmp_path / "out")
    assert "faces taken to be independent; intervals of 80 %." in said


def test_differences_stand_in_the_order_of_chance():
    """Where many are held against each other, most adjusted p are 1: then p itself decides, and size last."""
    made = [(0.9, 1.0, 0.5), (0.1, 1.0, 0.2), (0.1, 1.0, 0.3), (None, None, None), (0.01, 0.2, 0.1)]
    found = [SimpleNamespace(p=p, adjusted=adjusted, seen=seen) for p, adjusted, seen in made]
    assert [found.index(one) for one in differences(found, 4)] == [4, 2, 1, 0]


def test_a_small_gap_is_not_rounded_away():
    assert [least(gap) for gap in (0.0038, 0.174, 0.996, 1.0)] == ["0.38", "17", "100", "100"]
