"""What the cameras could see at all of micro-expressions: the section of the report, and its words and tables."""

from misread.report.studies.micro.section import MicroStory, Table, film_table, needs, score_table, tell
from misread.report.studies.micro.words import (
    assumptions,
    length,
    one_in,
    percent,
    sentences,
    span,
)

__all__ = [
    "MicroStory",
    "Table",
    "assumptions",
    "film_table",
    "length",
    "needs",
    "one_in",
    "percent",
    "score_table",
    "sentences",
    "span",
    "tell",
]
