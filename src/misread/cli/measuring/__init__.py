"""Commands that measure a deployment, and those that check or pack what was measured."""
