"""How long it was kept: X09 against what was promised, X10 against the day of an opt-out or of leaving."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from misread.language import gettext as _
from misread.language import mark
from misread.rights.check.dictionary.times import NONE, Ints
from misread.rights.check.findings.seen.checks import MOST_ROWS, finding, worst
from misread.rights.check.findings.seen.days import in_words, number, told, undated, without_day
from misread.rights.check.findings.seen.promised import DAY, FOREVER, Promise, length

if TYPE_CHECKING:
    from misread.rights.check.dictionary.classify import Column
    from misread.rights.check.findings.seen.look import Look
    from misread.rights.check.findings.seen.parts import Part
    from misread.rights.check.model import Finding, Json, Verdict

KINDS: dict[str, tuple[str, ...]] = {
    "ret.labels": ("vital-sign",),
    "ret.templates": ("template",),
    "ret.raw": ("image", "audio"),
}
"""Field of the record → classes whose time of keeping it promises, beside the labels of the first."""
WHAT: dict[str, str] = {
    "ret.labels": mark("the labels"),
    "ret.templates": mark("the templates"),
    "ret.raw": mark("pictures and sound"),
}


def x09(look: Look) -> Finding:
    """Whether anything is older than was promised."""
    if undated(look):
        says = _("Its dates can be read with the day first or with the month first. It does not guess.")
        return finding("X09", "cannot tell", says, promised=look.promise("ret.labels"), next=["answer:--dates"])
    found = [one for field in KINDS if (one := _kept(look, field))]
    if not found:
        says = _("No date stands beside labels, templates, pictures or sound.")
        return finding("X09", "cannot tell", says, {"kinds": []}, look.promise("ret.labels"), ["question:ret.labels"])
    verdict = worst(one[1] for one in found)
    promised = next(one[0] for one in found if one[1] == verdict)
    saw: dict[str, Json] = {"kinds": [one[2] for one in found]}
    asks = [f"question:{one[0].field}" for one in found if one[1] != "matches"]
    if verdict == "cannot tell" and not look.answers.on and look.record:
        asks = ["answer:--on", *asks]
    if verdict == "contradicts":
        asks = ["letter:erasure", "question:ret.proof", *asks]
    return finding("X09", verdict, " ".join(one[3] for one in found), saw, promised, asks)


class Entries(NamedTuple):
    """Entries of one kind in one place: the part, the column, and the day and row of each."""

    part: Part
    column: Column
    days: Ints
    rows: NDArray[np.int64]


def _entries(look: Look, field: str) -> Iterator[Entries]:
    """What a promise is about: labels as they were written, or whatever fills a column."""
    if field == "ret.labels":
        for stream in look.streams:
            yield Entries(stream.part, stream.columns[0], stream.days, stream.rows)
    for part, times in zip(look.parts, look.times, strict=True):
        for column, cells in part.of(*KINDS[field]):
            rows = np.flatnonzero(cells.filled)
            yield Entries(part, column, times.days[rows], rows)


def _kept(look: Look, field: str) -> tuple[Promise, Verdict, Json, str] | None:
    """Of one kind: what was promised, the verdict, what was seen, and both in a sentence; None if there is none."""
    today = look.last_day
    entries = list(_entries(look, field))
    dated = [one for one in entries if (one.days != NONE).any()]
    if not dated or today is None:
        return None
    oldest = min(int(one.days[one.days != NONE].min()) for one in dated)
    age = today - oldest
    said = look.promise(field)
    saw: dict[str, Json] = {
        "field": field,
        "classes": sorted({one.column.kind for one in dated}),
        "columns": [look.shown(one.column) for one in dated],
        "oldest": told(oldest),
        "age_days": age,
        "counted_to": told(today),
    }
    says = _(
        "The oldest of %(what)s is of %(day)s: %(n)s days old on %(last)s.",
        what=_(WHAT[field]),
        day=in_words(oldest),
        n=age,
        last=in_words(today),
    )
    if not said.told:
        return said, said.silent, saw, says
    promised = length(said.value)
    if promised is None:
        return said, "cannot tell", saw, says + " " + _("What was promised names no number of days.")
    if promised[1] == FOREVER:
        return said, "matches", saw, says + " " + _("It was said that it is kept for ever.")
    most = int(promised[1] // DAY)
    older = [(one, np.flatnonzero((one.days != NONE) & (today - one.days > most))) for one in dated]
    rows = sum(where.size for _one, where in older)
    saw |= {"promised_days": most, "rows_older": rows}
    says += " " + _("%(n)s days were promised.", n=most)
    if not rows and (open_ := sum(int((one.days == NONE).sum()) for one in entries)):
        saw["without_day"] = open_
        says += " " + _("Entries without a day that can be read: %(n)s.", n=f"{open_:,}")
        return said, "cannot tell", saw, says
    if not rows and not look.answers.on:
        # What is young beside the last day in the file may be old on the day on which it came.
        return said, "cannot tell", saw, says + " " + _("On which day it came, nobody said.")
    if not rows:
        return said, "matches", saw, says
    sample: list[Json] = [
        look.shown(one.column) | {"row": one.part.row(int(one.rows[i]))}
        for one, where in older
        for i in where[:MOST_ROWS]
    ]
    saw["row_sample"] = sample[:MOST_ROWS]
    return said, "contradicts", saw, says + " " + _("Entries that are older: %(n)s.", n=f"{rows:,}")


def x10(look: Look) -> Finding:
    """Whether there are rows after an opt-out, or after the child left."""
    said = look.promise("rights.optout")
    case = look.case
    ends = {"opted_out_on": case.opted_out_on, "left_on": case.left_on} if case else {}
    dates = {name: day for name, day in ends.items() if day is not None}
    if not dates:
        says = _("Nothing says that you opted out, or that the child left.")
        return finding("X10", "cannot tell", says, {"ends": {}}, said, ["answer:--case"])
    if undated(look) or look.last_day is None:
        says = _("Without dates nothing can be said about what came after.")
        return finding("X10", "cannot tell", says, {"ends": {k: str(v) for k, v in dates.items()}}, said)
    after = {name: list(_after(look, number(day))) for name, day in dates.items()}
    counts = {name: sum(n for n, _rows in found) for name, found in after.items()}
    saw: dict[str, Json] = {
        "ends": {name: str(day) for name, day in dates.items()},
        "rows_after": dict(counts),
        "row_sample": [row for found in after.values() for _n, rows in found for row in rows][:MOST_ROWS],
    }
    parts = [
        _("After %(day)s: %(n)s rows.", day=in_words(number(dates[name])), n=f"{n:,}") for name, n in counts.items()
    ]
    if any(counts.values()):
        return finding(
            "X10",
            "contradicts",
            " ".join(parts),
            saw,
            said,
            ["letter:objection", "letter:erasure", "question:rights.optout"],
        )
    if open_ := without_day(look):
        saw["without_day"] = open_
        parts.append(_("Labels without a day that can be read: %(n)s.", n=f"{open_:,}"))
        return finding("X10", "cannot tell", " ".join(parts), saw, said, ["question:rights.access"])
    return finding("X10", "matches", " ".join(parts), saw, said)


def _after(look: Look, day: int) -> Iterator[tuple[int, list[Json]]]:
    """Rows of each part that were written later than a day, whatever they hold."""
    for part, times in zip(look.parts, look.times, strict=True):
        later = np.flatnonzero((times.days != NONE) & (times.days > day))
        if later.size:
            yield int(later.size), [{"sheet": part.sheet.name, "row": part.row(int(i))} for i in later[:MOST_ROWS]]
