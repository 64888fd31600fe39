"""`misread rights policy`, `annex` and `brief` as a user types them."""

from __future__ import annotations

import io
import json
import zipfile

import pypdf
import pytest
from click.testing import CliRunner

from misread.cli.rights.board import annex, brief, policy
from misread.deployment import shipped_text
from misread.errors import MisreadError
from misread.rights.board.policies import IDS
from misread.rights.record.store import record_text

from .samples import worst


def call(command, *args):
    result = CliRunner().invoke(command, [str(a) for a in args])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def refused(command, *args):
    result = CliRunner().invoke(command, [str(a) for a in args])
    assert isinstance(result.exception, MisreadError), (result.output, result.exception)
    return str(result.exception)


def usage(command, *args):
    result = CliRunner().invoke(command, [str(a) for a in args])
    assert result.exit_code == 2
    return result.output


def test_the_list():
    assert all(f"\n{id}\n" in f"\n{call(policy)}" for id in IDS)
    assert [row["name"] for row in json.loads(call(policy, "--json"))] == list(IDS)


@pytest.mark.parametrize("id", IDS)
def test_the_overlay_as_it_is_shipped(id):
    assert call(policy, id, "--overlay") == shipped_text(id)
    assert call(policy, id, "--overlay", "one-classroom").startswith("# ")


def test_a_policy_with_numbers(tmp_path):
    out = tmp_path / "clauses.docx"
    printed = json.loads(
        call(policy, "retention-and-audit", "--with-numbers", "one-classroom", "--draws", 0, "--out", out, "--json")
    )
    assert printed["numbers"]["deployment"] == "one-classroom"
    assert "keep_days = 30" in printed["overlay"]
    assert "misread rights policy retention-and-audit --with-numbers one-classroom --draws 0" in printed["markdown"]
    assert "word/document.xml" in zipfile.ZipFile(out).namelist()


def test_a_policy_on_a_terminal():
    text = " ".join(call(policy, "ban", "--place", "eu").split())
    assert "No school buys, accepts, tries out or uses a product that reads faces of pupils." in text
    assert "Art. 5(1)(f) AI Act" in text


@pytest.mark.parametrize("kind", ["dpia", "fria"])
def test_an_annex_tells_its_figures_as_data(kind, tmp_path):
    out = tmp_path / "annex.md"
    args = (kind, "one-classroom", "--record", "967-schools", "--place", "eu", "--emotion", "--draws", 0, "--out", out)
    printed = json.loads(call(annex, *args, "--json"))
    run = CliRunner().invoke(__import__("misread.cli").cli.cli, ["run", "one-classroom", "--draws", "0", "--json"])
    rows = json.loads(run.stdout)
    assert printed["sha256"] == rows["deployment"]["sha256"]
    for figure in printed["figures"]:
        assert {k: v for k, v in figure.items() if k != "says"} in rows["findings"]
        assert figure["says"] in printed["markdown"].replace("\\", "")
    assert printed["record"]["counts"]["unsourced"] == 18
    assert {"id": "eu.aia.5-1-f", "state": "applies", "mark": "O"} in printed["law"]
    assert out.read_text(encoding="utf-8") == printed["markdown"]


def test_a_brief_from_a_record_of_ones_own(tmp_path):
    file, out = tmp_path / "record.json", tmp_path / "brief.pdf"
    file.write_text(record_text(worst()), encoding="utf-8")
    # The place is that of the record.
    printed = json.loads(call(brief, "one-classroom", "--record", file, "--draws", 0, "--out", out, "--json"))
    assert (printed["place"], printed["kind"]) == ("eu", "brief")
    assert len(pypdf.PdfReader(io.BytesIO(out.read_bytes())).pages) == 1


def test_policies_and_settings_are_laid_on_and_told(tmp_path):
    args = (
        "one-classroom",
        "--place",
        "uk",
        "--draws",
        0,
        "--with",
        "keep-30-days",
        "--set",
        "camera.observe_every_seconds=600",
    )
    printed = json.loads(call(brief, *args, "--json"))
    assert printed["command"].startswith("misread run one-classroom --with keep-30-days --set camera.observe")
    assert "every 10 minutes" in printed["markdown"]
    assert "for 30 school days" in printed["markdown"]


def test_the_day_decides_which_law_is_told():
    args = ("one-classroom", "--place", "eu", "--emotion", "--draws", 0, "--json")
    then, now = (json.loads(call(brief, *args, "--on", on))["markdown"] for on in ("2026-07-01", "2026-08-02"))
    assert "2026-07-01" in then
    # On the second day the people exposed have to be told.
    assert "since 2 August 2026" in now
    assert "since 2 August 2026" not in then


def test_nothing_of_anybody_is_written_over(tmp_path):
    there = tmp_path / "mine.docx"
    there.write_text("mine")
    for command, args in (
        (policy, ("ban",)),
        (brief, ("as-described", "--place", "eu")),
        (annex, ("fria", "as-described")),
    ):
        assert "It is there already" in refused(command, *args, "--out", there)
    assert there.read_text() == "mine"


def test_what_is_wrong_is_said_with_its_mending(tmp_path):
    assert "did you mean `ban`?" in refused(policy, "bann")
    assert ".docx" in refused(policy, "ban", "--out", tmp_path / "ban.odt")
    assert "--place" in refused(brief, "one-classroom", "--draws", 0)
    assert "eu (European Union)" in refused(brief, "one-classroom", "--place", "atlantis", "--draws", 0)
    assert "neither a file nor a shipped" in refused(policy, "ban", "--overlay", "no-such-school")
    assert refused(brief, "one-classroom", "--place", "eu", "--record", tmp_path / "none.json", "--draws", 0)


def test_options_that_would_do_nothing_are_refused():
    assert "Name the policy" in usage(policy, "--place", "eu")
    assert "--overlay prints the overlay" in usage(policy, "ban", "--json", "--overlay")
    assert "--font is for PDF" in usage(policy, "ban", "--font", __file__)
