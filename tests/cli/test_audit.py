"""`misread audit` as a user types it, and what becomes of its files."""

from __future__ import annotations

import csv
import io
import json
import shlex
import tomllib
import zipfile
from collections import defaultdict

import pytest
from click.testing import CliRunner

from misread import evidence
from misread.audit.written.model import Written
from misread.cli import cli
from misread.deployment import digest, load, resolve_profiles
from tests.audit.written.made import OPTIONS, TELLTALE, WORDS, predictions
from tests.deployment.samples import with_profile

from .calls import call, done, mistake

FILES = ["audit.json", "card.md", "estimates.csv", "profile.toml", "publication", "report.html", "run.json"]
FIRES = 3


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """A file of answers that holds names of persons and of pictures."""
    return predictions(tmp_path_factory.mktemp("answers") / "answers.csv")


@pytest.fixture(scope="module")
def audited(answers, tmp_path_factory):
    """The folder that an audit wrote, and what it printed."""
    folder = tmp_path_factory.mktemp("out") / "audit"
    said = call("audit", answers, *OPTIONS, "--score", "sure", "--id", "picture", "--for-publication", "--out", folder)
    return folder, said


@pytest.fixture(scope="module")
def written(audited):
    return Written.model_validate_json((audited[0] / "audit.json").read_text())


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_what_is_printed(audited, written):
    folder, said = audited
    lines = said.splitlines()
    assert len(lines) <= 25
    assert lines[0] == "600 rows of answers.csv, 24 persons: 5 expressions, 6 answers."
    assert any("3 of 600 answers are missing" in line for line in lines)
    assert "Groups: age × sex, 6 strata, 6 of them with too few persons to be told." in lines
    accuracy = next(e for e in written.estimates if e.statistic == "accuracy" and not e.group)
    assert f"Right: {100 * accuracy.value:.1f} % (" in said
    recalls = {e.expression: e.value for e in written.estimates if e.statistic == "recall" and not e.group}
    told = [line.strip().split(":")[0] for line in lines if "read right" in line]
    assert told == sorted(recalls, key=recalls.__getitem__)[:3]
    assert sum(" adjusted " in line for line in lines) >= 3
    assert lines[-1] == f"Report: {folder / 'report.html'}"


def test_the_folder(audited):
    folder, _ = audited
    assert sorted(p.name for p in folder.iterdir()) == FILES
    facts = json.loads((folder / "run.json").read_text())
    assert facts["command"].startswith("misread audit ")
    assert "--out" not in facts["command"]
    assert len(facts["files"]) == 9


def test_the_same_audit_gives_the_same_bytes(answers, audited, tmp_path):
    folder, _ = audited
    options = (*OPTIONS, "--score", "sure", "--id", "picture", "--for-publication")
    call("audit", answers, *options, "--out", tmp_path / "again")
    for path in sorted(folder.rglob("*.*")):
        if path.name != "run.json":
            assert (tmp_path / "again" / path.relative_to(folder)).read_bytes() == path.read_bytes(), path.name


def test_nothing_that_is_written_is_about_a_person_or_names_a_picture(audited, written):
    """No name, no path, no list that grows with persons, and nothing of fewer than five."""
    folder, said = audited
    for path in (p for p in folder.rglob("*") if p.is_file()):
        text = path.read_text()
        assert not [word for word in TELLTALE if word in text], path.name
    assert not [word for word in TELLTALE if word in said]
    assert written.persons == 24
    lengths = {
        name: len(value) for name in Written.model_fields if isinstance(value := getattr(written, name), tuple | list)
    }
    # 6 strata, 12 with their margins; 5 words by 6 answers; nothing that has 24 or 600 of anything.
    assert [len(margin.parts) for margin in written.margins] == [1, 3, 2, 6]
    per_stratum = lengths["estimates"] / 12
    assert per_stratum == int(per_stratum)
    rows = [row for margin in written.margins for part in margin.parts for row in part.rows]
    assert all(row.left_out or row.persons >= 5 for row in rows)
    assert any(row.left_out for row in rows)


def test_with_twice_the_persons_the_files_have_the_same_parts(answers, tmp_path):
    sizes = []
    for persons in (24, 48):
        more = predictions(tmp_path / "more.csv", persons=persons)
        said = json.loads(call("audit", more, *OPTIONS, "--json"))
        sizes.append([len(said[key]) for key in ("margins", "estimates", "disparities")])
    assert sizes[0] == sizes[1]


def test_json_is_audit_json_and_writes_nothing(answers, audited, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = call("audit", answers, *OPTIONS, "--score", "sure", "--id", "picture", "--json")
    assert said == (audited[0] / "audit.json").read_text()
    assert list(tmp_path.iterdir()) == []


def test_by_default_it_goes_to_a_folder_of_its_own(answers, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = call("audit", answers, "--truth", "shown", "--prediction", "said")
    (folder,) = (tmp_path / "misread-out").iterdir()
    assert folder.name.startswith("audit-answers-")
    assert "faces taken to be independent" in said
    assert "Report: misread-out/audit-answers-" in said
    assert mistake("audit", answers, "--truth", "shown", "--prediction", "said", "--seed", 2, "--out", folder)


def test_counts_for_publication_add_up_and_show_no_small_one(audited, written):
    folder, _ = audited
    counts = rows_of(folder / "publication" / "counts.csv")
    shown = [int(row["count"]) for row in counts if row["count"].isdigit()]
    assert shown
    assert not [n for n in shown if 0 < n < 5]
    assert {"<5", "x"} <= {row["count"] for row in counts}
    parts = defaultdict(list)
    for row in counts:
        parts[row["group_age"], row["group_sex"], row["expression"]].append((row["label"], row["count"]))
    for cells in parts.values():
        told = dict(cells)
        total = told.pop("(all)", None)
        gaps = [n for n in told.values() if not n.isdigit()]
        if total is not None and total.isdigit():
            assert len(gaps) != 1
            if not gaps:
                assert sum(map(int, told.values())) == int(total)


def test_figures_for_publication_follow_from_published_counts(audited, written):
    folder, _ = audited
    counts = {
        (row["group_age"], row["group_sex"], row["expression"], row["label"]): row["count"]
        for row in rows_of(folder / "publication" / "counts.csv")
    }
    figures = rows_of(folder / "publication" / "estimates.csv")
    recalls = [row for row in figures if row["statistic"] == "recall"]
    assert recalls
    for row in recalls:
        group = row["group_age"], row["group_sex"], row["expression"]
        hits, total = counts[*group, row["expression"]], counts[*group, "(all)"]
        assert float(row["value"]) == round(int(hits) / int(total), 3)
        assert row["n_eff"] == ""
    told = {(row["statistic"], row["expression"], row["label"], row["group_age"], row["group_sex"]) for row in figures}
    hidden = [
        e
        for e in written.estimates
        if e.statistic == "confusion" and e.n and not e.group and counts["", "", e.expression, e.label] == "<5"
    ]
    for e in hidden:
        assert (e.statistic, e.expression, e.label, "", "") not in told


def test_profile_toml_runs_as_the_audit_does(audited):
    folder, _ = audited
    by_file = load("as-described", policies=[folder / "profile.toml"])
    by_option = load("as-described", policies=[f"audit:{folder / 'audit.json'}"])
    one, other = resolve_profiles(by_file)["camera"], resolve_profiles(by_option)["camera"]
    assert (one.p == other.p).all()
    assert by_file.traits == by_option.traits
    assert "# measured: an audit of 600 rows of answers.csv" in (folder / "profile.toml").read_text()
    assert tomllib.loads((folder / "profile.toml").read_text())["classifier"]["confusion"]["camera"]["from"] == (
        "audit:audit.json"
    )


def test_profile_toml_says_what_it_lacks(tmp_path):
    (tmp_path / "m.csv").write_text("truth,neutral,cross,none\nneutral,80,20,0\ncross,30,60,10\n")
    said = call("audit", "--counts", tmp_path / "m.csv", "--out", tmp_path / "out")
    asked = next(line for line in said.splitlines() if line.startswith("Run it in a school: "))
    command = f"misread run as-described --profile audit:{tmp_path / 'out' / 'audit.json'} --set …. "
    assert asked.startswith(f'Run it in a school: {command}The audit answers "cross", which is no label')
    # What it says to type answers what it asks.
    drop = shlex.split(asked.split("leave it out with ")[1].split(", or say")[0])
    row = shlex.split(asked.split("read like with ")[1].rstrip("."))
    given = [word.replace("=ROW", "=neutral") for word in (*drop, *row)]
    others = [f"classifier.confusion.camera.expressions.{x}=neutral" for x in ("frown", "sad", "fear")]
    load("as-described", policies=[f"audit:{tmp_path / 'out' / 'audit.json'}"], settings=[*given[1::2], *others])
    text = (tmp_path / "out" / "profile.toml").read_text()
    assert '# Not complete, for `camera`: The audit answers "cross", which is no label of the deployment' in text
    assert 'drop = ["cross"]' in text


@pytest.fixture
def school(tmp_path):
    """A small school whose profile speaks the audit's words."""
    words = '{ happiness = "happy", sadness = "sad", anger = "sad", fear = "sad" }'
    rows = 'expressions = { happy = "happiness", sad = "sadness" }'
    path = tmp_path / "school.toml"
    text = with_profile(f'from = "claim"\naccuracy = 0.9\n{rows}\nlabels = {words}')
    path.write_text(
        text.replace("school_years = 3", "school_years = 1").replace("days_per_year = 180", "days_per_year = 10")
    )
    return path


@pytest.mark.long
def test_run_with_a_profile_and_packed(audited, school, tmp_path, monkeypatch):
    folder, _ = audited
    monkeypatch.chdir(tmp_path)
    source = f"audit:{folder / 'audit.json'}#sex=f"
    call("run", school, "--profile", source, "--set", "traits=[]", "--draws", 4, "--out", "out")
    assert (tmp_path / "out" / "evidence" / "audit.json").read_bytes() == (folder / "audit.json").read_bytes()
    assert 'from = "audit:evidence/audit.json#sex=f"' in (tmp_path / "out" / "deployment.toml").read_text()
    assert "an audit of 600 rows of answers.csv, of these sex f (measured)" in (
        (tmp_path / "out" / "report.html").read_text()
    )
    call("pack", "out")
    with zipfile.ZipFile("out.zip") as file:
        assert file.read("evidence/audit.json") == (folder / "audit.json").read_bytes()
    assert "The same, byte for byte" in call("verify", "out.zip")


def test_run_with_a_profile(audited, school):
    source = f"audit:{audited[0] / 'audit.json'}#sex=f"
    said = json.loads(call("run", school, "--profile", source, "--draws", 0, "--json"))
    loaded = load(school, policies=[source])
    assert said["deployment"]["sha256"] == digest(loaded)


@pytest.mark.long
def test_compare_takes_audits(audited, school, tmp_path):
    source = f"audit:{audited[0] / 'audit.json'}"
    options = ("--draws", 0, "--out", tmp_path / "out")
    said = call("compare", school, source, *options)
    assert "school + audit audit" in " ".join(said.split())
    said = call("compare", school, school, "--profile", source, "--draws", 0, "--json")
    assert {row["value"] for row in json.loads(said)["differences"]} <= {0.0, None}


def test_only_audits_are_profiles(tmp_path):
    for command in (("run", "as-described"), ("compare", "as-described", "best-case")):
        assert "--profile takes audit:PATH" in mistake(*command, "--profile", "evidence:M14")


def failing(answers, *conditions):
    options = [word for condition in conditions for word in ("--fail-if", condition)]
    return CliRunner().invoke(cli, ["audit", str(answers), *OPTIONS, "--json", *options], catch_exceptions=False)


def test_conditions_that_hold_end_with_3_and_say_which(answers):
    found = failing(answers, "accuracy.value < 0.999", "accuracy.value < 0.001", "recall.sadness.disparity.low > -1")
    assert found.exit_code == FIRES
    said = found.stderr.splitlines()
    assert said[0].startswith("accuracy.value < 0.999: value of accuracy is 0.")
    assert [line.partition(":")[0] for line in said] == [
        "accuracy.value < 0.999",
        "recall.sadness.disparity.low > -1",
        "recall.sadness.disparity.low > -1",
    ]
    assert json.loads(found.stdout)["format"] == "misread-audit/1"


def test_conditions_that_do_not_hold_pass(answers):
    assert failing(answers, "accuracy.value < 0.001").exit_code == 0


def test_a_pipeline_does_not_pass_on_what_cannot_be_told(answers):
    found = failing(answers, "accuracy[age=6-8,sex=f].low < 0")
    assert found.exit_code == FIRES
    assert "cannot be told: left out: too few persons" in found.stderr


def test_a_condition_that_is_none_is_told_before_anything_is_read():
    assert "'lo' is nothing that an estimate has" in mistake(
        "audit", "no-such-file.csv", "--fail-if", "accuracy.lo < 1"
    )


def test_a_matrix_of_counts(tmp_path):
    (tmp_path / "m.csv").write_text("truth,neutral,happy,none\nneutral,80,18,2\nhappy,10,90,0\n")
    said = json.loads(call("audit", "--counts", tmp_path / "m.csv", "--json"))
    (everybody,) = said["margins"][0]["parts"]
    assert [row["counts"] for row in everybody["rows"]] == [[80, 18, 2], [10, 90, 0]]
    assert said["persons"] is None
    assert said["effect"] is None


def test_a_matrix_of_the_evidence(tmp_path):
    matrix = evidence.matrix("M17")
    said = json.loads(call("audit", "--counts", "evidence:M17", "--json"))
    right = sum(matrix.counts[word].get(word, 0) for word in matrix.rows)
    accuracy = next(e for e in said["estimates"] if e["statistic"] == "accuracy")
    assert (accuracy["hits"], accuracy["n"]) == (right, 731)
    assert said["source"]["name"] == "M17, Stöckli et al. (2018)"
    assert "'M99' is no matrix" in mistake("audit", "--counts", "evidence:M99")


def test_words_bands_and_shares(answers, tmp_path):
    (tmp_path / "words.toml").write_text('happiness = "joy"\nfear = "joy"\n')
    options = ("--map-labels", tmp_path / "words.toml", "--prevalence", "joy=5%", "--bands", "sure=0,0.5,1")
    said = json.loads(call("audit", answers, *OPTIONS[:4], "--group", "sure", *options, "--json"))
    assert said["expressions"] == ["neutral", "joy", "sadness", "anger"] or set(said["expressions"]) == (
        {*WORDS, "joy"} - {"happiness", "fear"}
    )
    assert len(said["columns"][0]["levels"]) == 2
    assert said["prevalence"] == {"joy": 0.05}
    assert any(e["statistic"] == "precision_at" or "prevalence" in e["note"] for e in said["estimates"])


def test_compared_within(answers, tmp_path):
    more = predictions(tmp_path / "more.csv", persons=60)
    options = ("--compare", "sex", "--within", "age", "--fail-if", "accuracy.disparity.sex.seen >= 0")
    found = CliRunner().invoke(cli, ["audit", str(more), *OPTIONS, *options, "--json"], catch_exceptions=False)
    said = json.loads(found.stdout)
    within = {tuple(d["within"][0]) for d in said["disparities"] if d["within"]}
    assert within == {("age", "6-8"), ("age", "9-12"), ("age", "13-15")}
    assert found.exit_code == FIRES
    assert len(found.stderr.splitlines()) == 4
    assert "between levels of sex, age 6-8" in found.stderr
    assert "'tone' is no group column" in mistake("audit", more, *OPTIONS, "--compare", "tone", "--json")


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ((), "Name one file"),
        (("a.csv", "--counts", "b.csv"), "Name one file"),
        (("a.csv", "--transpose"), "they need --counts"),
        (("a.csv", "--truth", "t", "--prediction", "p", "--bands", "age"), "no column with edges: 'age'"),
        (("a.csv", "--prevalence", "2"), "It is no share: '2'"),
        (("a.csv", "--prevalence", "0.1", "--prevalence", "sad=0.1"), "for all labels, and for one too"),
        (("a.csv", "--map-labels", "no.toml"), "--map-labels"),
        (("a.csv", "--truth", "t", "--prediction", "p"), "a.csv"),
        (("a.csv", "--out", ""), "it names no folder"),
    ],
)
def test_mistakes(typed, what, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert what in mistake("audit", *typed)


def test_methods_and_schema():
    said = call("audit", "--methods")
    assert "wilson-persons" in said
    assert json.loads(call("audit", "--methods", "--json"))["format"] == "misread-audit-methods/1"
    assert json.loads(call("audit", "--schema"))["title"] == "misread audit"


def test_the_card(audited):
    text = (audited[0] / "card.md").read_text()
    assert text.startswith("## Fairness: what was measured\n")
    for said in ("### What is not known", "| sadness |", "24 persons", "How far raters agree", "### To get this again"):
        assert said in text
    for line in text.splitlines():
        if line.startswith("|"):
            assert line.endswith("|")


def test_estimates_as_a_table(audited, written):
    rows = list(csv.reader(io.StringIO((audited[0] / "estimates.csv").read_text())))
    assert len(rows) == len(written.estimates) + 1
    value = rows[0].index("value")
    assert [row[value] for row in rows[1:]] == ["" if e.value is None else repr(e.value) for e in written.estimates]


def test_progress_for_programs(answers):
    lines = done("audit", answers, *OPTIONS, "--json", "--progress", "json").stderr.splitlines()
    assert json.loads(lines[-1])["progress"] == "auditing"


def test_the_same_file_asked_otherwise_is_another_audit(answers, tmp_path):
    """Results of one question are not written over those of another."""
    plain = ("audit", answers, "--truth", "shown", "--prediction", "said", "--out", tmp_path / "out")
    call(*plain, "--person", "who")
    for other in ((), ("--person", "who", "--prevalence", "0.1"), ("--person", "who", "--replicates", 200)):
        assert str(tmp_path / "out") in mistake(*plain, *other)
    call(*plain, "--person", "who")
