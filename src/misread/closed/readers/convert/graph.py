"""A network written down step by step as ONNX: the few operations that the packages' networks are made of.

Weights come in TensorFlow's order (height, width, in, out) and are turned here; values between steps are batch ×
channels × height × width, as ONNX has them.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from misread.closed.readers.packages.place import not_installed

Floats = NDArray[np.float32]

OPSET = 17
IR_VERSION = 8
"""Versions of ONNX that every run-time of recent years reads."""


class Graph:
    """An ONNX network in the making. Each step takes names of values and gives the name of its own.

    Parameters
    ----------
    height, width, channels : int
        What is read: batch × height × width × channels, under the name ``input``.
    """

    def __init__(self, height: int, width: int, channels: int) -> None:
        try:
            self._onnx: Any = importlib.import_module("onnx")
        except ImportError as error:
            raise not_installed("onnx") from error
        self._nodes: list[Any] = []
        self._weights: list[Any] = []
        self._taken = ["n", height, width, channels]
        self.start = self._step("Transpose", ["input"], perm=[0, 3, 1, 2])

    def convolution(
        self, value: str, filters: Floats, bias: Floats | None = None, *, stride: int = 1, same: bool
    ) -> str:
        """Convolution with filters of height × width × in × out; `same` pads as TensorFlow does."""
        turned = filters.transpose(3, 2, 0, 1)
        return self._convolution(value, turned, bias, stride, same=same, groups=1)

    def depthwise(self, value: str, filters: Floats, *, stride: int = 1, same: bool) -> str:
        """A convolution of each channel by itself, with filters of height × width × channels × 1."""
        if filters.shape[3] != 1:
            raise ValueError(f"expected one filter a channel, got {filters.shape[3]}")
        turned = filters.transpose(2, 3, 0, 1)
        return self._convolution(value, turned, None, stride, same=same, groups=filters.shape[2])

    def mirrored_convolution(self, value: str, turned: Floats, bias: Floats, *, stride: int) -> str:
        """Convolution with PyTorch's filters (out × in × height × width), the borders mirrored by one."""
        pads = self._constant(np.array([0, 0, 1, 1, 0, 0, 1, 1], np.int64))
        padded = self._step("Pad", [value, pads], mode="reflect")
        return self._convolution(padded, turned, bias, stride, same=False, groups=1)

    def normalised(
        self, value: str, scale: Floats, shift: Floats, mean: Floats, variance: Floats, *, epsilon: float
    ) -> str:
        """Batch normalisation with the kept mean and variance."""
        given = [self._constant(each) for each in (scale, shift, mean, variance)]
        return self._step("BatchNormalization", [value, *given], epsilon=epsilon)

    def relu(self, value: str) -> str:
        """What is below 0 becomes 0."""
        return self._step("Relu", [value])

    def sigmoid(self, value: str) -> str:
        """Each value by itself to between 0 and 1."""
        return self._step("Sigmoid", [value])

    def softmax(self, value: str) -> str:
        """Shares of 1."""
        return self._step("Softmax", [value], axis=1)

    def sum(self, one: str, other: str) -> str:
        """Two values of one shape, added."""
        return self._step("Add", [one, other])

    def largest(self, value: str, window: int, stride: int) -> str:
        """The largest within each window, padded as TensorFlow's ``same``."""
        return self._step(
            "MaxPool", [value], kernel_shape=[window, window], strides=[stride, stride], auto_pad="SAME_UPPER"
        )

    def mean(self, value: str) -> str:
        """The mean of each channel: batch × channels."""
        return self.flat(self._step("GlobalAveragePool", [value]))

    def flat(self, value: str) -> str:
        """Batch × all the rest."""
        return self._step("Flatten", [value])

    def dense(self, value: str, weights: Floats, bias: Floats) -> str:
        """Weights of in × out, and a bias."""
        return self._step("Gemm", [value, self._constant(weights), self._constant(bias)])

    def finished(self, value: str) -> bytes:
        """The network whose answer is this value: the same bytes of the same steps."""
        helper, kind = self._onnx.helper, self._onnx.TensorProto.FLOAT
        self._nodes.append(helper.make_node("Identity", [value], ["scores"]))
        graph = helper.make_graph(
            self._nodes,
            "expressions",
            [helper.make_tensor_value_info("input", kind, self._taken)],
            [helper.make_tensor_value_info("scores", kind, ["n", "labels"])],
            self._weights,
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="misread",
            doc_string="For faces that misread rendered, and for nothing else.",
        )
        self._onnx.checker.check_model(model, full_check=True)
        written: bytes = model.SerializeToString(deterministic=True)
        return written

    def _convolution(
        self, value: str, turned: Floats, bias: Floats | None, stride: int, *, same: bool, groups: int
    ) -> str:
        given = [self._constant(each) for each in ((turned,) if bias is None else (turned, bias))]
        padding = "SAME_UPPER" if same else "VALID"
        return self._step("Conv", [value, *given], strides=[stride, stride], auto_pad=padding, group=groups)

    def _step(self, operation: str, given: list[str], **settings: object) -> str:
        name = f"v{len(self._nodes)}"
        self._nodes.append(self._onnx.helper.make_node(operation, given, [name], **settings))
        return name

    def _constant(self, values: NDArray[Any]) -> str:
        name = f"w{len(self._weights)}"
        self._weights.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name
