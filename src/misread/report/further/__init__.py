"""What the report tells of the further tables: who, the map of lessons, what files measure, decisions, hiding."""

from misread.report.further.section import Further, tell

__all__ = ["Further", "tell"]
