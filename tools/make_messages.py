"""Gather every sentence of the page for translators: `src/misread/locale/misread.pot`.

To begin a language: ``pybabel init -i src/misread/locale/misread.pot -d src/misread/locale -D misread -l CODE``; to
follow changes ``pybabel update``; to use it ``pybabel compile``, and `misread serve --language CODE`.
"""

from __future__ import annotations

import io
import tomllib
from contextlib import redirect_stderr
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "src" / "misread" / "locale" / "misread.pot"
KEYWORDS = {"_": None, "gettext": None, "mark": None, "ngettext": (1, 2)}


def gathered() -> Catalog:
    """Every sentence, in the order of the files it stands in."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    catalogue = Catalog(project="misread", header_comment="# Sentences of the page of misread.", fuzzy=False)
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    # It also complains of values that are f-strings, which are none of its business; ruff finds messages that are.
    with redirect_stderr(io.StringIO()):
        found = sorted(extract_from_dir(ROOT, methods, keywords=KEYWORDS), key=lambda one: (one[0], one[1]))
    for file, _line, message, _comments, _context in found:
        catalogue.add(message, locations=[(file, None)])
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a file, without the moment at which it was made: the same sentences, the same bytes."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, omit_header=True, sort_by_file=False)
    head = '# Sentences of the page of misread, for translators.\nmsgid ""\nmsgstr ""\n'
    head += '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    return head.encode() + out.getvalue()


if __name__ == "__main__":
    TEMPLATE.parent.mkdir(exist_ok=True)
    made = gathered()
    TEMPLATE.write_bytes(written(made))
    print(f"{len(made)} sentences: {TEMPLATE.relative_to(ROOT)}")
