"""The first sentence of a report: the answer, with the part of it that carries the number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from misread.language import gettext as _
from misread.language import mark
from misread.report.words import CAMERAS, amount, base, count, half_up, listing, tally


@dataclass(frozen=True, slots=True)
class Headline:
    """The answer, with the part of it that carries the number.

    Attributes
    ----------
    before, answer, after : str
        The sentence in three parts; `answer` is set off.
    tone : str
        ``"wrong"``, ``"right"`` or ``""``: what the answer counts.
    """

    before: str
    answer: str
    after: str
    tone: str = ""

    def __str__(self) -> str:
        return self.before + self.answer + self.after


def emphasised(message: str, tone: str = "", /, **values: object) -> Headline:
    """A sentence in three parts.

    Parameters
    ----------
    message : str
        In the language that is spoken, its places still open; ``<b>`` and ``</b>`` stand around what is set off.
    tone : str
        As in `Headline`.
    **values : object
        What to put in; marks in them are nothing but text.
    """
    before, answer, after = (part % values for part in re.split("</?b>", message))
    return Headline(before, answer, after, tone)


def sent(notify: tuple[str, ...]) -> tuple[str, str]:
    """What a rule's flags are called, as several and as one: alerts where somebody is told."""
    return (_("alerts"), _("alert")) if PEOPLE.intersection(notify) else (_("flags"), _("flag"))


PEOPLE = frozenset({"parent", "teacher", "counsellor"})
"""Who can be told."""
_HEADLINES = {
    "home": (
        mark("<b>Every</b> alert that this school would send home would be wrong."),
        mark("<b>No</b> alert that this school would send home would be wrong."),
        mark("Of %(n)s alerts that this school would send home, <b>fewer than one</b> would be right."),
        mark("Of %(n)s alerts that this school would send home, <b>%(wrong)s</b> would be wrong."),
    ),
    "people": (
        mark("<b>Every</b> alert that %(reader)s would send to %(people)s would be wrong."),
        mark("<b>No</b> alert that %(reader)s would send to %(people)s would be wrong."),
        mark("Of %(n)s alerts that %(reader)s would send to %(people)s, <b>fewer than one</b> would be right."),
        mark("Of %(n)s alerts that %(reader)s would send to %(people)s, <b>%(wrong)s</b> would be wrong."),
    ),
    "file": (
        mark("<b>Every</b> flag that %(reader)s would put on file would be wrong."),
        mark("<b>No</b> flag that %(reader)s would put on file would be wrong."),
        mark("Of %(n)s flags that %(reader)s would put on file, <b>fewer than one</b> would be right."),
        mark("Of %(n)s flags that %(reader)s would put on file, <b>%(wrong)s</b> would be wrong."),
    ),
}
"""Where flags go → what is said where all of them are wrong, none, nearly all, and some."""


def headline(ppv: float | None, notify: tuple[str, ...], reader: str = CAMERAS) -> Headline:
    """The first sentence of the report; it says “would”, which agrees with one reader and with several.

    Parameters
    ----------
    ppv : float or None
        Share of the flags that are true; None where there never is a flag.
    notify : tuple of str
        Who is told.
    reader : str
        Who or what reads the faces, fit to be shown.
    """
    told = PEOPLE.intersection(notify)
    if ppv is None:
        alert = _("This rule would <b>never</b> raise an alert.")
        return emphasised(alert if told else _("This rule would <b>never</b> raise a flag."))
    wrong = 1 - ppv
    of = base(wrong)
    i = 0 if ppv <= 0 else 1 if ppv >= 1 else 2 if half_up(wrong * of) == of else 3
    said = _HEADLINES["home" if "parent" in told else "people" if told else "file"][i]
    people = [word for key, word in (("teacher", _("teachers")), ("counsellor", _("the counsellor"))) if key in told]
    values = {"n": count(of), "wrong": tally(wrong, of), "reader": reader, "people": listing(people, "and")}
    return emphasised(_(said), "right" if i == 1 else "wrong", **values)


def no_rules_headline(labels: float | None, looks: float | None = None) -> Headline:
    """The first sentence where no rule makes a flag of what is written down.

    Parameters
    ----------
    labels : float or None
        Labels written down about a child who is watched.
    looks : float or None
        Looks at children in all: with none of them nobody is watched.
    """
    if looks == 0:
        return emphasised(_("<b>No child</b> would be looked at, and nobody flagged."))
    if labels is None:
        return emphasised(_("Nobody would be flagged, and still every look at a face would be <b>written down</b>."))
    said = _("Nobody would be flagged, and still <b>%(n)s guesses</b> about each child would be written down.")
    return emphasised(said, n=amount(labels))
