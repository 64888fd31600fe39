"""audit.json: everything in it, nothing of anybody, and what is said of one that is not as it should be."""

from __future__ import annotations

import json
import math

import jsonschema
import pytest

from misread.audit.written.load import read_counts
from misread.audit.written.model import Written, json_schema
from misread.audit.written.told.estimates import to_csv
from misread.errors import MisreadError


@pytest.fixture(scope="module")
def said(written):
    return json.loads(written.text())


def test_it_is_read_back_as_it_was_written(written):
    assert Written.model_validate_json(written.text()) == written


def test_it_follows_its_schema(said):
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(said, schema)
    for broken in (said | {"format": "other/1"}, {k: v for k, v in said.items() if k != "strata"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema)


def test_counts_and_statistics_are_those_of_the_audit_unrounded(found, said):
    table = found.table
    assert [s["counts"] for s in said["strata"]] == table.counts.tolist()
    assert said["source"]["counted"] == table.total == said["source"]["rows"] == 600
    assert sum(said["source"]["missing_answers"].values()) == 3
    assert said["source"]["columns"]["groups"] == ["age", "sex"]
    accuracy = next(e for e in said["estimates"] if e["statistic"] == "accuracy" and not e["group"])
    right = sum(table.counts[:, e, table.labels.index(word)].sum() for e, word in enumerate(table.expressions))
    assert accuracy["value"] == right / 600
    assert len(said["estimates"]) == len(found.overall) + len(found.by_group)
    assert {c["group"][0][1] for c in said["calibration"] if c["group"]} == {"6-8", "9-12", "13-15", "f", "m"}
    assert all(math.isclose(sum(b["n"] for b in c["bins"]), c["n"]) for c in said["calibration"])
    assert [label["label"] for label in said["effect"]["labels"]] == list(table.labels)


def test_every_method_that_was_used_is_explained(said):
    named = {e["method"] for e in said["estimates"]} | {c["overconfidence"]["method"] for c in said["calibration"]}
    assert named <= set(said["methods"])
    assert {"permutation", "trait-likelihood", "dirichlet-persons", "calibration-null"} <= set(said["methods"])
    assert all(method["why"] and method["source"] for method in said["methods"].values())


def test_moments_of_persons_are_sums_and_only_of_five_or_more(said):
    rows = [row for margin in said["margins"] for part in margin["parts"] for row in part["rows"]]
    assert {row["xx"] is not None for row in rows} == {True, False}
    for row in rows:
        assert (row["xx"] is None) == (row["persons"] < 5)
        assert row["n_eff"] <= row["n"]


def test_a_table_of_estimates(written):
    lines = to_csv(written.estimates, ["age", "sex"]).splitlines()
    assert lines[0].startswith("group_age,group_sex,statistic,expression,label,value,low,high,n,")
    assert len(lines) == len(written.estimates) + 1
    (few,) = [line for line in lines if line.startswith("6-8,f,recall,fear,")]
    assert "too few persons (4)" in few
    assert few.split(",")[6:8] == ["", ""]


def refused(tmp_path, text):
    file = tmp_path / "audit.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(MisreadError) as caught:
        read_counts(file)
    (problem,) = caught.value.problems
    assert problem.file == str(file)
    return problem


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda s: s["source"].update(counted=599), "the counts add to 600, and 599"),
        (lambda s: s["strata"][0]["counts"][0].__setitem__(0, -1), "greater than or equal to 0"),
        (lambda s: s["strata"][0]["counts"][0].pop(), "not 5 expressions by 6 labels"),
        (lambda s: s["strata"][0]["levels"].pop("sex"), "levels of age"),
        (lambda s: s["strata"][0]["untold"].pop(), "5 numbers in `untold`, not 6"),
        (lambda s: s["margins"][1]["parts"][0]["rows"][0].update(n=7), "has 7 faces of 'anger'"),
        (lambda s: s["margins"][0]["parts"][0]["rows"][0].update(n_eff=1e6), "makes 1000000 independent faces"),
        (lambda s: s["margins"][1]["parts"].pop(), "the margin by age lacks a part"),
        (lambda s: s["margins"][1]["parts"][0]["levels"].update(age="99"), "has a part that the strata do not have"),
        (lambda s: s["margins"][1]["columns"].__setitem__(0, "tone"), "a margin is by 'tone', which is no column"),
        (lambda s: s["labels"].__setitem__(0, s["labels"][1]), "one of the labels is there twice"),
        (lambda s: s.update(format="misread-audit/9"), "which this version of misread does not know"),
        (lambda s: s.update(format="misread-run/1"), "It is no audit."),
        (lambda s: s.pop("strata"), "Field required"),
    ],
)
def test_what_does_not_go_together_is_told(said, tmp_path, change, what):
    copy = json.loads(json.dumps(said))
    change(copy)
    assert what in refused(tmp_path, json.dumps(copy)).what


@pytest.mark.parametrize("text", ["", "[]", "{", '"audit"', b"\xff\xfe", "[" * 100_000])
def test_what_is_no_audit_at_all(tmp_path, text):
    assert refused(tmp_path, text).what in ("It is no JSON.", "It is no audit.")


def test_a_file_that_is_not_there_and_a_folder(tmp_path):
    (tmp_path / "audit.json").write_text("{}")
    for path, mend in ((tmp_path / "adit.json", "did you mean"), (tmp_path, "did you mean")):
        with pytest.raises(MisreadError) as caught:
            read_counts(path)
        assert mend in caught.value.problems[0].mend
        assert "audit.json" in caught.value.problems[0].mend
