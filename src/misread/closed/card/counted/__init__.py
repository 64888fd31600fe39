"""From answers to rates with intervals, and what a card can see at all."""
