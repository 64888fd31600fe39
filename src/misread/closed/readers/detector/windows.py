"""The windows that pass a cascade, compiled: after Viola and Jones (2001), with the steps and the arithmetic of OpenCV.

The function takes arrays and is private: only `run` calls it, on what the product rendered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])


def _kernel(function: Function) -> Function:
    """Compile at the first call, one core, kept on disk."""
    return cast("Function", njit(nogil=True, cache=True, error_model="numpy")(function))


@_kernel
def _passing(
    sums: NDArray[np.int64], squares: NDArray[np.int64], corners: NDArray[np.int64], weights: NDArray[np.float32],
    threshold: NDArray[np.float32], below: NDArray[np.float32], above: NDArray[np.float32],
    ends: NDArray[np.int32], least: NDArray[np.float32], side: int, step: int, found: NDArray[np.int64],
) -> int:  # fmt: skip
    """Into `found`: column and row of each window of `side` pixels that passes every stage; gives their number.

    `sums` and `squares` are flat rows of one length each, `corners` places in them, from a window's first: of every
    weak classifier's three rectangles the upper left, upper right, lower left and lower right corner.
    """
    high, wide = sums.shape[0] - side, sums.shape[1] - side
    flat, square, row = sums.ravel(), squares.ravel(), sums.shape[1]
    # What a window is made even by is measured within its rim of one pixel.
    inner = side - 2
    area = float(inner * inner)
    a, b, c, d = row + 1, row + 1 + inner, (1 + inner) * row + 1, (1 + inner) * row + 1 + inner
    many = 0
    for y in range(0, high, step):
        x = -step
        while x + step < wide:
            x += step
            at = y * row + x
            grey = float(flat[at + d] - flat[at + b] - flat[at + c] + flat[at + a])
            spread = area * float(square[at + d] - square[at + b] - square[at + c] + square[at + a]) - grey * grey
            if spread <= 0.0:
                continue
            even = np.float32(1.0 / np.sqrt(spread))
            # A plain wall is no face: where grey hardly varies, no feature is asked.
            if area * even >= 0.1:
                continue
            weak, stage = 0, 0
            while stage < len(ends):
                total = 0.0
                while weak < ends[stage]:
                    value = np.float32(0.0)
                    for r in range(3):
                        share = weights[weak, r]
                        if share != 0.0:
                            inside = (
                                flat[at + corners[weak, r, 0]]
                                - flat[at + corners[weak, r, 1]]
                                - flat[at + corners[weak, r, 2]]
                                + flat[at + corners[weak, r, 3]]
                            )
                            value += share * np.float32(inside)
                    total += below[weak] if value * even < threshold[weak] else above[weak]
                    weak += 1
                if total < least[stage]:
                    break
                stage += 1
            if stage == len(ends):
                found[many, 0], found[many, 1] = x, y
                many += 1
            elif stage == 0:
                # What fails at once is nowhere near a face: the next window is left out.
                x += step
    return many
