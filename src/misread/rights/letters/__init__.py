"""Letters: what to ask, of whom, by what right, and what to know before one is sent."""
