"""Networks of TensorFlow.js, as ONNX: human's graph, and face-api's weights with the network that its source builds."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from misread.closed.readers.convert.graph import Graph

Floats = NDArray[np.float32]

_BLOCKS = 4
"""Blocks of face-api's network, each of as many convolutions, each block half as high and wide as what it is given."""


def onnx_of_graph(model: bytes, content: bytes) -> bytes:
    """A graph model (JSON) with its weights (binary), as ONNX."""
    described = json.loads(model)
    weights = unpacked(described["weightsManifest"], content)
    values: dict[str, str] = {}
    graph: Graph | None = None
    for node in described["modelTopology"]["node"]:
        if node["op"] == "Const":
            continue
        if node["op"] == "Placeholder":
            height, width, channels = (int(each["size"]) for each in node["attr"]["shape"]["shape"]["dim"][1:])
            graph = Graph(height, width, channels)
            values[node["name"]] = graph.start
            continue
        if graph is None:
            raise ValueError("expected what is read before what is done with it")
        values[node["name"]] = _step(graph, node, values, weights)
    if graph is None:
        raise ValueError("the graph reads nothing")
    return graph.finished(values[described["modelTopology"]["node"][-1]["name"]])


def onnx_of_face_api(manifest: bytes, content: bytes) -> bytes:
    """The expression network of face-api, of its manifest (JSON) and weights (binary), as ONNX."""
    weights = unpacked(json.loads(manifest), content)
    graph = Graph(112, 112, 3)
    value = graph.start
    for block in range(_BLOCKS):
        value = _dense_block(graph, value, weights, f"dense{block}", first=block == 0)
    # The source takes means of 7 × 7, which is all that 112 halved four times leaves.
    value = graph.dense(graph.mean(value), weights["fc/weights"], weights["fc/bias"])
    return graph.finished(graph.softmax(value))


def unpacked(manifest: Sequence[Mapping[str, Any]], content: bytes) -> dict[str, NDArray[Any]]:
    """Weights by name; those kept as bytes on a scale are put back on it."""
    found: dict[str, NDArray[Any]] = {}
    at = 0
    for entry in (entry for group in manifest for entry in group["weights"]):
        scale = entry.get("quantization")
        kind = np.dtype(scale["dtype"] if scale else entry["dtype"]).newbyteorder("<")
        count = int(np.prod(entry["shape"], dtype=int))
        values: NDArray[Any] = np.frombuffer(content, kind, count, at)
        at += values.nbytes
        if scale:
            # In double precision and then rounded, as JavaScript reckons.
            values = (values.astype(float) * scale["scale"] + scale["min"]).astype(np.float32)
        found[entry["name"]] = values.reshape(entry["shape"])
    if at != len(content):
        raise ValueError(f"expected {at} bytes of weights, got {len(content)}")
    return found


def _dense_block(graph: Graph, value: str, weights: Mapping[str, Floats], name: str, *, first: bool) -> str:
    """Four convolutions, each of the sum of all before it."""
    if first:
        filters, bias = weights[f"{name}/conv0/filters"], weights[f"{name}/conv0/bias"]
        total = graph.relu(graph.convolution(value, filters, bias, stride=2, same=True))
    else:
        total = graph.relu(_separable(graph, value, weights, f"{name}/conv0", stride=2))
    # The first sum is of what ReLU left; the further ones add to the sums, and ReLU each anew.
    given = total
    for convolution in range(1, 4):
        total = graph.sum(total, _separable(graph, given, weights, f"{name}/conv{convolution}", stride=1))
        given = graph.relu(total)
    return given


def _separable(graph: Graph, value: str, weights: Mapping[str, Floats], name: str, *, stride: int) -> str:
    each = graph.depthwise(value, weights[f"{name}/depthwise_filter"], stride=stride, same=True)
    return graph.convolution(each, weights[f"{name}/pointwise_filter"], weights[f"{name}/bias"], same=True)


def _step(graph: Graph, node: Mapping[str, Any], values: Mapping[str, str], weights: Mapping[str, Floats]) -> str:
    """One node of the graph."""
    kind, given, settings = node["op"], node["input"], node["attr"]
    value = values[given[0]]
    if kind == "_FusedConv2D":
        after = [base64.b64decode(each).decode() for each in settings["fused_ops"]["list"]["s"]]
        if after not in (["BiasAdd"], ["BiasAdd", "Relu"]):
            raise ValueError(f"no conversion of a convolution followed by {after}")
        same, stride = _same(settings), _number(settings["strides"])
        found = graph.convolution(value, weights[given[1]], weights[given[2]], stride=stride, same=same)
        return graph.relu(found) if "Relu" in after else found
    if kind == "DepthwiseConv2dNative":
        same, stride = _same(settings), _number(settings["strides"])
        return graph.depthwise(value, weights[given[1]], stride=stride, same=same)
    if kind == "MaxPool" and _same(settings):
        return graph.largest(value, _number(settings["ksize"]), _number(settings["strides"]))
    if kind == "AddV2":
        return graph.sum(value, values[given[1]])
    if kind == "Mean" and sorted(weights[given[1]].tolist()) == [1, 2]:
        return graph.mean(value)
    if kind == "Identity":
        return value
    simple = {"Relu": graph.relu, "Softmax": graph.softmax}
    if kind not in simple:
        raise ValueError(f"no conversion of {kind}")
    return simple[kind](value)


def _same(settings: Mapping[str, Any]) -> bool:
    return {b"SAME": True, b"VALID": False}[base64.b64decode(settings["padding"]["s"])]


def _number(setting: Mapping[str, Any]) -> int:
    """The one number of height and width of a step or a window."""
    _, down, across, _ = (int(each) for each in setting["list"]["i"])
    if down != across:
        raise ValueError(f"no conversion of {down} by {across}")
    return down
