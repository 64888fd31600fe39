"""The page that lists the catalogue."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from misread.evidence import Matrix, catalogue, read
from misread.evidence.page import page

from .test_malformed import GOOD

PAGE = Path(__file__).parents[2] / "docs" / "evidence.md"


def rows(text):
    """Id → cells of its row."""
    lines = [line for line in text.splitlines() if re.match(r"\| [A-Z]\d\d", line)]
    split = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    assert len(split) == len({cells[0] for cells in split})
    return {cells[0]: cells for cells in split}


def test_the_page_is_that_of_the_catalogue():
    committed = PAGE.read_text(encoding="utf-8")
    assert committed == page(), "write it again: python -m misread.evidence.page > docs/evidence.md"


def test_the_module_writes_it():
    done = subprocess.run(
        [sys.executable, "-m", "misread.evidence.page"],
        capture_output=True,
        check=True,
        env={"LC_ALL": "C", "PATH": ""},
    )
    assert done.stdout.decode("utf-8") == page()


def test_a_row_for_every_entry():
    found = rows(page())
    assert set(found) == set(catalogue())
    assert all(len(cells) == 7 for cells in found.values())
    for id, entry in catalogue().items():
        assert found[id][6] == entry.status
        assert found[id][5]
        assert isinstance(entry, Matrix) == ("matrix" in found[id][2] and "right" in found[id][2]), id


def test_rows_say_what_the_entries_say():
    found = rows(page())
    assert found["B03"][1:4] == ["How strongly an emotion is felt against how strongly the face shows it", "0.3 r", ""]
    assert "bored: 10.8 % (9.7 – 11.9)" in found["B07"][2]
    assert found["B07"][3] == "3,019 observations"
    assert found["M14"][2:4] == ["8 × 8 matrix, 32.6 % right", "280,532 frames"]
    assert "EmoNet, ChildEFES: 0.759 (n 158 photographs)" in found["A23"][2]
    assert found["A23"][3] == ""
    assert "doi.org/10.1037/emo0001015" in found["B03"][5]


def test_what_is_less_or_more_sure_says_so():
    found = rows(page())
    assert "(DOI from memory)" in found["A19"][5]
    assert "(verified)" in found["E16"][2]
    assert found["E16"][6] == "unverified"
    assert found["N01"][2] == "none found"
    assert '"data is stored in a permanent behavioral file"' in found["F03"][2]


def test_marks_are_text():
    text = GOOD.replace('"How often"', '"a | b <i> *c* d_e"')
    cells = rows(page(read({"a.toml": text})))["C90"]
    assert cells[1] == r"a \| b &lt;i> \*c\* d\_e"
