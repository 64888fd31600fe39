"""From a sentence to what it claims: its text, its numbers, its words, and which belong together."""
