"""Numbers that a workbook shows as dates and times, as text that can be read in one way only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

Shown = Literal["", "date", "time", "both"]
_OWN: Mapping[int, Shown] = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)), "date"),
    **dict.fromkeys((18, 19, 20, 21, *range(32, 36), 45, 46, 47), "time"),
    22: "both",
}
"""Formats that every workbook has (ECMA-376, 18.8.30), those of East Asia included."""
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|AM/PM|A/P', re.IGNORECASE)
_LAST = 2_958_465
"""31 December 9999."""
_DAY = 86_400_000


def shown_as(number: int, code: str = "") -> Shown:
    """How a format shows a number: as a date, a time, both, or as what it is."""
    if not code:
        return _OWN.get(number, "")
    plain = _NOT_SHOWN.sub("", code.partition(";")[0]).lower()
    if plain == "general":
        return ""
    day, hour = any(c in plain for c in "dy"), any(c in plain for c in "hs")
    if day or hour:
        return "both" if day and hour else "date" if day else "time"
    return "date" if "m" in plain else ""


def as_text(value: str, shown: Shown, since_1904: bool = False) -> str:
    """The moment that a number stands for; the number itself where it stands for none."""
    try:
        number = float(value)
    except ValueError:
        return value
    if not 0 <= number < _LAST + 1:
        return value
    days, rest = divmod(round(number * _DAY), _DAY)
    if shown == "time" and not days:
        return _clock(rest)
    if not days and not since_1904:
        return value
    day = _day(days, since_1904)
    return f"{day} {_clock(rest)}" if rest or shown != "date" else day


@lru_cache(maxsize=20_000)
def _day(days: int, since_1904: bool) -> str:
    # Workbooks count a 29 February 1900 that never was.
    first = date(1904, 1, 1) if since_1904 else date(1899, 12, 30 if days > 60 else 31)
    return (first + timedelta(days=min(days, (date.max - first).days))).isoformat()


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{rest:03}" if rest else text
