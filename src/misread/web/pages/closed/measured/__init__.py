"""What was measured beside the day: the card of changes one at a time, and a movement of a fraction of a second."""
