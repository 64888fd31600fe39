"""Papers that tests write: one that holds everything, and any at all."""

from __future__ import annotations

from hypothesis import strategies as st

from misread.rights.paper.blocks import Heading, Items, Lines, Paper, Paragraph, Run, Table, joined, plain, said

EVERYTHING = Paper(
    "A paper of everything",
    "en-GB",
    (
        Lines((plain("A. Example"), plain("1 Example Road"))),
        Heading(plain("A paper of everything"), 1),
        Paragraph((Run("Strong", "strong"), Run(", "), Run("slanting", "emphasis"), Run(" and "), Run("code", "code"))),
        Items((plain("one"), plain("two")), numbered=True),
        Items((plain("again one"), plain("again two")), numbered=True),
        Items((plain("a point"), plain("another"))),
        Heading(plain("An annex"), 2, new_page=True),
        Table("What stands in it", ("Left", "Right"), ((plain("1"), plain("a | b")), (plain("2"), ()))),
        Heading(plain("Deeper"), 3),
        Paragraph(plain("In small letters."), small=True),
        Lines((plain("A. Example"), plain("B. Example")), signed=True),
    ),
)

_letters = st.one_of(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), st.sampled_from("*_`[]<>&~#|-+=:\\.)1T\"'! ")
)
texts = st.text(_letters, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
_runs = st.builds(Run, texts, st.sampled_from(["", "strong", "emphasis", "code"]))
words = st.lists(_runs, min_size=1, max_size=4).map(joined).filter(lambda w: said(w).strip() == said(w))
_lines = st.lists(words, min_size=2, max_size=3).map(tuple)


def _tables(columns):
    row = st.lists(words, min_size=columns, max_size=columns).map(tuple)
    head = st.lists(texts, min_size=columns, max_size=columns).map(tuple)
    return st.builds(Table, texts | st.just(""), head, st.lists(row, max_size=2).map(tuple))


blocks = st.one_of(
    st.builds(Heading, words, st.integers(2, 4), st.booleans()),
    st.builds(Paragraph, words),
    st.builds(Lines, _lines),
    st.builds(Items, st.lists(words, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.integers(1, 3).flatmap(_tables),
)
papers = st.builds(Paper, st.just("T"), st.just("en"), st.lists(blocks, max_size=4).map(tuple))


def outline(block):
    """A block without the styles of its words."""
    match block:
        case Heading(line, level, new_page):
            return "heading", said(line), level, new_page
        case Paragraph(line):
            return "paragraph", said(line)
        case Lines(lines):
            return "lines", [said(line) for line in lines]
        case Items(items, numbered):
            return "items", [said(item) for item in items], numbered
        case Table(caption, head, rows):
            return "table", caption, head, [[said(cell) for cell in row] for row in rows]
