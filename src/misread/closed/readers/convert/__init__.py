"""Weight files of the packages, as data, turned into ONNX or arrays: no code of theirs runs, nor their frameworks'."""

from __future__ import annotations

from collections.abc import Callable, Sequence

VERSION = 1
"""Raised when the same weights would be written otherwise: what was prepared before is then made anew."""


def converted(form: str, sources: Sequence[bytes]) -> bytes:
    """The file for the cache, of the weight files of one network (or the cascade's file) in the order of the table.

    Parameters
    ----------
    form : {"tflite", "cascade", "keras", "face-api", "tfjs", "torch"}
        What the weight files are.
    sources : sequence of bytes
        Their contents.
    """
    if form == "tflite":
        (same,) = sources
        return same
    return _converter(form)(*sources)


def _converter(form: str) -> Callable[..., bytes]:
    # Most need a library of the extra, so each is imported where it is used.
    if form == "cascade":
        from misread.closed.readers.convert.cascade import arrays_of_cascade

        return arrays_of_cascade
    if form == "keras":
        from misread.closed.readers.convert.keras import onnx_of_keras

        return onnx_of_keras
    if form == "torch":
        from misread.closed.readers.convert.torch import onnx_of_torch

        return onnx_of_torch
    from misread.closed.readers.convert.tfjs import onnx_of_face_api, onnx_of_graph

    return {"face-api": onnx_of_face_api, "tfjs": onnx_of_graph}[form]
