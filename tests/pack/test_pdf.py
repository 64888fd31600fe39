"""`misread run --pdf`: a tagged PDF, read back with another library."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections import Counter

import pypdf
import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.deployment import load, resolve_profiles
from misread.errors import MisreadError
from misread.findings.definitions import DEFINITIONS
from misread.report import pdf
from misread.report.drawn.pictures import Hundred
from misread.report.page.html import told
from misread.report.pdf import drawings
from misread.study.exact.run import measured
from tests.deployment.samples import SMALL
from tests.pack.conftest import call, members_of


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pdf")
    (folder / "school.toml").write_text(SMALL.replace('"A small one"', '"Mała szkoła, Ünïcode †"'))
    call("run", folder / "school.toml", "--draws", 8, "--pdf", "--out", folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def read(run):
    return pypdf.PdfReader(io.BytesIO((run / "report.pdf").read_bytes()))


def elements(reader):
    """Every element of the structure tree."""
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict) and "/S" in node:
            yield node
            waiting += [node["/K"]] if "/K" in node else []


def test_it_says_that_it_is_accessible_and_has_title_and_language(run, read):
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert read.metadata.title.endswith(("would be wrong.", "would be right."))


def test_every_picture_has_words_and_every_table_a_head(run, read):
    found = list(elements(read))
    kinds = Counter(str(e["/S"]) for e in found)
    figures = [e for e in found if e["/S"] == "/Figure"]
    assert len(figures) >= 10
    assert all(len(str(e.get("/Alt", ""))) > 5 for e in figures)
    assert any("of 100 children" in str(e["/Alt"]) for e in figures)
    assert kinds["/Title"] == 1
    assert kinds["/THead"] == kinds["/Table"] >= 5
    assert kinds["/H1"] >= 8
    rows = json.loads((run / "findings.json").read_text())["findings"]
    assert kinds["/TR"] >= len(rows) + kinds["/Table"]


def test_it_tells_what_the_page_tells(run, read):
    text = " ".join(" ".join(p.extract_text() for p in read.pages).replace("\u200b", "").split())
    for words in (
        "Follow 100 children", "How many are right, and how many would be anyway", "What one would get for it",
        "What the file holds when they leave", "What this rests on", "What this cannot tell", "All findings",
        "Published figures named in this report", "Mała szkoła, Ünïcode †", f"1 / {len(read.pages)}",
    ):  # fmt: skip
        assert words in text, words
    page = (run / "report.html").read_text()
    assert str(read.metadata.title) in page.replace('<span class="wrong-word">', "").replace("</span>", "")


def test_pages_are_a4_upright_or_across(read):
    sizes = {tuple(sorted(round(float(x) / 72 * 25.4) for x in p.mediabox[2:])) for p in read.pages}
    assert sizes == {(210, 297)}


def test_fonts_are_ours(read):
    fonts = {
        str(f["/BaseFont"]) for p in read.pages for f in (x.get_object() for x in p["/Resources"]["/Font"].values())
    }
    assert fonts
    assert all("+Misread" in name for name in fonts)


def test_the_same_run_gives_the_same_bytes_and_no_date(run, tmp_path):
    data = (run / "report.pdf").read_bytes()
    assert b"/CreationDate" not in data
    assert b"xmp:CreateDate" not in data
    school = run.parent / "school.toml"
    call("run", school, "--draws", 8, "--pdf", "--out", tmp_path / "again")
    assert (tmp_path / "again" / "report.pdf").read_bytes() == data


def test_it_goes_into_the_pack_and_is_made_again(run, tmp_path, monkeypatch):
    call("pack", run, "--out", tmp_path / "p.zip")
    assert members_of((tmp_path / "p.zip").read_bytes())["report.pdf"] == (run / "report.pdf").read_bytes()
    assert "report.html, report.pdf" in call("verify", tmp_path / "p.zip")
    monkeypatch.setattr("misread.report.pack.again.find_spec", lambda _: None)
    said = call("verify", tmp_path / "p.zip")
    assert "Not made again: report.pdf: the extra `pdf` is not installed." in said


def test_without_the_extra_one_message_before_anything_is_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)
    with pytest.raises(MisreadError) as caught:
        call("run", "one-classroom", "--pdf", "--out", tmp_path / "out")
    assert "`make extras`" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_the_rest_of_misread_goes_without_it():
    code = "import sys, misread.cli.measuring.run, misread.api, misread.report.pack; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_letters_that_no_font_has_are_a_message_not_a_bug(run):
    with pytest.raises(MisreadError) as caught:
        pdf.render_pdf({**_told(run), "kicker": "a letter for private use: \U0010fffd"})
    assert "No font here has some letter" in str(caught.value)
    assert len(caught.value.problems) == 1


def _told(run):
    return _told_of(load(run / "deployment.toml"))


def _told_of(deployment):
    findings = measured(deployment, draws=0).findings
    profiles = resolve_profiles(deployment)
    return told(findings, deployment, profiles, command="misread run", definitions=DEFINITIONS)


NAMES = SMALL.replace('"flat-affect"', f'"{"a very long name " * 11}"').replace('"resistant"', '"#strong[x] <b>&amp;"')
ONE_YEAR = SMALL.replace("school_years = 3", "school_years = 1").replace('"forever"', "30")
NEVER = SMALL.replace("none = 0.02", "none = 0").replace("neutral = 0.86", "neutral = 0.88")


@pytest.mark.parametrize(
    ("text", "settings", "says"),
    [
        (SMALL, ['rules."negative affect".off=true', 'rules."glum lesson".off=true', "file.marks=[]"], "Nobody would be flagged"),
        (NAMES, [], "#strong[x] <b>&amp;"),
        (ONE_YEAR, [], "30 school days"),
        (NEVER, ['rules."negative affect".labels=["none"]'], "This rule would never raise an alert."),
        (SMALL.replace('["teacher"]', "[]"), [], "that the cameras would put on file"),
    ],
    ids=["no rules", "names", "one year", "never", "nobody told"],
)  # fmt: skip
def test_whatever_the_deployment_has(tmp_path, text, settings, says):
    (tmp_path / "school.toml").write_text(text)
    made = pdf.render_pdf(_told_of(load(tmp_path / "school.toml", settings=settings)))
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert says in " ".join(" ".join(p.extract_text() for p in reader.pages).replace("\u200b", "").split())
    assert all(e.get("/Alt") for e in elements(reader) if e["/S"] == "/Figure")


def test_words_of_the_deployment_are_set_and_never_obeyed(run):
    evil = '#panic("no") $x$ *b* \\ ] } <finding-flag_ppv> @x https://example.org'
    made = pdf.render_pdf({**_told(run), "kicker": evil, "command": evil})
    text = " ".join(pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text().split())
    assert '#panic("no") $x$ *b* \\ ] } <finding-flag_ppv> @x' in text


def test_one_hundred_are_drawn_and_each_kind_by_its_own_mark():
    drawn = drawings.hundred(Hundred(wrong=60, right=25, none=15))
    # A head is a circle of two arcs.
    parts = {mark: drawn.partition(f'fill="{mark}"')[0].rpartition("<path")[2].count("a4.4") // 2
             for mark in ("url(#hatch)", drawings.RIGHT, drawings.SAND)}  # fmt: skip
    assert parts == {"url(#hatch)": 60, drawings.RIGHT: 25, drawings.SAND: 15}


def test_pdf_beside_json_needs_a_folder():
    done = CliRunner().invoke(cli, ["run", "one-classroom", "--pdf", "--json"])
    assert done.exit_code == 2
    assert "--pdf and --stress write to a folder: name one with --out beside --json." in done.stderr
