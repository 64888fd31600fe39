"""A Keras network of an HDF5 file, as ONNX: the layers that fer's has, and no other."""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from misread.closed.readers.convert.graph import Graph
from misread.closed.readers.packages.place import not_installed

Floats = NDArray[np.float32]
Weights = Callable[[str], Floats]
"""A layer's weights by name."""


def onnx_of_keras(content: bytes) -> bytes:
    """An HDF5 file of a Keras model with its configuration, as ONNX."""
    try:
        hdf5: Any = importlib.import_module("h5py")
    except ImportError as error:
        raise not_installed("h5py") from error
    with hdf5.File(io.BytesIO(content), "r") as file:
        layers = json.loads(file.attrs["model_config"])["config"]["layers"]
        return _onnx(layers, lambda layer, name: _weights(file, layer, name))


def _weights(file: Any, layer: str, name: str) -> Floats:
    group = file["model_weights"][layer] if "model_weights" in file else file[layer]
    names = [n.decode() if isinstance(n, bytes) else n for n in group.attrs["weight_names"]]
    (path,) = (n for n in names if n.rpartition("/")[2].partition(":")[0] == name)
    return np.asarray(group[path], np.float32)


def _onnx(layers: list[Mapping[str, Any]], weights: Callable[[str, str], Floats]) -> bytes:
    first = layers[0]
    if first["class_name"] != "InputLayer":
        raise ValueError(f"expected an input first, got {first['class_name']}")
    graph = Graph(*first["config"]["batch_input_shape"][1:])
    values = {first["config"]["name"]: graph.start}
    value = graph.start
    for layer in layers[1:]:
        config = layer["config"]
        given = [values[node[0]] for node in layer["inbound_nodes"][0]]
        name = config["name"]
        value = _step(graph, layer["class_name"], config, given, partial(weights, name))
        values[name] = value
    return graph.finished(value)


def _step(graph: Graph, kind: str, config: Mapping[str, Any], given: list[str], weights: Weights) -> str:
    """One layer."""
    if kind in ("Conv2D", "SeparableConv2D"):
        return _convolution(graph, kind, config, given[0], weights)
    if kind == "BatchNormalization":
        names = ("gamma", "beta", "moving_mean", "moving_variance")
        return graph.normalised(given[0], *map(weights, names), epsilon=config["epsilon"])
    if kind == "Activation":
        return _activation(graph, config["activation"], given[0])
    if kind == "MaxPooling2D" and config["padding"] == "same":
        return graph.largest(given[0], _one(config["pool_size"]), _one(config["strides"]))
    if kind == "Add":
        return graph.sum(given[0], given[1])
    if kind == "GlobalAveragePooling2D":
        return graph.mean(given[0])
    raise ValueError(f"no conversion of {kind}")


def _convolution(graph: Graph, kind: str, config: Mapping[str, Any], value: str, weights: Weights) -> str:
    same, stride = config["padding"] == "same", _one(config["strides"])
    if config["data_format"] != "channels_last" or _one(config["dilation_rate"]) != 1:
        raise ValueError(f"no conversion of {config['name']}")
    bias = weights("bias") if config["use_bias"] else None
    if kind == "Conv2D":
        found = graph.convolution(value, weights("kernel"), bias, stride=stride, same=same)
    else:
        each = graph.depthwise(value, weights("depthwise_kernel"), stride=stride, same=same)
        found = graph.convolution(each, weights("pointwise_kernel"), bias, same=same)
    return _activation(graph, config["activation"], found)


def _activation(graph: Graph, kind: str, value: str) -> str:
    if kind == "linear":
        return value
    return {"relu": graph.relu, "softmax": graph.softmax}[kind](value)


def _one(pair: list[int]) -> int:
    """The one number of two that must be the same."""
    (number,) = set(pair)
    return number
