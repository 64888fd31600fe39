"""Rates of a count table with their intervals: of everybody, of groups, between groups; and what rates compose."""

from misread.audit.rates.compare import Difference, differences
from misread.audit.rates.composed import Composites, composites, composites_of
from misread.audit.rates.confusion import confusion, row_units
from misread.audit.rates.estimate import Estimate, Estimates
from misread.audit.rates.masks import Measure, cells, measure, measures
from misread.audit.rates.measure import Rates, measured, rates
from misread.audit.rates.moments import Moments, moments
from misread.audit.rates.prevalence import precision_at

__all__ = [
    "Composites",
    "Difference",
    "Estimate",
    "Estimates",
    "Measure",
    "Moments",
    "Rates",
    "cells",
    "composites",
    "composites_of",
    "confusion",
    "differences",
    "measure",
    "measured",
    "measures",
    "moments",
    "precision_at",
    "rates",
    "row_units",
]
