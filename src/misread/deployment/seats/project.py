"""A pinhole camera in a classroom: where a point of the room falls in the picture.

Points are (x, y, z) in metres: x from the wall on the left of the pupils, y from the wall with the board, z up.
Seen from above with the board at the top, x runs to the right and y down the page, so the axes are left-handed; the
camera's own axes below are written out with that in mind, and the picture is not mirrored.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model.camera import Geometry

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pinhole:
    """A camera without distortion.

    Attributes
    ----------
    at : ndarray, shape (3,)
        Where it hangs, in metres.
    right, down, forward : ndarray, shape (3,)
        Unit vectors of the picture's axes, and of the line of sight through its middle.
    focal : float
        Focal length in pixels: half the picture's width ÷ tan(half the field of view). Pixels are square.
    width, height : int
        Pixels of the picture.
    """

    at: Array
    right: Array
    down: Array
    forward: Array
    focal: float
    width: int
    height: int

    def depth(self, points: Array) -> Array:
        """How far points lie before the camera, along its line of sight, in metres; below 0 behind it.

        Parameters
        ----------
        points : ndarray, shape (…, 3)
            In metres.

        Returns
        -------
        ndarray, shape (…)
        """
        return np.asarray((points - self.at) @ self.forward)

    def project(self, points: Array) -> Array:
        """Where points fall in the picture, in pixels from its upper left corner.

        Parameters
        ----------
        points : ndarray, shape (…, 3)
            In metres.

        Returns
        -------
        ndarray, shape (…, 2)
            Columns and rows: the middle plus focal · (right, down) ÷ depth, as in Hartley and Zisserman, *Multiple
            View Geometry*, chapter 6. NaN for points that are not before the camera.
        """
        apart = points - self.at
        depth = np.asarray(apart @ self.forward)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.where(depth > 0, self.focal / depth, np.nan)
        middle = np.array([self.width / 2, self.height / 2])
        return middle + np.stack([apart @ self.right, apart @ self.down], axis=-1) * scale[..., None]

    def inside(self, points: Array) -> NDArray[np.bool_]:
        """Whether points are in the picture.

        Parameters
        ----------
        points : ndarray, shape (…, 3)
            In metres.

        Returns
        -------
        ndarray of bool, shape (…)
        """
        seen = self.project(points)
        # Comparisons with NaN, behind the camera, are false.
        return np.asarray(np.all((seen >= 0) & (seen <= (self.width, self.height)), axis=-1))


def aimed(geometry: Geometry) -> float:
    """Degrees that the camera is turned: as given, else to the middle of the seats.

    0 looks from the board to the back, 90 to the right of the pupils.
    """
    place, seats = geometry.place, geometry.seats
    if place.yaw is not None:
        return place.yaw
    middle = geometry.room.width / 2, seats.first_row + (seats.rows - 1) * seats.row_gap / 2
    return math.degrees(math.atan2(middle[0] - place.x, middle[1] - place.y))


def pinhole(geometry: Geometry) -> Pinhole:
    """The camera of a geometry."""
    place, picture = geometry.place, geometry.picture
    yaw, pitch = math.radians(aimed(geometry)), math.radians(place.pitch)
    sin, cos = math.sin(yaw), math.cos(yaw)
    return Pinhole(
        at=np.array([place.x, place.y, place.height]),
        # Whoever looks from the board to the back has the pupils' left on the right.
        right=np.array([-cos, sin, 0.0]),
        down=np.array([-sin * math.sin(pitch), -cos * math.sin(pitch), -math.cos(pitch)]),
        forward=np.array([sin * math.cos(pitch), cos * math.cos(pitch), -math.sin(pitch)]),
        focal=picture.width / 2 / math.tan(math.radians(picture.field_of_view) / 2),
        width=picture.width,
        height=picture.height,
    )
