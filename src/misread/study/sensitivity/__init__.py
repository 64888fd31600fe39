"""Which inputs a finding hangs on: one at a time, by Morris' screening, and by Sobol' indices."""

from misread.study.sensitivity.groups import Groups
from misread.study.sensitivity.indices import BUDGET, HALF_WIDTH, Index, Indices, indices
from misread.study.sensitivity.inputs import Input, Row
from misread.study.sensitivity.run import Influence, Sensitivity, sensitivity
from misread.study.sensitivity.screening import Effect, negligible, screened
from misread.study.sensitivity.target import Target
from misread.study.sensitivity.tornado import Swing

__all__ = [
    "BUDGET",
    "HALF_WIDTH",
    "Effect",
    "Groups",
    "Index",
    "Indices",
    "Influence",
    "Input",
    "Row",
    "Sensitivity",
    "Swing",
    "Target",
    "indices",
    "negligible",
    "screened",
    "sensitivity",
]
