"""Intervals as pure functions of counts: `methods.py` says which is used where, and why."""
