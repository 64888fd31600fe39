"""What a board decides with: model policies and what they would change, annexes to assessments, a brief of one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from misread.rights.places.entries.words import Fact
    from misread.rights.places.known import Law
    from misread.rights.record.model import Record
    from misread.study.exact.run import Measured


@dataclass(frozen=True, slots=True)
class Basis:
    """What annexes and briefs are written from.

    Attributes
    ----------
    record : Record
        What was told.
    measured : Measured
        What was computed of a deployment.
    law : Law
        What is known of the law of the place on the day that counts.
    today : date
        The day on which it is written.
    command : str
        What to type to have the numbers again.
    facts : collection of str
        What is true of the system, beside that it is a camera that reads faces in a school.
    """

    record: Record
    measured: Measured
    law: Law
    today: date
    command: str
    facts: Collection[Fact] = ()
