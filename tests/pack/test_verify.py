"""`misread verify`: a pack run again elsewhere, and what is said where it is not the same."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from misread.cli.support.options import MOST_DRAWS
from misread.report.pack import again, record
from tests.pack.conftest import call, forged, members_of


@pytest.fixture
def altered(pack, tmp_path):
    """A pack with other members and a manifest that fits them: file name → what makes its new content."""

    def make(**changes):
        members = members_of(pack)
        del members["manifest.json"]
        for name, change in changes.items():
            file = name.replace("__", ".")
            members[file] = change(members[file])
        (tmp_path / "forged.zip").write_bytes(forged(members))
        return tmp_path / "forged.zip"

    return make


def test_a_pack_holds_elsewhere_in_another_process(pack, tmp_path):
    (tmp_path / "other place").mkdir()
    (tmp_path / "other place" / "p.zip").write_bytes(pack)
    line = [sys.executable, "-m", "misread", "verify", "p.zip"]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=tmp_path / "other place")
    assert done.returncode == 0, done
    count = len(json.loads(members_of(pack)["findings.json"])["findings"])
    assert f"the {count} findings and the files deployment.toml, evidence.json, findings.json" in done.stdout
    assert [p.name for p in (tmp_path / "other place").iterdir()] == ["p.zip"]


def test_as_json(pack, tmp_path):
    (tmp_path / "p.zip").write_bytes(pack)
    found = json.loads(call("verify", tmp_path / "p.zip", "--json"))
    assert found["same"] is True
    assert found["differences"] == []
    assert set(found["files_same"]) >= {"deployment.toml", "findings.json", "findings.csv", "report.html"}
    assert found["versions"] == []


def test_a_finding_that_somebody_made_worse(altered, pack):
    rows = json.loads(members_of(pack)["findings.json"])["findings"]
    at, row = next((i, r) for i, r in enumerate(rows) if r["id"] == "flag_ppv" and r["group"] == "all")
    old = f'"value": {row["value"]}'

    def better(content):
        lines = content.decode().split("\n")
        line = next(i for i, said in enumerate(lines) if '"id": ' in said) + at
        assert old in lines[line]
        lines[line] = lines[line].replace(old, '"value": 0.5')
        return "\n".join(lines).encode()

    file = altered(findings__json=better)
    said = call("verify", file, code=1).splitlines()
    rule = row["rule"]
    assert said[0] == (
        f"Not the same. The first difference is in findings.json, finding {at + 1} "
        f"(flag_ppv, rule “{rule}”, group “all”), `value`:"
    )
    assert said[1] == "  packed: 0.5"
    assert said[2] == f"  here:   {row['value']}"
    assert said[3].startswith(f"1 of {len(rows)} findings differ")
    found = json.loads(call("verify", file, "--json", code=1))
    assert found["findings_different"] == 1
    assert found["largest_relative_difference"] == pytest.approx((row["value"] - 0.5) / row["value"])


def test_a_deployment_that_somebody_changed(altered):
    def longer(content):
        assert b"bored = 7" in content
        return content.replace(b"bored = 7", b"bored = 8")

    said = call("verify", altered(deployment__toml=longer), code=1)
    assert "The first difference is in findings.json, `deployment`:" in said


def test_a_report_with_other_words(altered):
    said = call("verify", altered(report__html=lambda c: c.replace(b"would be wrong", b"would be right")), code=1)
    assert "The first difference is in report.html, line " in said
    assert "All " in said
    assert "findings are the same." in said


def test_evidence_with_another_citation(altered):
    said = call(
        "verify", altered(evidence__json=lambda c: c.replace(b'"citation": "', b'"citation": "The vendor; ')), code=1
    )
    assert "The first difference is in evidence.json, line " in said
    assert 'packed:   "citation": "The vendor; ' in said


def test_other_versions_are_named(altered):
    def older(content):
        found = json.loads(content)
        found["packages"]["numpy"] = "1.0"
        found["packages"]["no-such-package"] = "7"
        found["python"] = "3.0.0"
        return json.dumps(found).encode()

    def pinned(content):
        lines = content.decode().splitlines()
        lines[0] = lines[0].replace(lines[0].split(" on ")[1], "Python 3.0.0 ran with:")
        rest = [*("numpy==1.0" if x.startswith("numpy==") else x for x in lines[1:]), "no-such-package==7"]
        lines = [lines[0], *sorted(rest, key=lambda x: x.split("==")[0])]
        return ("\n".join(lines) + "\n").encode()

    said = call("verify", altered(run__json=older, requirements__txt=pinned))
    assert "Another version here: numpy 1.0 in the pack, " in said
    assert "Another version here: no-such-package 7 in the pack, not installed here." in said
    assert "Another version here: Python 3.0.0 in the pack, " in said


def test_an_engine_that_computes_something_else_is_found_out(pack, tmp_path, monkeypatch):
    (tmp_path / "p.zip").write_bytes(pack)
    run_again = again.run_again
    # Other draws move the ends of intervals and no value.
    monkeypatch.setattr(again, "run_again", lambda d, way, hands: run_again(d, replace(way, seed=way.seed + 1), hands))
    found = json.loads(call("verify", tmp_path / "p.zip", "--json", code=1))
    first = found["differences"][0]
    assert (first["file"], first["where"]) == ("findings.json", "`seed`")
    assert (first["packed"], first["here"]) == ("3", "4")
    assert 0 < found["findings_different"] < found["findings"]


def test_what_is_packed_is_run_with_its_own_draws_and_seed(altered):
    def more(content):
        return json.dumps({**json.loads(content), "draws": 16}).encode()

    said = call("verify", altered(run__json=more), code=1)
    assert "findings.json, finding " in said


def test_the_same_limit_on_draws_as_a_run_has():
    assert record.MOST_DRAWS == MOST_DRAWS
