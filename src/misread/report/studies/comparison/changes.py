"""What two deployments differ in, quantity by quantity: in words, as a chart, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from misread.findings.table import Findings
from misread.report import words
from misread.report.drawn import charts
from misread.report.page import story
from misread.report.page.school import Dots
from misread.report.words import Band, amount
from misread.report.words.lookup import Figures, keys_of, quote
from misread.report.words.sources import Ground
from misread.study.compare import Difference


@dataclass(frozen=True, slots=True)
class Side:
    """One of the deployments.

    Attributes
    ----------
    name, title, size : str
        What the comparison calls it, its own title, and how large it is.
    findings : Findings
        What was measured.
    figures : Figures
        The same, to look up.
    story : RuleStory or None
        What it says of the rule that all share; None where there is none.
    parts : tuple of Ground
        What it rests on.
    """

    name: str
    title: str
    size: str
    findings: Findings
    figures: Figures
    story: story.RuleStory | None
    parts: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity whose differences are drawn.

    Attributes
    ----------
    title : str
        What it is.
    noun : str
        What there is more or less of, after “3 more” or “3 fewer”.
    lines : tuple of (str, str)
        Id of each finding drawn, and when or where it holds.
    scale : float
        What its values are multiplied by.
    of_rule : bool
        Whether it is about a rule.
    """

    title: str
    noun: str
    lines: tuple[tuple[str, str], ...]
    scale: float = 1
    of_rule: bool = True


MEASURES = (
    Measure("Alerts that are right", "right alerts of 100", (("flag_ppv", ""),), 100),
    Measure(
        "Children wrongly flagged at least once",
        "children of 100 wrongly flagged",
        tuple((f"p_false_flag_by_{key}", title) for key, title, _ in story.PERIODS),
        100,
    ),
    Measure(
        "Wrong flags", "wrong flags per child and school year", (("false_flags_per_pupil_year", ""),)
    ),
    Measure(
        "Distance between the groups with most and fewest wrong flags",
        "wrong flags per child and school year between the groups",
        (("difference_false_flags", ""),),
    ),
    Measure("Spells missed", "spells of 100 missed", (("spells_missed", ""),), 100),
    Measure(
        "Lessons without any such moment in which the child is flagged all the same",
        "such lessons of 100 with a flag",
        (("lesson_false_positive_rate", ""),),
        100,
    ),
    Measure("Flags on file when a child leaves", "flags on file", (("flags_on_file_end", ""),)),
    Measure("Alerts to the teacher of a class", "alerts a day", (("alerts_per_teacher_day", ""),), of_rule=False),
    Measure(
        "Alerts to a family, for each child", "alerts a school year", (("alerts_per_family_year", ""),), of_rule=False
    ),
    Measure("Words about each child’s face", "words written down", (("labels_archived", ""),), of_rule=False),
)  # fmt: skip

SAME, OPEN, CHANGED = "same", "open", "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """How one quantity differs from the first deployment's.

    Attributes
    ----------
    title : str
        What it is.
    said : str
        The differences in words, those that are none left out.
    dots : Dots or None
        The chart; None where nothing differs.
    ids : tuple of str
        Findings it comes from.
    """

    title: str
    said: str
    dots: Dots | None
    ids: tuple[str, ...]


def more_or_fewer(band: Band, noun: str) -> str:
    """A difference in words: “3.2 more wrong flags (between 1.1 and 5.0 more)”."""
    if band.value == 0 and (band.ends is None or band.ends == (0, 0)):
        return f"neither more nor fewer {noun}"
    said = f"{amount(abs(band.value))} {'more' if band.value > 0 else 'fewer'} {noun}"
    if band.value == 0:
        said = f"as many {noun}"
    if band.ends is None:
        return said
    low, high = band.ends
    counted = ", uncertainty counted" if band.outside else ""
    if low >= 0 or high <= 0:
        least, most = sorted((abs(low), abs(high)))
        way = "more" if low >= 0 else "fewer"
        if amount(least) == amount(most):
            return f"{said} ({amount(most)} {way} throughout the interval{counted})"
        return f"{said} (between {amount(least)} and {amount(most)} {way}{counted})"
    return f"{said} (anything from {amount(-low)} fewer to {amount(high)} more{counted})"


def difference(differences: Sequence[Difference], name: str, id: str, rule: str | None) -> Difference | None:
    """The difference of everybody in one finding, without further keys."""
    want = (name, id, rule, "all")
    return next((d for d in differences if (d.deployment, d.id, d.rule, d.group) == want and not keys_of(d)), None)


def verdict(difference: Difference, reference: float | None) -> str:
    """Whether a finding differs: `SAME`, `CHANGED`, or `OPEN` where its interval holds zero.

    Parameters
    ----------
    difference : Difference
        With a value.
    reference : float or None
        The first deployment's value: what differs by less than rounding is the same.
    """
    noise = 1e-9 * max(1e-3, abs(reference or 0))
    ends = [e for e in (difference.value, difference.low, difference.high) if e is not None]
    if all(abs(e) <= noise for e in ends):
        return SAME
    if difference.low is None or difference.high is None:
        return CHANGED
    return OPEN if difference.low <= 0 <= difference.high else CHANGED


def change(
    measure: Measure, rule: str | None, sides: Sequence[Side], differences: Sequence[Difference]
) -> Change | None:
    """How one quantity differs; None where the runs do not share it."""
    of_rule = rule if measure.of_rule else None
    if measure.of_rule and rule is None:
        return None
    rows: list[story.Row] = []
    dots, sentences = [], []
    for side in sides[1:]:
        said = []
        for id, when in measure.lines:
            row = difference(differences, side.name, id, of_rule)
            band = Band.of(row)
            if row is None or band is None:
                continue
            same = verdict(row, sides[0].figures.value(id, of_rule)) == SAME
            band = Band(0.0) if same else band.times(measure.scale)
            rows.append((", ".join(p for p in (side.name, when) if p), row))
            dots.append(charts.Dot(when if when and len(sides) == 2 else rows[-1][0], band, "ink"))
            if not same:
                said.append(more_or_fewer(band, f"{measure.noun} {when}".strip()))
        if said:
            sentences.append(f"With {quote(side.name)}: {'; '.join(said)}.")
    if not rows:
        return None
    ids = tuple(dict.fromkeys(row.id for _, row in rows))
    if not sentences:
        value = sides[0].figures.value(ids[0], of_rule)
        shown = f"{amount((value or 0) * measure.scale)} {measure.noun}" if len(ids) == 1 else "as many"
        return Change(measure.title, f"{shown} with each", None, ids)
    svg = charts.dot_chart(dots, axis=f"more or fewer {measure.noun}", signed=True)
    summary = " ".join(sentences)
    return Change(measure.title, summary, Dots(measure.title, svg, tuple(rows), summary, ids[0]), ids)


def counted(sides: Sequence[Side], differences: Sequence[Difference]) -> str:
    """How many of all differences are zero, are not, or may be."""
    first = sides[0].figures
    kinds = [verdict(d, first.value(d.id, d.rule, d.group, **keys_of(d))) for d in differences if d.value is not None]
    if not kinds:
        return ""
    said = {
        CHANGED: "differ",
        OPEN: "may go either way, since their interval holds zero,",
        SAME: "are the same",
    }
    parts = [f"{kinds.count(kind):,} {text}" for kind, text in said.items() if kind in kinds]
    return f"Of {len(kinds):,} figures that they share, {words.listing(parts, 'and')}."
