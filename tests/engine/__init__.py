"""The engine against ways that are not the engine."""
