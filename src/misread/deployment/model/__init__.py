"""The deployment file as pydantic models: names, types, ranges, defaults.

What spans several keys (rows that add to 1, names that must exist) is in `checks`; what a profile means
is in `profiles`. Every class is one table of the file; a module holds those of one idea. The descriptions
go into the JSON Schema, and `Says` into the messages, so that editors and messages say the same.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, PrivateAttr

from misread.deployment.model.camera import Camera, View
from misread.deployment.model.classifier import Classifier, InlineProfile, ProfileFrom, ProfileSpec
from misread.deployment.model.further import (
    Age,
    Decision,
    DisplayTrait,
    Face,
    Factors,
    Feedback,
    LabelTrait,
    Name,
    Situation,
    StateTrait,
    Trait,
)
from misread.deployment.model.pupils import Calendar, Group, Population, Pupil
from misread.deployment.model.rules import File, Mark, Rule
from misread.deployment.model.table import Table
from misread.deployment.model.values import Line, Row, Says, Word
from misread.deployment.origin import Origin
from misread.deployment.ranges import Range

__all__ = [
    "Age",
    "Calendar",
    "Camera",
    "Classifier",
    "Decision",
    "Deployment",
    "DisplayTrait",
    "Face",
    "Factors",
    "Feedback",
    "File",
    "Group",
    "InlineProfile",
    "LabelTrait",
    "Mark",
    "Name",
    "Population",
    "ProfileFrom",
    "ProfileSpec",
    "Pupil",
    "Rule",
    "Situation",
    "StateTrait",
    "Table",
    "Trait",
    "View",
]


class Deployment(Table):
    """A whole deployment: the file, defaults filled in."""

    title: Annotated[Line, Field(description="What the report calls it.")] = ""
    population: Population
    calendar: Calendar
    pupil: Pupil
    display: Annotated[
        dict[Word, dict[Word, Row]],
        Field(min_length=1, description="Display → state → P(expression | state): rows that add to 1."),
        Says("at least one display, such as [display.default]"),
    ]
    camera: Camera
    classifier: Classifier
    rules: Annotated[tuple[Rule, ...], Field(strict=False), Says("[[rules]] tables")] = ()
    file: File = File()
    face: Face | None = None
    traits: Annotated[tuple[Trait, ...], Field(strict=False), Says("[[traits]] tables")] = ()
    situations: Annotated[tuple[Situation, ...], Field(strict=False), Says("[[situations]] tables")] = ()
    ages: Annotated[tuple[Age, ...], Field(strict=False), Says("[[ages]] tables")] = ()
    feedback: Feedback | None = None
    decisions: Annotated[tuple[Decision, ...], Field(strict=False), Says("[[decisions]] tables")] = ()

    _origin: Origin = PrivateAttr(default_factory=Origin)
    _ranges: tuple[Range, ...] = PrivateAttr(default=())

    @property
    def origin(self) -> Origin:
        """Where each key was written."""
        return self._origin

    @property
    def ranges(self) -> tuple[Range, ...]:
        """Numbers whose author states how far they may be off."""
        return self._ranges
