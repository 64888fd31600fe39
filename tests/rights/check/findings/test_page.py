"""The page on checking an export, against the code."""

import re
from pathlib import Path

from misread.rights.check.dictionary.entries import CLASSES
from misread.rights.check.findings.calendar import Calendar, read_calendar
from misread.rights.check.findings.seen.checks import CHECKS
from misread.rights.check.model import Verdict

PAGE = (Path(__file__).parents[4] / "docs" / "rights" / "export-check.md").read_text(encoding="utf-8")


def table(after: str) -> list[list[str]]:
    rows = re.search(re.escape(after) + r".*?\n\|[^\n]*\n\|[ |-]*\n((?:\|[^\n]*\n)+)", PAGE, re.DOTALL)
    assert rows
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[1].splitlines()]


def test_the_checks_stand_there_as_they_are() -> None:
    expected = [[code, check.asks, f"`{check.field}`" if check.field else ""] for code, check in CHECKS.items()]
    assert table("<!-- checks -->") == expected


def test_all_classes_stand_there() -> None:
    assert sorted(row[0] for row in table("<!-- classes -->")) == sorted(CLASSES)


def test_all_verdicts_stand_there() -> None:
    assert [row[0] for row in table("## Four verdicts")] == list(Verdict.__args__)


def test_the_calendar_on_the_page_is_one() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    read = read_calendar("calendar.toml", text.encode())
    assert set(Calendar.model_fields) == {line.split(" = ")[0] for line in text.splitlines()}
    assert len(read.in_term()) > 100
