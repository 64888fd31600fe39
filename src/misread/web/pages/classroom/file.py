"""One child's file as squares: a day, six weeks, a year, all years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.web.pages.classroom.day import ClassDay, Held, Pupil
from misread.web.pages.classroom.words import look_words

SPANS = {"day": mark("a day"), "weeks": mark("six weeks"), "year": mark("this year"), "years": mark("all years")}
BLOCK = 30
"""School days in six weeks."""


@dataclass(frozen=True, slots=True)
class Square:
    """A day, or a look, of a file.

    Attributes
    ----------
    x, y, width, height : float
        Where it is drawn.
    kinds : tuple of str
        ``"right"``, ``"wrong"``, both, ``"none"``; ``"unseen"`` where no face was
        found, ``"ahead"`` where nothing can stand yet.
    said : str
        What it says, for a pointer that rests on it; empty where there are too many.
    today : bool
        Whether it is the day that is shown.
    """

    x: float
    y: float
    width: float
    height: float
    kinds: tuple[str, ...]
    said: str
    today: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """Squares with the drawing's size, the names of its rows, and what it shows in a sentence."""

    width: float
    height: float
    squares: tuple[Square, ...]
    rows: tuple[tuple[float, str], ...]
    said: str


def a_day(day: ClassDay, pupil: Pupil, at: int) -> Drawn:
    """Every look of a day, a row for each lesson."""
    squares, rows = [], []
    for i, look in enumerate(pupil.looks):
        judged = day.judged(look)
        kind = {"right": "right", "wrong": "wrong", "quiet": "none", "unseen": "unseen"}[judged]
        longest = max(look.look for look in pupil.looks)
        wide = 22 if longest <= 12 else 264 / longest
        squares.append(
            Square(
                60 + wide * (look.look - 1), 26 * (look.lesson - 1), max(wide - 3, 2), 20, (kind,),
                look_words(look, judged), i == at,
            )
        )  # fmt: skip
    lessons = sorted({look.lesson for look in pupil.looks})
    rows = [(26 * (lesson - 1) + 15, f"{lesson}") for lesson in lessons]
    found = [day.judged(look) for look in pupil.looks]
    said = ngettext(
        "%(n)s look on this day, lesson by lesson: %(wrong)s labels wrong, %(right)s right, %(quiet)s that say "
        "nothing.",
        "%(n)s looks on this day, lesson by lesson: %(wrong)s labels wrong, %(right)s right, %(quiet)s that say "
        "nothing.",
        len(found),
        wrong=found.count("wrong"),
        right=found.count("right"),
        quiet=found.count("quiet"),
    )
    return Drawn(330, 26 * max(lessons, default=1), tuple(squares), tuple(rows), said)


def weeks(days: Sequence[Held], today: int, last: int) -> Drawn:
    """The six weeks that a day falls into, two rows of three."""
    first = (today - 1) // BLOCK * BLOCK
    squares = []
    for i in range(min(BLOCK, last - first)):
        week, weekday = divmod(i, 5)
        row, column = divmod(week, 3)
        x, y = 114 * column + 21 * weekday, 30 * row
        squares.append(_square(days, first + i + 1, today, x, y, 18, 24))
    held = days[first : first + BLOCK]
    where = _("School days %(first)s to %(last)s", first=first + 1, last=first + len(squares))
    return Drawn(330, 54, tuple(squares), (), _sum(held, where))


def a_year(days: Sequence[Held], today: int, last: int) -> Drawn:
    """A school year: a column for each week, a row for each weekday."""
    step = 330 / max(-(-last // 5), 1)
    squares = [
        _square(days, day + 1, today, step * (day // 5), 16 * (day % 5), max(step - 1.6, 1), 13) for day in range(last)
    ]
    where = _("School days 1 to %(last)s, a column for each week", last=last)
    return Drawn(330, 80, tuple(squares), (), _sum(days, where))


def all_years(years: Sequence[Sequence[Held]], last: int) -> Drawn:
    """Every school year a line, every day with a flag a stroke: up for a wrong one, down for a right one."""
    step, squares = 290 / last, []
    for year, days in enumerate(years):
        for day, held in enumerate(days):
            x, y, wide = 40 + step * day, 24 * year + 1, max(step - 0.4, 0.9)
            if held.wrong:
                squares.append(Square(x, y, wide, 9, ("wrong",), ""))
            if held.right:
                squares.append(Square(x, y + 11, wide, 9, ("right",), ""))
    rows = tuple((24 * year + 15, f"{year + 1}") for year in range(len(years)))
    where = ngettext("%(n)s school year", "%(n)s school years, one below another", len(years))
    said = _sum([day for days in years for day in days], where)
    said = _("%(said)s Strokes up are wrong, strokes down are right.", said=said)
    return Drawn(330, 24 * len(years), tuple(squares), rows, said)


def _square(days: Sequence[Held], day: int, today: int, x: float, y: float, width: float, height: float) -> Square:
    if day > len(days):
        return Square(x, y, width, height, ("ahead",), _("Day %(day)s: still to come", day=day), day == today)
    held = days[day - 1]
    return Square(x, y, width, height, _kinds(held), _words(day, held), day == today)


def _kinds(held: Held) -> tuple[str, ...]:
    return tuple(kind for kind, n in (("wrong", held.wrong), ("right", held.right)) if n) or ("none",)


def _words(day: int, held: Held) -> str:
    if not held.wrong and not held.right:
        return _("Day %(day)s: no flag", day=day)
    wrong = _counted_wrong(held.wrong) if held.wrong else ""
    right = ngettext("%(n)s right flag", "%(n)s right flags", held.right) if held.right else ""
    return _("Day %(day)s: %(flags)s", day=day, flags=", ".join(filter(None, (wrong, right))))


def _counted_wrong(n: int) -> str:
    return ngettext("%(flags)s wrong flag", "%(flags)s wrong flags", n, flags=f"{n:,}")


def _sum(days: Sequence[Held], where: str) -> str:
    n = sum(day.right for day in days)
    right = ngettext("%(ones)s right one", "%(ones)s right ones", n, ones=f"{n:,}")
    wrong = _counted_wrong(sum(day.wrong for day in days))
    return _("%(where)s: %(wrong)s, %(right)s.", where=where, wrong=wrong, right=right)
