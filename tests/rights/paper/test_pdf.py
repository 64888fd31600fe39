"""Papers as tagged PDF, read back with another library."""

from __future__ import annotations

import io
from collections import Counter
from importlib.resources import files

import pypdf
import pytest

from misread.errors import MisreadError
from misread.rights.paper.blocks import Paper, Paragraph, Run, Table, plain
from misread.rights.paper.pdf import to_pdf
from tests.pack.test_pdf import elements
from tests.rights.paper.papers import EVERYTHING


@pytest.fixture(scope="module")
def reader():
    return pypdf.PdfReader(io.BytesIO(to_pdf(EVERYTHING)))


def test_it_says_that_it_is_accessible_and_has_title_and_language(reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert reader.metadata.title == "A paper of everything"
    assert reader.metadata.creation_date is None


def test_everything_is_tagged_as_what_it_is(reader):
    tags = Counter(str(element["/S"]).lstrip("/") for element in elements(reader))
    assert (tags["H1"], tags["H2"], tags["H3"]) == (1, 1, 1)
    assert (tags["L"], tags["LI"]) == (3, 6)
    assert (tags["Table"], tags["TR"], tags["TH"], tags["TD"], tags["Caption"]) == (1, 3, 2, 4, 1)
    assert tags["Strong"] >= 1
    assert tags["Em"] == 1


def test_it_says_all_and_the_annex_has_a_page_of_its_own(reader):
    first, second = (page.extract_text() for page in reader.pages)
    assert "A. Example\n1 Example Road" in first
    assert "again two" in first
    assert second.lstrip().startswith("An annex")
    assert "a | b" in second
    assert "In small letters." in second


def test_pages_are_a4(reader):
    box = reader.pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) == (210, 297)


def test_the_same_paper_gives_the_same_bytes():
    assert to_pdf(EVERYTHING) == to_pdf(EVERYTHING)


def test_a_letter_that_no_font_has_is_named_with_what_to_do():
    # SignWriting: no system has a font for it by itself.
    with pytest.raises(MisreadError, match="\U0001d800") as error:
        to_pdf(Paper("T", "en", (Paragraph(plain("a \U0001d800")),)))
    (problem,) = error.value.problems
    assert "--font" in problem.mend
    assert ".docx" in problem.mend


def test_a_font_that_is_none_is_refused(tmp_path):
    (tmp_path / "no.ttf").write_text("no font")
    with pytest.raises(MisreadError, match="no font") as error:
        to_pdf(EVERYTHING, [tmp_path / "no.ttf", tmp_path / "missing.ttf"])
    assert [problem.key for problem in error.value.problems] == ["--font", "--font"]


def test_a_font_that_is_given_sets_what_ours_cannot(tmp_path):
    drawn = tmp_path / "signs.ttf"
    drawn.write_bytes(font_with("\U0001d800"))
    paper = Paper("T", "en", (Paragraph(plain("a \U0001d800")),))
    reader = pypdf.PdfReader(io.BytesIO(to_pdf(paper, [drawn])))
    assert "a \U0001d800" in reader.pages[0].extract_text()


def font_with(letter):
    """A font that has one letter more than ours: it looks like an A."""
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

    font = TTFont(io.BytesIO((files("misread.report") / "pdf" / "fonts" / "text-400.ttf").read_bytes()))
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.cmap = {ord("A"): "A", ord(letter): "A"}
    font["cmap"].tables = [table]
    for name in font["name"].names:
        if name.nameID in (1, 4, 6, 16):
            name.string = "Signs of tests"
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def test_without_typst_it_says_what_else_there_is(monkeypatch):
    monkeypatch.setattr("misread.rights.paper.pdf.find_spec", lambda _name: None)
    with pytest.raises(MisreadError, match=r"\.docx"):
        to_pdf(EVERYTHING)


def pages(paper):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(to_pdf(paper))).pages]


def test_a_dense_paper_takes_less_room():
    blocks = tuple(Paragraph(plain("A paragraph that goes on. " * 20)) for _ in range(11))
    assert len(pages(Paper("T", "en", blocks, dense=True))) < len(pages(Paper("T", "en", blocks)))


def test_a_long_name_breaks_after_a_low_line_and_is_copied_whole():
    name = "false_flags_" * 8 + "per_pupil"
    cells = (((Run(name, "code"),), plain("word " * 60)),)
    (text,) = pages(Paper("T", "en", (Table("", ("a", "b"), cells),)))
    assert name in text.replace("\n", "")
    assert name not in text


def test_a_caption_does_not_stay_behind():
    filler = tuple(Paragraph(plain(f"line {i}")) for i in range(60))
    for n in range(26, 40):
        table = Table("The caption", ("head",), ((plain("cell"),),))
        for text in pages(Paper("T", "en", (*filler[:n], table))):
            assert ("The caption" in text) == ("cell" in text)


def test_nothing_is_written_anywhere_to_make_one(monkeypatch):
    def refused(*_args, **_kwargs):
        raise AssertionError("a file of its own")

    monkeypatch.setattr("misread.rights.paper.pdf.tempfile.TemporaryDirectory", refused)
    assert to_pdf(EVERYTHING).startswith(b"%PDF")
