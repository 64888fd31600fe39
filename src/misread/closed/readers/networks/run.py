"""The networks, run on stimuli: scores in the product's words. One thread, on the processor, so that they repeat."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from misread.closed.readers.networks.crops import _CROPS
from misread.closed.readers.networks.table import NETWORKS, UNQUANTISED, WORD_OF, WORDS, Network
from misread.closed.readers.packages.place import not_installed, prepared
from misread.closed.readers.stimulus import Stimulus

_Forward = Callable[[NDArray[np.float32]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class _Reader:
    """A network that is loaded."""

    network: Network
    forward: _Forward
    """From height × width × channels to the package's scores, in the package's order."""


def _open(name: str) -> _Reader:
    """A network of the cache, loaded.

    Raises
    ------
    MisreadError
        If it was not prepared, or what runs it is not installed.
    """
    network = UNQUANTISED if name == UNQUANTISED.name else NETWORKS[name]
    weights = prepared(network.file)
    return _Reader(network, (_litert if network.file.endswith(".tflite") else _onnx)(weights))


def _scores(reader: _Reader, stimuli: Sequence[Stimulus]) -> NDArray[np.float64]:
    """Stimuli × `WORDS`: what the network says of each."""
    crop = _CROPS[reader.network.name]
    order = _order(reader.network.labels)
    found = np.empty((len(stimuli), len(WORDS)))
    for row, stimulus in enumerate(stimuli):
        # No array will do in its place, whatever it has by way of attributes.
        if type(stimulus) is not Stimulus:
            raise TypeError("only what the product rendered is read")
        found[row] = reader.forward(crop(stimulus))[order]
    return found


def _order(labels: Sequence[str]) -> list[int]:
    """Where each of `WORDS` stands among a package's labels."""
    return [[WORD_OF[label] for label in labels].index(word) for word in WORDS]


def _onnx(weights: bytes) -> _Forward:
    try:
        runtime: Any = importlib.import_module("onnxruntime")
    except ImportError as error:
        raise not_installed("ONNX Runtime") from error
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = runtime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])

    def forward(values: NDArray[np.float32]) -> NDArray[np.float32]:
        (given,) = session.run(None, {"input": values[None]})
        scores: NDArray[np.float32] = given[0]
        return scores

    return forward


def _litert(weights: bytes) -> _Forward:
    try:
        runtime: Any = importlib.import_module("ai_edge_litert.interpreter")
    except ImportError as error:
        raise not_installed("LiteRT") from error
    interpreter = runtime.Interpreter(model_content=weights, num_threads=1)
    interpreter.allocate_tensors()
    taken = interpreter.get_input_details()[0]["index"]
    given = interpreter.get_output_details()[0]["index"]

    def forward(values: NDArray[np.float32]) -> NDArray[np.float32]:
        interpreter.set_tensor(taken, values[None])
        interpreter.invoke()
        scores: NDArray[np.float32] = interpreter.get_tensor(given)[0]
        return scores

    return forward
