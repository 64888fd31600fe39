"""How large an export may be: what is larger is refused before it fills the machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from misread.errors import MisreadError, Problem
from misread.language import gettext as _

MOST_BYTES = 512 * 2**20
"""Of an export, unpacked."""
MOST_RATIO, RATIO_FROM = 400, 8 * 2**20
"""How many times its packed size a member of an archive may unpack to, once it is larger than this. Logs in which the
same words come again and again pack by a hundred or two; deflate can reach a thousand."""
MOST_MEMBERS = 2_000
MOST_TABLES = 500
MOST_COLUMNS = 16_384
"""As many as a sheet of a workbook can have."""
MOST_SHEET_ROWS = 1_048_576
"""What a sheet of a workbook can have (ECMA-376, as Excel limits it)."""
MOST_CELLS = 100_000_000
LONGEST_CELL = 65_536
"""Letters of a cell that are looked at: enough for any template. A picture in a cell is longer, and is seen to be one
by how it begins."""
LONGEST_ROW = 16 * 2**20
"""Bytes of a row of a CSV file."""
DEEPEST = 64
"""Levels of a JSON document."""

Progress = Callable[[int, int], None]
"""Told how much of how much has been read."""


def quiet(_done: int, _of: int) -> None:
    """Tell nobody."""


def too_large(where: str, what: str, most: str) -> MisreadError:
    """What to raise where a limit is passed."""
    return MisreadError(
        Problem(
            what,
            expected=most,
            mend=_("ask the school for it in several files, one a school year, and check each."),
            file=where,
        )
    )


@dataclass(slots=True)
class Budget:
    """How many bytes may still be unpacked, of all members together."""

    left: int = MOST_BYTES

    def take(self, size: int, where: str) -> None:
        """Use some up.

        Raises
        ------
        MisreadError
            If that many are not left.
        """
        self.left -= size
        if self.left < 0:
            what = _("It unpacks to more than %(most)s.", most=megabytes(MOST_BYTES))
            raise too_large(where, what, _("at most %(most)s, unpacked.", most=megabytes(MOST_BYTES)))


def megabytes(size: int) -> str:
    """A size in words, rounded up."""
    return f"{-(-size // 2**20):,} MB"
