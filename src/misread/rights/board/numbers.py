"""What a model policy would change in a deployment, as a part of its paper: both values, and their difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from misread.deployment.load import load
from misread.findings.definitions import DEFINITIONS
from misread.language import gettext as _
from misread.report.words import Band
from misread.report.words.lookup import Figures, clean, keys_of
from misread.rights.board.figures import about, rests_on, spanned
from misread.rights.board.overlays import changes
from misread.rights.paper.blocks import Block, Heading, Paragraph, Run, Table, Words, plain
from misread.study.compare import Comparison, Difference, compare

if TYPE_CHECKING:
    from collections.abc import Callable

    from misread.deployment import Deployment
    from misread.findings.table import Finding

SHOWN = (
    "observations", "alerts_per_teacher_day", "alerts_per_family_year", "flags_per_pupil_year",
    "false_flags_per_pupil_year", "p_false_flag_by_end", "flags_on_file_end", "p_mark", "p_mark_unearned",
    "masking_end",
)  # fmt: skip
"""Findings that a board is shown."""
HELD = {
    "4.4": ("flag_ppv", "false_flags_per_pupil_year", "spells_missed"),
    "4.5": ("disparity_false_flags",),
}
"""Clauses of the moratorium → the findings that its limits are about."""
ROUNDING = 1e-12
DEPLOYMENT_WIDE = ("observations", "alerts_per_teacher_day")
"""Findings that are not about a watched child: they tell of everybody, watched or not."""


@dataclass(frozen=True, slots=True)
class Row:
    """One finding under the deployment and under the policy.

    Attributes
    ----------
    before : Finding
        Under the deployment.
    after : Finding or None
        Under the policy; None where there is no such thing any more.
    difference : Difference or None
        Between the two, with an interval of its own.
    """

    before: Finding
    after: Finding | None
    difference: Difference | None

    def json(self) -> dict[str, Any]:
        """It as data."""
        return {
            "before": self.before.row(),
            "after": self.after and self.after.row(),
            "difference": self.difference and {k: v for k, v in asdict(self.difference).items() if v is not None},
        }


@dataclass(frozen=True, slots=True)
class Changed:
    """What a policy would change.

    Attributes
    ----------
    policy : str
        Its name.
    before, after : Deployment
        The deployment, and the deployment with the policy laid on.
    comparison : Comparison
        Both, measured on the same draws.
    """

    policy: str
    before: Deployment
    after: Deployment
    comparison: Comparison

    @property
    def rows(self) -> tuple[Row, ...]:
        """The findings that a board is shown, about everybody and about the system."""
        return tuple(self._rows())

    def _rows(self) -> Iterator[Row]:
        first, second = (Figures(run.findings) for run in self.comparison.runs.values())
        differences = {_key(d): d for d in self.comparison.differences}
        for id in SHOWN:
            for finding in first.rows:
                if finding.id != id or finding.group != "all" or not keys_of(finding).keys() <= {"mark"}:
                    continue
                after = second.find(finding.id, finding.rule, **keys_of(finding))
                # Nobody is watched: what a finding says about a watched child is then about nobody.
                if self.nobody and id not in DEPLOYMENT_WIDE:
                    after = None
                yield Row(finding, after, None if after is None else differences.get(_key(finding)))

    @property
    def nobody(self) -> bool:
        """Whether nobody is watched any more."""
        return self.after.population.opt_out == 1

    @property
    def held(self) -> tuple[tuple[str, Finding], ...]:
        """Clauses with limits → what the deployment itself is found to do, for the moratorium."""
        rows = next(iter(self.comparison.runs.values())).findings
        if self.policy != "moratorium":
            return ()
        return tuple(
            (clause, f)
            for clause, ids in HELD.items()
            for id in ids
            for f in rows
            if f.id == id and f.group == "all" and not keys_of(f)
        )

    def json(self) -> dict[str, Any]:
        """It as data."""
        return {
            "deployment": self.before.origin.name,
            "rows": [row.json() for row in self.rows],
            "conditions": [{"clause": clause, **finding.row()} for clause, finding in self.held],
        }


def changed(
    policy: str,
    source: str,
    *,
    draws: int | None = None,
    seed: int,
    progress: Callable[[str, int, int], None] | None = None,
) -> Changed:
    """Measure a deployment without and with a model policy, on the same draws.

    Parameters
    ----------
    policy : str
        Name of the policy.
    source : str
        A deployment: a file, or a shipped name.
    draws, seed, progress
        As for `misread.study.compare.compare`.
    """
    before = load(source)
    after = load(source, settings=[change.setting for change in changes(policy, before)])
    both = {before.origin.name: before, f"{before.origin.name} + {policy}": after}
    return Changed(policy, before, after, compare(both, draws=draws, seed=seed, progress=progress))


def _key(row: Finding | Difference) -> tuple[Any, ...]:
    return row.id, row.rule, row.group, tuple(sorted(keys_of(row).items()))


def blocks(found: Changed, command: str) -> Iterator[Block]:
    """What a policy would change, as a part of its paper.

    Parameters
    ----------
    found : Changed
        As measured.
    command : str
        What to type to have it again.
    """
    run = next(iter(found.comparison.runs.values())).findings
    yield Heading(plain(_("What it would change")), new_page=True)
    counted = _(
        "Computed for made-up pupils, never measured on a child: the deployment “%(title)s”, without the policy and "
        "with it, by misread %(v)s with ",
        title=clean(found.before.title),
        v=run.version,
    )
    brackets = _(". Brackets hold 95 % intervals; that of a difference is its own, taken draw by draw.")
    yield Paragraph((Run(counted), Run(command, "code"), Run(brackets)))
    head = (_("What is counted"), _("Without"), _("With"), _("Difference"))
    rows = tuple(
        (
            _named(row.before),
            plain(_value(row.before)),
            plain(_value(row.after) if row.after else _gone(found, row)),
            plain(_difference(row.difference)),
        )
        for row in found.rows
    )
    yield Table(_("What the policy would change"), head, rows)
    if found.held:
        yield Table(
            _("The limits of the conditions, beside what the deployment is found to do without the policy"),
            (_("Clause"), _("What is counted"), _("Value (95 % interval)")),
            tuple((plain(clause), _named(f), plain(_value(f))) for clause, f in found.held),
        )
    yield from rests_on(found.before, cited=False)


def _named(finding: Finding) -> Words:
    return (Run(f"{_(DEFINITIONS[finding.id].meaning)} "), Run(finding.id, "code"), *plain(about(finding)))


def _gone(found: Changed, row: Row) -> str:
    if found.nobody and row.before.rule is None:
        return _("nobody is watched")
    if row.before.mark is not None:
        return _("no such mark")
    return _("no such rule")


def _difference(row: Difference | None) -> str:
    if row is None:
        return "–"
    # Chances are sums of many small ones: what is left of two that agree is rounding.
    ends = [end for end in (row.value, row.low, row.high) if end is not None]
    return _value(row, signed=True) if max(map(abs, ends), default=1) > ROUNDING else _("none")


def _value(row: Finding | Difference, *, signed: bool = False) -> str:
    band = Band.of(row)
    if band is None:
        return _("no value")
    return spanned(band, signed=signed)
