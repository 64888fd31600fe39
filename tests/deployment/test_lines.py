"""Lines of keys: by hand, and against tomllib on random documents."""

from __future__ import annotations

import string
import tomllib

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.deployment.text.lines import positions

from .samples import FULL

TEXT = '''\
#:schema ./x.json
# The first comment.

a = 1   # one
b.c = "a # in a text"  # two
"quoted key" = 'x'
# about d,
# in two lines
d = [
  1,  # first
  { e = 2, f = { g = 3 } },
]  # after

[t]  # table
s = """
# no comment
[no.table]
"""
"i.j" = \'\'\'
k = 1\'\'\'\'
last = 1979-05-27 07:32:00

[t.u."v w"]
x = """a\\"""" # end
y = { z = [ { q = 1 },
  { q = 2 } ] }
[[arr]]
n = 1
[arr.sub]
m = 2
[[arr.inner]]
o = 3
[[arr.inner]]
o = 4
[[arr]]
n = 5
[[arr.inner]]
o = 6
[late.x]
[late]  # its own header
'''

LINES = {
    ("a",): (4, "one"),
    ("b",): (5, "two"),
    ("b", "c"): (5, "two"),
    ("quoted key",): (6, ""),
    ("d",): (9, "about d, in two lines"),
    ("d", 0): (10, "first"),
    ("d", 1): (11, ""),
    ("d", 1, "e"): (11, ""),
    ("d", 1, "f", "g"): (11, ""),
    ("t",): (14, "table"),
    ("t", "s"): (15, ""),
    ("t", "i.j"): (19, ""),
    ("t", "last"): (21, ""),
    ("t", "u", "v w"): (23, ""),
    ("t", "u", "v w", "x"): (24, "end"),
    ("t", "u", "v w", "y", "z", 0, "q"): (25, ""),
    ("t", "u", "v w", "y", "z", 1, "q"): (26, ""),
    ("arr",): (27, ""),
    ("arr", 0): (27, ""),
    ("arr", 0, "sub", "m"): (30, ""),
    ("arr", 0, "inner", 1, "o"): (34, ""),
    ("arr", 1): (35, ""),
    ("arr", 1, "inner", 0, "o"): (38, ""),
    ("late",): (40, "its own header"),
}


def paths(data, path=()):
    if path:
        yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from paths(value, (*path, key))


@pytest.mark.parametrize(("path", "where"), LINES.items(), ids=str)
def test_lines_and_comments(path, where):
    at = positions(TEXT)[path]
    assert (at.line, at.comment) == where


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), FULL], ids=["lf", "crlf", "deployment"])
def test_every_path_has_a_line(text):
    assert set(paths(tomllib.loads(text))) == set(positions(text))


keys = st.text(min_size=0, max_size=4) | st.text(string.ascii_letters, min_size=1, max_size=4)
scalars = (
    st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["#", "'''", '"', '"""', "\\", "]", "}", ",", "=", "\n", "a\nb = 1"])
    | st.datetimes()
)
values = st.recursive(scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(keys, v, max_size=3), max_leaves=12)


@settings(max_examples=300)
@given(st.dictionaries(keys, values, max_size=5), st.booleans())
def test_random_documents(data, multiline):
    text = tomli_w.dumps(data, multiline_strings=multiline)
    read = tomllib.loads(text)
    found = positions(text)
    assert set(paths(read)) == set(found)
    last = text.count("\n") + 1
    assert all(1 <= at.line <= last for at in found.values())
    # Keys of one table stand in their order (sub-tables after plain keys).
    plain = [found[(k,)].line for k, v in read.items() if not isinstance(v, dict | list)]
    assert plain == sorted(plain)


@given(
    st.lists(
        st.tuples(st.text(string.ascii_lowercase, min_size=1, max_size=5), st.text(string.ascii_letters + ' #"')),
        unique_by=lambda pair: pair[0],
    )
)
def test_comments_come_back(pairs):
    text = "".join(f"{key} = {i}  # {note}\n" for i, (key, note) in enumerate(pairs))
    found = positions(text)
    for i, (key, note) in enumerate(pairs):
        assert found[(key,)].line == i + 1
        assert found[(key,)].comment == note.strip()
