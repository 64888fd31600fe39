"""X22: how many alerts could be right at the accuracy that was stated.

It is computed by the exact engine on a deployment that ships with misread, in which only the stated accuracy is put.
Nothing of an export goes in: not a row, not a count, not a label.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from misread.language import gettext as _
from misread.rights.check.findings.seen.checks import finding
from misread.rights.check.findings.seen.promised import Promise, share

if TYPE_CHECKING:
    from misread.rights.check.model import Finding, Json

DEPLOYMENT = "vendor-claim"
KEY = "classifier.confusion.camera.accuracy"


@dataclass(frozen=True, slots=True)
class Right:
    """What becomes of one rule at an accuracy.

    Attributes
    ----------
    rule : str
        The rule of the deployment.
    ppv : float
        The share of its alerts that are right: the finding ``flag_ppv``.
    """

    rule: str
    ppv: float


@lru_cache(maxsize=16)
def right(accuracy: float) -> tuple[Right, ...]:
    """How many alerts of each rule are right at an accuracy, in the shipped deployment.

    Parameters
    ----------
    accuracy : float
        As it was stated, between 0 and 1.
    """
    from misread.deployment import load
    from misread.study.exact.run import measured

    findings = measured(load(DEPLOYMENT, settings=(f"{KEY}={accuracy!r}",)), draws=0).findings
    return tuple(
        Right(str(row.rule), row.value)
        for row in findings["flag_ppv"]
        if row.group == "all" and row.value is not None and not any((row.reader, row.view, row.trait, row.age))
    )


def x22(said: Promise) -> Finding:
    """At the accuracy that was stated, how many alerts could be right?

    Parameters
    ----------
    said : Promise
        What the record says of `acc.claim`. It is all that this check is given.
    """
    asks = ["question:acc.claim", "question:acc.false_alarms", "question:acc.ground_truth"]
    if not said.told:
        return finding("X22", said.silent, _("No accuracy was disclosed."), {}, said, asks)
    accuracy = share(said.value)
    if accuracy is None:
        return finding("X22", "cannot tell", _("What was disclosed names no single accuracy."), {}, said, asks)
    rules = right(accuracy)
    saw: dict[str, Json] = {
        "accuracy": accuracy,
        "deployment": DEPLOYMENT,
        "finding": "flag_ppv",
        "rules": [{"rule": one.rule, "right": round(one.ppv, 4)} for one in rules],
    }
    told = "; ".join(_("%(rule)s: %(n)s of 10", rule=one.rule, n=f"{10 * one.ppv:.1f}") for one in rules)
    says = _(
        "If %(a)s of 100 readings were right, so many alerts would be right in the shipped example %(d)s: %(told)s.",
        a=f"{100 * accuracy:.6g}",
        d=DEPLOYMENT,
        told=told,
    )
    more = _("Its rules and children are made up for the example; those of your school are another matter.")
    return finding("X22", "cannot tell", says, saw, said, asks[1:], more)
