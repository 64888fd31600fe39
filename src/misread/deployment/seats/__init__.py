"""From a classroom's geometry to what a camera sees, seat by seat, and to the views of the seats.

Pure functions of the table `[camera.geometry]`: a pinhole projection (`project`), heads in the way (`occlusion`),
curves from measured figures (`loss`), the seats (`plan`), at most five views of them (`group`, `views`). No picture is
taken or read. NumPy is loaded only where a room is written, so that reading other files stays quick.
"""

from __future__ import annotations

from misread.deployment.seats.views import groups_of, stated_geometry, views_of

__all__ = ["groups_of", "stated_geometry", "views_of"]
