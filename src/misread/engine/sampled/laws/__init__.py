"""Coarser steps: lessons, days or school years drawn from the exact engine's laws, each as far as nothing joins them.

A law is that of the true and false flags which one rule gives one pupil, in a school year or on a day; in a lesson,
together with where the pupil stands when the next one begins. Where a rule ranks a class it is that of a lesson's hits,
and the class is ranked by them. Each rule and each reader is drawn by itself: what joins them is drawn look by look.
"""

from misread.engine.sampled.laws.coarsest import STEPS, Coarsest, by_default, coarsest, refuse_too_coarse
from misread.engine.sampled.laws.count import count
from misread.engine.sampled.laws.counted import BySituation, Counted
from misread.engine.sampled.laws.tables import Laws, laws_of

__all__ = [
    "STEPS",
    "BySituation",
    "Coarsest",
    "Counted",
    "Laws",
    "by_default",
    "coarsest",
    "count",
    "laws_of",
    "refuse_too_coarse",
]
