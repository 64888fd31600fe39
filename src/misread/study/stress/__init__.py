"""Search for the setting kindest to the vendor: which claims hold whatever is unknown, and what the others hang on."""

from misread.study.stress.accuracy import Needed
from misread.study.stress.claims import Claim
from misread.study.stress.questions import Question, in_units
from misread.study.stress.run import MOST_EFFORT, Stress, stressed, unsettled
from misread.study.stress.verdicts import Setting, Verdict

__all__ = [
    "MOST_EFFORT",
    "Claim",
    "Needed",
    "Question",
    "Setting",
    "Stress",
    "Verdict",
    "in_units",
    "stressed",
    "unsettled",
]
