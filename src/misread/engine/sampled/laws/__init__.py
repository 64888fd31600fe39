"""Coarser steps: days or school years drawn from the exact engine's laws, where nothing joins what is drawn apart.

A law is that of the true and false flags which one rule gives one pupil, in a school year or on a day. Each rule and
each reader is drawn by itself: what joins them is drawn look by look.
"""

from misread.engine.sampled.laws.coarsest import STEPS, coarsest, refuse_too_coarse
from misread.engine.sampled.laws.count import count
from misread.engine.sampled.laws.counted import Counted
from misread.engine.sampled.laws.tables import Laws, laws_of

__all__ = ["STEPS", "Counted", "Laws", "coarsest", "count", "laws_of", "refuse_too_coarse"]
