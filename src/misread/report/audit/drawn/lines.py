"""Lines with dots: drawn in per cent of the room there is, so that one drawing serves every width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from misread.language import gettext as _
from misread.language import ngettext
from misread.report.drawn.charts import ticks
from misread.report.words import Band, half_up
from misread.report.words.lookup import clean

if TYPE_CHECKING:
    from misread.audit.rates import Estimate
    from misread.audit.result import Audit

LEAST = 1e-9
"""No axis is made for less."""
LONG = 12
"""Lines beyond which a chart has its axis above it, too."""
MOST_LINES = 40
"""Lines of one chart; its table has them all."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted, and what of it belongs together.

    Attributes
    ----------
    rows : str
        What is counted: "rows", "votes" …
    clusters : {"", "persons", "faces"}
        Whose answers are alike: those about one person, or the votes on one face where no person is known; empty where
        each row stands for itself.
    """

    rows: str
    clusters: str = ""

    @classmethod
    def of(cls, audit: Audit) -> Unit:
        """What an audit counts."""
        if audit.table.people is None:
            return cls(audit.table.unit)
        return cls(audit.table.unit, "faces" if audit.facts.persons is None else "persons")

    def counted(self, n: float, clusters: int | None) -> str:
        """So many rows, and of how many persons or faces where that is known."""
        rows = f"{whole(n)} {_(self.rows)}"
        if clusters is None or not self.clusters:
            return rows
        if self.clusters == "faces":
            return rows + ", " + ngettext("%(n)s face", "%(n)s faces", clusters)
        return rows + ", " + ngettext("%(n)s person", "%(n)s persons", clusters)

    @property
    def head(self) -> tuple[str, str]:
        """Heads of two columns: what is counted, and whose it is."""
        return _(self.rows), _(self.clusters or "persons")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart.

    Attributes
    ----------
    name : str
        What the line is about.
    said : str
        The figure, as the line's end tells it.
    interval : str
        Its interval, or why there is none.
    beside : str
        How many faces and persons it rests on.
    dot : Band or None
        A filled mark with its interval, in units of the axis; None: nothing to draw.
    ring : float or None
        A hollow mark: the figure as counted, where the dot is an estimate drawn together.
    band : tuple of (float, float) or None
        What chance alone would show on this line.
    tick : float or None
        What chance shows on average.
    tone : {"right", "wrong", "quiet", "faint"}
        What the dot counts; faint where too few stand behind it for an interval.
    heading : str
        What stands above this line, where it begins a part.
    """

    name: str
    said: str
    interval: str = ""
    beside: str = ""
    dot: Band | None = None
    ring: float | None = None
    band: tuple[float, float] | None = None
    tick: float | None = None
    tone: str = "wrong"
    heading: str = ""

    @property
    def edges(self) -> tuple[float, ...]:
        """Everything that has to fit on the axis."""
        own = () if self.dot is None else (self.dot.value, *(self.dot.ends or ()))
        return tuple(x for x in (*own, self.ring, *(self.band or ()), self.tick) if x is not None)


@dataclass(frozen=True, slots=True)
class Table:
    """The figures behind a drawing.

    Attributes
    ----------
    caption : str
        What it holds.
    head : tuple of str
        Names of the columns, that of the first included.
    rows : tuple of tuple of str
        Cells as they are shown.
    words : frozenset of int
        Which columns hold words; the others hold numbers.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: frozenset[int] = frozenset({0})


class Key(NamedTuple):
    """A kind of mark and what it means; in the colour of a tone, or else of the chart's first line."""

    kind: str
    meaning: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of lines.

    Attributes
    ----------
    title : str
        What it is of.
    said : str
        What it shows, as a sentence.
    axis : str
        What the axis measures.
    marks : tuple of float
        Numbers on the axis, from its beginning to its end.
    lines : tuple of Line
        Top to bottom.
    table : Table
        All figures.
    upright : float or None
        Where an upright line stands.
    keys : tuple of Key
        Kinds of marks, and what each means.
    """

    title: str
    said: str
    axis: str
    marks: tuple[float, ...]
    lines: tuple[Line, ...]
    table: Table
    upright: float | None = None
    keys: tuple[Key, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether no line has anything to draw: then the sentence stands alone."""
        return not any(line.edges for line in self.lines)

    @property
    def long(self) -> bool:
        """Whether its lower axis is out of sight where its first lines are looked at."""
        return len(self.lines) > LONG

    @property
    def tone(self) -> str:
        """The tone of its first line that has one."""
        return next((line.tone for line in self.lines if line.tone != "faint"), "right")

    def at(self, x: float) -> float:
        """Where a number stands, in per cent of the axis."""
        first, last = self.marks[0], self.marks[-1]
        return round(100 * min(1.0, max(0.0, (x - first) / (last - first))), 3)

    def span(self, ends: tuple[float, float]) -> tuple[float, float]:
        """Where a bar begins and how wide it is, in per cent."""
        low, high = map(self.at, ends)
        return low, round(high - low, 3)


def marks(lines: Sequence[Line], *further: float, most: int = 5) -> tuple[float, ...]:
    """Numbers for an axis from 0 (or below, where something is) on which all lines fit."""
    edges = [0.0, *(e for e in (*further, *(e for line in lines for e in line.edges)) if abs(e) > LEAST)]
    return ticks(min(edges), max(edges), most)


def drawn(lines: Sequence[Line], most: int = MOST_LINES) -> tuple[Line, ...]:
    """The lines of a chart: all in their order, or the lowest and the highest where there is no room for all."""
    if len(lines) <= most:
        return tuple(lines)
    told = sorted(
        (line for line in lines if line.dot is not None), key=lambda line: line.dot.value if line.dot else 0.0
    )
    if len(told) <= most:
        return tuple(told)
    return (*told[: most // 2], *told[-(most // 2) :])


def cut(said: str, lines: Sequence[Line], most: int = MOST_LINES) -> str:
    """What a chart shows, and of how many lines it shows only some."""
    if len(lines) <= most:
        return said
    told = sum(line.dot is not None for line in lines)
    if not told:
        return said
    if told <= most:
        some = _("Drawn are the %(n)s of %(all)s that have a figure; the table has all.", n=told, all=len(lines))
    else:
        some = _("Drawn are the %(n)s lowest and the %(n)s highest of %(all)s; the table has all.")
        some %= {"n": most // 2, "all": len(lines)}
    return f"{said} {some}"


def hundredths(value: float | None, low: float | None = None, high: float | None = None) -> Band | None:
    """A share as a band of numbers out of 100."""
    return None if value is None else Band(value, low, high).times(100)


def whole(x: float | None) -> str:
    """A number of faces or persons; small sums of weights and shares of faces with one decimal."""
    if x is None:
        return "–"
    return f"{x:,.1f}" if abs(x - half_up(x)) > LEAST and x < 100 else f"{half_up(x):,}"


def level(e: Estimate) -> str:
    """The group of an estimate, as a name."""
    return " · ".join(clean(name) for _column, name in e.group) or _("everybody")
