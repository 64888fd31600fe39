"""`misread stress`, and the section that `misread run --stress` writes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from misread.cli.asking.stress import stress
from misread.cli.measuring.pack import pack
from misread.cli.measuring.run import run
from misread.cli.measuring.verify import verify
from misread.deployment import load
from misread.errors import MisreadError
from misread.report.studies.stress import sentences, tell
from misread.report.studies.stress.words import shown
from misread.report.words.sources import Library
from misread.study.stress import stressed, unsettled
from tests.findings.test_enumerated import SHORT

OPEN = SHORT.replace("bored = 7,", "bored = { value = 7, low = 3, high = 14 },")
# One rule is enough to talk about, and quick to search.
OPEN = OPEN[: OPEN.index('[[rules]]\nname = "any word"')] + OPEN[OPEN.index("[file]") :].split("marks")[0]


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    path = tmp_path_factory.mktemp("stress") / "school.toml"
    path.write_text(OPEN)
    return path


@pytest.fixture(scope="module")
def found(school):
    return stressed(load(school), workers=1)


def test_a_line_a_claim(school, found):
    said = CliRunner().invoke(stress, [str(school)])
    assert said.exit_code == 0, said.output
    text = " ".join(said.output.split())
    for v in found.verdicts:
        assert v.claim.words in text
        assert all(shown(v, end) in text for end in v.ends)
    assert text.startswith("Of 4 claims about alerts")
    assert text.count("The searches ended at") == sum(bool(v.ends) for v in found.verdicts)
    assert ("holds over" in text) == any(v.holds for v in found.verdicts)
    assert ("breaks when" in text) == any(v.settings for v in found.verdicts)


def test_as_json(school, found):
    said = CliRunner().invoke(stress, [str(school), "--json"])
    assert said.stdout == found.to_json()
    assert {"verdicts", "needed", "questions", "effort", "seed"} <= json.loads(said.stdout).keys()


def test_what_has_no_rules_is_told(school):
    start, end = SHORT.index("[[rules]]"), SHORT.index("[file]")
    school.with_name("none.toml").write_text(SHORT[:start] + SHORT[end:].split("marks")[0])
    with pytest.raises(MisreadError, match="no rules"):
        CliRunner().invoke(stress, [str(school.with_name("none.toml"))], catch_exceptions=False)


def test_a_search_that_did_not_settle_is_told(found):
    from dataclasses import replace

    lost = replace(found, verdicts=(replace(found.verdicts[0], settled=False, ends=(0.1, 0.4)),))
    (problem,) = unsettled(lost)
    assert "0.1, 0.4" in problem.what
    assert "--effort" in problem.mend
    assert tell(lost, Library.load()).unsettled
    assert not unsettled(found)


def test_every_question_is_one_of_the_inputs_that_decide(found):
    deciding = {s.name for v in found.verdicts for s in v.settings}
    assert {q.input for q in found.questions} == deciding
    assert all(q.words.endswith("?") and q.turns for q in found.questions)


def test_the_section_of_the_report(school, found, tmp_path):
    pytest.importorskip("typst")
    out = tmp_path / "out"
    said = CliRunner().invoke(run, [str(school), "--stress", "--pdf", "--draws", "0", "--out", str(out)])
    assert said.exit_code == 0, said.output
    pages = "".join(page.extract_text() for page in PdfReader(out / "report.pdf").pages)
    assert "What is certain, what depends, and on what" in pages
    assert all(v.claim.words in pages for v in found.verdicts)
    # What stands in a pack comes out the same, the claims tried again.
    assert CliRunner().invoke(pack, [str(out), "--out", str(tmp_path / "p.zip")]).exit_code == 0
    checked = CliRunner().invoke(verify, [str(tmp_path / "p.zip")])
    assert checked.exit_code == 0, checked.output
    html = (out / "report.html").read_text()
    assert "What is certain, what depends, and on what" in html
    assert (out / "stress.json").read_text() == found.to_json()
    assert all(v.claim.words in html for v in found.verdicts)
    assert "--stress" in json.loads((out / "run.json").read_text())["command"]
    again = CliRunner().invoke(run, [str(school), "--draws", "0", "--out", str(tmp_path / "plain")])
    assert again.exit_code == 0
    assert "What is certain" not in (tmp_path / "plain" / "report.html").read_text()


def test_stress_needs_a_folder_beside_json(school):
    said = CliRunner().invoke(run, [str(school), "--stress", "--json"])
    assert said.exit_code == 2
    assert "--out" in said.output


def test_places_lie_on_the_picture(found):
    for r in tell(found, Library.load()).rules:
        for c in r.claims:
            assert all(0 <= place <= 100 for place in (c.stated, c.kindest, c.limit))
    assert sentences(found)[0] == tell(found, Library.load()).headline
