"""Runs of a deployment, alone and beside others, on the same draws."""
