"""What a row of findings is about, in words."""

from __future__ import annotations

from misread.findings.table import Finding
from misread.language import gettext as _
from misread.language import mark
from misread.report.words.lookup import keys_of

KEYS = {
    "label": mark("label: %(name)s"),
    "mark": mark("mark: %(name)s"),
    "view": mark("view: %(name)s"),
    "state": mark("state: %(name)s"),
    "trait": mark("trait: %(name)s"),
    "situation": mark("situation: %(name)s"),
    "age": mark("age: %(name)s"),
    "decision": mark("decision: %(name)s"),
    "source": mark("source: %(name)s"),
}
"""What a row may be about beside rule, group and reader, in English."""


SUBTRACTED = ("file_variance_share", "difference_")
"""Beginnings of ids whose values come from subtracting: what is left of two equal numbers is an error of rounding."""
ROUNDING = 1e-12
"""Below it such a value is none. A probability is summed, never subtracted, and may be as small as it likes."""


def settled(id: str, value: float | None) -> float | None:
    """A value without what only rounding made."""
    if value is not None and abs(value) < ROUNDING and id.startswith(SUBTRACTED):
        return 0.0
    return value


def about(finding: Finding) -> str:
    """Rule, group, further keys and reader of a row."""
    keys = keys_of(finding)
    parts = [
        finding.rule or "",
        "" if finding.group == "all" else _("group %(name)s", name=finding.group),
        *(_(KEYS[key], name=name) for key, name in keys.items() if key in KEYS),
        _("a perfect reader") if "reader" in keys else "",
    ]
    return ", ".join(filter(None, parts)) or _("everybody")


def only_named(finding: Finding) -> bool:
    """Whether that is nothing but the name of a rule, which is not translated."""
    return finding.rule is not None and finding.group == "all" and not keys_of(finding)
