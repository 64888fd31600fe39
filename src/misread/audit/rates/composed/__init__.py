"""What rates compose: balanced accuracy, macro-F1, kappa and alpha, by linearisation or from persons drawn again."""

from misread.audit.rates.composed.measure import Composites, composites, composites_of

__all__ = ["Composites", "composites", "composites_of"]
