"""Faces hidden by flags: what hangs on how many were given before, night by night."""
