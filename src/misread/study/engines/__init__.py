"""Which engine computes what, and the two held against each other."""
