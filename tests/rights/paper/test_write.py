"""Papers as files, by the suffix of the name."""

from __future__ import annotations

import pytest

from misread.errors import MisreadError
from misread.rights.paper.write import formats, refuse_format, write_paper
from tests.rights.paper.papers import EVERYTHING

BEGINS = {".md": b"A. Example", ".docx": b"PK", ".pdf": b"%PDF"}


@pytest.mark.parametrize("suffix", formats)
def test_the_suffix_says_the_form(tmp_path, suffix):
    path = tmp_path / "new" / f"paper{suffix.upper()}"
    write_paper(EVERYTHING, path)
    assert path.read_bytes().startswith(BEGINS[suffix])


def test_another_suffix_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(MisreadError, match=r"\.docx"):
        write_paper(EVERYTHING, tmp_path / "paper.doc")
    assert not list(tmp_path.iterdir())


def test_pdf_is_refused_before_any_work_where_nothing_can_set_it(tmp_path, monkeypatch):
    monkeypatch.setattr("misread.rights.paper.pdf.find_spec", lambda _name: None)
    with pytest.raises(MisreadError, match="extra `pdf`"):
        refuse_format(tmp_path / "paper.PDF")
    refuse_format(tmp_path / "paper.docx")
