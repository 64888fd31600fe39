"""A second way to what the networks say: their operations in NumPy, batch × height × width × channels, double precision."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def padded(x, window, stride, value):
    """TensorFlow's `same`: as many steps as fit, the odd pixel after."""
    sides = []
    for length in x.shape[1:3]:
        out = -(-length // stride)
        add = max(0, (out - 1) * stride + window - length)
        sides.append((add // 2, add - add // 2))
    return np.pad(x, ((0, 0), *sides, (0, 0)), constant_values=value)


def windows(x, window, stride):
    """batch × out × out × channels × window × window."""
    return sliding_window_view(x, (window, window), axis=(1, 2))[:, ::stride, ::stride]


def convolution(x, filters, bias=0, stride=1, same=True):
    x = padded(x, filters.shape[0], stride, 0) if same else x
    return np.einsum("bhwcij,ijco->bhwo", windows(x, filters.shape[0], stride), filters, optimize=True) + bias


def depthwise(x, filters, stride=1):
    x = padded(x, filters.shape[0], stride, 0)
    return np.einsum("bhwcij,ijc->bhwc", windows(x, filters.shape[0], stride), filters[..., 0], optimize=True)


def mirrored(x, filters, bias, stride):
    """PyTorch: one pixel mirrored around, filters out × in × height × width."""
    x = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="reflect")
    return convolution(x, filters.transpose(2, 3, 1, 0), bias, stride, same=False)


def largest(x, window, stride):
    return windows(padded(x, window, stride, -np.inf), window, stride).max(axis=(4, 5))


def normalised(x, gamma, beta, mean, variance, epsilon):
    return (x - mean) / np.sqrt(variance + epsilon) * gamma + beta


def relu(x):
    return np.maximum(x, 0)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def torch_network(t, x):
    """What facial-emotion-recognition's source builds of its tensors."""
    for name, stride in (("conv_1", 1), ("conv_2", 2), ("conv_3", 2), ("conv_4", 2)):
        x = mirrored(x, t[f"{name}.1.weight"], t[f"{name}.1.bias"], stride)
        parts = (t[f"{name}.2.{part}"] for part in ("weight", "bias", "running_mean", "running_var"))
        x = relu(normalised(x, *parts, 1e-5))
    # PyTorch flattens channels first.
    x = x.transpose(0, 3, 1, 2).reshape(len(x), -1)
    x = relu(x @ t["linear.0.weight"].T + t["linear.0.bias"])
    return sigmoid(x @ t["linear.2.weight"].T + t["linear.2.bias"])


def keras_network(file, x):
    """Any straight or joined network of the layers in fer's file, by the file's own description."""
    import json

    values = {}
    for layer in json.loads(file.attrs["model_config"])["config"]["layers"]:
        config, kind = layer["config"], layer["class_name"]
        name = config["name"]
        if kind == "InputLayer":
            values[name] = x
            continue
        given = [values[node[0]] for node in layer["inbound_nodes"][0]]
        root = file["model_weights"][name]
        w = {path.decode().split("/")[-1].split(":")[0]: root[path][()] for path in root.attrs.get("weight_names", [])}
        values[name] = keras_layer(kind, config, given, w)
    return values[name]


def keras_layer(kind, config, given, w):
    x = given[0]
    if kind == "Conv2D":
        return convolution(x, w["kernel"], w.get("bias", 0), config["strides"][0], config["padding"] == "same")
    if kind == "SeparableConv2D":
        return convolution(depthwise(x, w["depthwise_kernel"]), w["pointwise_kernel"], w.get("bias", 0))
    if kind == "BatchNormalization":
        return normalised(x, w["gamma"], w["beta"], w["moving_mean"], w["moving_variance"], config["epsilon"])
    if kind == "MaxPooling2D":
        return largest(x, config["pool_size"][0], config["strides"][0])
    if kind == "Add":
        return given[0] + given[1]
    if kind == "GlobalAveragePooling2D":
        return x.mean(axis=(1, 2))
    return {"relu": relu, "softmax": softmax}[config["activation"]](x)


def face_api_network(w, x):
    for block in range(4):
        name = f"dense{block}"
        if block == 0:
            outs = [relu(convolution(x, w[f"{name}/conv0/filters"], w[f"{name}/conv0/bias"], 2))]
        else:
            outs = [relu(separable(x, w, f"{name}/conv0", 2))]
        given = outs[0]
        for k in (1, 2, 3):
            outs.append(separable(given, w, f"{name}/conv{k}", 1))
            given = relu(sum(outs))
        x = given
    return softmax(x.mean(axis=(1, 2)) @ w["fc/weights"] + w["fc/bias"])


def separable(x, w, name, stride):
    return convolution(
        depthwise(x, w[f"{name}/depthwise_filter"], stride), w[f"{name}/pointwise_filter"], w[f"{name}/bias"]
    )
