"""The page of one sensitivity analysis, as one HTML file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from misread.deployment import Deployment
from misread.findings.definitions import DEFINITIONS
from misread.report.page.html import limits, page
from misread.report.studies.sensitivity import words
from misread.report.studies.sensitivity.drawing import Line, Mark, line_chart
from misread.report.words import amount, exact
from misread.report.words.lookup import clean, isolate
from misread.report.words.sources import Library, Source
from misread.study.sensitivity import Index, Influence, Sensitivity

MOST = 12
"""Lines of a chart; the table has all inputs."""
HEAD = ("stated", "low", "high", "finding at low", "at high", "μ*", "σ", "first order", "total")
"""Columns of numbers."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One input as the page's table shows it."""

    name: str
    words: str
    source: Source
    cells: tuple[str, ...]


def render_sensitivity(found: Sensitivity, deployment: Deployment, *, command: str) -> str:
    """The page of an analysis as one self-contained HTML file.

    Parameters
    ----------
    found : Sensitivity
        The analysis.
    deployment : Deployment
        What it is about, policies applied.
    command : str
        The command that repeats it.

    Returns
    -------
    str
        HTML: no script, nothing fetched, fonts embedded. The same input gives the same text.
    """
    library = Library.load()
    title = words.headline(found)
    rows = tuple(_shown(i, library) for i in found.influences)
    cannot = limits((deployment,))
    library.look_up(" ".join(cannot))
    context: dict[str, Any] = {
        "version": found.version,
        "page_title": str(title),
        "headline": title,
        "kicker": " · ".join(p for p in ("misread sensitivity", isolate(found.title), found.target.id) if p),
        "lede": words.lede(found),
        "found": found,
        "about": words.about(found.target),
        "meaning": DEFINITIONS[found.target.id].meaning,
        "most": MOST,
        "head": HEAD,
        "assumed": words.assumed(found),
        "alone": _alone(found),
        "together": _together(found),
        "others": words.others(found),
        "sureness": words.sureness(found),
        "rows": rows,
        "limits": cannot,
        "command": clean(command),
        "bibliography": library.bibliography(),
    }
    return page("studies/sensitivity.html.j2", context)


def _shown(i: Influence, library: Library) -> Shown:
    index = ("–",) * 2 if i.index is None else (_half(i.index.first, i.index.first_half), _total(i.index))
    cells = (
        exact(i.swing.stated),
        exact(i.swing.low),
        exact(i.swing.high),
        exact(i.swing.at_low),
        exact(i.swing.at_high),
        _half(i.effect.mu_star, i.effect.half_width),
        exact(i.effect.sigma),
        *index,
    )
    return Shown(clean(i.input.name), words.input_words(i.input), library.source(i.input.source), cells)


def _half(value: float, half: float) -> str:
    return f"{value:.3f} ± {half:.3f}"


def _total(index: Index) -> str:
    return _half(index.total, index.total_half)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with what it shows in words."""

    svg: str
    said: str


def _alone(found: Sensitivity) -> Chart | None:
    """The tornado: inputs that move the finding when they move alone, the widest first."""
    moving = [i for i in found.influences if i.swing.width(found.value) > 1e-9 * max(abs(found.value), 1e-300)]
    moving = sorted(moving, key=lambda i: i.swing.width(found.value), reverse=True)[:MOST]
    if not moving:
        return None
    said = "; ".join(
        f"{words.input_words(i.input)}, {words.ends(i)}{_assumed(i)}: "
        f"from {amount(i.swing.at_low)} to {amount(i.swing.at_high)}"
        for i in moving
    )
    lines = [_swing(i, found.value) for i in moving]
    return Chart(line_chart(lines, _axis(found), centre=found.value), f"As stated {amount(found.value)}. {said}.")


def _assumed(i: Influence) -> str:
    return ", an assumption" if i.input.assumption else ""


def _axis(found: Sensitivity) -> str:
    unit = DEFINITIONS[found.target.id].unit
    return found.target.id if unit == "1" else f"{found.target.id}, {unit}"


def _swing(i: Influence, value: float) -> Line:
    low, high = i.swing.at_low, i.swing.at_high
    one_sided = (low - value) * (high - value) > 0
    ends = tuple(
        Mark(end, min(end, value), max(end, value), hollow, amount(end)) for end, hollow in ((low, True), (high, False))
    )
    return Line(f"{words.input_words(i.input)}: {words.ends(i)}{_assumed(i)}", (ends[0], ends[1]), apart=one_sided)


def _together(found: Sensitivity) -> Chart | None:
    """The indices: first-order and total of each input that matters, the others as one."""
    own = [(words.input_words(i.input) + _assumed(i), i.index) for i in found.influences if i.index is not None][:MOST]
    if found.others is not None:
        count = sum(i.negligible for i in found.influences)
        own.append((f"{count} negligible {'input' if count == 1 else 'inputs'}, together", found.others))
    if not own:
        return None
    lines = [
        Line(name, (_part(i.first, i.first_half, True), _part(i.total, i.total_half, False)), True) for name, i in own
    ]
    said = "; ".join(f"{name}: {amount(max(i.first, 0))} by itself, {amount(i.total)} in all" for name, i in own)
    return Chart(line_chart(lines, "part of the variance"), f"{said}.")


def _part(value: float, half: float, hollow: bool) -> Mark:
    # Estimates of small parts may fall under 0; the table has them as they are.
    at = max(value, 0.0)
    return Mark(at, max(value - half, 0.0), max(value + half, at), hollow, "" if hollow else amount(at))
