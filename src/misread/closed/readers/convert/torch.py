"""The network in facial-emotion-recognition's pickle, as ONNX.

A pickle can name any function to be called. This one is read by an unpickler that knows four names and refuses all
others, and calls nothing but what is written here.
"""

from __future__ import annotations

import io
import pickle
import struct
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from misread.closed.readers.convert.graph import Graph

Floats = NDArray[np.float32]

_MAGIC = 0x1950A86A20F9469CFC6C
"""First number in PyTorch's files before 1.6."""
_PROTOCOL = 1001
_EPSILON = 1e-5
"""PyTorch's default in batch normalisation, which the package's source does not change."""
_STRIDES = {"conv_1": 1, "conv_2": 2, "conv_3": 2, "conv_4": 2}
"""The package's convolutions, in their order."""


@dataclass(slots=True)
class _Storage:
    """Numbers of one kind in a row, which follow after the pickle."""

    kind: np.dtype[Any]
    count: int
    values: NDArray[Any] = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True, slots=True)
class _Tensor:
    """Where a tensor's numbers lie in a storage."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def array(self) -> NDArray[Any]:
        expected = tuple(int(np.prod(self.shape[axis + 1 :], dtype=int)) for axis in range(len(self.shape)))
        if self.strides != expected:
            raise pickle.UnpicklingError("no conversion of a tensor that does not lie in a row")
        count = int(np.prod(self.shape, dtype=int))
        if not 0 <= self.offset <= self.storage.count - count:
            raise pickle.UnpicklingError("a tensor lies outside of its numbers")
        return self.storage.values[self.offset : self.offset + count].reshape(self.shape)


def _rebuilt(
    storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_further: object
) -> _Tensor:
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


class _Refusing(pickle.Unpickler):
    """An unpickler for PyTorch's tensors and for nothing else."""

    known = {  # noqa: RUF012 - never changed
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _rebuilt,
        ("torch", "FloatStorage"): np.dtype("<f4"),
        ("torch", "LongStorage"): np.dtype("<i8"),
    }

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        """One of the four names, or none."""
        if (module, name) not in self.known:
            raise pickle.UnpicklingError(f"refused: the pickle asks for {module}.{name}")
        return self.known[module, name]

    def persistent_load(self, key: Any) -> _Storage:
        """The storage that a tensor names; its numbers come later."""
        word, kind, name, _where, count, view = key
        if word != "storage" or not isinstance(kind, np.dtype) or view is not None:
            raise pickle.UnpicklingError("refused: the pickle asks for something that is no storage")
        return self.storages.setdefault(name, _Storage(kind, int(count)))


def tensors(content: bytes) -> dict[str, NDArray[Any]]:
    """The network's tensors by name, of a file of PyTorch before 1.6; the optimiser's are passed over.

    Raises
    ------
    pickle.UnpicklingError
        If it asks for any other class or function than tensors need, or is no such file.
    """
    file = io.BytesIO(content)
    if (_Refusing(file).load(), _Refusing(file).load()) != (_MAGIC, _PROTOCOL):
        raise pickle.UnpicklingError("no PyTorch file of before 1.6")
    if not _Refusing(file).load()["little_endian"]:
        raise pickle.UnpicklingError("no conversion of numbers with the great end first")
    reading = _Refusing(file)
    kept = reading.load()
    for name in _Refusing(file).load():
        storage = reading.storages[name]
        (count,) = struct.unpack("<q", file.read(8))
        if count != storage.count:
            raise pickle.UnpicklingError(f"expected {storage.count} numbers, got {count}")
        storage.values = np.frombuffer(file.read(count * storage.kind.itemsize), storage.kind)
    return {name: tensor.array() for name, tensor in kept["network"].items()}


def onnx_of_torch(content: bytes) -> bytes:
    """The pickled network, as ONNX: what the package's source builds of these tensors."""
    found = tensors(content)
    sizes = found["linear.0.weight"].shape[1] // found["conv_4.1.weight"].shape[0]
    # Halved three times: what is read is eight times as high and wide as what the last convolution gives.
    side = 8 * round(sizes**0.5)
    graph = Graph(side, side, 1)
    value = graph.start
    for name, stride in _STRIDES.items():
        value = graph.mirrored_convolution(value, found[f"{name}.1.weight"], found[f"{name}.1.bias"], stride=stride)
        value = graph.relu(graph.normalised(value, *_normal(found, f"{name}.2"), epsilon=_EPSILON))
    value = graph.relu(graph.dense(graph.flat(value), *_linear(found, "linear.0")))
    value = graph.sigmoid(graph.dense(value, *_linear(found, "linear.2")))
    return graph.finished(value)


def _normal(found: dict[str, NDArray[Any]], name: str) -> tuple[Floats, Floats, Floats, Floats]:
    return (
        found[f"{name}.weight"],
        found[f"{name}.bias"],
        found[f"{name}.running_mean"],
        found[f"{name}.running_var"],
    )


def _linear(found: dict[str, NDArray[Any]], name: str) -> tuple[Floats, Floats]:
    """Weights of in × out, and a bias; PyTorch keeps out × in."""
    return found[f"{name}.weight"].T, found[f"{name}.bias"]
