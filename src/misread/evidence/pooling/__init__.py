"""Several studies of one thing: which figures measure it on different people, and what they come to together."""
