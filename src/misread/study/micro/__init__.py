"""Micro-expressions: what looks and frames can see of them, and what programs that search for them get wrong."""

from misread.study.micro.examine import (
    DURATIONS,
    FACE_PER_EYES,
    FRAMES_NEEDED,
    RANGE,
    SLOWEST,
    Between,
    Film,
    Filmed,
    Looked,
    Micro,
    Resolution,
    examine,
    given_resolution,
)
from misread.study.micro.film import Frames, filled, frames, smeared, touched, whole_frames

__all__ = [
    "DURATIONS",
    "FACE_PER_EYES",
    "FRAMES_NEEDED",
    "RANGE",
    "SLOWEST",
    "Between",
    "Film",
    "Filmed",
    "Frames",
    "Looked",
    "Micro",
    "Resolution",
    "examine",
    "filled",
    "frames",
    "given_resolution",
    "smeared",
    "touched",
    "whole_frames",
]
