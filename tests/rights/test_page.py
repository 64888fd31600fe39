"""The page about rights says what the files say."""

from __future__ import annotations

import re
from collections import Counter

from misread.rights import law
from tests.docs.pages import DOCS, fences

PAGE = (DOCS / "rights.md").read_text(encoding="utf-8")


def test_its_table_counts_what_there_is():
    rows = re.findall(r"^\| `([a-z-]+)` \| .+ \| (\d+) \| (\d+) \|$", PAGE, re.MULTILINE)
    there = {(id, str(len(place.provision)), str(len(place.deadline))) for id, place in law().items()}
    assert set(rows) == there
    assert len(rows) == len(there)


def test_it_says_how_much_was_read():
    marks = Counter(place.mark(e) for place in law().values() for e in (*place.provision, *place.deadline))
    said = re.search(
        r"Of the (\d+) provisions and deadlines, (\d+) rest .+?,\s(\d+) on .+?, and (\d+|none) on", PAGE, re.DOTALL
    )
    assert said
    assert [0 if n == "none" else int(n) for n in said.groups()] == [marks.total(), marks["O"], marks["S"], marks["K"]]
    assert not marks["R"]


def test_its_example_gives_what_it_says():
    (example,) = (fence.text for fence in fences(PAGE) if fence.language == "python")
    names: dict[str, object] = {}
    wanted = re.findall(r"^(.+?) +# (.+)$", example, re.MULTILINE)
    exec(example, names)
    assert len(wanted) == 3
    for code, said in wanted:
        value = eval(code, names)
        values = value if isinstance(value, tuple) else (value,)
        assert ", ".join(str(one) for one in values) == said.strip('"')
