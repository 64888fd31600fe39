"""What the camera gets of every seat: pixels, angle, what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model.camera import Geometry
from misread.deployment.seats.loss import Curves, curves
from misread.deployment.seats.occlusion import hidden
from misread.deployment.seats.project import Array, pinhole

NOT_SEEN = 1 - 1e-9
"""From this share of lost looks on, a seat counts as never seen."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Every seat as the camera sees it: row by row from the board, from the pupils' left to their right.

    Attributes
    ----------
    row, column : ndarray of int, shape (seats,)
        Counted from 0.
    eyes : ndarray, shape (seats, 3)
        The point between the eyes, in metres.
    inside : ndarray of bool, shape (seats,)
        Whether both eyes are in the picture.
    face_pixels : ndarray, shape (seats,)
        Pixels across the head: focal length · width ÷ depth. 0 behind the camera.
    between_eyes : ndarray, shape (seats,)
        Pixels from eye to eye, of a face turned to the board. 0 behind the camera.
    facing_pixels : ndarray, shape (seats,)
        The same if the face looked into the camera's plane: focal length · distance of the eyes ÷ depth.
    yaw, pitch : ndarray, shape (seats,)
        Degrees by which the camera stands to the pupil's right (left below 0), and above the way the face is turned.
    angle : ndarray, shape (seats,)
        Degrees between the way the face is turned and the line to the camera: cos = cos(yaw)·cos(pitch).
    hidden : ndarray, shape (seats,)
        Share of the face behind another head.
    lost : ndarray, shape (seats,)
        P(no usable face).
    dilution : ndarray, shape (seats,)
        How far the row is drawn to the mean of all rows where there is a face; 0 where there never is one.
    """

    row: NDArray[np.intp]
    column: NDArray[np.intp]
    eyes: Array
    inside: NDArray[np.bool_]
    face_pixels: Array
    between_eyes: Array
    facing_pixels: Array
    yaw: Array
    pitch: Array
    angle: Array
    hidden: Array
    lost: Array
    dilution: Array

    @property
    def unseen(self) -> NDArray[np.bool_]:
        """Seats at which no face is ever found."""
        return self.lost >= NOT_SEEN

    @property
    def use(self) -> Array:
        """Share of a look that tells something of the face: (1 − lost)·(1 − dilution)."""
        return (1 - self.lost) * (1 - self.dilution)


def eyes_of(geometry: Geometry) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
    """Row, column and the point between the eyes of every seat."""
    seats = geometry.seats
    row, column = (index.ravel() for index in np.indices((seats.rows, seats.columns)))
    x = geometry.room.width / 2 + (column - (seats.columns - 1) / 2) * seats.column_gap
    y = seats.first_row + row * seats.row_gap
    return row, column, np.stack([x, y, np.full(len(x), geometry.head.eye_height)], axis=-1)


@lru_cache(maxsize=64)
def plan_of(geometry: Geometry) -> Plan:
    """Every seat of a geometry as its camera sees it.

    Parameters
    ----------
    geometry : Geometry
        A valid geometry.

    Returns
    -------
    Plan
    """
    row, column, eyes = eyes_of(geometry)
    camera, head = pinhole(geometry), geometry.head
    forward, sideways, upward = _face(eyes, np.array([geometry.room.width / 2, 0.0, geometry.room.board_height]))
    to_camera = _unit(camera.at - eyes)
    ahead, beside, above = (np.sum(to_camera * axis, axis=-1) for axis in (forward, sideways, upward))
    half = sideways * head.between_eyes_mm / 2000
    ends = np.stack([eyes - half, eyes + half])
    depth = camera.depth(eyes)
    inside = camera.inside(ends).all(axis=0) & (depth > 0)
    scale = np.where(depth > 0, camera.focal / np.where(depth > 0, depth, 1.0), 0.0)
    pixels = np.linalg.norm(np.diff(camera.project(ends), axis=0)[0], axis=-1)
    angle = np.degrees(np.arctan2(np.hypot(beside, above), ahead))
    covered = hidden(eyes, camera.at, head.width / 2)
    lost, dilution = _loss(curves(), inside, scale * head.width, angle, covered)
    return Plan(
        row=row,
        column=column,
        eyes=eyes,
        inside=inside,
        face_pixels=scale * head.width,
        between_eyes=np.nan_to_num(pixels),
        facing_pixels=scale * head.between_eyes_mm / 1000,
        yaw=np.degrees(np.arctan2(beside, ahead)),
        pitch=np.degrees(np.arctan2(above, np.hypot(beside, ahead))),
        angle=angle,
        hidden=covered,
        lost=lost,
        dilution=dilution,
    )


def _face(eyes: Array, board: Array) -> tuple[Array, Array, Array]:
    """The axes of a face turned to the board, the head held level: ahead, to the pupil's right, up."""
    forward = _unit(board - eyes)
    # A pupil who looks at the board (−y) has larger x on the right hand.
    right = _unit(np.stack([-forward[:, 1], forward[:, 0], np.zeros(len(eyes))], axis=-1))
    # Up is what remains of the vertical at right angles to the way ahead.
    return forward, right, _unit(np.array([0.0, 0.0, 1.0]) - forward[:, 2:] * forward)


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


def _loss(by: Curves, inside: NDArray[np.bool_], pixels: Array, angle: Array, covered: Array) -> tuple[Array, Array]:
    """P(no usable face), and dilution where there is one, from pixels, angle and what is hidden."""
    found = np.where(inside, by.found(pixels, angle, covered), 0.0)
    lost = 1 - found
    return lost, np.where(lost >= NOT_SEEN, 0.0, by.dilution(pixels, angle, covered))
