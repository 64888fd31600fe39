"""The report: what a run found, as one HTML file for a parent first and an engineer after."""
