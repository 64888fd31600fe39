"""The tick step for what is plain enough (`school.sliceable`): 512 pupils a step, each one bit of a value.

Not a number a lane but a bit a lane: a *plane* holds one bit of each pupil. A pupil's numbers are the same as
everywhere (`keys`), turned from words into planes; thresholds, windows and counts are then logic on planes. The
results are those of `kernels.year`, bit for bit.
"""
