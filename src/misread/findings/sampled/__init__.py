"""From sampled schools to findings: one row of sums a school, and what follows from the rows of many."""

from misread.findings.sampled.decide import chances
from misread.findings.sampled.differences import differences
from misread.findings.sampled.layout import Layout
from misread.findings.sampled.measure import estimates, findings, in_words, sampled_on
from misread.findings.sampled.tally import tally

__all__ = ["Layout", "chances", "differences", "estimates", "findings", "in_words", "sampled_on", "tally"]
