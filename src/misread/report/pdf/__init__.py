"""The report as tagged PDF (PDF/UA-1), set by Typst from the same stories as the page.

The extra `pdf` brings Typst; nothing else needs it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import as_file, files
from importlib.util import find_spec
from typing import Any, Final

from misread.errors import MisreadError, Problem, install
from misread.report.pdf.content import content

STANDARD: Final = "ua-1"
NO_GLYPH = "could not be displayed"


def refuse_without_typst() -> None:
    """Refuse to go on where no PDF can be made.

    Raises
    ------
    MisreadError
        If the extra is not installed.
    """
    if find_spec("typst") is None:
        what = "The report as PDF is set by Typst, which is not installed."
        mend = install("pdf")
        raise MisreadError(Problem(what, "the extra `pdf`.", mend, "--pdf"))


def render_pdf(told: Mapping[str, Any]) -> bytes:
    """The report as PDF: tagged, with title, language and alternative texts, and without a date.

    Parameters
    ----------
    told : mapping
        As `misread.report.page.html.told` gives it.

    Returns
    -------
    bytes
        PDF/UA-1, checked by Typst as it is written. The same input gives the same bytes with the same Typst. Only
        letters that the fonts shipped lack are taken from the system's.

    Raises
    ------
    MisreadError
        If Typst is not installed, or no font has some letter.
    """
    refuse_without_typst()
    import typst

    text = json.dumps(content(told), ensure_ascii=False)
    here = files("misread.report") / "pdf"
    template: Any = (here / "report.typ").read_bytes()
    with as_file(here / "fonts") as fonts:
        for own in (True, False):
            try:
                made = typst.compile(
                    template,
                    sys_inputs={"told": text},
                    font_paths=[str(fonts)],
                    ignore_system_fonts=own,
                    format="pdf",
                    pdf_standards=STANDARD,
                )
            except typst.TypstError as error:
                if NO_GLYPH not in error.message:
                    raise
                if own:
                    continue
                what = f"No font here has some letter of the report: {error.message}."
                mend = "install a font that has it, or leave --pdf out: the report is in report.html as well."
                raise MisreadError(Problem(what, "fonts for every letter of the deployment.", mend, "--pdf")) from error
            assert isinstance(made, bytes)
            return made
    raise AssertionError("either round returns or raises")
