"""How much of a face is hidden behind the heads that are nearer to the camera.

Heads are balls. From the camera a ball is a disc: directions within asin(radius ÷ distance) of its middle. What two
discs share has a closed form.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def overlap(a: Array | float, b: Array | float, apart: Array | float) -> Array:
    """Area that two discs share.

    Parameters
    ----------
    a, b : ndarray or float
        Radii, above 0.
    apart : ndarray or float
        Distance of the middles, from 0 up.

    Returns
    -------
    ndarray
        0 where the discs are apart, the smaller disc where one holds the other, else the lens
        a²·acos((d² + a² − b²)/(2da)) + b²·acos((d² + b² − a²)/(2db))
        − ½·√((−d + a + b)(d + a − b)(d − a + b)(d + a + b)), two segments of circles.
    """
    a, b, d = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (a, b, apart)))
    small = np.minimum(a, b)
    # Middles nearer than rounding are one point: the lens would divide by next to nothing.
    within, beyond = d <= np.maximum(np.abs(a - b), 1e-12 * small), d >= a + b
    # Any distance will do where the lens is not used; this one keeps its formula finite.
    safe = np.where(within | beyond, np.maximum(a, b), d)
    lens = (
        a**2 * np.arccos(np.clip((safe**2 + a**2 - b**2) / (2 * safe * a), -1, 1))
        + b**2 * np.arccos(np.clip((safe**2 + b**2 - a**2) / (2 * safe * b), -1, 1))
        - np.sqrt(np.clip((a + b - safe) * (safe + a - b) * (safe - a + b) * (safe + a + b), 0, None)) / 2
    )
    return np.where(beyond, 0.0, np.where(within, np.pi * small**2, lens))


def hidden(eyes: Array, viewpoint: Array, radius: float) -> Array:
    """Share of each face that the one head hides which hides most of it.

    Two heads that hide different parts of one face count as the worse of the two, which is kind to the camera; with
    one head in the way the share is exact, as far as small angles add like lengths.

    Parameters
    ----------
    eyes : ndarray, shape (seats, 3)
        Middles of the heads, in metres. Every seat is taken.
    viewpoint : ndarray, shape (3,)
        Where the camera hangs.
    radius : float
        Of a head, in metres.

    Returns
    -------
    ndarray, shape (seats,)
        From 0 to 1.
    """
    apart = eyes - viewpoint
    # A camera inside a head is refused elsewhere; here it must only not divide by zero.
    far = np.maximum(np.linalg.norm(apart, axis=-1), radius)
    towards = apart / far[:, None]
    size = np.arcsin(radius / far)
    # The angle between two directions from half the chord, which is exact for small angles where acos is not.
    between = 2 * np.arcsin(np.clip(np.linalg.norm(towards[:, None] - towards[None], axis=-1) / 2, 0, 1))
    share = overlap(size[None], size[:, None], between) / (np.pi * size[:, None] ** 2)
    nearer = far[None] < far[:, None]
    return np.asarray(np.where(nearer, share, 0.0).max(axis=1, initial=0.0)).clip(0, 1)
