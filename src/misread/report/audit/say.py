"""What an audit found, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from misread.audit.table.model import FEW
from misread.language import gettext as _
from misread.language import mark
from misread.report import words
from misread.report.audit.drawn.heat import rounded
from misread.report.words import Band, amount, half_up, headlines, listing
from misread.report.words.headlines import Headline
from misread.report.words.lookup import isolate, quote

if TYPE_CHECKING:
    from misread.audit.groups import Disparity
    from misread.audit.rates import Estimate

LEAST = 0.005
"""A share below this is not told in sentences: it would be none of 100."""
NOTHING = 1e-9
"""A difference below this is none."""
SHOWN = 0.05
"""A difference is shown where equal groups would show as much more rarely than this."""

CALLED: Mapping[str, str] = {
    "accuracy": mark("right answers"),
    "recall": mark("%(word)s when shown"),
    "false_positive_rate": mark("%(word)s when not shown"),
    "none_share": mark("no answer"),
    "balanced_accuracy": mark("balanced accuracy"),
    "macro_f1": mark("macro-F1"),
    "kappa": mark("Cohen’s kappa"),
    "alpha": mark("Krippendorff’s alpha"),
}
"""Statistic → what it is called."""
AXES: Mapping[str, str] = {
    "accuracy": mark("right answers of 100"),
    "recall": mark("of 100 that show %(word)s, named so"),
    "false_positive_rate": mark("of 100 that show something else, named %(word)s"),
    "none_share": mark("of 100 without an answer"),
}
"""Statistic → what an axis of it measures."""
WRONG = frozenset({"false_positive_rate", "none_share"})
"""Statistics that count what is wrong or missing."""


def called(statistic: str, word: str | None = None) -> str:
    """What a statistic is called, with the word that it is about."""
    return _about(CALLED.get(statistic, statistic.replace("_", " ")), word)


def axis(statistic: str, word: str | None = None) -> str:
    """What an axis of a statistic measures."""
    return _about(AXES[statistic], word)


def _about(said: str, word: str | None) -> str:
    return _(said) if word is None else _(said) % {"word": quote(word)}


def tone(statistic: str) -> str:
    """What dots of a statistic count: what is right, or what is wrong."""
    return "wrong" if statistic in WRONG else "right"


def headline(accuracy: Estimate | None, unit: str) -> Headline:
    """The answer: how many answers are wrong.

    Parameters
    ----------
    accuracy : Estimate or None
        Of everybody.
    unit : str
        What is counted.
    """
    if accuracy is None or accuracy.value is None:
        return headlines.emphasised(_("How often it is right <b>cannot be told</b> from this table."))
    wrong = 1 - accuracy.value
    said, of = answers(unit), words.base(wrong)
    if wrong <= 0:
        return headlines.emphasised(_("<b>Every</b> one of the %(answers)s was right."), "right", answers=said)
    if wrong >= 1:
        return headlines.emphasised(_("<b>None</b> of the %(answers)s was right."), "wrong", answers=said)
    values = {"n": words.count(of), "answers": said, "wrong": words.tally(wrong, of)}
    are = _("Of %(n)s %(answers)s, <b>%(wrong)s</b> are wrong.")
    one = _("Of %(n)s %(answers)s, <b>%(wrong)s</b> is wrong.")
    return headlines.emphasised(one if half_up(wrong * of) == 1 else are, "wrong", **values)


def answers(unit: str) -> str:
    """What is right or wrong: answers, or votes where people's votes are what is tested."""
    return _("votes") if unit == "votes" else _("answers")


def ceiling_headline(agree: float | None) -> Headline:
    """The answer where nothing but votes was given."""
    if agree is None:
        return headlines.emphasised(_("How far people agree <b>cannot be told</b> from these votes."))
    said = _("Of 100 faces, one person names <b>%(n)s</b> as most of the others do.")
    return headlines.emphasised(said, n=half_up(100 * agree))


def of_100(e: Estimate | None) -> str:
    """A share out of 100 with its interval in brackets; that nothing can be said where nothing can."""
    if e is None or e.value is None:
        return _("cannot be told")
    value, low, high = of_three(e)
    return value + _why_or(e, _("between %(low)s and %(high)s", low=low, high=high))


def of_three(e: Estimate) -> tuple[str, str, str]:
    """A share and its ends out of 100, with one decimal where they would look the same without."""
    three = tuple(map(points, (e.value, e.low, e.high)))
    if e.low is not None and e.high is not None and three[1] == three[2] and e.high - e.low > NOTHING:
        three = tuple(f"{100 * (x or 0.0):.1f}" for x in (e.value, e.low, e.high))
    value, low, high = three
    return value, low, high


def counted_of_100(e: Estimate) -> str:
    """The same in whole numbers, as faces are counted."""
    return rounded(e.value or 0.0) + _why_or(e, words.share_span(Band(e.value or 0.0, e.low, e.high)))


def _why_or(e: Estimate, span: str) -> str:
    """The interval in brackets, or why there is none."""
    if e.low is None or e.high is None:
        return f" ({note(e)})" if e.note else ""
    return f" ({span})"


def note(e: Estimate) -> str:
    """Why an estimate has no value or no interval."""
    return _(e.note) if e.note else ""


def line_interval(e: Estimate) -> str:
    """The interval as a chart's line tells it: “49 to 59”; why there is none where there is none."""
    if e.value is None or e.low is None or e.high is None:
        return note(e) or _("no interval")
    _value, low, high = of_three(e)
    return _("%(low)s to %(high)s", low=low, high=high)


def coefficient(e: Estimate) -> str:
    """A coefficient, such as kappa, with its interval."""
    if e.value is None:
        return _("cannot be told")
    if e.low is None or e.high is None:
        return amount(e.value)
    return _("%(x)s (%(low)s to %(high)s)", x=amount(e.value), low=amount(e.low), high=amount(e.high))


def signed_span(e: Estimate) -> str:
    """The interval of a difference of shares, in points of 100 with their sign; empty where there is none."""
    if e.low is None or e.high is None:
        return ""
    low, high = (amount(100 * end, signed=True) for end in (e.low, e.high))
    return _("%(low)s to %(high)s", low=low, high=high)


def row_sentence(row: Sequence[Estimate], none: str, unit: str, most: int = 3) -> str:
    """What is answered when a face shows something, in natural frequencies.

    Parameters
    ----------
    row : sequence of Estimate
        Cells of one expression.
    none : str
        The answer that is missing.
    unit : str
        What is counted: people read where it is their votes.
    most : int
        How many wrong answers are named.
    """
    name = row[0].expression or ""
    told = [e for e in row if e.value is not None]
    if not told:
        return _("No face shows %(word)s.", word=quote(name))
    own = [e for e in told if e.label == name]
    others = sorted((e for e in told if e.label not in (name, none) and (e.value or 0) >= LEAST), key=_falling)
    missing = [e for e in told if e.label == none and (e.value or 0) >= LEAST]
    parts = [_("%(n)s as %(word)s", n=counted_of_100(e), word=quote(e.label)) for e in (*own, *others[:most])]
    parts += [_("%(n)s not at all", n=counted_of_100(e)) for e in missing]
    it = _("Of 100 faces that show %(word)s, it reads %(parts)s.")
    people = _("Of 100 faces that show %(word)s, people read %(parts)s.")
    said = (people if unit == "votes" else it) % {"word": quote(name), "parts": listing(parts, "and")}
    return said if own else said + " " + _("There is no answer for what they show.")


def unknown(names: Sequence[str]) -> str:
    """That there is no answer for some expressions; empty where there is one for each."""
    if not names:
        return ""
    said = _("There is no answer for %(words)s: whatever is answered to a face that shows it is wrong.")
    return said % {"words": listing([quote(name) for name in names], "or")}


def _falling(e: Estimate) -> float:
    return -(e.value or 0.0)


def p_words(p: float | None) -> str:
    """A p value for readers."""
    if p is None:
        return "–"
    if p < 0.001:
        return "< 0.001"
    return f"{p:.3f}" if p < 0.0995 else f"{p:.2f}"


def points(x: float | None) -> str:
    """A difference of shares in points of 100."""
    if x is None:
        return "–"
    return amount(100 * x) if abs(x) > NOTHING else "0"


def is_shown(d: Disparity) -> bool:
    """Whether equal groups would seldom show as much."""
    return d.p is not None and d.p < SHOWN


def gap_called(d: Disparity) -> str:
    """What a gap is about, and among whom."""
    name = called(d.statistic, d.expression or d.label)
    among = ", ".join(f"{isolate(column)} {isolate(level)}" for column, level in d.within)
    return f"{name} ({among})" if among else name


def disparity_sentence(d: Disparity) -> str:
    """Whether groups differ, by how much, and what may well have gone unseen."""
    about = words.upper_first(gap_called(d))
    if d.p is None:
        return _("%(about)s: %(why)s.", about=about, why=_(d.note) if d.note else _("cannot be compared"))
    if is_shown(d) and d.value is not None:
        said = _(
            "%(about)s: the groups of %(column)s differ by %(value)s points of 100 (between %(low)s and %(high)s), "
            "from %(lowest)s to %(highest)s."
        )
        return said % {
            "about": about,
            "column": quote(d.column),
            "value": points(d.value),
            "low": points(d.low),
            "high": points(d.high),
            "lowest": quote(d.lowest),
            "highest": quote(d.highest),
        }
    said = _("%(about)s: no difference between the groups of %(column)s is shown.")
    first = said % {"about": about, "column": quote(d.column)}
    return first + " " + unseen(d) if d.visible is not None else first


def unseen(d: Disparity) -> str:
    """The smallest gap that these counts would have shown."""
    if d.visible is None or d.visible >= 1:
        return _("These counts could not have shown any gap.")
    return _("A gap under %(n)s points may well have gone unseen.", n=points(d.visible))


def chance_sentence(d: Disparity) -> str:
    """What was seen, beside what equal groups would show."""
    said = _(
        "Seen: %(seen)s points between the highest and the lowest of %(k)s groups. Equal groups would show "
        "%(mean)s on average, and up to %(high)s in 19 of 20 such tables."
    ) % {
        "seen": points(d.seen),
        "k": words.count(d.groups),
        "mean": points(d.chance),
        "high": points(d.chance_high),
    }
    if not d.left_out:
        return said
    out = _("Not compared, since too few are in them or nobody knows who: %(groups)s.")
    return said + " " + out % {"groups": listing([quote(name) for name in d.left_out], "and")}


def gap_span(d: Disparity) -> str:
    """The interval of a gap; empty where there is none."""
    if d.low is None or d.high is None:
        return ""
    return _("%(low)s to %(high)s", low=points(d.low), high=points(d.high))


def not_shown(d: Disparity) -> str:
    """That no difference is shown, for the end of a line, and from what size on one would have been."""
    if d.visible is None or d.visible >= 1:
        return _("none shown, none visible")
    return _("none shown, visible from %(n)s", n=points(d.visible))


def put_together() -> str:
    """What a level is that holds several."""
    said = _("“%(few)s” stands for levels of fewer than five persons each, taken together: of so few nothing is told.")
    return said % {"few": FEW}


def not_drawn(n: int, of: int | None = None) -> str:
    """That groups are left out since too few persons are in them, or in others that they would give away."""
    if of is None:
        said = _(
            "Nothing is told of any of the %(n)s groups: too few are in them, or in others that they would give away."
        )
        return said % {"n": n}
    said = _("%(n)s of %(of)s groups are left out: too few are in them, or in others that they would give away.")
    return said % {"n": n, "of": of}


def range_said(estimates: Sequence[Estimate], names: Sequence[str]) -> str:
    """From the lowest to the highest, in one sentence; of how many nothing sure can be said.

    Parameters
    ----------
    estimates : sequence of Estimate
        One a group, or one a word.
    names : sequence of str
        Their names.
    """
    told = [(e, name) for e, name in zip(estimates, names, strict=True) if e.value is not None]
    # Where too few stand behind a figure, it is no highest and no lowest.
    told = [(e, name) for e, name in told if e.low is not None] or told
    if not told:
        return _("Of none of them can it be told: there are too few faces or persons.")
    (low, lowest), (high, highest) = (pick(told, key=lambda pair: pair[0].value or 0.0) for pick in (min, max))
    if len(told) == 1:
        said = _("%(n)s of 100 for %(name)s.", n=of_100(low), name=quote(lowest))
    else:
        said = _("From %(low)s of 100 for %(lowest)s to %(high)s for %(highest)s.") % {
            "low": of_100(low),
            "lowest": quote(lowest),
            "high": of_100(high),
            "highest": quote(highest),
        }
    without = sum(e.value is None or e.low is None for e in estimates)
    if not without:
        return said
    unsure = _("For %(n)s of %(all)s there are too few faces or persons to be sure.", n=without, all=len(estimates))
    return f"{said} {unsure}"
