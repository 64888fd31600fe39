"""Many groups at once: the greatest disparity among them, each one's own figure, and what counts could have shown."""

from misread.audit.groups.disparity import Disparity, disparities, disparity
from misread.audit.groups.pooled import pooled
from misread.audit.groups.power import Needed, power

__all__ = ["Disparity", "Needed", "disparities", "disparity", "pooled", "power"]
