"""Remake the figures of docs/rights/export-check-measured.md: a thousand exports with planted faults, checked.

    .venv/bin/python tools/make_export_study.py

Text of the page is written by hand; what stands between its markers is written here. It takes some minutes.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.rights.check.planted.study import Outcome, study  # noqa: E402
from tests.rights.check.planted.tables import bounds, by_fault, by_layout  # noqa: E402

from misread.files import write_whole  # noqa: E402

PAGE = ROOT / "docs" / "rights" / "export-check-measured.md"
NUMBERS = range(20_000, 21_000)
"""Exports by number. The check was built looking at some of others; at none of these."""


def parts(outcomes: Sequence[Outcome]) -> Mapping[str, str]:
    """What is written between markers."""
    return {
        "summary": textwrap.fill(bounds(outcomes), 120),
        "faults": by_fault(outcomes),
        "layouts": by_layout(outcomes),
    }


def page(text: str, outcomes: Sequence[Outcome]) -> str:
    """The page with its figures made anew.

    Raises
    ------
    ValueError
        If a marker is missing.
    """
    for name, made in parts(outcomes).items():
        between = re.compile(rf"(<!-- made: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text, n = between.subn(lambda found, made=made: f"{found[1]}{made}\n{found[2]}", text)
        if n != 1:
            raise ValueError(f"{PAGE.name} has {n} markers {name!r}")
    return text


def main() -> None:
    """Write them."""
    outcomes = []
    for one in study(NUMBERS):
        outcomes.append(one)
        if len(outcomes) % 100 == 0:
            print(f"{len(outcomes)} of {len(NUMBERS)}", file=sys.stderr)
    write_whole(PAGE, page(PAGE.read_text(encoding="utf-8"), outcomes))
    print(bounds(outcomes))


if __name__ == "__main__":
    main()
