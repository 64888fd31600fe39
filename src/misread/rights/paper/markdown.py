"""Papers as Markdown: what can be said in it comes back as it was.

Read is a part of CommonMark: headings, paragraphs, lines that end hard, lists of one level, tables, bold, emphasis and
code. HTML, links, pictures and entities are no more than their letters. A paragraph that begins with ``Table:`` above a
table is its caption; a rule above a heading begins a page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from misread.errors import MisreadError, Problem
from misread.rights.paper.blocks import Block, Heading, Items, Lines, Paper, Paragraph, Run, Style, Table, Words, joined

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_NOT_READ = [
    "image",
    "link",
    "autolink",
    "entity",
    "html_inline",
    "html_block",
    "reference",
    "fence",
    "code",
    "lheading",
]
_CAPTION = "Table: "
_DEEPEST = 4
"""The deepest level of a heading."""


def to_blocks(text: str) -> tuple[Block, ...]:
    """Blocks from Markdown.

    Parameters
    ----------
    text : str
        The Markdown.

    Raises
    ------
    MisreadError
        If something is in it that no paper is made of, with its line.
    """
    return tuple(_blocks(_parser().parse(text)))


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").disable(_NOT_READ)


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    at, caption, new_page = 0, "", False
    while at < len(tokens):
        token = tokens[at]
        end = _end(tokens, at)
        inside = tokens[at + 1 : end]
        if caption and token.type != "table_open":
            raise _refused(token, f"The caption {caption!r} has no table below it.")
        if new_page and token.type != "heading_open":
            raise _refused(token, "A rule has no heading below it.")
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
                if level > _DEEPEST:
                    raise _refused(token, f"A heading has level {level}.")
                yield Heading(_line(inside[0]), level, new_page)
                new_page = False
            case "paragraph_open" if inside[0].content.startswith(_CAPTION):
                caption = "".join(run.text for run in _line(inside[0])).removeprefix(_CAPTION)
            case "paragraph_open":
                lines = _lines(inside[0])
                yield Paragraph(lines[0]) if len(lines) == 1 else Lines(lines)
            case "bullet_list_open" | "ordered_list_open":
                yield _items(token, inside)
            case "table_open":
                yield _table(inside, caption)
                caption = ""
            case "hr":
                new_page = True
            case _:
                raise _refused(token, "It holds a quotation, or something else that no paper is made of.")
        at = end + 1
    if caption or new_page:
        raise _refused(tokens[-1], "Something has to stand below its last line.")


def _end(tokens: Sequence[Token], at: int) -> int:
    """Where what a token opens is closed; the token itself if it opens nothing."""
    depth = 0
    for i in range(at, len(tokens)):
        depth += tokens[i].nesting
        if depth == 0:
            return i
    raise AssertionError("what is opened is closed")


def _items(opened: Token, inside: Sequence[Token]) -> Items:
    if opened.attrs.get("start", 1) != 1:
        raise _refused(opened, "A list does not begin at 1.")
    items: list[Words] = []
    for token in inside:
        match token.type:
            case "list_item_open":
                items.append(())
            case "inline" if items[-1]:
                raise _refused(token, "A point of a list has several paragraphs.")
            case "inline":
                items[-1] = _line(token)
            case "paragraph_open" | "paragraph_close" | "list_item_close":
                pass
            case _:
                raise _refused(token, "A point of a list holds more than a line of text.")
    return Items(tuple(items), opened.type == "ordered_list_open")


def _table(inside: Sequence[Token], caption: str) -> Table:
    rows: list[list[Words]] = []
    for token in inside:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_line(token))
    head, *body = rows
    return Table(caption, tuple("".join(run.text for run in cell) for cell in head), tuple(map(tuple, body)))


def _line(inline: Token) -> Words:
    """What has to be a single line."""
    lines = _lines(inline)
    if len(lines) > 1:
        raise _refused(inline, "A line ends hard where there can be only one.")
    return lines[0]


def _lines(inline: Token) -> tuple[Words, ...]:
    lines: list[list[Run]] = [[]]
    strong = emphasis = 0
    for token in inline.children or ():
        style: Style = "strong" if strong else "emphasis" if emphasis else ""
        match token.type:
            case "text" | "text_special":
                lines[-1].append(Run(token.content, style))
            case "code_inline":
                lines[-1].append(Run(token.content, "code"))
            case "softbreak":
                lines[-1].append(Run(" ", style))
            case "hardbreak":
                lines.append([])
            case "strong_open" | "strong_close":
                strong += token.nesting
            case "em_open" | "em_close":
                emphasis += token.nesting
            case _:
                raise AssertionError(token.type)
    return tuple(joined(line) for line in lines)


def _refused(token: Token, what: str) -> MisreadError:
    expected = "headings to level 4, paragraphs, lists of one level that begin at 1, tables, bold, emphasis and code."
    line = token.map[0] + 1 if token.map else None
    return MisreadError(Problem(what, expected, "write it as one of these.", "Markdown", line=line))


def to_markdown(paper: Paper) -> str:
    """A paper as Markdown.

    Every letter comes back with `to_blocks`, and with any reader of CommonMark. What Markdown cannot say is left out:
    the ids of paragraphs, that one is small or signed, and a style where a mark for it would not be read as one.

    Parameters
    ----------
    paper : Paper
        The paper.
    """
    return "\n\n".join(_block(block, other) for block, other in _apart(paper.titled)) + "\n"


def _apart(blocks: Sequence[Block]) -> Iterator[tuple[Block, bool]]:
    """Blocks, and whether one is a list that takes the other mark, so as not to go on with the one above it."""
    other, before = False, None
    for block in blocks:
        follows = isinstance(block, Items) and isinstance(before, Items) and block.numbered == before.numbered
        other = follows and not other
        yield block, other
        before = block


def _block(block: Block, other: bool) -> str:
    match block:
        case Heading(words, level, new_page):
            return ("---\n\n" if new_page else "") + f"{'#' * level} {_inline(words)}"
        case Paragraph(words):
            return _begun(_inline(words))
        case Lines(lines):
            return "\\\n".join(_begun(_inline(line)) for line in lines)
        case Items(items, numbered):
            mark, point = (")" if other else "."), ("*" if other else "-")
            marks = [f"{i}{mark} " if numbered else f"{point} " for i in range(1, len(items) + 1)]
            return "\n".join(mark + _begun(_inline(item)) for mark, item in zip(marks, items, strict=True))
        case Table():
            return _written_table(block)


def _written_table(table: Table) -> str:
    rows = [[_escaped(cell) for cell in table.head], ["---"] * len(table.head)]
    rows += [[_inline(cell) for cell in row] for row in table.rows]
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    caption = [f"{_CAPTION}{_escaped(table.caption)}\n"] if table.caption else []
    return "\n".join([*caption, *lines])


_MARKS = {"strong": "**", "emphasis": "*", "": "", "code": ""}


def _inline(words: Words) -> str:
    out = ""
    runs = joined(words)
    for i, run in enumerate(runs):
        if run.style == "code":
            out += _code(run.text)
            continue
        mark = _MARKS[run.style]
        before = out[-1:]
        after = (
            runs[i + 1].text[:1] if i + 1 < len(runs) and not runs[i + 1].style else "x" if i + 1 < len(runs) else ""
        )
        last = runs[i - 1].style if i else ""
        if mark and (last in ("strong", "emphasis") or not _holds(before, run.text, after)):
            mark = ""
        out += f"{mark}{_escaped(run.text)}{mark}"
    return out


def _holds(before: str, text: str, after: str) -> bool:
    """Whether marks around a text are read as such: the rules of CommonMark for what flanks them."""
    first, last = text[0], text[-1]
    if first.isspace() or last.isspace():
        return False
    opens = not _sign(first) or not before or before.isspace() or _sign(before)
    closes = not _sign(last) or not after or after.isspace() or _sign(after)
    return opens and closes


def _sign(c: str) -> bool:
    return unicodedata.category(c)[0] in "PS"


def _code(text: str) -> str:
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    room = " " if text.strip() and (text[0] in "` " or text[-1] in "` ") else ""
    return f"{ticks}{room}{text}{room}{ticks}"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>&~#])", r"\\\1", text)


def _begun(line: str) -> str:
    """A line whose beginning is not read as the mark of a list, a heading, a rule, a table or its caption."""
    line = re.sub(r"^([-+=|:])", r"\\\1", line)
    line = re.sub(r"^(\d{1,9})([.)])", r"\1\\\2", line)
    return re.sub(r"^(Table):", r"\1\\:", line)
