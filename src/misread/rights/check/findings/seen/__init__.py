"""What the checks look at, and what they hold it against."""
