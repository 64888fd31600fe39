"""audit.json: everything in it, nothing of anybody, and what is said of one that is not as it should be."""

from __future__ import annotations

import json
import math

import jsonschema
import pytest

from misread.audit.written import build
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
    for broken in (said | {"format": "other/1"}, {k: v for k, v in said.items() if k != "margins"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema)


def test_counts_and_statistics_are_those_of_the_audit_unrounded(found, said):
    table = found.table
    for margin in said["margins"]:
        told = table.margin(*margin["columns"])
        assert [[row["counts"] for row in part["rows"]] for part in margin["parts"]] == told.counts.tolist()
        assert [list(part["levels"].values()) for part in margin["parts"]] == [
            list(told.names(s).values()) for s in range(len(told.strata))
        ]
    assert said["source"]["counted"] == table.total == said["source"]["rows"] == 600
    assert sum(said["source"]["missing_answers"].values()) == 3
    assert said["source"]["columns"]["groups"] == ["age", "sex"]
    accuracy = next(e for e in said["estimates"] if e["statistic"] == "accuracy" and not e["group"])
    right = sum(table.counts[:, e, table.labels.index(word)].sum() for e, word in enumerate(table.expressions))
    assert accuracy["value"] == right / 600
    assert len(said["estimates"]) == len(found.overall) + len(found.by_group)
    assert {c["group"][0][1] for c in said["calibration"] if c["group"]} == {"6-8", "9-12", "13-15", "f", "m"}
    assert all(
        math.isclose(sum(b["n"] for b in c["bins"]), c["n"]) if not c["group"] else not c["bins"]
        for c in said["calibration"]
    )
    assert [label["label"] for label in said["effect"]["labels"]] == list(table.labels)


def test_every_method_that_was_used_is_explained(said):
    named = {e["method"] for e in said["estimates"]} | {c["overconfidence"]["method"] for c in said["calibration"]}
    assert named <= set(said["methods"])
    assert {"permutation", "trait-likelihood", "dirichlet-persons", "calibration-null"} <= set(said["methods"])
    assert all(method["why"] and method["source"] for method in said["methods"].values())


def test_of_persons_there_are_numbers_and_of_one_to_four_nothing(said):
    rows = [row for margin in said["margins"] for part in margin["parts"] for row in part["rows"]]
    assert {row["left_out"] for row in rows} == {True, False}
    for row in rows:
        assert set(row) == {"n", "counts", "squares", "persons", "n_eff", "left_out"}
        assert row["persons"] is None if row["left_out"] else row["persons"] >= 5
        assert row["n_eff"] is None if row["left_out"] else row["n_eff"] <= row["n"]
        assert any(row["counts"]) != row["left_out"]


def test_a_table_of_estimates(written):
    lines = to_csv(written.estimates, ["age", "sex"]).splitlines()
    assert lines[0].startswith("group_age,group_sex,statistic,expression,label,value,low,high,n,")
    assert len(lines) == len(written.estimates) + 1
    (few,) = [line for line in lines if line.startswith("6-8,f,recall,fear,")]
    assert "left out: too few persons" in few
    assert few.split(",")[6:8] == ["", ""]


def first(said):
    """Everybody."""
    return said["margins"][0]["parts"][0]


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
        (
            lambda s: s["source"].update(counted=700) or first(s).update(untold=[0] * 6),
            "the counts add to 600, and 700",
        ),
        (lambda s: first(s)["rows"][0]["counts"].__setitem__(0, -1), "greater than or equal to 0"),
        (lambda s: first(s)["rows"][0]["counts"].pop(), "not 5 expressions by 6 labels"),
        (lambda s: s["margins"][1]["parts"][0]["levels"].pop("age"), "the margin by age has a part of no level"),
        (lambda s: first(s).update(untold=[0] * 5), "5 numbers in `untold`, not 6"),
        (lambda s: s["margins"][1]["parts"][0]["rows"][0].update(n=7), "has 7 faces of 'anger', and counts"),
        (lambda s: s["margins"].pop(0), "it has no counts of everybody"),
        (lambda s: s["margins"][0]["parts"][0]["rows"][0].update(n_eff=1e6), "makes 1000000 independent faces"),
        (lambda s: s["margins"][1]["parts"].pop(), "faces of 'anger', everybody 120"),
        (
            lambda s: s["margins"][1]["parts"][0]["levels"].update(age="99"),
            "the margin by age has a part of {'age': '99'}",
        ),
        (lambda s: s["margins"][1]["columns"].__setitem__(0, "tone"), "a margin is by 'tone', which is no column"),
        (lambda s: s["labels"].__setitem__(0, s["labels"][1]), "one of the labels is there twice"),
        (lambda s: s.update(format="misread-audit/9"), "which this version of misread does not know"),
        (lambda s: s.update(format="misread-run/1"), "It is no audit."),
        (lambda s: s.pop("margins"), "Field required"),
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


def test_what_is_written_can_be_read_again(found, tmp_path, monkeypatch):
    """Crossings for which there is no room are left out, and so are estimates of very many single cells."""
    monkeypatch.setattr(build, "LIMIT", 80_000)
    monkeypatch.setattr(build, "MOST_CELLS", 100)
    small = build.write(found)
    assert [margin.columns for margin in small.margins] == [(), ("age",), ("sex",)]
    assert "no room in audit.json for age × sex: it would be larger than it can be read." in small.warnings
    assert {bool(e.group) for e in small.estimates if e.statistic == "confusion"} == {False}
    assert any("have no estimates in audit.json, only counts" in warning for warning in small.warnings)
    path = tmp_path / "audit.json"
    path.write_text(small.text())
    assert read_counts(path).margins == small.margins
