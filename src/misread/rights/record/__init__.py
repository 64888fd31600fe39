"""The disclosure record: what was told about a system, by whom, on what evidence, and what was not."""
