"""A family's case: what was sent, what came back, what it means, and what to do by when."""
