"""What differs between two runs, one sentence a finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from misread.findings.table import Finding
from misread.language import gettext as _
from misread.language import mark
from misread.report.words import amount


class Said(NamedTuple):
    """How a finding is said: what its values are multiplied by, and the sentence in English."""

    scale: float
    words: str


MEASURES: Mapping[str, Said] = {
    "flag_ppv": Said(100, mark("Of 100 flags, %(first)s are right in the first run and %(second)s in the second.")),
    "p_false_flag_by_day_1": Said(
        100,
        mark("Children wrongly flagged on the first day: %(first)s of 100 in the first run, %(second)s in the second."),
    ),
    "p_false_flag_by_week_1": Said(
        100,
        mark(
            "Children wrongly flagged in the first week: %(first)s of 100 in the first run, %(second)s in the second."
        ),
    ),
    "p_false_flag_by_year_1": Said(
        100,
        mark(
            "Children wrongly flagged in the first year: %(first)s of 100 in the first run, %(second)s in the second."
        ),
    ),
    "p_false_flag_by_end": Said(
        100, mark("Children wrongly flagged by the end: %(first)s of 100 in the first run, %(second)s in the second.")
    ),
    "false_flags_per_pupil_year": Said(
        1, mark("A child gets %(first)s wrong flags a school year in the first run and %(second)s in the second.")
    ),
    "spells_missed": Said(
        100, mark("Of 100 spells it should find, it misses %(first)s in the first run and %(second)s in the second.")
    ),
    "lesson_false_positive_rate": Said(
        100,
        mark("Of 100 lessons with nothing to find, %(first)s have a flag in the first run, %(second)s in the second."),
    ),
    "flags_on_file_end": Said(
        1, mark("A child leaves with %(first)s flags on file in the first run and %(second)s in the second.")
    ),
    "difference_false_flags": Said(
        1, mark("Wrong flags a year that groups lie apart: %(first)s in the first run, %(second)s in the second.")
    ),
    "alerts_per_teacher_day": Said(
        1, mark("The teacher of a class gets %(first)s alerts a day in the first run and %(second)s in the second.")
    ),
    "alerts_per_family_year": Said(
        1, mark("A family gets %(first)s alerts a year about each child in the first run and %(second)s in the second.")
    ),
    "labels_archived": Said(
        1, mark("Of each child, %(first)s labels are written down in the first run and %(second)s in the second.")
    ),
}
"""Findings that are said in words."""


def sentence(first: Finding, second: Finding, apart: bool | None) -> str:
    """A difference in words, and what the intervals say of it; empty where both figures read the same.

    Parameters
    ----------
    first, second : Finding
        The same finding of both runs, with values.
    apart : bool or None
        Whether their intervals do not meet; None where one has none.
    """
    scale, words = MEASURES[first.id]
    a, b = (amount(scale * (f.value or 0.0)) for f in (first, second))
    if a == b:
        return ""
    said = _(words, first=a, second=b)
    if apart is None:
        return said
    ends = {"first": _ends(first, scale), "second": _ends(second, scale)}
    if apart:
        more = _("What is known leaves %(first)s and %(second)s open: these do not meet.", **ends)
    else:
        more = _("What is known leaves %(first)s and %(second)s open: these overlap.", **ends)
    return f"{said} {more}"


def _ends(finding: Finding, scale: float) -> str:
    low, high = (amount(scale * (end or 0.0)) for end in (finding.low, finding.high))
    return low if low == high else _("%(low)s to %(high)s", low=low, high=high)
