"""Compiled code that draws pupils side by side: paths, labels, rules, rankings, and what is written down."""
