"""A file of one's own: checked, summed up, and used in a deployment."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.deployment import load, resolve_profiles, shipped_text
from misread.errors import MisreadError
from misread.evidence import Matrix, catalogue, matrix, read, read_study
from misread.evidence.recount import FIGURES, recall, warnings

from . import test_matrices as by_hand
from .test_malformed import GOOD

OWN = GOOD.replace("C90", "X90").replace("C91", "X91").replace("M90", "X92")


@pytest.fixture
def study(tmp_path):
    file = tmp_path / "my-study.toml"
    file.write_text(OWN, encoding="utf-8")
    return file


def check(*args):
    return CliRunner().invoke(cli, ["evidence", "check", *map(str, args)])


def refused(file):
    with pytest.raises(MisreadError) as caught:
        read_study(file)
    return caught.value.problems


def test_a_valid_file_is_summed_up(study):
    done = check(study)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == f"{study} is valid: 3 entries, 1 matrix."
    assert any(line.split()[:3] == ["X91", "secondary", "Nobody"] for line in lines)
    # 40 of 50 right; chance 0.52; F1 of 40 / 50 and of 40 / 50.
    assert "Computed from it: accuracy 0.8, kappa 0.615, macro F1 0.8." in lines
    (sad,) = [line for line in lines if line.startswith("sad ")]
    assert sad.split() == ["sad", "20", "10", "30", "3", "66.7%"]
    assert 'from = "evidence:my-study.toml#X92"' in done.stdout
    assert "fewer than 10 independent units: sad (3), happy (2)" in done.stdout


def test_as_json(study):
    answer = json.loads(check(study, "--json").stdout)
    assert (answer["format"], answer["valid"], answer["problems"]) == ("misread-evidence-check/1", True, [])
    assert [e["id"] for e in answer["entries"]] == ["X90", "X91", "X92"]
    own = answer["entries"][2]
    assert own["counts"]["sad"] == {"sad": 20, "happy": 10}
    assert own["row_units"] == {"sad": 3, "happy": 2}
    assert own["computed"]["recall"] == {"sad": 20 / 30, "happy": 1.0}
    assert own["computed"]["accuracy"] == 0.8
    assert [w["key"] for w in answer["warnings"]] == ["X92.row_n"]


def test_everything_wrong_is_said_at_once(study):
    study.write_text(OWN.replace("n = 8", "n = 0").replace("X91", "B07").replace('"computed"', '"sure"'))
    done = check(study)
    assert done.exit_code == 2
    assert done.stdout == ""
    for words in (
        f"{study}:14: X90.n", f"{study}:16: B07\n  `B07` is an id of the catalogue", "X92.status", "Expected:", "Mend:",
        "Not valid: 3 problems.",
    ):  # fmt: skip
        assert words in done.stderr
    answer = json.loads(check(study, "--json").stdout)
    assert answer["valid"] is False
    assert {p["key"]: p["line"] for p in answer["problems"]} == {"X90.n": 14, "B07": 16, "X92.status": 28}
    assert check(study, "--json").exit_code == 2


def test_no_shipped_id_begins_with_x():
    # The manual promises that these are the user's.
    assert not [id for id in catalogue() if id.startswith("X")]


def test_own_ids_that_are_taken_cannot_shadow():
    with pytest.raises(MisreadError) as caught:
        read({"a.toml": GOOD}, taken=["M90"])
    (problem,) = caught.value.problems
    assert (problem.key, problem.line) == ("M90", 26)


def test_files_that_cannot_be_read(tmp_path):
    def written(content):
        file = tmp_path / "a.toml"
        file.write_bytes(content)
        return refused(file)[0]

    assert "no such file" in refused(tmp_path / "b.toml")[0].what
    assert "folder" in refused(tmp_path)[0].what
    assert "no entry" in written(b"").what
    assert "no entry" in written(b'topic = "x"\n').what
    assert written(b'topic = "x"\n# \xff\n').line == 2
    assert "more than 5,000,000 bytes" in written(b"#" * 5_000_001).what
    assert "nested too deeply" in written(b"a = " + b"[" * 100_000).what
    assert "thousands of digits" in written(b"a = " + b"9" * 5000).what
    assert "not TOML" in written(b"topic =").what
    assert "\x1b" not in str(written(b'topic = "x"\n"\\u001b[31m" = 1\n'))
    (tmp_path / "my-study.toml").write_text(OWN)
    assert "did you mean" in refused(tmp_path / "my-stduy.toml")[0].mend
    assert "null" in refused("a\0b")[0].what


def test_windows_line_ends_and_byte_order_marks(tmp_path):
    file = tmp_path / "a.toml"
    file.write_bytes(b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode())
    assert list(read_study(file)) == ["X90", "X91", "X92"]


def test_a_changed_file_is_read_again(study):
    assert read_study(study)["X90"].value == 12.5
    study.write_text(OWN.replace("value = 12.5", "value = 25").replace("hits = 1\n", "hits = 2\n"))
    assert read_study(study)["X90"].value == 25


SHIPPED = [e for e in catalogue().values() if isinstance(e, Matrix)]


@pytest.mark.parametrize("m", SHIPPED, ids=[m.id for m in SHIPPED])
def test_recounts_against_those_of_the_matrices_tests(m):
    found = {name: compute(m) for name, compute in FIGURES.items()}
    # Printed proportions do not add to 1 exactly.
    assert found["accuracy"] == pytest.approx(by_hand.accuracy(m), abs=1e-9 if m.cells == "counts" else 2e-4)
    assert recall(m) == pytest.approx({x: by_hand.recall(m, x) for x in m.rows if x in m.columns}, abs=5e-4)
    if set(m.rows) <= set(m.columns) and m.cells == "counts":
        assert found["kappa"] == pytest.approx(by_hand.kappa(m))
        assert found["macro_f1"] == pytest.approx(by_hand.macro_f1(m))


def doubts(old, new):
    assert OWN.count(old) == 1, old
    return {p.key: p.what for p in warnings(read({"a.toml": OWN.replace(old, new)}))}


def test_doubts():
    tiny = {"X92.row_n"}
    assert set(doubts("design_effect = 10", "design_effect = 1")) == {"X92.units_note"}
    assert set(doubts("design_effect = 10", "units_at_most = 20")) == set()
    assert set(doubts('counted = "frames"', 'counted = "frames"\nprinted = { accuracy = 0.80 }')) == tiny
    found = doubts('counted = "frames"', 'counted = "frames"\nprinted = { accuracy = 0.81, kappa = 0.6 }')
    assert set(found) == {*tiny, "X92.printed.accuracy"}
    assert "accuracy 0.8, and `printed` says 0.81" in found["X92.printed.accuracy"]
    assert "12.6 %, is no whole number of 8" in doubts("value = 12.5", "value = 12.6")["X90.value"]
    assert set(doubts('status = "verified"\nquantity', 'status = "unverified"\nquantity')) == {*tiny, "X90.status"}
    assert set(doubts('columns = ["sad", "happy"]', 'columns = ["sad", "joy"]')) == {*tiny, "X92.columns"}
    all_sad = OWN.replace("[20, 10]", "[30, 0]").replace("[0, 20]", "[20, 0]")
    assert "never given: happy" in {p.key: p.what for p in warnings(read({"a.toml": all_sad}))}["X92.table"]


# In a deployment.


@pytest.fixture
def deployment(tmp_path):
    """The shipped deployment on a copy of M14 in a file of one's own, in another folder."""
    m14 = matrix("M14")
    rows = ", ".join(f"{row} = {n}" for row, n in m14.row_n.items())
    text = (
        f'topic = "ours"\n[X01]\nshort = "Ours"\ncitation = "Ours."\nstatus = "verified"\nquantity = "q"\n'
        f'counted = "frames"\nunit_of = "films"\nunits_note = "as M14"\ndesign_effect = 1000\nunits_at_most = 70\n'
        f"columns = {json.dumps(m14.columns)}\nrow_n = {{ {rows} }}\n[X01.table]\n"
        + "\n".join(f"{row} = {list(cells)}" for row, cells in m14.table.items())
        + '\n[X02]\nshort = "Ours"\ncitation = "Ours."\nstatus = "verified"\nquantity = "q"\nvalue = 1\n'
    )
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "own.toml").write_text(text, encoding="utf-8")
    file = tmp_path / "mine.toml"
    shipped = shipped_text("as-described")
    assert '"evidence:M14"' in shipped
    file.write_text(shipped.replace('"evidence:M14"', '"evidence:studies/own.toml#X01"'), encoding="utf-8")
    return file


def test_a_deployment_uses_it(deployment, monkeypatch):
    # From wherever it is called: the path counts from the deployment's own folder.
    for folder in (deployment.parent, deployment.parent / "studies"):
        monkeypatch.chdir(folder)
        (own,) = resolve_profiles(load(deployment)).values()
        (shipped,) = resolve_profiles(load("as-described")).values()
        assert np.array_equal(own.p, shipped.p)
        assert np.array_equal(own.n, shipped.n, equal_nan=True)
        assert own.source.startswith("studies/own.toml#X01: Ours (verified)")


def test_a_policy_s_path_counts_from_the_policy(deployment, tmp_path):
    folder = tmp_path / "policies"
    folder.mkdir()
    shutil.copy(tmp_path / "studies" / "own.toml", folder / "other.toml")
    policy = folder / "other-matrix.toml"
    # A policy that names another source gives the whole profile.
    profile = (
        deployment.read_text(encoding="utf-8").partition("[classifier.confusion.camera]")[2].partition("[[rules]]")[0]
    )
    policy.write_text(
        "[classifier.confusion.camera]" + profile.replace("studies/own.toml", "other.toml"), encoding="utf-8"
    )
    (found,) = resolve_profiles(load(deployment, policies=[policy])).values()
    assert found.source.startswith("other.toml#X01")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("own.toml#X01", "own.toml#X03", "It has no entry `X03`.*did you mean `X0[12]`"),
        ("own.toml#X01", "own.toml#X02", "`X02` is no matrix"),
        ("own.toml#X01", "wn.toml#X01", "There is no such file"),
        ("studies/own.toml#X01", "M99", '"M99" is no matrix of the evidence catalogue'),
    ],
)
def test_a_deployment_that_names_what_is_not_there(deployment, old, new, says):
    deployment.write_text(deployment.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(MisreadError, match="(?s)" + says):
        load(deployment)


def test_a_file_that_is_wrong_is_explained_where_it_is_used(deployment):
    own = deployment.parent / "studies" / "own.toml"
    own.write_text(own.read_text(encoding="utf-8").replace('status = "verified"', 'status = "sure"', 1))
    with pytest.raises(MisreadError) as caught:
        load(deployment)
    (problem,) = caught.value.problems
    assert (problem.file, problem.key, problem.line) == (str(own), "X01.status", 5)


def test_the_command_within_the_command():
    run = CliRunner().invoke
    assert "check [OPTIONS] FILE" in run(cli, ["evidence", "check", "--help"]).stdout
    assert run(cli, ["evidence", "check"]).exit_code == 2
    assert run(cli, ["evidence", "--json", "check"]).exit_code == 2
    assert "M14" in run(cli, ["evidence", "M14", "--json"]).stdout
    assert "evidence check [OPTIONS]" in run(cli, ["evidence", "check", "--help"]).stdout
    shown = run(cli, ["evidence", "--help"]).stdout
    assert "check" in shown
    assert "pool" in shown
    with pytest.raises(MisreadError, match="did you mean `check`"):
        cli.main(["evidence", "chek"], standalone_mode=False)
