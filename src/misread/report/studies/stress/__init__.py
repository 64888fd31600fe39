"""What is certain, what depends, and on what: the section of the report, and its words."""

from misread.report.studies.stress.section import ClaimStory, StressStory, tell
from misread.report.studies.stress.words import sentences

__all__ = ["ClaimStory", "StressStory", "sentences", "tell"]
