"""The closed classroom: rendered heads of nobody before a rendered camera, and what readers of faces make of them.

Nothing here takes a picture from outside: what is looked at is made from a seed, looked at, and dropped.
"""

from __future__ import annotations

SAYS = "Rendered faces: not evidence that a product works or fails on children. No overall score."
"""What stands on everything that comes of it."""
