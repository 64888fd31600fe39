"""What the file measures: where the differences between children's files come from, as one bar a rule."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from misread.deployment.model import Deployment
from misread.findings.table import Finding
from misread.language import gettext as _
from misread.language import mark
from misread.report.further.notes import Row, chance, without
from misread.report.words import Band, amount, count, half_up, listing, tally_brackets, upper_first
from misread.report.words.lookup import Figures, quote

SHOWN = 0.005
"""A source with a smaller share is left out of the picture; the table has it."""
DIGIT = 3.7
"""Per cent of a phone's bar that a digit above it takes."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source of differences.

    Attributes
    ----------
    key : str
        Its class in the drawing.
    short, long : str
        As it is called in a sentence, and beside the key; in English.
    """

    key: str
    short: str
    long: str

    @property
    def said(self) -> str:
        """As it is called beside the key."""
        return _(self.long)


SOURCES = {
    "occasions": Source("lived", mark("what the child went through"), mark("what the child went through in that year")),
    "within": Source(
        "both",
        mark("what the child went through, together with errors of reading"),
        mark("what the child went through, and chance errors of reading: this run cannot tell them apart"),
    ),
    "state": Source("nature", mark("its nature"), mark("its nature: how long its states last, for good")),
    "face": Source("face", mark("its face"), mark("its face: what it shows, and how that is read")),
    "view": Source("seat", mark("its seat"), mark("its seat")),
    "group": Source("group", mark("its group"), mark("its group")),
    "interaction": Source(
        "together", mark("several of these at once"), mark("what only several of these together bring about")
    ),
    "error": Source(
        "error", mark("chance errors of reading"), mark("errors of reading by chance, different at each look")
    ),
}
"""Sources of `file_variance_share`, in the order of the picture. `within` is drawn where it is not split."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: source, share of 100, start and width in per cent of the bar, and its figure if it has room."""

    source: Source
    shown: str
    start: float
    width: float
    figure: str

    @property
    def middle(self) -> float:
        """Where its figure stands, in per cent."""
        return round(self.start + self.width / 2, 3)

    @property
    def anchor(self) -> str:
        """Side to which its figure is set: from the edge on, where the part is too narrow for it."""
        return "start" if self.middle < DIGIT * len(self.shown) / 2 else "middle"


@dataclass(frozen=True, slots=True)
class Bar:
    """The files of one rule.

    Attributes
    ----------
    rule : str
        Its name.
    segments : tuple of Segment
        The bar.
    interval : tuple of (float, float) or None
        Start and width, in per cent, of what the evidence leaves open about the first segment.
    said : str
        The bar in words.
    rows : tuple of Row
        The figures.
    """

    rule: str
    segments: tuple[Segment, ...]
    interval: tuple[float, float] | None
    said: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """The section: a sentence, the bars of the rules, the key, and what it leaves open."""

    sentence: str
    bars: tuple[Bar, ...]
    keys: tuple[Source, ...]
    open: str
    chance: str
    without: str
    table: tuple[Row, ...]


def tell(rules: Sequence[str], figures: Figures, deployment: Deployment) -> Measures | None:
    """The section about what the files measure; None where the run does not say.

    Parameters
    ----------
    rules : sequence of str
        The rules, the first one the one that the sentence is about.
    figures : Figures
        The findings.
    deployment : Deployment
        What was measured.
    """
    found = {rule: rows for rule in rules if (rows := _rows(rule, figures))}
    if not found:
        return None
    rule, rows = next(iter(found.items()))
    bars = tuple(_bar(name, rows) for name, rows in found.items())
    drawn = tuple(b for b in bars if len(b.segments) > 1)
    shown = {s.source.key for b in drawn for s in b.segments}
    all_rows = [f for b in bars for _what, f in b.rows]
    answers = [b.rows[0][1] for b in bars]
    return Measures(
        sentence=_sentence(rule, rows, len(deployment.rules)),
        bars=drawn,
        keys=tuple(s for s in SOURCES.values() if s.key in shown),
        open=_open(found.values(), deployment, bool(drawn)),
        chance=chance(all_rows, 100, _(" parts of 100")),
        without=without(answers),
        table=tuple((f"{name}: {SOURCES[source].said}", f) for name, r in found.items() for source, f in r.items()),
    )


def _rows(rule: str, figures: Figures) -> dict[str, Finding]:
    """By source, in the order of the picture; empty where pupils' flags do not differ."""
    found = {f.source: f for f in figures.along("file_variance_share", "source", rule) if f.value is not None}
    if "occasions" in found and "error" in found:
        found.pop("within", None)
    elif "within" in found:
        found = {k: f for k, f in found.items() if k not in ("occasions", "error")}
    else:
        return {}
    return {source: found[source] for source in SOURCES if source in found}


def _share(finding: Finding) -> float:
    """Estimates without bias may fall below 0 where a share is near it."""
    return max(0.0, finding.value or 0.0)


def _bar(rule: str, rows: dict[str, Finding]) -> Bar:
    total = sum(map(_share, rows.values())) or 1.0
    segments: list[Segment] = []
    at = taken = 0.0
    for source, f in rows.items():
        width = 100 * _share(f) / total
        if not segments or width >= 100 * SHOWN:
            shown = "< 1" if 0 < width < 100 * SHOWN else amount(width)
            room, start = DIGIT * len(shown), at if not segments else at + width / 2 - DIGIT * len(shown) / 2
            fits = not segments or (width > room and start > taken)
            taken = start + room + 1 if fits else taken
            segments.append(Segment(SOURCES[source], shown, round(at, 3), round(width, 3), shown if fits else ""))
            at += width
    first = Band.of(next(iter(rows.values())))
    ends = None if first is None or first.ends is None else [100 * min(1.0, max(0.0, e)) for e in first.ends]
    said = listing([_("%(what)s: %(n)s of 100", what=s.source.said, n=s.shown) for s in segments], "and")
    return Bar(
        rule=rule,
        segments=tuple(segments),
        interval=None if ends is None else (round(ends[0], 3), round(ends[1] - ends[0], 3)),
        said=f"{upper_first(said)}.",
        rows=tuple((SOURCES[source].said, f) for source, f in rows.items()),
    )


def _sentence(rule: str, rows: dict[str, Finding], rules: int) -> str:
    lasting = {source: f for source, f in rows.items() if source not in ("occasions", "within")}
    whose = _("flags") if rules == 1 else _("%(rule)s flags", rule=quote(rule))
    if "within" in rows and not any(_share(f) >= SHOWN for f in lasting.values()):
        return _(
            "Children’s %(flags)s of a year differ by what they went through and by errors of reading, and by nothing "
            "else: this deployment has no lasting difference that tells. Which of the two it is, this run does not "
            "say.",
            flags=whose,
        )
    first = next(iter(rows.values()))
    band = Band.of(first)
    assert band is not None
    if "within" in rows:
        whole = _LIVED_AT_MOST if band.ends else _LIVED_AS_STATED
        lived = _(whole, flags=whose, parts=_parts(band.value, rounded_up(band.value)), open=_open_bound(band))
    elif band.value <= 0:
        lived = _(_LIVED_UNSEEN, flags=whose)
    else:
        lived = _(_LIVED, flags=whose, parts=_parts(band.value), open=tally_brackets(band, 100))
    largest = sorted(((_share(f), SOURCES[s]) for s, f in lasting.items() if _share(f) >= SHOWN), key=_by_share)
    return f"{lived} {_rest(largest)}" if largest else lived


_LIVED = mark(
    "Of all that sets one child’s %(flags)s of a year apart from another’s, %(parts)s what the child went "
    "through%(open)s."
)
_LIVED_AT_MOST = mark(
    "Of all that sets one child’s %(flags)s of a year apart from another’s, at most %(parts)s what the child went "
    "through%(open)s."
)
_LIVED_AS_STATED = mark(
    "Of all that sets one child’s %(flags)s of a year apart from another’s, at most %(parts)s what the child went "
    "through, if the figures behind it are as stated%(open)s."
)
_LIVED_UNSEEN = mark(
    "Of all that sets one child’s %(flags)s of a year apart from another’s, what the child went through is too small a "
    "part to tell from these samples."
)


def rounded_up(share: float) -> int:
    """How many of 100 a share is at most: a bound that were rounded down would be none."""
    return math.ceil(round(100 * share, 9))


def _open_bound(band: Band) -> str:
    """What the interval leaves open about a bound, in brackets; empty where there is none."""
    if band.ends is None or half_up(100 * band.ends[0]) > 0:
        return tally_brackets(band, 100)
    return f" ({_('up to %(n)s, uncertainty counted', n=count(rounded_up(band.ends[1])))})"


def _by_share(row: tuple[float, Source]) -> tuple[float, str]:
    """The largest first."""
    return -row[0], row[1].short


def _rest(largest: list[tuple[float, Source]]) -> str:
    named = [f"{_(what.short)} ({half_up(100 * share)})" for share, what in largest]
    return _("The rest is %(parts)s.", parts=listing(named, "and"))


def _parts(share: float, rounded: int | None = None) -> str:
    """How many parts of 100 are something; the nearest whole number where none is given."""
    n = half_up(100 * share) if rounded is None else rounded
    if share <= 0:
        return _("no part in 100 is")
    if n == 0:
        return _("fewer than one part in 100 is")
    return _("one part in 100 is") if n == 1 else _("%(n)s parts in 100 are", n=count(n))


def _open(found: Iterable[dict[str, Finding]], deployment: Deployment, drawn: bool) -> str:
    said = []
    if not any("within" in rows for rows in found):
        said.append(
            _(
                "The same days were read twice: what both readings agree on is what the child went through, what they "
                "differ in is the error of reading."
            )
        )
    elif drawn:
        said.append(
            _(
                "“At most”, because the first part holds chance errors of reading as well: only samples, in which the "
                "same days are read twice, tell them from what the child went through."
            )
        )
    if not any(t.acts_on == "state" for t in deployment.traits):
        said.append(
            _(
                "All children feel alike here: no trait makes a state last longer in one child than in another, so no "
                "part of a file can say how a child is."
            )
        )
    if not any(t.acts_on != "state" for t in deployment.traits):
        said.append(_("All faces of a group are alike here; where they are not, the first part is smaller still."))
    said.append(_("It is the variance of the number of flags in the last school year that is split."))
    return " ".join(said)
