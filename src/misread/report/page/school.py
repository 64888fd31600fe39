"""What the report tells beyond the alerts themselves: who carries them, what is kept, what it asks."""

from __future__ import annotations

from dataclasses import dataclass

from misread.deployment.model import Deployment, Rule
from misread.findings.table import Finding
from misread.language import gettext as _
from misread.report import words
from misread.report.drawn import charts
from misread.report.drawn.pictures import AverageFile, Strip, average_file
from misread.report.page.story import Row, tally_100
from misread.report.words import Band, amount, brackets, listing, span
from misread.report.words.lookup import Figures, isolate, keys_of, quote


@dataclass(frozen=True, slots=True)
class Dots:
    """A chart of dots and pale bars, with what it shows in words and as a table."""

    title: str
    svg: str
    rows: tuple[Row, ...]
    summary: str
    id: str


@dataclass(frozen=True, slots=True)
class Carriers:
    """Who carries the wrong flags: in a sentence, then by group, seat and trait."""

    sentence: str
    ids: tuple[str, ...]
    charts: tuple[Dots, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with what it is, and its interval in words."""

    figure: str
    what: str
    interval: str
    id: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class MarkStory:
    """A lasting word the file earns."""

    name: str
    rule: str
    strip: Strip
    unearned: float
    sentence: str
    table: tuple[Row, ...]


def carriers(rule: str, figures: Figures, *, by_trait: bool = True) -> Carriers | None:
    """Who carries the wrong flags; None where the run does not say.

    Parameters
    ----------
    rule : str
        The rule.
    figures : Figures
        The findings.
    by_trait : bool
        Whether there is a chart by trait; not where a section of its own tells it.
    """
    rows = figures.groups("false_flags_per_pupil_year", rule)
    found = [_by_group(rows)]
    for key, title in (
        ("view", _("Wrong flags per child and school year, by how the seat is seen")),
        *((("trait", _("Wrong flags per child and school year, by trait")),) if by_trait else ()),
    ):
        along = figures.along("false_flags_per_pupil_year", key, rule)
        found.append(_wrong_flags(title, tuple((keys_of(f)[key], f) for f in along)))
    drawn = tuple(c for c in found if c is not None)
    if len(rows) == 1 and not drawn and by_trait:
        said = _("All children belong to one group here, so nothing is said of who would carry more.")
        return Carriers(said, (), ())
    if len(rows) < 2 and not drawn:
        return None
    ids = ("disparity_false_flags", "difference_false_flags")
    times, more = (Band.of(figures.find(id, rule)) for id in ids)
    return Carriers(_disparity(times, more, rows), ids if times or more else (), drawn)


def _by_group(rows: tuple[Finding, ...]) -> Dots | None:
    title = _("Wrong flags per child and school year, by group")
    return _wrong_flags(title, tuple((f.group, f) for f in rows))


def _wrong_flags(title: str, rows: tuple[Row, ...]) -> Dots | None:
    dots = [charts.Dot(name, band) for name, f in rows if (band := Band.of(f)) is not None]
    if len(dots) < 2:
        return None
    most, least = max(dots, key=lambda d: d.band.value), min(dots, key=lambda d: d.band.value)
    if most.band.value == 0:
        return None
    high, low = amount(most.band.value), amount(least.band.value)
    if high == low:
        summary = _("%(n)s for each: wrong flags per child and school year.", n=high)
    else:
        summary = _("From %(low)s for %(least)s to %(high)s for %(most)s: wrong flags per child and school year.") % {
            "low": low, "least": quote(least.name), "high": high, "most": quote(most.name)
        }  # fmt: skip
    svg = charts.dot_chart(dots, axis=_("wrong flags per child and school year"))
    return Dots(title, svg, rows, summary, "false_flags_per_pupil_year")


def _disparity(times: Band | None, more: Band | None, rows: tuple[Finding, ...]) -> str:
    known = [(f.value, f.group) for f in rows if f.value is not None]
    if len(known) < 2 or (times is None and more is None):
        return ""
    (lowest, low), (highest, high) = min(known), max(known)
    if highest == 0:
        return _("No group carries a wrong flag.")
    if lowest == highest:
        return _("All groups carry the same number of wrong flags.")
    extra = ""
    if more is not None:
        extra = _("%(n)s more each school year%(range)s", n=amount(more.value), range=brackets(more))
    values = {"high": quote(high), "low": quote(low), "extra": extra}
    if times is None:
        return _("A child of %(high)s carries wrong flags, a child of %(low)s none: %(extra)s.", **values)
    if times.value < 1.005:
        return _("All groups carry nearly the same number of wrong flags: at most %(extra)s.", **values)
    said = _("A child of %(high)s carries %(n)s times as many wrong flags as a child of %(low)s%(range)s")
    said %= {**values, "n": amount(times.value), "range": brackets(times)}
    return _("%(one)s; %(other)s.", one=said, other=extra) if extra else f"{said}."


def label_chart(figures: Figures) -> Dots | None:
    """Which words are written down, of 100 looks."""
    rows = tuple((_label(keys_of(f)["label"]), f) for f in figures.along("label_share", "label"))
    dots = [charts.Dot(name, band.times(100), "quiet") for name, f in rows if (band := Band.of(f)) is not None]
    if not dots:
        return None
    most = max(dots, key=lambda d: d.band.value)
    n = words.half_up(most.band.value)
    many = _("fewer than 1") if n == 0 else _("nearly 100") if n == 100 and most.band.value < 100 else str(n)
    sentence = _("Of 100 looks at a child, %(n)s end as %(label)s.", n=many, label=quote(most.name))
    return Dots(
        _("What is written down, of 100 looks"),
        charts.dot_chart(dots, axis=_("of 100 looks")),
        rows,
        sentence,
        "label_share",
    )


def _label(name: str) -> str:
    return _("none: no usable face") if name == "none" else name


def file_picture(rule: str, figures: Figures, deployment: Deployment) -> tuple[AverageFile, tuple[Row, ...]] | None:
    """The average file of one rule, a row a year, with its table; None where it would hold no stroke."""
    flags = figures.find("flags_per_pupil_year", rule)
    false = figures.find("false_flags_per_pupil_year", rule)
    if flags is None or false is None or not flags.value or false.value is None:
        return None
    picture = average_file(false.value, flags.value, deployment.population.school_years)
    if not any(picture.rows):
        return None
    return picture, ((_("flags, right and wrong"), flags), (_("wrong flags"), false))


def file_facts(rule: Rule | None, figures: Figures) -> tuple[Fact, ...]:
    """What the file holds at the end, figure by figure."""
    facts = []
    if rule is not None:
        what = _("flags on file when a child leaves, on average")
        facts.append(_fact(figures, "flags_on_file_end", rule.name, what))
        quantiles = [Band.of(figures.find(f"false_flags_end_{q}", rule.name)) for q in ("p50", "p05", "p95")]
        middle, few, many = quantiles
        if middle is not None and few is not None and many is not None:
            given = _("wrong flags ever given to the child in the middle")
            if middle.value > 0:
                given = _(
                    "wrong flags ever given to the child in the middle: at least half of the children get as many or "
                    "more"
                )
            facts.append(
                Fact(
                    _whole(middle.value),
                    given,
                    _spread(few.value, many.value) + _whole_between(middle),
                    "false_flags_end_p50",
                    "wrong" if middle.value > 0 else "",
                )
            )
    what = _("words about each child’s face written down by then")
    facts.append(_fact(figures, "labels_archived", None, what))
    return tuple(f for f in facts if f is not None)


def _spread(few: float, many: float) -> str:
    if many == 0:
        return _("at least 19 children in 20 get none")
    least = _("none") if few == 0 else _("%(n)s or fewer", n=_whole(few))
    said = _("at least one child in twenty gets %(least)s, and one in twenty %(n)s or more")
    return said % {"least": least, "n": _whole(many)}


def _whole(n: float) -> str:
    return f"{words.half_up(n):,}"


def _whole_between(band: Band) -> str:
    if band.ends is None:
        return ""
    low, high = map(_whole, band.ends)
    return "" if low == high else _("; the middle between %(low)s and %(high)s", low=low, high=high)


def _fact(figures: Figures, id: str, rule: str | None, what: str) -> Fact | None:
    band = Band.of(figures.find(id, rule))
    if band is None:
        return None
    return Fact(amount(band.value), what, span(band), id)


def marks(figures: Figures, deployment: Deployment) -> tuple[MarkStory, ...]:
    """The marks of the file: how many children earn them, and how many on wrong flags."""
    found = []
    for mark in deployment.file.marks:
        earned = figures.find("p_mark", mark.rule, mark=mark.name)
        unearned = figures.find("p_mark_unearned", mark.rule, mark=mark.name)
        perfect = figures.find("p_mark", mark.rule, mark=mark.name, reader="perfect")
        band, wrong, ideal = Band.of(earned), Band.of(unearned), Band.of(perfect)
        if earned is None or band is None:
            continue
        said = _("Of 100 children, %(n)s would carry the word %(word)s", n=_of_100(band), word=quote(mark.name))
        if wrong is not None and band.value > 0:
            half = _("; for %(n)s of the 100, at least half of the flags that earned it were wrong", n=_of_100(wrong))
            said += half
        if ideal is not None:
            said += _(". A perfect reader would give it to %(n)s", n=words.tally(ideal.value, 100))
        share = 0.0 if wrong is None else min(wrong.value, band.value)
        named = (
            (_("earned"), earned),
            (_("earned on wrong flags"), unearned),
            (_("earned, perfect reader"), perfect),
        )
        table = tuple((what, f) for what, f in named if f is not None)
        strip = Strip(quote(mark.name), band, "right", _("%(n)s children", n=tally_100(band.value)), "p_mark")
        found.append(MarkStory(mark.name, mark.rule, strip, round(100 * share, 3), f"{said}.", table))
    return tuple(found)


def _of_100(band: Band) -> str:
    return words.tally(band.value, 100) + words.tally_brackets(band, 100)


def workload(figures: Figures, deployment: Deployment) -> tuple[Fact, ...]:
    """What the alerts ask of teachers and families; nothing of those whom no rule tells."""
    told = {who for rule in deployment.rules for who in rule.notify}
    facts = []
    teacher = Band.of(figures.find("alerts_per_teacher_day")) if "teacher" in told else None
    if teacher is not None:
        what = _("alerts a day to the teacher of a class")
        facts.append(Fact(amount(teacher.value), what, span(teacher), "alerts_per_teacher_day"))
    family = Band.of(figures.find("alerts_per_family_year")) if "parent" in told else None
    if family is not None:
        pace = words.half_up(deployment.calendar.days_per_year / family.value) if family.value > 0 else 0
        what = _("alerts a school year to a family, for each child")
        if pace > 1:
            what = _("alerts a school year to a family, for each child: one every %(n)s school days", n=f"{pace:,}")
        facts.append(Fact(amount(family.value), what, span(family), "alerts_per_family_year"))
    return tuple(facts)


def fall_on(rule: str, figures: Figures) -> str:
    """In which states the children are on whom a rule's flags fall, the commonest first; empty where none falls."""
    rows = sorted(figures.along("flag_state_share", "state", rule), key=lambda f: -(f.value or 0.0))
    if not rows or any(f.value is None for f in rows):
        return ""
    said = [
        _("%(n)s on children who were %(state)s", n=amount(100 * f.value), state=isolate(f.state))
        for f in rows
        if f.value and f.state
    ]
    where = listing(said, "and")
    return _("Whatever it claims, of 100 such flags fall %(where)s, at the look that sets it off.", where=where)
