"""Agreement: among raters, of a score with the truth, and of a model with itself under other conditions."""

from misread.audit.agreement.between import Between, between, of_persons
from misread.audit.agreement.calibration import Bins, Calibration, calibration
from misread.audit.agreement.ceiling import Ceiling, ceiling
from misread.audit.agreement.flips import Flips, Worst, flips, worst
from misread.audit.agreement.votes import VoteTable

__all__ = [
    "Between",
    "Bins",
    "Calibration",
    "Ceiling",
    "Flips",
    "VoteTable",
    "Worst",
    "between",
    "calibration",
    "ceiling",
    "flips",
    "of_persons",
    "worst",
]
