"""Papers for a word processor, read back."""

from __future__ import annotations

import io
import zipfile

import docx
from docx.oxml.ns import qn
from hypothesis import given, settings

from misread.rights.paper.blocks import Items, Paper, Paragraph, Table, plain
from misread.rights.paper.docx import to_docx
from tests.rights.paper.papers import EVERYTHING, outline, papers


def read(paper):
    return docx.Document(io.BytesIO(to_docx(paper)))


def test_it_has_title_language_and_a4():
    document = read(EVERYTHING)
    assert (document.core_properties.title, document.core_properties.language) == ("A paper of everything", "en-GB")
    said = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert said.get(qn("w:val")) == "en-GB"
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)


def test_languages_with_letters_of_their_own_are_named_where_those_are_looked_up():
    for language, script, tag in (("zh-Hans", "eastAsia", "zh-CN"), ("hi", "bidi", "hi-IN")):
        document = read(Paper("T", language, (Paragraph(plain("a")),)))
        said = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
        assert said.get(qn(f"w:{script}")) == tag


def test_headings_lists_and_captions_have_the_styles_that_screen_readers_know():
    styles = [(p.style.name, p.text) for p in read(EVERYTHING).paragraphs]
    assert ("Heading 1", "A paper of everything") in styles
    assert ("Heading 2", "An annex") in styles
    assert ("Heading 3", "Deeper") in styles
    assert ("List Number", "one") in styles
    assert ("List Bullet", "a point") in styles
    assert ("Caption", "What stands in it") in styles
    assert ("Normal", "A. Example\n1 Example Road") in styles


def test_runs_are_strong_and_slanting():
    paragraph = next(p for p in read(EVERYTHING).paragraphs if p.text.startswith("Strong"))
    assert [(r.text, bool(r.bold), bool(r.italic)) for r in paragraph.runs] == [
        ("Strong", True, False),
        (", ", False, False),
        ("slanting", False, True),
        (" and ", False, False),
        ("code", False, False),
    ]


def test_each_numbered_list_begins_at_one():
    document = read(EVERYTHING)
    numbers = [
        p._p.pPr.numPr.numId.val
        for p in document.paragraphs
        if p.style.name == "List Number" and p._p.pPr.numPr is not None
    ]
    assert len(numbers) == 4
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]
    numbering = document.part.numbering_part.element
    for number in set(numbers):
        (of,) = [num for num in numbering.num_lst if num.numId == number]
        assert of.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}").get(qn("w:val")) == "1"


def test_a_table_repeats_its_first_row_and_breaks_no_row():
    (table,) = read(EVERYTHING).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["Left", "Right"], ["1", "a | b"], ["2", ""]]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_an_annex_begins_a_page_and_a_signature_has_room():
    paragraphs = read(EVERYTHING).paragraphs
    assert [p.text for p in paragraphs if p.paragraph_format.page_break_before] == ["An annex"]
    (signed,) = [p for p in paragraphs if p.text == "A. Example\nB. Example"]
    assert signed.paragraph_format.space_before.mm > 10


def test_the_same_paper_gives_the_same_bytes_and_no_clock_or_name_is_in_them():
    assert to_docx(EVERYTHING) == to_docx(EVERYTHING)
    with zipfile.ZipFile(io.BytesIO(to_docx(EVERYTHING))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert not [name for name in archive.namelist() if "thumbnail" in name]
        core = archive.read("docProps/core.xml").decode()
    assert "python-docx" not in core
    assert "<dc:creator></dc:creator>" in core or "<dc:creator/>" in core


@settings(max_examples=6, deadline=None)
@given(papers)
def test_whatever_a_paper_says_stands_in_it(paper):
    document = read(paper)
    wanted = [outline(block) for block in paper.titled]
    found = "\n".join(
        [p.text for p in document.paragraphs] + [c.text for t in document.tables for r in t.rows for c in r.cells]
    )
    for _kind, *texts in wanted:
        for text in flat(texts):
            assert text in found


def flat(texts):
    for text in texts:
        if isinstance(text, str):
            yield text
        elif isinstance(text, (list, tuple)):
            yield from flat(text)


def test_small_words_are_smaller():
    document = read(Paper("T", "en", (Paragraph(plain("a"), small=True), Items((plain("b"),)))))
    (small,) = [p for p in document.paragraphs if p.text == "a"]
    assert small.runs[0].font.size.pt < document.styles["Normal"].font.size.pt


def test_columns_that_hold_more_are_wider_and_fill_the_line():
    table = Table("", ("a", "b"), ((plain("x"), plain("word " * 30)),))
    (read_table,) = read(Paper("T", "en", (table,))).tables
    narrow, wide = (column.width for column in read_table.columns)
    assert wide > 2 * narrow
    assert abs((narrow + wide) - 160 * 36000) < 1000


def test_a_dense_paper_has_smaller_letters_and_margins():
    dense, loose = read(Paper("T", "en", (), dense=True)), read(Paper("T", "en", ()))
    for style in ("Normal", "Heading 1", "Heading 2"):
        assert dense.styles[style].font.size < loose.styles[style].font.size
    assert dense.sections[0].left_margin < loose.sections[0].left_margin
