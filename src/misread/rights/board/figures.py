"""What a deployment was found to get wrong, as papers say it: a sentence, a value with interval, the finding's id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from misread.findings.definitions import DEFINITIONS
from misread.language import gettext as _
from misread.language import mark
from misread.report.words import Band, amount, children, half_up, listing, no_interval, upper_first
from misread.report.words.headlines import headline
from misread.report.words.lookup import Figures, isolate, keys_of, quote, shorten
from misread.rights.paper.blocks import Block, Items, Paragraph, Run, Table, Words, plain

if TYPE_CHECKING:
    from misread.deployment.model import Deployment, Rule
    from misread.findings.table import Finding
    from misread.study.exact.run import Measured


BILLION = 1e9
NAMED = 90
"""Characters of a list of states: a deployment may have many, and give them long names."""
LEADING = (
    "flag_ppv", "p_false_flag_by_year_1", "false_flags_per_pupil_year", "disparity_false_flags", "spells_missed",
    "flag_lift",
)  # fmt: skip
"""Findings that a page has room for: what is wrong, about whom, and what it is good for."""

Say = Callable[[float], str]
"""What makes a sentence of a value."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One finding, as a paper says it.

    Attributes
    ----------
    says : str
        What it means here, in natural frequencies.
    finding : Finding
        The finding itself.
    """

    says: str
    finding: Finding

    @property
    def value(self) -> str:
        """The value with its 95 % interval, or why there is none."""
        band = Band.of(self.finding)
        if band is None:
            return _("no value")
        if band.ends is None:
            return f"{large(band.value)}. {no_interval(band)}"
        if not band.outside:
            return spanned(band)
        # A profile's row that says "never seen" still has a posterior: the value can lie outside its interval.
        low, high = map(large, band.ends)
        return _("%(value)s; with uncertainty, %(low)s to %(high)s", value=large(band.value), low=low, high=high)

    @property
    def name(self) -> Words:
        """Which finding it is: its id, and what it is about."""
        return (Run(self.finding.id, "code"), *plain(about(self.finding)))

    def json(self) -> dict[str, Any]:
        """It as data: what it says beside the row of the findings."""
        return {"says": self.says, **self.finding.row()}


def spanned(band: Band, *, signed: bool = False) -> str:
    """A value with its interval in brackets, where it has one that says more than the value."""
    value = large(band.value, signed=signed)
    low, high = (large(end, signed=signed) for end in band.ends or (band.value, band.value))
    return value if value == low == high else _("%(value)s (%(low)s to %(high)s)", value=value, low=low, high=high)


def large(x: float, *, signed: bool = False) -> str:
    """A quantity for readers; from a thousand million on, in thousands of millions."""
    if abs(x) < BILLION:
        return amount(x, signed=signed)
    return _("%(n)s billion", n=amount(x / BILLION, signed=signed))


def about(finding: Finding) -> str:
    """What a finding is about beside its id, such as ", rule “not attentive”"."""
    keys = {"rule": finding.rule, **keys_of(finding)}
    said = [f"{key} {quote(word)}" for key, word in keys.items() if word is not None]
    said += [f"group {quote(finding.group)}"] if finding.group != "all" else []
    return "".join(f", {part}" for part in said)


def kept(measured: Measured) -> tuple[Figure, ...]:
    """How much is written down about a child, and who is told of it."""
    found = Figures(measured.findings)
    sayings = {
        "labels_archived": mark("%(n)s labels would be written down about a child by the end of school."),
        "alerts_per_teacher_day": mark("A teacher would get %(n)s alerts about a class on a school day."),
        "alerts_per_family_year": mark("A family would get %(n)s alerts about a child in a school year."),
    }
    return tuple(_made((found.find(id), _says(said, amount)) for id, said in sayings.items()))


def worth(measured: Measured) -> tuple[Figure, ...]:
    """What speaks for each rule, and how much of what it looks for it finds."""
    return tuple(figure for rule in _counted_rules(measured) for figure in _worth(measured, rule))


def errors(measured: Measured) -> tuple[Figure, ...]:
    """What each rule gets wrong, about whom, and what becomes of it."""
    found = Figures(measured.findings)
    rules = (figure for rule in _counted_rules(measured) for figure in _errors(measured, rule))
    return (*rules, *_marks(found, measured.deployment), *_decisions(found, measured.deployment))


def leading(measured: Measured) -> tuple[Figure, ...]:
    """The few figures that a page has room for: about the first rule that was counted."""
    rule = next(_counted_rules(measured), None)
    if rule is None:
        return kept(measured)[:1]
    figures = (*_errors(measured, rule), *_worth(measured, rule))
    said = {f.finding.id: f for f in figures if f.finding.group == "all" and f.finding.reader is None}
    return tuple(said[id] for id in LEADING if id in said)


def _counted_rules(measured: Measured) -> Iterator[Rule]:
    counted = {f.rule for f in measured.findings if f.id == "flag_ppv"}
    return (rule for rule in measured.deployment.rules if rule.name in counted)


def _made(pairs: Iterable[tuple[Finding | None, Say]]) -> Iterator[Figure]:
    """Figures of the findings that are there; what each says is made from its value."""
    for finding, say in pairs:
        if finding is not None and finding.value is not None:
            yield Figure(say(finding.value), finding)


def _says(message: str, shown: Callable[[float], object], **more: object) -> Say:
    """What makes a sentence of a value: the message with the value as it is shown, and more that is put in."""
    return lambda value: _(message, n=shown(value), **more)


def _of_100(share: float) -> int:
    return half_up(100 * share)


def _worth(measured: Measured, rule: Rule) -> Iterator[Figure]:
    found, name, states = Figures(measured.findings), rule.name, isolate(shorten(listing(rule.claims), NAMED))
    missed = mark("Of 100 spells of what it looks for (%(states)s), it would miss %(n)s.")
    ideal = mark("Run by somebody who reads every state without error, the same rule would miss %(n)s of 100.")
    lift = mark("It would be right %(n)s times as often as pointing at children by lot.")
    yield from _made(
        (
            (found.find("spells_missed", name), _says(missed, _of_100, states=states)),
            (found.find("spells_missed", name, reader="perfect"), _says(ideal, _of_100)),
            (found.find("flag_lift", name), _says(lift, amount)),
        )
    )


def _errors(measured: Measured, rule: Rule) -> Iterator[Figure]:
    found, name = Figures(measured.findings), rule.name
    reader = isolate(measured.deployment.classifier.reader)
    year = mark("%(n)s would be wrongly flagged at least once in the first school year.")
    end = mark("%(n)s would be wrongly flagged at least once by the end of school.")
    most = mark("The group that is wrongly flagged most gets %(n)s times the wrong flags of the least flagged.")
    sayings: Mapping[str, Say] = {
        "flag_ppv": lambda value: str(headline(value, rule.notify, reader)),
        "flags_per_pupil_year": _says(mark("A child would be flagged %(n)s times in a school year."), amount),
        "false_flags_per_pupil_year": _says(mark("A child would get %(n)s wrong flags in a school year."), amount),
        "p_false_flag_by_year_1": _says(year, children),
        "p_false_flag_by_end": _says(end, children),
        "flags_on_file_end": _says(mark("A child would leave school with %(n)s flags on file."), amount),
        "disparity_false_flags": _says(most, amount),
    }
    yield from _made((found.find(id, name), say) for id, say in sayings.items())
    of_group = mark("Of the children called %(group)s, each would get %(n)s wrong flags in a school year.")
    rows = found.groups("false_flags_per_pupil_year", name)
    yield from _made((f, _says(of_group, amount, group=quote(f.group))) for f in rows)


def _marks(found: Figures, deployment: Deployment) -> Iterator[Figure]:
    sayings = {
        "p_mark": mark("%(n)s would be marked %(word)s before leaving school."),
        "p_mark_unearned": mark("%(n)s would be marked %(word)s on flags at least half of which were wrong."),
    }
    for given in deployment.file.marks:
        yield from _made(
            (found.find(id, given.rule, mark=given.name), _says(said, children, word=quote(given.name)))
            for id, said in sayings.items()
        )


def _decisions(found: Figures, deployment: Deployment) -> Iterator[Figure]:
    sayings = {
        "decision_wrong": mark("Right flags would decide otherwise for %(n)s of 100 children: %(name)s."),
        "decision_lottery": mark("By drawing lots it would be otherwise for %(n)s of 100: %(name)s."),
    }
    for decision in deployment.decisions:
        for id, said in sayings.items():
            rows = (f for f in found.rows if f.id == id and f.decision == decision.name and f.group == "all")
            yield from _made((f, _says(said, _of_100, name=quote(decision.name))) for f in rows)


def table(caption: str, figures: Iterable[Figure]) -> Table:
    """Figures as a table: what each says and which finding it is, and its value with its interval."""
    rows = tuple(((Run(f"{f.says} "), *f.name), plain(f.value)) for f in figures)
    return Table(caption, (_("What was computed"), _("Value (95 % interval)")), rows)


def definitions(figures: Iterable[Figure]) -> Items:
    """What each finding means, once."""
    ids = dict.fromkeys(f.finding.id for f in figures)
    return Items(tuple((Run(id, "code"), Run(f": {_(DEFINITIONS[id].meaning)}")) for id in ids))


def origin(measured: Measured, command: str) -> Paragraph:
    """Where the numbers come from: command, version and digest."""
    found = measured.findings
    return Paragraph(
        (
            Run(
                _(
                    "Numbers: computed for made-up pupils, never measured on a child, by misread %(v)s with ",
                    v=found.version,
                )
            ),
            Run(command, "code"),
            Run(_("; digest of the deployment %(sha)s.", sha=found.sha256[:16])),
        ),
        small=True,
    )


def rests_on(deployment: Deployment, *, cited: bool = True) -> Iterator[Block]:
    """What the numbers rest on, part by part, assumptions called so.

    Parameters
    ----------
    deployment : Deployment
        What was measured.
    cited : bool
        Whether the published figures that it names are listed with their sources, or said to be found with
        ``misread evidence``.
    """
    from misread.report.words.sources import Library, grounds, parameters

    library = Library.load()
    parts = grounds(parameters(deployment), library)
    rows = tuple(
        (plain(_(part.title)), plain(part.words), plain(", ".join(e.id for e in part.evidence) or "–"))
        for part in parts
    )
    if rows:
        yield Table(
            _("What the numbers rest on"),
            (_("Part of the deployment"), _("Its numbers are"), _("Published figures")),
            rows,
        )
    found = library.bibliography()
    if cited and found:
        yield Items(
            tuple(
                (Run(e.id, "code"), Run(f": {(e.citation or e.short).rstrip('.')}. {upper_first(e.meaning)}."))
                for e in found
            )
        )
    elif found:
        yield Paragraph(
            (
                Run(_("Each published figure, with its source: ")),
                Run(f"misread evidence {found[0].id}", "code"),
                Run("."),
            ),
            small=True,
        )
