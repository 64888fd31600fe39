"""Pictures of rendered heads in a rendered room: arrays that never leave `misread.closed`.

`room_of` puts a class before the camera of a geometry and works out the light; what it gives hands out the whole
picture, or the very pixels of one seat's face. `portrait_of` does so for one head by itself.
"""

from __future__ import annotations

from misread.closed.render.light import Care
from misread.closed.render.picture import Lit, encoded, portrait_of, room_of
from misread.closed.render.scene import LIGHTS, Light, Scene, Sitter

__all__ = ["LIGHTS", "Care", "Light", "Lit", "Scene", "Sitter", "encoded", "portrait_of", "room_of"]
