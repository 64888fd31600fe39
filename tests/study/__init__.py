"""Runs, draws and comparisons."""
