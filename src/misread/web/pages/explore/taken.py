"""What one may take away: pictures whose parts the page lays out itself, drawn as one; and all numbers as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

from misread.language import gettext as _
from misread.report.words import exact
from misread.report.words.lookup import Figures, keys_of, shorten
from misread.web.pages.explore.told import GroupDot, Panel, Row, Squares
from misread.web.render import rendered

WIDTH = 672.0
LINE = 18.0
"""Width of a picture, and the height of a line of text in it."""
COLUMN = 234.0
"""From one picture of a reader's to the next."""
PANEL = 172.0
"""From one moment at which 100 children are looked at to the next."""
NAMES, SCALE = 190.0, 300.0
"""Where the names of groups end, and how long their scale is."""
LABEL = 22
"""Letters of a group's name; what is longer is cut."""


@dataclass(slots=True)
class Drawing:
    """A picture that grows downwards.

    Attributes
    ----------
    said : str
        It in words.
    height : float
        How far it has come.
    parts : list of dict
        What stands in it: texts, lines, paths; each as `explore/taken.html.j2` draws it.
    """

    said: str
    height: float = 0.0
    parts: list[dict[str, Any]] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, look: str = "pic-text", anchor: str = "start") -> None:
        """A line of text, its foot at a height."""
        self.parts.append({"kind": "text", "x": x, "y": y, "text": text, "look": look, "anchor": anchor})

    def lines(self, x: float, y: float, text: str, letters: int, look: str = "pic-text") -> float:
        """A text over as many lines as it needs; gives the foot of the line after it."""
        for line in wrap(text, letters) or [""]:
            self.text(x, y, line, look)
            y += LINE
        return y

    def hundred(self, x: float, y: float, scale: float, squares: Squares) -> None:
        """A hundred of something."""
        self.parts.append({"kind": "hundred", "x": x, "y": y, "scale": scale, "squares": squares})

    def mark(self, kind: str, **where: float) -> None:
        """A line, a bar, a dot or a stroke."""
        self.parts.append({"kind": kind, **{name: round(value, 2) for name, value in where.items()}})


def taken(id: str, told: Mapping[str, Any], found: Figures) -> str:
    """A picture or a table of the view that is taken away; empty where the page itself holds it, or has none.

    Parameters
    ----------
    id : str
        Which.
    told : mapping
        What the view tells.
    found : Figures
        Its numbers.
    """
    if id == "figures-table":
        return rendered("parts/explore/taken.html.j2", {"drawing": None, "rows": _rows(found)}).strip()
    if id not in PICTURES:
        return ""
    drawing = PICTURES[id](told)
    # Away from its page it still says which system it is of, and which rule.
    drawing.said = f"{drawing.said} {told['of']}"
    shown = {"drawing": drawing, "width": WIDTH, "height": round(drawing.height, 1)}
    return rendered("parts/explore/taken.html.j2", shown).strip() if drawing.parts else ""


def _rows(found: Figures) -> Sequence[tuple[str, ...]]:
    return [
        (
            f.id, f.rule or "", f.group, "; ".join(f"{k} {v}" for k, v in keys_of(f).items()), exact(f.value),
            "" if f.low is None else exact(f.low), "" if f.high is None else exact(f.high), f.unit, f.method,
        )
        for f in found.rows
    ]  # fmt: skip


def _box(told: Mapping[str, Any]) -> Drawing:
    drawing = Drawing(f"{told['story'].headline} {_('What you would get, and who else could do it.')}")
    rows: tuple[Row, ...] = tuple(row for row in told["box"] if row.facts)
    legend = _("Every square is one of 100. Solid: right. Hatched: wrong. Pale: missed, or never flagged.")
    y = drawing.lines(0, LINE, legend, 92, "pic-text pic-soft") + LINE
    for row in rows:
        y = drawing.lines(0, y, row.name, 60, "pic-text pic-bold")
        y = drawing.lines(0, y, row.note, 90, "pic-text pic-soft")
        foot = y
        for i, fact in enumerate(row.facts):
            if fact.picture is not None:
                drawing.hundred(COLUMN * i, y - LINE / 2, 1.1, fact.picture)
            below = drawing.lines(COLUMN * i, y + 60, f"{fact.number} {fact.words}", 29)
            foot = max(foot, below)
        y = foot + LINE
    drawing.height = y - LINE
    return drawing if rows else Drawing("")


def _children(told: Mapping[str, Any]) -> Drawing:
    drawing = Drawing(f"{_('Follow 100 children')}. {told['reach']}".strip())
    panels: tuple[Panel, ...] = told["panels"]
    note = _(
        "Each figure is one child, in the same place throughout. Hatched: wrongly flagged at least once. Solid: "
        "flagged, rightly every time. Pale: not flagged."
    )
    top = drawing.lines(0, LINE, note, 92, "pic-text pic-soft")
    for i, p in enumerate(panels):
        x, y = PANEL * i, drawing.lines(PANEL * i, top + LINE / 2, p.title, 20, "pic-text pic-bold")
        drawing.hundred(x, y - LINE / 2, 0.66, p.picture)
        y = drawing.lines(x, y + 188, _("%(n)s wrongly flagged", n=p.number), 20, "pic-text pic-bold")
        for text in filter(None, (p.finer, p.interval, p.rest)):
            y = drawing.lines(x, y, text, 21, "pic-text pic-soft")
        drawing.height = max(drawing.height, y)
    return drawing if panels else Drawing("")


def _groups(told: Mapping[str, Any]) -> Drawing:
    drawing = Drawing(told["group_sentence"])
    dots: tuple[GroupDot, ...] = told["groups"]
    for i, g in enumerate(dots):
        y = 24.0 + 44 * i
        drawing.text(0, y + 5, shorten(g.name, LABEL))
        drawing.mark("line", x=NAMES, y=y, to=NAMES + SCALE)
        if g.width:
            drawing.mark("bar", x=NAMES + SCALE * g.low / 100, y=y - 5, width=SCALE * g.width / 100)
        drawing.mark("dot", x=NAMES + SCALE * g.dot / 100, y=y)
        drawing.text(NAMES + SCALE + 20, y + (-3 if g.interval else 5), g.amount, "pic-text pic-bold")
        drawing.lines(NAMES + SCALE + 20, y + 15, g.interval, 25, "pic-text pic-soft")
    foot = 24.0 + 44 * len(dots)
    for i, tick in enumerate(told["group_axis"]):
        drawing.text(NAMES + SCALE * i / 4, foot, tick, "pic-text pic-soft", "middle")
    drawing.height = foot + 8
    return drawing if dots else Drawing("")


def _file(told: Mapping[str, Any]) -> Drawing:
    file = told["file"]
    if file is None:
        return Drawing("")
    said = _("The file, year by year. At the end: %(wrong)s wrong, %(right)s right.",
             wrong=f"{file.wrong:,.0f}", right=f"{file.right:,.0f}")  # fmt: skip
    drawing = Drawing(said)
    y = drawing.lines(0, LINE, told["strokes"], 92, "pic-text pic-soft")
    for year, row in enumerate(file.rows, start=1):
        y += 24
        drawing.text(0, y + 5, _("Year %(n)s", n=year))
        drawing.mark("line", x=80, y=y, to=WIDTH)
        for place, kind in row:
            drawing.mark("up" if kind == "wrong" else "down", x=80 + (WIDTH - 80) * place / 100, y=y)
        y += 20
    drawing.height = y
    return drawing


PICTURES: Mapping[str, Callable[[Mapping[str, Any]], Drawing]] = {
    "box-picture": _box,
    "children-picture": _children,
    "groups-picture": _groups,
    "file-picture": _file,
}
"""Pictures that the page lays out in several pieces."""
