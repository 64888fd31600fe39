"""One made-up child on its way through the whole system: what each stage makes of it, and what is so.

Stages are told about one moment, the first flag that the child ever gets, and then about what becomes of it. Nothing
is recorded: every word follows from deployment, seed, school and pupil.
"""

from __future__ import annotations

from typing import Any

from misread.report.file.stages.flags import flag_stage, judged, rule_stage
from misread.report.file.stages.look import camera_stage, comparison_stage, expression_stage, label_stage, view_stage
from misread.report.file.stages.stage import Stage
from misread.report.file.stages.years import (
    decision_stage,
    file_stage,
    hiding_stage,
    kinds_of_lesson,
    map_stage,
    mark_stage,
)
from misread.report.file.walk import Walk

__all__ = ["Stage", "judged", "kinds_of_lesson", "stages", "stages_json"]


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
        camera_stage(walk),
        view_stage(walk),
        expression_stage(walk),
        comparison_stage(walk),
        label_stage(walk),
        rule_stage(walk),
        flag_stage(walk),
        file_stage(walk),
        mark_stage(walk),
        map_stage(walk),
        decision_stage(walk),
        hiding_stage(walk),
    )


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
