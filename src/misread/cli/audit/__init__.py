"""Commands about what a classifier gets wrong."""
