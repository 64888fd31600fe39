"""The two inner loops, compiled: light onto vertices, and colours of a picture's points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from misread.closed.render.mesh import FINISHES

Function = TypeVar("Function", bound=Callable[..., Any])
F32 = NDArray[Any]
"""Of four bytes; wider ones would be compiled anew."""
Ints = NDArray[Any]

SHINING, WOOD = FINISHES.index("shining"), FINISHES.index("wood")
OFF, TOWARDS = 0.0035, 0.002
"""By how many metres a vertex asks for its light off its own surface, and towards the light."""


def kernel(function: Function) -> Function:
    """Compile at the first call, one core, kept on disk."""
    return cast("Function", njit(nogil=True, cache=True, error_model="numpy")(function))


@kernel
def add_light(
    points: F32, normals: F32, wrap: F32, where: F32, parallel: bool, facing: F32, colour: F32,
    matrix: NDArray[np.float64], span: tuple[float, float], reach: float, depth: F32, direct: bool, total: F32,
    seen: F32,
) -> None:  # fmt: skip
    """Add one lamp's light to every vertex; `seen` gets what came of direct light, and what would without shadow."""
    size = depth.shape[0]
    for v in range(len(points)):
        nx, ny, nz = normals[v, 0], normals[v, 1], normals[v, 2]
        px, py, pz = points[v, 0], points[v, 1], points[v, 2]
        if parallel:
            lx, ly, lz = where[0], where[1], where[2]
            strength = 1.0
        else:
            lx, ly, lz = where[0] - px, where[1] - py, where[2] - pz
            square = lx * lx + ly * ly + lz * lz
            far = np.sqrt(square)
            lx, ly, lz = lx / far, ly / far, lz / far
            leaving = -(lx * facing[0] + ly * facing[1] + lz * facing[2])
            if leaving <= 0.0:
                continue
            # A point stands for a piece of window about a metre wide, so its light has no peak beside it.
            strength = leaving / (square + 0.35)
        falling = nx * lx + ny * ly + nz * lz
        most = max(wrap[v, 0], max(wrap[v, 1], wrap[v, 2]))
        if falling <= -most:
            continue
        qx = px + OFF * nx + TOWARDS * lx
        qy = py + OFF * ny + TOWARDS * ly
        qz = pz + OFF * nz + TOWARDS * lz
        share = 1.0
        w = matrix[3, 0] * qx + matrix[3, 1] * qy + matrix[3, 2] * qz + matrix[3, 3]
        if w > 1e-6:
            x = (matrix[0, 0] * qx + matrix[0, 1] * qy + matrix[0, 2] * qz + matrix[0, 3]) / w
            y = (matrix[1, 0] * qx + matrix[1, 1] * qy + matrix[1, 2] * qz + matrix[1, 3]) / w
            z = (matrix[2, 0] * qx + matrix[2, 1] * qy + matrix[2, 2] * qz + matrix[2, 3]) / w
            deep = 0.5 * z + 0.5
            column, row = (0.5 * x + 0.5) * size - 0.5, (0.5 * y + 0.5) * size - 0.5
            if deep > 0.0 and column >= 1.0 and row >= 1.0 and column < size - 2 and row < size - 2:
                i, j = int(row), int(column)
                a, b = row - i, column - j
                # The mean of three by three places, the outer ones by how much of them is covered.
                share = 0.0
                for k in range(-1, 3):
                    high = (1.0 - a) if k == -1 else (a if k == 2 else 1.0)
                    for m in range(-1, 3):
                        wide = (1.0 - b) if m == -1 else (b if m == 2 else 1.0)
                        first = depth[i + k, j + m]
                        if first >= deep or first >= 1.0:
                            share += high * wide
                        else:
                            gap = (deep - first) * span[0] if parallel else w - span[1] / (2 * first - 1 - span[0])
                            share += high * wide * min(1.0, gap / reach)
                share /= 9.0
        for channel in range(3):
            round = wrap[v, channel]
            bent = (falling + round) / (1.0 + round)
            if bent > 0.0:
                total[v, channel] += colour[channel] * strength * bent / (1.0 + round) * share
        if direct:
            bare = strength * max(falling, np.float32(0.15))
            seen[v, 0] += bare * share
            seen[v, 1] += bare


@kernel
def depth_map(points: F32, triangles: Ints, matrix: NDArray[np.float64], depth: F32) -> None:
    """Into `depth`: how deep the first triangle lies at each place of a map, 0 to 1, as a graphics library has it.

    Shadows need no more than this, and ask for it thirty times a scene; on one core this is several times as fast as
    a graphics library without a graphics card.
    """
    size = depth.shape[0]
    at = np.empty((len(points), 3), dtype=np.float32)
    # Of each vertex the next column, the next row, and those before: the least and the most of three are a triangle's.
    cells = np.empty((len(points), 4), dtype=np.int32)
    for v in range(len(points)):
        x, y, z = points[v, 0], points[v, 1], points[v, 2]
        w = matrix[3, 0] * x + matrix[3, 1] * y + matrix[3, 2] * z + matrix[3, 3]
        if w <= 1e-3:
            at[v, 2] = -1.0
            continue
        across = (matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2] * z + matrix[0, 3]) / w
        upwards = (matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2] * z + matrix[1, 3]) / w
        # Far outside of the map it does not matter how far.
        across = min(max((0.5 * across + 0.5) * size - 0.5, -4.0 * size), 4.0 * size)
        upwards = min(max((0.5 * upwards + 0.5) * size - 0.5, -4.0 * size), 4.0 * size)
        at[v, 0], at[v, 1] = across, upwards
        at[v, 2] = 0.5 * (matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2] * z + matrix[2, 3]) / w + 0.5
        left, low = int(np.floor(at[v, 0])), int(np.floor(at[v, 1]))
        cells[v, 0], cells[v, 1] = left + (at[v, 0] > left), low + (at[v, 1] > low)
        cells[v, 2], cells[v, 3] = left, low
    for t in range(len(triangles)):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        left, right = min(cells[a, 0], cells[b, 0], cells[c, 0]), max(cells[a, 2], cells[b, 2], cells[c, 2])
        if left > right or right < 0 or left >= size:
            continue
        low, high = min(cells[a, 1], cells[b, 1], cells[c, 1]), max(cells[a, 3], cells[b, 3], cells[c, 3])
        if low > high or high < 0 or low >= size:
            continue
        az, bz, cz = at[a, 2], at[b, 2], at[c, 2]
        if az < 0.0 or bz < 0.0 or cz < 0.0:
            continue
        ax, ay = at[a, 0], at[a, 1]
        ex, ey, fx, fy = at[b, 0] - ax, at[b, 1] - ay, at[c, 0] - ax, at[c, 1] - ay
        area = ex * fy - ey * fx
        if abs(area) < 1e-12:
            continue
        for i in range(max(low, 0), min(high, size - 1) + 1):
            for j in range(max(left, 0), min(right, size - 1) + 1):
                p = ((j - ax) * fy - (i - ay) * fx) / area
                q = (ex * (i - ay) - ey * (j - ax)) / area
                if p >= 0.0 and q >= 0.0 and p + q <= 1.0:
                    z = az + p * (bz - az) + q * (cz - az)
                    if z < depth[i, j]:
                        depth[i, j] = z


@kernel
def colours(
    ids: Ints, over: int, at: NDArray[np.float64], axes: NDArray[np.float64],
    frame: NDArray[np.float64], corner: Ints,
    points: F32, normals: F32, triangles: Ints, paint: F32, shade: F32, finish: Ints,
    texture: Ints, uv: F32, textures: NDArray[np.uint8], decoded: F32, light: F32, seen: F32,
    shine: F32, opening: NDArray[np.float64], glow: float, turned_over: float, background: F32, out: F32,
) -> None:  # fmt: skip
    """The linear colours of a picture's piece, each point the mean of `over` squared places.

    `axes` are the camera's right, down and forward; `frame` its focal length and middle in pixels; `corner` the
    piece's column and row; `opening` the windows' corner, two sides and way into the room; `shine` per finish its
    strength, its narrowness and whether it mirrors the windows.
    """
    high, wide = out.shape[0], out.shape[1]
    part = 1.0 / (over * over)
    for row in range(high):
        for column in range(wide):
            red, green, blue = 0.0, 0.0, 0.0
            for sub in range(over * over):
                i, j = row * over + sub // over, column * over + sub % over
                t = ids[i, j]
                if t < 0:
                    red += background[0]
                    green += background[1]
                    blue += background[2]
                    continue
                u = (corner[0] + (j + 0.5) / over - frame[1]) / frame[0]
                v = (corner[1] + (i + 0.5) / over - frame[2]) / frame[0]
                dx = axes[2, 0] + u * axes[0, 0] + v * axes[1, 0]
                dy = axes[2, 1] + u * axes[0, 1] + v * axes[1, 1]
                dz = axes[2, 2] + u * axes[0, 2] + v * axes[1, 2]
                a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
                # Where the ray meets the triangle's plane (Möller and Trumbore's way), as shares of its corners.
                ax, ay, az = points[a, 0], points[a, 1], points[a, 2]
                ex, ey, ez = points[b, 0] - ax, points[b, 1] - ay, points[b, 2] - az
                fx, fy, fz = points[c, 0] - ax, points[c, 1] - ay, points[c, 2] - az
                hx, hy, hz = dy * fz - dz * fy, dz * fx - dx * fz, dx * fy - dy * fx
                det = ex * hx + ey * hy + ez * hz
                sx, sy, sz = at[0] - ax, at[1] - ay, at[2] - az
                kx, ky, kz = sy * ez - sz * ey, sz * ex - sx * ez, sx * ey - sy * ex
                p, q = 1.0 / 3, 1.0 / 3
                if abs(det) > 1e-18:
                    p = (sx * hx + sy * hy + sz * hz) / det
                    q = (dx * kx + dy * ky + dz * kz) / det
                p = min(max(p, 0.0), 1.0)
                q = min(max(q, 0.0), 1.0 - p)
                o = 1.0 - p - q
                kind = finish[t]
                tint = o * shade[a] + p * shade[b] + q * shade[c]
                cr, cg, cb = paint[t, 0] * tint, paint[t, 1] * tint, paint[t, 2] * tint
                if kind == SHINING:
                    red += cr * glow
                    green += cg * glow
                    blue += cb * glow
                    continue
                x, y, z = ax + p * ex + q * fx, ay + p * ey + q * fy, az + p * ez + q * fz
                if texture[t] >= 0:
                    size = textures.shape[1]
                    uu = (o * uv[a, 0] + p * uv[b, 0] + q * uv[c, 0]) * size - 0.5
                    vv = (o * uv[a, 1] + p * uv[b, 1] + q * uv[c, 1]) * size - 0.5
                    uu = min(max(uu, 0.0), size - 1.001)
                    vv = min(max(vv, 0.0), size - 1.001)
                    k, m = int(vv), int(uu)
                    g, h = vv - k, uu - m
                    image = textures[texture[t]]
                    w00, w01, w10, w11 = (1 - g) * (1 - h), (1 - g) * h, g * (1 - h), g * h
                    cr *= (
                        w00 * decoded[image[k, m, 0]]
                        + w01 * decoded[image[k, m + 1, 0]]
                        + w10 * decoded[image[k + 1, m, 0]]
                        + w11 * decoded[image[k + 1, m + 1, 0]]
                    )
                    cg *= (
                        w00 * decoded[image[k, m, 1]]
                        + w01 * decoded[image[k, m + 1, 1]]
                        + w10 * decoded[image[k + 1, m, 1]]
                        + w11 * decoded[image[k + 1, m + 1, 1]]
                    )
                    cb *= (
                        w00 * decoded[image[k, m, 2]]
                        + w01 * decoded[image[k, m + 1, 2]]
                        + w10 * decoded[image[k + 1, m, 2]]
                        + w11 * decoded[image[k + 1, m + 1, 2]]
                    )
                if kind == WOOD:  # broad boards, each a little lighter or darker, with a faint grain
                    if turned_over > 0.0:
                        x = turned_over - x
                    board = np.floor(x / 0.14)
                    tone = np.sin(board * 12.9898 + np.floor(y / 1.1 + 0.37 * board) * 78.233) * 43758.5453
                    tone = tone - np.floor(tone)
                    grain = np.sin(x * 310.0 + 6.0 * np.sin(y * 2.3 + board))
                    factor = 0.93 + 0.12 * tone + 0.012 * grain
                    cr, cg, cb = cr * factor, cg * factor, cb * factor
                er = o * light[a, 0] + p * light[b, 0] + q * light[c, 0]
                eg = o * light[a, 1] + p * light[b, 1] + q * light[c, 1]
                eb = o * light[a, 2] + p * light[b, 2] + q * light[c, 2]
                red += cr * er
                green += cg * eg
                blue += cb * eb
                if shine[kind, 0] > 0.0:
                    nx = o * normals[a, 0] + p * normals[b, 0] + q * normals[c, 0]
                    ny = o * normals[a, 1] + p * normals[b, 1] + q * normals[c, 1]
                    nz = o * normals[a, 2] + p * normals[b, 2] + q * normals[c, 2]
                    long = np.sqrt(nx * nx + ny * ny + nz * nz) + 1e-12
                    nx, ny, nz = nx / long, ny / long, nz / long
                    ray = np.sqrt(dx * dx + dy * dy + dz * dz)
                    vx, vy, vz = -dx / ray, -dy / ray, -dz / ray
                    facing = nx * vx + ny * vy + nz * vz
                    clear = o * seen[a] + p * seen[b] + q * seen[c]
                    rx, ry, rz = 2 * facing * nx - vx, 2 * facing * ny - vy, 2 * facing * nz - vz
                    extra = 0.0
                    edge = 0.04 + 0.96 * (1.0 - max(facing, 0.0)) ** 5
                    if shine[kind, 2] > 0.0:
                        # A wet surface mirrors the windows themselves.
                        slope = rx * opening[3, 0] + ry * opening[3, 1] + rz * opening[3, 2]
                        if slope < -1e-6:
                            gap = (
                                (opening[0, 0] - x) * opening[3, 0]
                                + (opening[0, 1] - y) * opening[3, 1]
                                + (opening[0, 2] - z) * opening[3, 2]
                            )
                            far = gap / slope
                            mx, my, mz = (
                                x + far * rx - opening[0, 0],
                                y + far * ry - opening[0, 1],
                                z + far * rz - opening[0, 2],
                            )
                            one = mx * opening[1, 0] + my * opening[1, 1] + mz * opening[1, 2]
                            two = mx * opening[2, 0] + my * opening[2, 1] + mz * opening[2, 2]
                            if far > 0 and one > 0 and one < 1 and two > 0 and two < 1:
                                extra = shine[kind, 0] * glow * clear * edge / 0.04
                    else:
                        # A rougher one mirrors them blurred: three points along them.
                        for k in range(3):
                            s = (k + 0.5) / 3
                            lx = opening[4, 0] + s * opening[5, 0] - x
                            ly = opening[4, 1] + s * opening[5, 1] - y
                            lz = opening[4, 2] + s * opening[5, 2] - z
                            far = np.sqrt(lx * lx + ly * ly + lz * lz)
                            along = (rx * lx + ry * ly + rz * lz) / far
                            if along > 0:
                                extra += along ** shine[kind, 1]
                        extra *= shine[kind, 0] * glow * clear * (edge / 0.04) ** 0.5
                    red += extra
                    green += extra * 0.985
                    blue += extra * 0.95
            out[row, column, 0] = red * part
            out[row, column, 1] = green * part
            out[row, column, 2] = blue * part
