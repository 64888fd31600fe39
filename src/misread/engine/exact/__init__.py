"""The exact engine: lessons, days, years, by recursion. Nothing is sampled."""
