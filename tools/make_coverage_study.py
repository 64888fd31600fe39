"""Remake the figures of docs/audit/intervals.md: how often each kind of interval holds the truth.

    .venv/bin/python tools/make_coverage_study.py

Text of the page is written by hand; what stands between its markers is written here, and all figures into
docs/audit/coverage.json. It takes some two minutes. `--from-kept` writes the page from these figures.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.coverage.cell import Cell  # noqa: E402
from benchmarks.coverage.study import PARTS, SEED, kept, study  # noqa: E402
from benchmarks.coverage.tables import markdown, tables  # noqa: E402

from misread.audit.intervals.methods import DEFAULTS, METHODS  # noqa: E402
from misread.files import write_whole  # noqa: E402

PAGE = ROOT / "docs" / "audit" / "intervals.md"
KEPT = ROOT / "docs" / "audit" / "coverage.json"


def methods() -> Mapping[str, str]:
    """What is used where, as `misread audit --methods` tells it."""
    return {
        "defaults": markdown(
            ("figure", "faces independent", "persons known", "printed beside it"),
            ((d.statistic.replace("|", r"\|"), f"`{d.rows}`", f"`{d.persons}`", d.beside) for d in DEFAULTS),
        ).replace("---:", "---"),
        "methods": "\n".join(
            f"- **`{m.id}`**: {m.name}. {m.formula}. Used for {m.where_used}. {m.why} Source: {m.source}."
            for m in METHODS.values()
        ),
    }


def page(text: str, cells: Sequence[Cell]) -> str:
    """The page with its figures made anew.

    Raises
    ------
    ValueError
        If a marker is missing.
    """
    for name, made in {**tables(cells), **methods()}.items():
        between = re.compile(rf"(<!-- made: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text, n = between.subn(lambda found, made=made: f"{found[1]}{made}\n{found[2]}", text)
        if n != 1:
            raise ValueError(f"{PAGE.name} has {n} markers {name!r}")
    return text


def read() -> list[Cell]:
    """The figures that are kept."""
    named = ("table", "case", "method")
    return [
        Cell(*(str(cell[name]) for name in named), {name: cell[name] for name in cell if name not in named})
        for cell in json.loads(KEPT.read_text(encoding="utf-8"))["cells"]
    ]


def main() -> None:
    """Write them."""
    if "--from-kept" not in sys.argv[1:]:
        cells: list[Cell] = []
        for part in PARTS:
            print(part, file=sys.stderr)
            cells.extend(study([part]))
        lines = ",\n".join(json.dumps(cell, ensure_ascii=False) for cell in kept(cells))
        write_whole(KEPT, f'{{"seed": {SEED}, "cells": [\n{lines}\n]}}\n')
    write_whole(PAGE, page(PAGE.read_text(encoding="utf-8"), read()))


if __name__ == "__main__":
    main()
