"""One made-up child on its way through the whole system: what each stage makes of it, and what is so.

Stages are told about one moment, the first flag that the child ever gets, and then about what becomes of it. Nothing
is recorded: every word follows from deployment, seed, school and pupil.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from misread.deployment.model import Rule
from misread.deployment.model.flags import KOfLast, ShareOver, TopOfClass, parse_flag
from misread.deployment.seats import views_of
from misread.report.file.entries import Entry, Kind
from misread.report.file.messages import either, fate
from misread.report.file.walk import Walk

SHOWN = 4
"""Labels of a row that are named; the rest is summed up."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way.

    Attributes
    ----------
    title : str
        Its name.
    points : tuple of str
        Its place in docs/from-the-article.md, such as ``A5``.
    system : str
        What the system does or has.
    truth : str
        What is so, or what that means.
    """

    title: str
    points: tuple[str, ...]
    system: str
    truth: str


def stages(walk: Walk) -> tuple[Stage, ...]:
    """All stages of the way, in order.

    Parameters
    ----------
    walk : Walk
        Of a pupil whom the cameras watch.

    Returns
    -------
    tuple of Stage
        Camera, face and view, expression, comparison, label, rule, flag and message, file, mark, map, decisions, and
        what it does to the child. What the deployment does not have, its stage says so.
    """
    return (
        _camera(walk),
        _view(walk),
        _expression(walk),
        _comparison(walk),
        _label(walk),
        _rule(walk),
        _flag(walk),
        _file(walk),
        _mark(walk),
        _map(walk),
        _decision(walk),
        _hiding(walk),
    )


def _camera(walk: Walk) -> Stage:
    entry, truth = walk.look
    d = walk.deployment
    seconds = f"{d.camera.observe_every_seconds:g} seconds"
    system = (
        f"A camera looks at every face of class {walk.facts.klass} each {seconds}: {walk.chain.looks} times a lesson, "
        f"{walk.chain.looks * walk.chain.lessons:,} times a day, in {d.population.schools:,} "
        f"school{'' if d.population.schools == 1 else 's'}. This is {_when(entry)}."
    )
    lesson = f" The lesson is “{truth.situation}”." if truth.situation else ""
    return Stage("Camera", ("A1", "A2", "A4"), system, f"The child is {truth.state}.{lesson}")


def _when(entry: Entry) -> str:
    return f"{entry.at:%H:%M} in lesson {entry.lesson} of day {entry.day}, school year {entry.year}"


def _view(walk: Walk) -> Stage:
    views = {v.name: v for v in views_of(walk.deployment)}
    weights = {t.name: t.sd for t in walk.deployment.traits}
    traits = "; ".join(f"{name} × {math.exp(weights[name] * u):.2g}" for name, _, u in walk.facts.traits)
    truth = f"The child is of the group “{walk.facts.group}”." + (
        f" What sets it apart for good: {traits}." if traits else ""
    )
    if not walk.facts.views:
        said = "This deployment tells no seats apart: every face is seen alike, and well."
        return Stage("Face and view", ("A4",), said, truth)
    view = views[walk.facts.views[walk.look[0].year - 1]]
    lost = f"{_of_100(view.lost)} looks find no usable face" if view.lost else "every look finds a face"
    if view.dilution:
        lost += f"; a face is drawn by {_number(view.dilution)} % towards the mean of all"
    elif view.lost < 1:
        lost += "; it is seen well"
    return Stage("Face and view", ("A4",), f"The seat this year is “{view.name}”: {lost}.", truth)


def _expression(walk: Walk) -> Stage:
    _, truth = walk.look
    face = walk.deployment.face
    lasts = f" An expression lasts {face.hold_minutes:g} minutes on average." if face else ""
    system = f"The face shows: {truth.expression}.{lasts} Whether it is one of feeling, the camera does not see."
    lesson = " of such a lesson" if walk.deployment.situations else ""
    hiding = ", unless it hides its face" if walk.deployment.feedback else ""
    often = f"it shows {truth.expression} in {_of_100(walk.shown())} looks{lesson}{hiding}"
    so = f"The child is {truth.state}. When it is, {often}."
    return Stage("Expression", ("A3",), system, so)


def _comparison(walk: Walk) -> Stage:
    entry, truth = walk.look
    profile, row = walk.row()
    best = sorted(row.items(), key=lambda pair: -pair[1])[:SHOWN]
    rest = 1 - sum(p for _, p in best)
    words = ", ".join(f"{label} {_number(p)}" for label, p in best if p > 0)
    # What was assumed on the way stands in the report, under each number.
    source = profile.source.split(";")[0].rstrip(".")
    system = (
        f"A face that shows {truth.expression}, compared with those it was trained on, is written down, of 100, as: "
        f"{words}{f', anything else {_number(rest)}' if rest > 0.0005 else ''}. Here it is: {entry.word}."
    )
    return Stage("Comparison", ("A5",), system, f"These rates are profile “{profile.name}”: {source}.")


def _label(walk: Walk) -> Stage:
    entry, truth = walk.look
    system = f"{entry.at:%Y-%m-%d %H:%M:%S}, lesson {entry.lesson}: {entry.word}. That is kept; the face is not."
    return Stage("Label and time", ("A6",), system, f"At that time: {truth.state}. The label is a word for a face.")


def _rule(walk: Walk) -> Stage:
    rule = walk.rule
    if rule is None:
        why = "No rule ever fires for this child." if walk.deployment.rules else "This deployment has no rule."
        return Stage("Rule", ("A7",), why, "So nothing is claimed about it.")
    flag = parse_flag(rule.flag)
    window = walk.lesson[-flag.n :] if isinstance(flag, KOfLast) else walk.lesson
    labels = ", ".join(f"{e.word}{' ●' if e.word in rule.labels else ''}" for e, _ in window)
    states = ", ".join(f"{t.state}{' ●' if t.state in rule.claims else ''}" for _, t in window)
    system = f"“{rule.name}” counts {either(rule.labels)} and flags at {rule.flag}. What it read: {labels}."
    return Stage("Rule", ("A7",), system, f"It looks for {either(rule.claims)}. So it was: {states}.")


def _flag(walk: Walk) -> Stage:
    if walk.flag is None or walk.rule is None:
        return Stage("Flag and message", ("A8",), "No flag, no message.", "There is nothing to be wrong.")
    entry, truth = walk.flag
    told = f"To the {' and the '.join(entry.told)}: “{entry.message}”" if entry.told else "A flag; nobody is told."
    right = f"{'Right' if truth.right else 'Wrong'}: {_so(walk.rule, bool(truth.right))}."
    return Stage("Flag and message", ("A8", "A14"), told, f"{right} At the time of the flag it was {truth.state}.")


def _so(rule: Rule, right: bool) -> str:
    """What makes a flag right, or wrong."""
    claim, flag = either(rule.claims), parse_flag(rule.flag)
    if isinstance(flag, ShareOver):
        share = f"{100 * float(flag.share):.12g} of 100 looks"
        return f"the child was {claim} in {'more than' if right else 'at most'} {share} of the lesson"
    if isinstance(flag, TopOfClass):
        return f"the child was {claim} in {'more than' if right else 'at most'} half of the looks of the lesson"
    if rule.true_if == "at_flag":
        return f"the child was {'' if right else 'not '}{claim} at that look"
    return f"at {'one or more' if right else 'none'} of the last {flag.n} looks of the lesson the child was {claim}"


def _file(walk: Walk) -> Stage:
    entries = walk.file.entries
    flags = walk.of(Kind.FLAG)
    labels = sum(e.kind is Kind.LABEL for e in entries)
    keep = walk.deployment.file.keep_days
    kept = "kept for ever" if keep == "forever" else f"kept for {keep:,} school day{'' if keep == 1 else 's'}"
    system = (
        f"After {walk.file.last} school years the file has {labels:,} labels. Flags are {kept}: of {len(flags):,} ever "
        f"given, {walk.file.on_file[-1]:,} are held at the end."
    )
    wrong = sum(not t.right for _, t in flags)
    truth = f"Of the {len(flags):,} flags, {wrong:,} claimed what was not so." if flags else "No flag was given."
    return Stage("File", ("A9",), system, truth)


def _mark(walk: Walk) -> Stage:
    marks = walk.deployment.file.marks
    if not marks:
        return Stage("Mark", ("A10",), "This deployment gives no mark.", "So none is unearned.")
    found = walk.of(Kind.MARK)
    said, so = [], []
    for mark in marks:
        given = next(((e, t) for e, t in found if e.word == mark.name), None)
        needs = f"{mark.flags:,} flags of “{mark.rule}” within a {mark.within}"
        if given is None:
            said.append(f"“{mark.name}” takes {needs}; the most in one school year was {_most(walk, mark.rule):,}.")
            so.append(f"“{mark.name}” is not given.")
            continue
        said.append(f"In school year {given[0].year} the child is marked “{mark.name}”: {needs}.")
        earned = "earned" if given[1].right else "unearned: at least half of its flags were wrong"
        so.append(f"“{mark.name}” is {earned}.")
    return Stage("Mark", ("A10",), " ".join(said), " ".join(so))


def _most(walk: Walk, rule: str) -> int:
    """Most flags of a rule in one school year."""
    years = Counter(e.year for e, _ in walk.of(Kind.FLAG) if e.word == rule)
    return max(years.values(), default=0)


def _map(walk: Walk) -> Stage:
    """How the child answers to kinds of lesson, as the file has it, and how often what is looked for was so."""
    rule = walk.rule
    if not walk.deployment.situations or rule is None:
        why = "This deployment tells no kinds of lesson apart" if rule else "There are no flags"
        return Stage("Map", ("A10", "A12"), f"{why}, so that there is no map.", "There is nothing to be wrong.")
    flags, so = [], []
    for s in walk.deployment.situations:
        looks = [(e, t) for e, t in walk.of(Kind.LABEL) if t.situation == s.name]
        lessons = sum(e.look == 1 for e, _ in looks)
        raised = sum(e.word == rule.name and t.situation == s.name for e, t in walk.of(Kind.FLAG))
        claimed = sum(t.state in rule.claims for _, t in looks)
        flags.append(f"{s.name} {100 * raised / lessons:.3g}" if lessons else f"{s.name} (never)")
        so.append(f"{s.name} {_number(claimed / len(looks))}" if looks else f"{s.name} (never)")
    system = f"Flags of “{rule.name}” in 100 lessons: {', '.join(flags)}."
    return Stage("Map", ("A10", "A12"), system, f"Of 100 looks, {either(rule.claims)}: {', '.join(so)}.")


def _decision(walk: Walk) -> Stage:
    found = walk.of(Kind.DECISION)
    points = ("A11", "A16")
    if not walk.deployment.decisions:
        return Stage(
            "Decision, years later", points, "This deployment takes no decision on the file.", "So none is wrong."
        )
    by = {d.name: d for d in walk.deployment.decisions}
    said, so = [], []
    for e, t in found:
        d = by[e.word]
        what = f"the mark “{d.mark}”" if d.mark else f"flags of “{d.rule}”"
        who = f", taken by {d.by}" if d.by else ""
        said.append(f"“{e.word}”{who}, after school year {e.year}, on the {d.choose} {what}: {fate(e.chance)}.")
        so.append(f"“{e.word}” on the flags of a reader without error: {fate(t.chosen)}.")
    return Stage(
        "Decision, years later",
        points,
        " ".join(said) or "None concerned this child.",
        " ".join(so) or "So none is wrong.",
    )


def _hiding(walk: Walk) -> Stage:
    feedback = walk.deployment.feedback
    if feedback is None:
        return Stage(
            "What it does to the child",
            ("A18",),
            "This deployment has no answer of the child to being flagged.",
            "It goes on showing what it showed.",
        )
    notes, m = walk.masking()
    system = (
        f"{notes:,} flags were told to somebody. The system sees a face that shows {feedback.expression} more often."
    )
    truth = (
        f"By the end the child hides its face behind {feedback.expression} in {_of_100(m)} looks, whatever it feels."
    )
    return Stage("What it does to the child", ("A18", "A12"), system, truth)


def _number(share: float) -> str:
    """A share in words: of 100."""
    return f"{100 * share:.2g}" if share < 0.995 else f"{100 * share:.3g}"


def _of_100(share: float) -> str:
    return f"{_number(share)} of 100"


def stages_json(found: tuple[Stage, ...]) -> list[dict[str, Any]]:
    """The stages as JSON has them."""
    return [
        {
            "stage": s.title,
            "points": list(s.points),
            "page": "docs/from-the-article.md",
            "system": s.system,
            "truth": s.truth,
        }
        for s in found
    ]
