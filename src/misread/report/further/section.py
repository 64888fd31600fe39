"""All sections about what the further tables measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from misread.deployment.model import Deployment
from misread.language import gettext as _
from misread.report.further import decisions, hiding, lessons, levels, measures
from misread.report.further.notes import Stated, stated
from misread.report.words.lookup import Figures
from misread.report.words.sources import Ground


@dataclass(frozen=True, slots=True)
class Further:
    """What the report tells beyond the core; each part None, or empty, where the run has nothing on it.

    Attributes
    ----------
    levels : tuple of Levels
        Who, rule by rule.
    lessons : Lessons or None
        The map by kind of lesson.
    measures : Measures or None
        What makes files differ.
    decisions : Decisions or None
        What is decided on the file.
    hiding : Hiding or None
        Faces that hide.
    stated : dict of str to Stated
        What the deployment's own figures about each of them rest on.
    """

    levels: tuple[levels.Levels, ...]
    lessons: lessons.Lessons | None
    measures: measures.Measures | None
    decisions: decisions.Decisions | None
    hiding: hiding.Hiding | None
    stated: dict[str, Stated]


def tell(rules: Sequence[str], figures: Figures, deployment: Deployment, parts: Sequence[Ground]) -> Further:
    """The sections, as far as the findings tell them.

    Parameters
    ----------
    rules : sequence of str
        Rules that were counted, the main one first.
    figures : Figures
        The findings.
    deployment : Deployment
        What was measured.
    parts : sequence of Ground
        What its parameters rest on.
    """
    return Further(
        levels=tuple(found for rule in rules if (found := levels.tell(rule, figures, deployment)) is not None),
        lessons=lessons.tell(rules, figures, deployment),
        measures=measures.tell(rules, figures, deployment),
        decisions=decisions.tell(figures, deployment),
        hiding=hiding.tell(figures, deployment),
        stated={
            "levels": stated(parts, _("how children differ and what changes with age"), "traits", "ages"),
            "lessons": stated(parts, _("kinds of lesson"), "situations"),
            "measures": stated(
                parts, _("how children, faces and seats differ"), "traits", "population.groups", "camera.views"
            ),
            "decisions": stated(parts, _("decisions"), "decisions"),
            "hiding": stated(parts, _("how children hide"), "feedback"),
        },
    )
