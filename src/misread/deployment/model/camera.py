"""How often the camera looks, and how the seats are seen."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from misread.deployment.model.table import Table
from misread.deployment.model.values import (
    Duration,
    Says,
    Share,
    Word,
)


class View(Table):
    """How well the camera sees some of the seats."""

    name: Annotated[Word, Field(description="Name of the seats.")]
    share: Annotated[Share, Field(description="Share of the seats; the views' shares add to 1.")]
    lost: Annotated[Share, Field(description='P(no usable face): the label "none".')] = 0.0
    dilution: Annotated[Share, Field(description="How far a row is drawn to the mean of all rows.")] = 0.0


class Camera(Table):
    """How often the camera looks, and how the seats are seen."""

    observe_every_seconds: Annotated[Duration, Field(description="Seconds from one look to the next.")]
    frames_per_second: Annotated[
        Duration | None, Field(description="Frames a second that the camera films with."),
        Says("a number of frames a second"),
    ] = None  # fmt: skip
    exposure_ms: Annotated[
        Duration | None, Field(description="How long a frame is exposed, in milliseconds."),
        Says("a number of milliseconds"),
    ] = None  # fmt: skip
    views: Annotated[
        tuple[View, ...],
        Field(strict=False, description="How the seats are seen."),
        Says("[[camera.views]] tables"),
    ] = ()
