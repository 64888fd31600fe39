"""A made-up run: plausible figures for a small deployment, measured nowhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from misread.deployment.model import Deployment
from misread.findings.definitions import DEFINITIONS
from misread.findings.table import Finding, Findings
from misread.profile import Profile
from misread.report.page.html import render
from misread.report.studies.comparison import render_comparison
from misread.report.words.sources import Parameter
from misread.study.compare import Difference

LABELS = {"neutral": 0.74, "sad": 0.16, "angry": 0.08, "none": 0.02}
PERIODS = {"day_1": (0.05, 0.02), "week_1": (0.22, 0.07), "year_1": (0.93, 0.05), "end": (0.998, 0.002)}


def deployment(**changes: Any) -> Deployment:
    """A small deployment with two groups, two rules and a mark."""
    states = ["engaged", "bored", "anxious"]
    display = {
        "engaged": {"neutral": 0.8, "frown": 0.2},
        "bored": {"neutral": 0.7, "sad": 0.3},
        "anxious": {"neutral": 0.6, "sad": 0.2, "frown": 0.2},
    }
    tree: dict[str, Any] = {
        "title": "A made-up school (figures of this drawing are made up)",
        "population": {
            "schools": 967,
            "pupils_per_school": 1000,
            "school_years": 12,
            "groups": (
                {"name": "reference", "share": 0.7, "profile": "adults"},
                {"name": "rests with a frown", "share": 0.2, "profile": "adults"},
                {"name": "rarely shows feeling", "share": 0.1, "profile": "adults"},
            ),
        },
        "calendar": {
            "days_per_year": 180,
            "lessons_per_day": 6,
            "lesson_minutes": 45.0,
            "break_minutes": 10.0,
        },
        "pupil": {
            "states": tuple(states),
            "mean_minutes": {"engaged": 12.0, "bored": 7.0, "anxious": 9.0},
            "next": {
                "engaged": {"bored": 0.7, "anxious": 0.3},
                "bored": {"engaged": 0.8, "anxious": 0.2},
                "anxious": {"engaged": 0.7, "bored": 0.3},
            },
        },
        "display": {"default": display},
        "camera": {"observe_every_seconds": 300.0},
        "classifier": {
            "labels": ("neutral", "sad", "angry", "none"),
            "confusion": {
                "adults": {x: {"neutral": 0.7, "sad": 0.2, "angry": 0.1} for x in ("neutral", "sad", "frown")}
            },
        },
        "rules": (
            {
                "name": "negative affect",
                "labels": ("sad", "angry"),
                "flag": "3 of last 6",
                "claims": ("bored", "anxious"),
                "notify": ("teacher", "parent"),
            },
            {
                "name": "anger",
                "labels": ("angry",),
                "flag": "run of 2",
                "claims": ("anxious",),
                "true_if": "at_flag",
            },
        ),
        "file": {"marks": ({"name": "resistant", "rule": "negative affect", "flags": 20},)},
    }
    return Deployment.model_validate({**tree, **changes})


def profiles() -> dict[str, Profile]:
    """One profile that rests on 600 faces."""
    p = np.array([[0.86, 0.09, 0.03, 0.02], [0.3, 0.6, 0.08, 0.02], [0.35, 0.15, 0.48, 0.02]])
    return {
        "adults": Profile(
            name="adults",
            expressions=("neutral", "sad", "frown"),
            labels=("neutral", "sad", "angry", "none"),
            p=p,
            n=np.array([200.0, 200.0, np.nan]),
            support=np.array([True, True, True, False]),
            source="published matrix, 600 faces of adults, posed (M02); the row of “frown” is an assumption",
        )
    }


def provenance() -> list[Parameter]:
    """Parameters of every kind: sourced, assumed, commented and bare."""
    return [
        Parameter("population.schools", "967", "F02: press reports, unsourced"),
        Parameter("population.groups[1].share", "0.2", "assumption"),
        Parameter("calendar.days_per_year", "180"),
        Parameter("pupil.mean_minutes.engaged", "12.0", "B08"),
        Parameter("pupil.mean_minutes.bored", "7.0", "B08, B07"),
        Parameter("pupil.mean_minutes.anxious", "9.0", "assumption: as long as the longest spell in B08"),
        Parameter("display.default.engaged.neutral", "0.8", "assumption"),
        Parameter("camera.observe_every_seconds", "300.0", "“every few minutes”", "slower.toml"),
        Parameter("classifier.confusion.adults", "M02", "M02"),
        Parameter("rules[0].flag", "3 of last 6"),
    ]


def finding(id: str, value: float | None, spread: float = 0.25, **keys: Any) -> Finding:
    """A finding with an interval a quarter of its value either way; shares stay between 0 and 1."""
    unit = keys.pop("unit", "1")
    top = 1.0 if unit == "1" and not id.startswith(("false_flags_end", "observations")) else float("inf")
    interval = value is not None and spread > 0
    keys = {"rule": None, "group": "all", "method": "made up", **keys}
    low = value * (1 - spread) if interval else None
    high = min(top, value * (1 + spread)) if interval else None
    return Finding(id=id, value=value, low=low, high=high, unit=unit, n=None, **keys)


def rule_rows(rule: str, ppv: float = 0.31, scale: float = 1.0) -> list[Finding]:
    """The rows of one rule."""
    rows = [
        finding("claimed_share", 0.21, 0, rule=rule),
        finding("lesson_prevalence", 0.55, 0, rule=rule),
        finding("flag_ppv", ppv, rule=rule),
        finding("flag_lift", 1.24, 0.1, rule=rule, unit="ratio"),
        finding("flags_per_pupil_year", 20.4 * scale, rule=rule, unit="1/pupil/year"),
        finding("false_flags_per_pupil_year", 14.1 * scale, rule=rule, unit="1/pupil/year"),
        finding("lesson_sensitivity", 0.12, rule=rule),
        finding("lesson_sensitivity", 0.48, 0, rule=rule, reader="perfect"),
        finding("lesson_false_positive_rate", 0.03, rule=rule),
        finding("lesson_false_positive_rate", 0.0, 0, rule=rule, reader="perfect"),
        finding("spells_missed", 0.91, 0.05, rule=rule),
        finding("spells_missed", 0.55, 0, rule=rule, reader="perfect"),
        finding("flags_on_file_end", 245.0 * scale, rule=rule, unit="1/pupil"),
        finding("false_flags_end_p05", 70.0 * scale, rule=rule),
        finding("false_flags_end_p50", 150.0 * scale, rule=rule),
        finding("false_flags_end_p95", 390.0 * scale, rule=rule),
        finding("disparity_false_flags", 4.4, rule=rule, unit="ratio"),
        finding("difference_false_flags", 24.0 * scale, rule=rule, unit="1/pupil/year"),
    ]
    for key, (wrong, right) in PERIODS.items():
        rows.append(finding(f"p_false_flag_by_{key}", wrong, 0.2, rule=rule))
        rows.append(finding(f"p_only_true_flags_by_{key}", right, 0.2, rule=rule))
    for group, value in (("reference", 11.0), ("rests with a frown", 31.0), ("rarely shows feeling", 7.0)):
        rows.append(finding("false_flags_per_pupil_year", value * scale, rule=rule, group=group, unit="1/pupil/year"))
    return rows


def findings(**changes: Any) -> Findings:
    """The whole made-up run."""
    rows = [
        finding("observations", 1.2e10, 0),
        *(finding("label_share", s, 0.1, label=y) for y, s in LABELS.items()),
        finding("labels_archived", 116640.0, 0, unit="1/pupil"),
        *rule_rows("negative affect"),
        *rule_rows("anger", 0.004, 0.2),
        finding("p_mark", 0.88, 0.1, rule="negative affect", mark="resistant"),
        finding("p_mark_unearned", 0.71, rule="negative affect", mark="resistant"),
        finding("alerts_per_teacher_day", 3.4, unit="1/day"),
        finding("alerts_per_family_year", 20.4, unit="1/year"),
    ]
    head = {
        "title": deployment().title,
        "sha256": "0" * 64,
        "engine": "exact",
        "step": None,
        "seed": 0,
        "version": "0.1.0",
    }
    return replace(Findings(rows=tuple(rows), **head), **changes)


def report(run: Findings | None = None, of: Deployment | None = None, **changes: Any) -> str:
    """The report of the made-up run, or of one like it."""
    arguments = {"command": "misread run made-up", "definitions": DEFINITIONS, "provenance": provenance(), **changes}
    return render(run or findings(), of or deployment(), arguments.pop("profiles", profiles()), **arguments)


def scaled(run: Findings, factors: dict[str, float]) -> Findings:
    """The run with the values and intervals of some findings multiplied."""

    def row(f: Finding) -> Finding:
        by = factors.get(f.id, 1.0)
        ends = {k: None if v is None else v * by for k, v in (("value", f.value), ("low", f.low), ("high", f.high))}
        return replace(f, **ends)

    return replace(run, rows=tuple(map(row, run.rows)))


def differences(name: str, first: Findings, other: Findings) -> tuple[Difference, ...]:
    """What two runs differ in; the intervals are a tenth of the value and a bit either way."""
    keys = ("id", "rule", "group", "label", "reader", "mark", "unit")
    before = {tuple(getattr(f, k) for k in keys): f.value for f in first}
    found = []
    for f in other:
        key = tuple(getattr(f, k) for k in keys)
        if key not in before:
            continue
        start = before[key]
        value = None if f.value is None or start is None else f.value - start
        spread = None if value is None else abs(value) * 0.1 + (0.05 if f.id == "spells_missed" else 0)
        low, high = (None, None) if value is None or spread is None else (value - spread, value + spread)
        named = dict(zip(keys, key, strict=True))
        found.append(Difference(deployment=name, value=value, low=low, high=high, method="made up", **named))
    return tuple(found)


FEWER = {
    "flag_ppv": 1.5,
    "false_flags_per_pupil_year": 0.5,
    "flags_per_pupil_year": 0.6,
    "spells_missed": 1.02,
    "p_false_flag_by_week_1": 0.4,
}


def comparison(*others: str, **changes: Any) -> str:
    """The report of the made-up run beside others with fewer flags."""
    first, of = findings(), deployment()
    runs, found = [("made-up", first, of)], []
    for i, name in enumerate(others or ("stricter",), start=1):
        run = scaled(first, {k: v**i for k, v in FEWER.items()})
        runs.append((name, run, of))
        found += differences(name, first, run)
    arguments = {"command": "misread compare made-up stricter", "definitions": DEFINITIONS, **changes}
    return render_comparison(tuple(runs), tuple(found), **arguments)
