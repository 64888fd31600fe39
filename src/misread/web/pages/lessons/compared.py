"""What the table of all looks comes to: how well the reader tells trouble from none, and how rare trouble is."""

from __future__ import annotations

from misread.language import gettext as _
from misread.report.words import half_up
from misread.web.pages.lessons.cards import Table

APART = 10
"""Of a hundred looks: with less between the two, a reader is said to hardly tell them apart."""


def compared(table: Table) -> str:
    """Both reasons for wrong alerts, with their numbers.

    Parameters
    ----------
    table : Table
        All looks of a day.

    Returns
    -------
    str
        Which of the two weighs here; empty where the day has looks of one kind alone.
    """
    fine = table.looks - table.true
    if not fine or not table.true:
        return ""
    wrongly, rightly = (f"{half_up(100 * n / of)}" for n, of in ((table.hit_false, fine), (table.hit_true, table.true)))
    picked = _(
        "Of 100 looks at children in trouble %(rightly)s are picked out, of 100 at the others %(wrongly)s: %(told)s.",
        rightly=rightly,
        wrongly=wrongly,
        told=_told(100 * table.hit_true / table.true - 100 * table.hit_false / fine),
    )
    rare = _(
        "There are %(fine)s looks at the others, and %(trouble)s at children in trouble.",
        fine=f"{fine:,}",
        trouble=f"{table.true:,}",
    )
    return f"{picked} {rare} {_wrong(table)}"


def _told(apart: float) -> str:
    if apart >= APART:
        return _("the reader does tell them apart")
    if apart <= -APART:
        return _("the reader picks out the others more often")
    return _("the reader hardly tells them apart")


def _wrong(table: Table) -> str:
    """How many of those picked out are wrong, beside what picking blindly would give."""
    if not table.hits:
        return _("None is picked out.")
    return _(
        "So %(wrong)s of 100 that are picked out are at the others; picked blindly it would be %(blindly)s.",
        wrong=half_up(100 * table.hit_false / table.hits),
        blindly=half_up(100 * (table.looks - table.true) / table.looks),
    )
