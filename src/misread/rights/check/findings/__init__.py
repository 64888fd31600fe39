"""The checks X01 to X22: what an export shows, held against what was said."""
