"""Inputs and findings in words."""

from __future__ import annotations

from misread.deployment.ranges import Range
from misread.findings.about import KEYS
from misread.report.words import amount, exact, plural
from misread.report.words.headlines import Headline
from misread.report.words.lookup import clean, quote
from misread.study.exact.run import SEED
from misread.study.sensitivity import BUDGET, HALF_WIDTH, Influence, Input, Sensitivity, Target

FINDINGS = {
    "flag_ppv": "how many flags are right",
    "flag_lift": "how much better than lots the flags are",
    "flags_per_pupil_year": "how many flags a child gets",
    "false_flags_per_pupil_year": "how many wrong flags a child gets",
    "spells_missed": "how much of what it looks for is missed",
    "p_false_flag_by_day_1": "how many children are wrongly flagged on the first day",
    "p_false_flag_by_week_1": "how many children are wrongly flagged in the first week",
    "p_false_flag_by_year_1": "how many children are wrongly flagged in the first year",
    "p_false_flag_by_end": "how many children are ever wrongly flagged",
    "disparity_false_flags": "how unevenly wrong flags fall on the groups",
    "label_share": "how often a label is written down",
}
"""What some findings say, as the object of a sentence."""


def finding_words(target: Target) -> str:
    """A finding as the object of a sentence."""
    return FINDINGS.get(target.id, target.id)


def about(target: Target) -> str:
    """Rule, group and so on of a finding, as a clause; empty where it has none."""
    keys = {k: getattr(target, k) for k in ("rule", *KEYS)}
    said = [f"{k} {quote(v)}" for k, v in keys.items() if v is not None]
    said += [f"group {quote(target.group)}"] if target.group != "all" else []
    return ", ".join(said)


def input_words(i: Input) -> str:
    """What an input is, as the answer to “what decides it?”; its key where there are no better words."""
    if not isinstance(i.what, Range):
        return f"how faces that show {quote(i.what.expression)} are read (profile {quote(i.what.profile)})"
    match i.what.path:
        case ("pupil", "mean_minutes", state):
            return f"how long {quote(state)} lasts"
        case ("pupil", "next", state, after):
            return f"how often {quote(after)} follows {quote(state)}"
        case ("display", "default", state, x):
            return f"how often {quote(state)} shows as {quote(x)}"
        case ("display", display, state, x):
            return f"how often {quote(state)} shows as {quote(x)} (display {quote(display)})"
        case ("population", "groups", group, "share"):
            return f"how many children are in the group {quote(group)}"
        case ("camera", "observe_every_seconds"):
            return "how often faces are looked at"
        case ("camera", "views", view, "share"):
            return f"how many seats are {quote(view)}"
        case ("camera", "views", view, "lost"):
            return f"how often no face is found from {quote(view)}"
        case ("classifier", "confusion", profile, "diagonal"):
            return f"how much is taken off right readings (profile {quote(profile)})"
        case ("classifier", "confusion", profile, "rows", x, y):
            return f"how often {quote(x)} is read as {quote(y)} (profile {quote(profile)})"
    return clean(i.name)


def ends(i: Influence) -> str:
    """An input's ends, as people read them."""
    low, high = i.swing.low, i.swing.high
    if not isinstance(i.input.what, Range):
        return f"{amount(100 * low)} to {amount(100 * high)} of 100 a hit" if low < high else "no hit changes"
    return f"{exact(low)} to {exact(high)}"


def headline(found: Sensitivity) -> Headline:
    """What decides most."""
    first = found.influences[0]
    if found.indices is None or first.index is None:
        return Headline("Nothing that is left open ", "changes", f" {finding_words(found.target)}.")
    if not isinstance(first.input.what, Range):
        measured = ", known from few faces only."
    else:
        measured = ", which nobody has measured: an assumption." if first.input.assumption else "."
    return Headline(f"What most decides {finding_words(found.target)} is ", input_words(first.input), measured)


def lede(found: Sensitivity) -> tuple[str, ...]:
    """What follows the headline: how much it decides, over what the finding runs, how many are assumptions."""
    if found.indices is None:
        return (f"At every point of what is left open it is {amount(found.value)}.",)
    said = [
        f"As stated it is {amount(found.value)}; with everything drawn that is left open, the middle 95 % of its "
        f"values run from {amount(found.indices.low)} to {amount(found.indices.high)}."
    ]
    first = found.influences[0].index
    assert first is not None
    said.append(
        f"Of that variance, the first input accounts for {_hundredths(first.first, first.first_half)} of 100 parts by "
        f"itself, and with what it does together with others for {_hundredths(first.total, first.total_half)}."
    )
    said.append(assumed(found))
    return tuple(said)


def assumed(found: Sensitivity) -> str:
    """How many of the inputs that matter nobody has measured, as one sentence."""
    own = [i for i in found.influences if i.index is not None]
    count = sum(i.input.assumption for i in own)
    if len(own) < 2:
        return f"One input matters{', and it is an assumption' if count else ''}." if own else "No input matters."
    are = "is an assumption" if count == 1 else "are assumptions"
    return f"Of {len(own)} inputs that matter, {'all' if count == len(own) else count or 'none'} {are}."


def _hundredths(share: float, half: float) -> str:
    return f"{max(0, round(100 * share))} (± {max(1, round(100 * half))})"


def sureness(found: Sensitivity) -> str:
    """How sure the indices are, as one sentence."""
    if found.indices is None:
        return ""
    base, widest = found.indices.base, found.indices.widest
    if found.indices.settled:
        return f"All 95 % intervals of the indices are narrower than ± {found.half_width:g}, from {base:,} base points."
    return (
        f"The budget of {found.budget:,} evaluations ended at {base:,} base points, before all 95 % intervals were "
        f"narrower than ± {found.half_width:g}: the widest is ± {widest:.2g}. Give a larger budget for surer indices."
    )


def others(found: Sensitivity) -> str:
    """What became of the inputs that do not matter, as one sentence; empty where all do."""
    names = [i for i in found.influences if i.negligible]
    if not names or found.others is None:
        return ""
    return (
        f"{plural(len(names), 'input')} that the screening found negligible were drawn together as one: "
        f"{_hundredths(found.others.total, found.others.total_half)} of 100 parts, interactions included."
    )


def sentences(found: Sensitivity) -> list[str]:
    """Everything but the table, for a terminal."""
    after = [*lede(found), others(found), sureness(found)]
    return [str(headline(found)), " ".join(s for s in after if s)]


def repeat_options(found: Sensitivity) -> list[str]:
    """The options of the command that repeats the analysis."""
    t = found.target
    words = ["--finding", t.id]
    for key in ("rule", "group", *KEYS):
        value = getattr(t, key)
        words += [f"--{key}", value] if value not in (None, "all") else []
    words += ["--half-width", f"{found.half_width:g}"] if found.half_width != HALF_WIDTH else []
    words += ["--budget", str(found.budget)] if found.budget != BUDGET else []
    words += ["--seed", str(found.seed)] if found.seed != SEED else []
    return words
