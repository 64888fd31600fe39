"""Checks of the tables that a deployment may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from misread.deployment.model import Deployment, DisplayTrait, LabelTrait, StateTrait
from misread.deployment.origin import Path, quoted
from misread.deployment.profiles import displays_used, resolved
from misread.deployment.profiles.kinds import Resolved
from misread.deployment.seats import views_of
from misread.deployment.text.problems import adds_to_one, names_twice, unknown
from misread.errors import Problem

VIEWS = ("camera", "views")
SHARES = ("situations",)


def views(d: Deployment) -> Iterator[Problem]:
    """Shares of the seats, and what becomes of lost faces."""
    yield from names_twice(d.origin, VIEWS, d.camera.views)
    if d.camera.views:
        yield from adds_to_one(d.origin, VIEWS, (v.share for v in d.camera.views), "The views' `share`")
    for at, view in d.origin.entries(VIEWS, d.camera.views):
        if view.lost > 0 and "none" not in d.classifier.labels:
            yield d.origin.problem(
                (*at, "lost"),
                'Lost faces need the label "none".',
                '"none" in `classifier.labels`.',
                "add it there.",
            )


def filming(d: Deployment) -> Iterator[Problem]:
    """A frame is open no longer than it lasts, and a look takes a frame; in the decimals that were written."""
    camera = d.camera
    every = Fraction(str(camera.observe_every_seconds))
    frame = every if camera.frames_per_second is None else 1 / Fraction(str(camera.frames_per_second))
    if frame > every:
        yield d.origin.problem(
            ("camera", "frames_per_second"),
            "The camera would look more often than it films.",
            "at least one frame for each look.",
            "film faster, or look less often.",
        )
    elif camera.exposure_ms is not None and Fraction(str(camera.exposure_ms)) > 1000 * frame:
        what = "from one look to the next" if camera.frames_per_second is None else "a frame lasts"
        yield d.origin.problem(
            ("camera", "exposure_ms"),
            f"A frame would be open for longer than {what}.",
            f"at most {float(1000 * frame):.6g} milliseconds.",
            "shorten it.",
        )


def situations(d: Deployment) -> Iterator[Problem]:
    """Kinds of lessons."""
    yield from names_twice(d.origin, SHARES, d.situations)
    if d.situations:
        yield from adds_to_one(d.origin, SHARES, (s.share for s in d.situations), "The situations' `share`")
    for at, situation in d.origin.entries(SHARES, d.situations):
        yield from _acts(d, at, situation.mean_minutes, situation.display)


def ages(d: Deployment) -> Iterator[Problem]:
    """What changes from a school year on; their profiles are checked with all profiles."""
    yield from names_twice(d.origin, ("ages",), d.ages)
    for at, age in d.origin.entries(("ages",), d.ages):
        yield from _acts(d, at, age.mean_minutes, age.display)


def _acts(d: Deployment, at: Path, minutes: Mapping[str, float], display: str | None) -> Iterator[Problem]:
    for state in minutes:
        if state not in d.pupil.states:
            path = (*at, "mean_minutes", state)
            yield unknown(d.origin, path, state, d.pupil.states, "state", "pupil.states")
    if display is not None and display not in d.display:
        yield unknown(d.origin, (*at, "display"), display, d.display, "display", "display")


def traits(d: Deployment) -> Iterator[Problem]:
    """A trait must be able to change something."""
    yield from names_twice(d.origin, ("traits",), d.traits)
    for at, trait in d.origin.entries(("traits",), d.traits):
        match trait:
            case StateTrait():
                if trait.state not in d.pupil.states:
                    yield unknown(d.origin, (*at, "state"), trait.state, d.pupil.states, "state", "pupil.states")
            case DisplayTrait():
                yield from _movable(d, (*at, "expression"), trait.expression, _shown_rows(d), "expression", "display")
            case LabelTrait():
                path = (*at, "label")
                if trait.label not in d.classifier.labels:
                    known = d.classifier.labels
                    yield unknown(d.origin, path, trait.label, known, "label", "classifier.labels")
                elif (found := resolved(d)) is not None:
                    rows = [
                        {**dict.fromkeys(d.classifier.labels, 0.0), **r}
                        for p in found.values()
                        for r in p.rows.values()
                    ]
                    yield from _movable(d, path, trait.label, rows, "label", "classifier.confusion")


def feedback(d: Deployment) -> Iterator[Problem]:
    """Masking must be able to change something."""
    if d.feedback:
        path = ("feedback", "expression")
        yield from _movable(d, path, d.feedback.expression, _shown_rows(d), "expression", "display")


def _shown_rows(d: Deployment) -> list[Mapping[str, float]]:
    return [row for name in displays_used(d) for row in d.display.get(name, {}).values()]


def _movable(
    d: Deployment, path: Path, word: str, rows: Iterable[Mapping[str, float]], kind: str, home: str
) -> Iterator[Problem]:
    """A word whose weight is 0, or alone, in every row cannot gain or lose against others."""
    rows = list(rows)
    if not any(word in row for row in rows):
        known = list(dict.fromkeys(w for row in rows for w in row))
        yield unknown(d.origin, path, word, known, kind, home)
    elif not any(row.get(word) and any(w != word and p for w, p in row.items()) for row in rows):
        never = not any(row.get(word) for row in rows)
        reason = "is 0" if never else "stands alone"
        yield d.origin.problem(
            path,
            f"It would change nothing: {quoted(word)} {reason} in every row of `{home}`.",
            f"{'an' if kind[0] == 'e' else 'a'} {kind} that some row mixes with others.",
            "give it a weight beside others, or take this out.",
        )


def decisions(d: Deployment) -> Iterator[Problem]:
    """What decisions are taken on, and when."""
    yield from names_twice(d.origin, ("decisions",), d.decisions)
    known = {"rule": [r.name for r in d.rules], "mark": [m.name for m in d.file.marks]}
    homes = {"rule": "rules", "mark": "file.marks"}
    years = d.population.school_years
    for at, decision in d.origin.entries(("decisions",), d.decisions):
        if (decision.rule is None) == (decision.mark is None):
            what = "It names neither a rule nor a mark." if decision.rule is None else "It names a rule and a mark."
            yield d.origin.problem(at, what, "either `rule` or `mark`.", "name the one it is taken on.")
        for key in ("rule", "mark"):
            name = getattr(decision, key)
            if name is not None and name not in known[key]:
                yield unknown(d.origin, (*at, key), name, known[key], key, homes[key])
        if decision.after_year > years:
            yield d.origin.problem(
                (*at, "after_year"),
                f"School ends after year {years}.",
                f"a year from 1 to {years}.",
                "take it earlier, or add school years.",
            )


def labels_named(d: Deployment, profiles: Mapping[str, Resolved]) -> Iterator[Problem]:
    """A label that nothing ever mentions is most likely a slip; an explicit 0 is enough."""
    named = {label for p in profiles.values() for row in p.support.values() for label in row}
    if any(v.lost > 0 for v in views_of(d)):
        named.add("none")
    for label in dict.fromkeys(d.classifier.labels):
        if label not in named:
            yield d.origin.problem(
                ("classifier", "labels"),
                f"No row names the label {quoted(label)}.",
                "every label in some row of `classifier.confusion`.",
                "take the label out, or say in a row that it is 0.",
            )
