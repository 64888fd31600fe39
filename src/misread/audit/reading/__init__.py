"""What is counted: dataframes of any library, and files, read in one pass; only counts come out."""

from misread.audit.reading.ask import BINS, Ask
from misread.audit.reading.counting import count
from misread.audit.reading.facts import Counted, Facts
from misread.audit.reading.files.published import of_matrix, read_counts

__all__ = ["BINS", "Ask", "Counted", "Facts", "count", "of_matrix", "read_counts"]
