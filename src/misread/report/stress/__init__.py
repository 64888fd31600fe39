"""What is certain, what depends, and on what: the section of the report, and its words."""

from misread.report.stress.section import ClaimStory, StressStory, tell
from misread.report.stress.words import sentences

__all__ = ["ClaimStory", "StressStory", "sentences", "tell"]
