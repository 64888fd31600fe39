"""How often intervals hold the truth: the methods of the audit beside others, by enumeration and by simulation.

    .venv/bin/python tools/make_coverage_study.py

writes what is measured here to docs/audit/intervals.md and docs/audit/coverage.json. Whatever the audit itself uses is
its own function; what is only compared with it stands in `peers.py`.
"""
