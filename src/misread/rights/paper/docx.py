"""Papers for a word processor: real headings, lists and tables, with language and title."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from misread.rights.paper.blocks import Block, Heading, Items, Lines, Paper, Paragraph, Run, Table, Words

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle

_EPOCH: Final = datetime(2000, 1, 1)
"""No clock in a paper: what says when it was written is its date."""

_FONT: Final = "Arial"
_FONTS: Final = {"eastAsia": "Microsoft YaHei", "cs": "Nirmala UI"}
"""Fonts for what the first one has no letters for, which word processors replace where they are not there."""

_SIZES: Final = {1: 20, 2: 14, 3: 12, 4: 11}
_LETTER_SIZES: Final = {**_SIZES, 1: 13}
_DENSE_SIZES: Final = {1: 15, 2: 11, 3: 10, 4: 9.5}


def to_docx(paper: Paper) -> bytes:
    """A paper as DOCX.

    Parameters
    ----------
    paper : Paper
        The paper.

    Returns
    -------
    bytes
        A4, with the headings, lists, captions and header rows that a screen reader knows. The same paper gives the same
        bytes.
    """
    import docx

    document = docx.Document()
    _no_thumbnail(document)
    _set_up(document, paper)
    for block in paper.titled:
        _add(document, block)
    made = io.BytesIO()
    document.save(made)
    return _undated(made.getvalue())


def _no_thumbnail(document: Document) -> None:
    """Take out the picture of another page that the library's empty document brings along."""
    links = document.part.package.rels
    for id in [id for id, link in links.items() if link.reltype.endswith("/thumbnail")]:
        links.pop(id)


def _set_up(document: Document, paper: Paper) -> None:
    from docx.shared import Mm, Pt, RGBColor

    about = document.core_properties
    about.title, about.language = paper.title, paper.language
    about.author, about.last_modified_by, about.comments = "", "", ""
    about.created = about.modified = _EPOCH
    about.revision = 1
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    dense = paper.dense
    section.left_margin = section.right_margin = Mm(20 if dense else 25)
    section.top_margin, section.bottom_margin = (Mm(16), Mm(16)) if dense else (Mm(22), Mm(20))
    _language(document, paper.language)
    styles: Any = document.styles
    for name in ("Normal", "Caption", *(f"Heading {level}" for level in _SIZES)):
        style: ParagraphStyle = styles[name]
        _font(style)
        style.font.color.rgb = RGBColor(0, 0, 0)
    styles["Normal"].font.size = Pt(9.5 if dense else 11)
    styles["Normal"].paragraph_format.space_after = Pt(4 if dense else 8)
    styles["Normal"].paragraph_format.line_spacing = 1 if dense else 1.15
    styles["Caption"].font.size = Pt(8.5 if dense else 10)
    for level, size in (_LETTER_SIZES if paper.letter else _DENSE_SIZES if dense else _SIZES).items():
        style = styles[f"Heading {level}"]
        style.font.size, style.font.bold, style.font.italic = Pt(size), True, False
        style.paragraph_format.space_before = Pt(8 if dense else 12)
        style.paragraph_format.space_after = Pt(3 if dense else 6)
    _page_numbers(document)


def _font(style: ParagraphStyle) -> None:
    from docx.oxml.ns import qn

    style.font.name = _FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        # Those of the theme would win.
        if "Theme" in name or name == qn("w:hint"):
            del fonts.attrib[name]
    for script, font in _FONTS.items():
        fonts.set(qn(f"w:{script}"), font)


def _language(document: Document, language: str) -> None:
    """The language of the text: of its letters, of East Asian ones, and of those that are joined."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    said = defaults.find(qn("w:lang"))
    if said is None:
        said = OxmlElement("w:lang")
        defaults.append(said)
    tag = _TAGS.get(language, language)
    for script in ("val", "eastAsia", "bidi"):
        said.attrib.pop(qn(f"w:{script}"), None)
    said.set(qn("w:val"), tag)
    if own := _SCRIPTS.get(language.partition("-")[0]):
        said.set(qn(f"w:{own}"), tag)


_TAGS: Final = {"zh-Hans": "zh-CN", "en": "en-GB", "de": "de-DE", "fr": "fr-FR", "hi": "hi-IN"}
"""Word processors know languages only with a country."""

_SCRIPTS: Final = {"zh": "eastAsia", "ja": "eastAsia", "ko": "eastAsia", "hi": "bidi"}
"""Languages whose letters word processors set by fonts, and check by a language, of their own."""


def _page_numbers(document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    foot._p.append(field)


def _add(document: Document, block: Block) -> None:
    from docx.shared import Mm

    match block:
        case Heading(words, level, new_page):
            heading = document.add_paragraph(style=f"Heading {level}")
            heading.paragraph_format.page_break_before = new_page or None
            _write(heading, words)
        case Paragraph(words, _, small):
            _write(document.add_paragraph(), words, small)
        case Lines(lines, _, signed):
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.space_before = Mm(14) if signed else None
            for i, line in enumerate(lines):
                if i:
                    paragraph.add_run().add_break()
                _write(paragraph, line)
        case Items(items, numbered):
            number = _new_list(document) if numbered else None
            for item in items:
                paragraph = document.add_paragraph(style="List Number" if numbered else "List Bullet")
                if number is not None:
                    _count_in(paragraph, number)
                _write(paragraph, item)
        case Table():
            _add_table(document, block)


def _write(paragraph: Any, words: Words, small: bool = False) -> None:
    from docx.shared import Pt

    for run in words:
        written = paragraph.add_run(run.text)
        written.bold = True if run.style == "strong" else None
        written.italic = True if run.style == "emphasis" else None
        if run.style == "code":
            written.font.name = "Courier New"
        if small:
            written.font.size = Pt(8)


def _new_list(document: Document) -> int:
    """The number of a list that begins at 1, whatever lists stand above it."""
    numbering: Any = document.part.numbering_part.element
    styles: Any = document.styles
    number_of = {n.numId: n for n in numbering.num_lst}
    style_number = styles["List Number"].element.pPr.numPr.numId.val
    made = numbering.add_num(number_of[style_number].abstractNumId.val)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)


def _count_in(paragraph: Any, number: int) -> None:
    of = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    of.get_or_add_ilvl().val = 0
    of.get_or_add_numId().val = number


def _add_table(document: Document, block: Table) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Emu

    if block.caption:
        caption = document.add_paragraph(block.caption, style="Caption")
        caption.paragraph_format.keep_with_next = True
    section = document.sections[0]
    room = int(section.page_width or 0) - int(section.left_margin or 0) - int(section.right_margin or 0)
    widths = [Emu(int(room * share)) for share in block.shares]
    table = document.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for i, cells in enumerate(_rows(block)):
        row = table.add_row()
        about = row._tr.get_or_add_trPr()
        about.append(OxmlElement("w:cantSplit"))
        if i == 0:
            about.append(OxmlElement("w:tblHeader"))
        for cell, words, width in zip(row.cells, cells, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = 0
            _write(paragraph, words)
    # Word processors want a paragraph between two tables.
    document.add_paragraph().paragraph_format.space_after = 0


def _rows(block: Table) -> Iterator[tuple[Words, ...]]:
    yield tuple((Run(word, "strong"),) for word in block.head)
    yield from block.rows


def _undated(content: bytes) -> bytes:
    """The same archive with all its members of one day."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as read, zipfile.ZipFile(made, "w") as written:
        for member in read.infolist():
            plain = zipfile.ZipInfo(member.filename, _EPOCH.timetuple()[:6])
            plain.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(plain, read.read(member))
    return made.getvalue()
