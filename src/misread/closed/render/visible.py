"""What is seen of triangles: VTK's rasteriser, off screen, asked only which triangle is foremost and how deep it lies.

The only module that knows VTK, which has no types for mypy. It colours each triangle with its own number, so that
nothing of VTK's lighting is used and the answer is whole numbers; light is worked out in `shade`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from misread.closed.render.mesh import Floats, Ints

LARGEST = 2**24 - 2
"""So many triangles have numbers of their own in three bytes."""


class Rasteriser:
    """Triangles held by VTK, to be looked at through any number of matrices.

    Parameters
    ----------
    vertices : Floats
        Shape (vertices, 3).
    triangles : Ints
        Shape (triangles, 3).
    """

    def __init__(self, vertices: Floats, triangles: Ints) -> None:
        if len(triangles) > LARGEST:
            raise ValueError(f"{len(triangles)} triangles: at most {LARGEST}")
        core, model, convert = part("vtkRenderingCore"), part("vtkCommonDataModel"), part("util.numpy_support")
        part("vtkRenderingOpenGL2")  # registers the drawing itself
        surface, points, cells = model.vtkPolyData(), part("vtkCommonCore").vtkPoints(), model.vtkCellArray()
        points.SetData(convert.numpy_to_vtk(np.ascontiguousarray(vertices, dtype=np.float32), deep=True))
        rows = np.ascontiguousarray(triangles, dtype=np.int64)
        starts = np.arange(0, 3 * len(rows) + 1, 3, dtype=np.int64)
        cells.SetData(
            convert.numpy_to_vtkIdTypeArray(starts, deep=True), convert.numpy_to_vtkIdTypeArray(rows.ravel(), deep=True)
        )
        surface.SetPoints(points)
        surface.SetPolys(cells)
        number = np.arange(1, len(rows) + 1, dtype=np.uint32)
        bytes_of = np.stack([number & 255, (number >> 8) & 255, number >> 16], axis=1).astype(np.uint8)
        surface.GetCellData().SetScalars(convert.numpy_to_vtk(bytes_of, deep=True))
        mapper, actor = core.vtkPolyDataMapper(), core.vtkActor()
        mapper.SetInputData(surface)
        mapper.SetColorModeToDirectScalars()
        mapper.SetScalarModeToUseCellData()
        actor.SetMapper(mapper)
        actor.GetProperty().LightingOff()
        self._painter = core.vtkRenderer()
        self._painter.SetBackground(0, 0, 0)
        self._painter.GetCullers().RemoveAllItems()
        self._painter.AddActor(actor)
        camera = self._painter.GetActiveCamera()
        # At rest VTK's camera is the identity: the matrices given are then everything.
        camera.SetPosition(0, 0, 0)
        camera.SetFocalPoint(0, 0, -1)
        camera.SetViewUp(0, 1, 0)
        camera.UseExplicitProjectionTransformMatrixOn()
        with quiet():
            self._window = core.vtkRenderWindow()
            self._window.SetOffScreenRendering(1)
            self._window.SetMultiSamples(0)
            self._window.AddRenderer(self._painter)
        self._convert, self._matrix, self._floats = convert, part("vtkCommonMath").vtkMatrix4x4, part("vtkCommonCore")
        self._hold = (surface, mapper, actor)

    def close(self) -> None:
        """Give back what the graphics library holds."""
        self._window.Finalize()

    def seen(self, matrix: Floats, width: int, height: int) -> Ints:
        """Which triangle is foremost at each place.

        Parameters
        ----------
        matrix : Floats
            From points (x, y, z, 1) to the cube that is seen, before division: columns to the right, rows upwards.
        width, height : int

        Returns
        -------
        Ints
            Shape (height, width), the upper row first; -1 where there is nothing.
        """
        self._draw(matrix, width, height)
        pixels = self._floats.vtkUnsignedCharArray()
        self._window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, pixels)
        parts = self._convert.vtk_to_numpy(pixels).reshape(height, width, -1)[::-1].astype(np.int32)
        return np.asarray(parts[..., 0] + (parts[..., 1] << 8) + (parts[..., 2] << 16) - 1)

    def depths(self, matrix: Floats, size: int) -> NDArray[np.float32]:
        """How deep the foremost triangle lies, 0 to 1 of the cube's depth; 1 where there is nothing.

        Shape (size, size), the lower row first.
        """
        self._draw(matrix, size, size)
        deep = self._floats.vtkFloatArray()
        self._window.GetZbufferData(0, 0, size - 1, size - 1, deep)
        return np.array(self._convert.vtk_to_numpy(deep).reshape(size, size), dtype=np.float32)

    def _draw(self, matrix: Floats, width: int, height: int) -> None:
        held = self._matrix()
        held.DeepCopy(np.asarray(matrix, dtype=float).ravel().tolist())
        self._painter.GetActiveCamera().SetExplicitProjectionTransformMatrix(held)
        self._window.SetSize(width, height)
        self._window.Render()


def part(name: str) -> Any:
    """One of VTK's modules."""
    try:
        return import_module("vtkmodules." + name)
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError("the renderer needs VTK: pip install misread[closed]") from missing


@contextmanager
def quiet() -> Iterator[None]:
    """Without VTK's remark that there is no screen."""
    logger = part("vtkCommonCore").vtkLogger
    before = logger.GetCurrentVerbosityCutoff()
    logger.SetStderrVerbosity(logger.VERBOSITY_OFF)
    try:
        yield
    finally:
        logger.SetStderrVerbosity(before)
