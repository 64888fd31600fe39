"""Findings against an enumeration of everything that can happen."""
