"""The count table: what was answered how often, per stratum, and how persons spread over it."""

from misread.audit.table.adding import add, same
from misread.audit.table.matrix import from_matrix
from misread.audit.table.model import MISSING, NONE, RESERVED, CountTable, People, Scores

__all__ = ["MISSING", "NONE", "RESERVED", "CountTable", "People", "Scores", "add", "from_matrix", "same"]
