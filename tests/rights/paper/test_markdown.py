"""Papers as Markdown and back: what is written is read again as it was, by ours and by any other reader."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from misread.errors import MisreadError
from misread.rights.paper.blocks import Heading, Items, Lines, Paper, Paragraph, Run, Table, plain, said
from misread.rights.paper.markdown import to_blocks, to_markdown
from tests.rights.paper.papers import EVERYTHING, outline, papers


@settings(max_examples=40, deadline=None)
@given(papers)
def test_whatever_a_paper_says_comes_back(paper):
    comes_back(paper)


@pytest.mark.long
@settings(max_examples=5000, deadline=None)
@given(papers)
def test_whatever_many_papers_say_comes_back(paper):
    comes_back(paper)


def comes_back(paper):
    text = to_markdown(paper)
    assert [outline(block) for block in to_blocks(text)] == [outline(block) for block in paper.titled]
    # Styles are kept where they are written at all: a second round changes nothing.
    assert to_markdown(Paper("T", "en", to_blocks(text))) == text


@settings(max_examples=25, deadline=None)
@given(papers)
def test_a_reader_of_full_commonmark_sees_the_same_letters_and_nothing_else(paper):
    tokens = MarkdownIt("commonmark").enable("table").parse(to_markdown(paper))
    inner = [child for token in tokens if token.type == "inline" for child in token.children or ()]
    assert not {token.type for token in (*tokens, *inner)} & {
        "html_block", "html_inline", "link_open", "image", "code_block", "fence", "blockquote_open",
    }  # fmt: skip
    read = "".join(" " if child.type in ("softbreak", "hardbreak") else child.content for child in inner)
    wanted = "".join(flat(block) for block in paper.titled)
    assert read == wanted


def flat(block):
    match outline(block):
        case "heading", text, *_:
            return text
        case "paragraph", text:
            return text
        case "lines", lines:
            return " ".join(lines)
        case "items", items, _:
            return "".join(items)
        case _, caption, head, rows:
            titled = f"Table: {caption}" if caption else ""
            return titled + "".join(head) + "".join(cell for row in rows for cell in row)


def test_everything_that_markdown_can_say_comes_back_in_its_style():
    kept = [
        b for b in EVERYTHING.blocks if not (isinstance(b, Paragraph) and b.small) and not getattr(b, "signed", False)
    ]
    assert to_blocks(to_markdown(Paper("A paper of everything", "en", tuple(kept)))) == tuple(kept)


def test_styles_lines_lists_and_tables_are_read():
    text = "# T\n\na **b** *c* `d`\nsoft\n\nx\\\ny\n\n3\\. no list\n\n- p\n- q\n\n---\n\n## Next\n\nTable: C\n\n| h |\n|---|\n| 1 |"
    assert to_blocks(text) == (
        Heading(plain("T"), 1),
        Paragraph(
            (Run("a "), Run("b", "strong"), Run(" "), Run("c", "emphasis"), Run(" "), Run("d", "code"), Run(" soft"))
        ),
        Lines((plain("x"), plain("y"))),
        Paragraph(plain("3. no list")),
        Items((plain("p"), plain("q"))),
        Heading(plain("Next"), 2, new_page=True),
        Table("C", ("h",), ((plain("1"),),)),
    )


@pytest.mark.parametrize(
    "text",
    ["<b>bold</b>", "[a](https://example.invalid)", "![a](b.png)", "<https://example.invalid>", "&amp;", "[a]: b"],
)
def test_html_links_and_pictures_are_their_letters(text):
    (block,) = to_blocks(text)
    assert said(block.words) == text


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a\n\n##### deep", 3, "level 5"),
        ("a\n\n2. b", 3, "does not begin at 1"),
        ("- a\n  - b", 2, "more than a line"),
        ("- a\n\n  b", 3, "several paragraphs"),
        ("a\n\n> b", 3, "quotation"),
        ("Table: C\n\na", 3, "no table below"),
        ("---\n\na", 3, "no heading below"),
    ],
)
def test_what_no_paper_is_made_of_is_refused_with_its_line(text, line, what):
    with pytest.raises(MisreadError, match=what) as error:
        to_blocks(text)
    assert error.value.problems[0].line == line


def test_a_title_stands_above_only_where_no_block_is_it():
    assert to_markdown(Paper("T", "en", (Paragraph(plain("a")),))) == "# T\n\na\n"
    assert to_markdown(Paper("T", "en", (Paragraph(plain("a")), Heading(plain("B"), 1)))) == "a\n\n# B\n"


@pytest.mark.parametrize(
    "text",
    ["&amp;", "<b>", "*a*", "_a_", "`a`", "[a](b)", "![a](b)", "~~a~~", "# a", "- a", "+ a", "1. a", "2) a", "> a",
     "a | b", "| a |", ":-- a", "= a", "Table: a", "\\", "\\*", "a#", "---", "***", "+++"],
)  # fmt: skip
def test_what_looks_like_a_mark_is_written_so_that_nobody_reads_one(text):
    paper = Paper("T", "en", (Heading(plain("T"), 1), Lines((plain(text), plain(text))), Items((plain(text),))))
    written = to_markdown(paper)
    assert to_blocks(written) == paper.blocks
    tokens = MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(written)
    read = [child.content for t in tokens if t.type == "inline" for child in t.children if child.type != "hardbreak"]
    assert "".join(read) == "T" + 3 * text
