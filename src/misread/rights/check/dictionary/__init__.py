"""What columns and words of an export mean: a dictionary in six languages, and what is asked where it does not know."""
