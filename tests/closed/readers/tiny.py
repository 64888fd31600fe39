"""Tiny made-up networks in each of the packages' formats, with weights from a seed."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import pickle
import struct
import sys
import types
from collections import OrderedDict

import numpy as np


def rng(seed=3):
    return np.random.default_rng(seed)


def floats(random, *shape):
    return random.normal(0, 0.6, shape).astype(np.float32)


# Keras: an HDF5 file.


def keras() -> bytes:
    """Every kind of layer that fer's file has, with a join."""
    import h5py

    random = rng()
    conv = {"strides": [1, 1], "data_format": "channels_last", "dilation_rate": [1, 1], "activation": "linear"}
    layers, weights = [], {}

    def add(kind, name, given, config=None, **w):
        layers.append(
            {
                "class_name": kind,
                "name": name,
                "config": {"name": name, **(config or {})},
                "inbound_nodes": [[[g, 0, 0, {}] for g in given]] if given else [],
            }
        )
        weights[name] = w

    def batch(name, given, n):
        parts = {
            "gamma": floats(random, n),
            "beta": floats(random, n),
            "moving_mean": floats(random, n),
            "moving_variance": np.abs(floats(random, n)) + np.float32(0.1),
        }
        add("BatchNormalization", name, [given], {"epsilon": 0.001}, **parts)

    add("InputLayer", "in", [], {"batch_input_shape": [None, 10, 10, 1]})
    valid = conv | {"padding": "valid", "use_bias": False, "kernel_size": [3, 3], "filters": 4}
    add("Conv2D", "c1", ["in"], valid, kernel=floats(random, 3, 3, 1, 4))
    batch("b1", "c1", 4)
    add("Activation", "a1", ["b1"], {"activation": "relu"})
    separable = conv | {"padding": "same", "use_bias": False, "kernel_size": [3, 3], "filters": 6}
    add(
        "SeparableConv2D", "s1", ["a1"], separable,
        depthwise_kernel=floats(random, 3, 3, 4, 1), pointwise_kernel=floats(random, 1, 1, 4, 6),
    )  # fmt: skip
    add("MaxPooling2D", "p1", ["s1"], {"pool_size": [3, 3], "strides": [2, 2], "padding": "same"})
    strided = conv | {"padding": "same", "use_bias": False, "kernel_size": [1, 1], "filters": 6, "strides": [2, 2]}
    add("Conv2D", "c2", ["a1"], strided, kernel=floats(random, 1, 1, 4, 6))
    add("Add", "j1", ["p1", "c2"])
    last = conv | {"padding": "same", "use_bias": True, "kernel_size": [3, 3], "filters": 7}
    add("Conv2D", "c3", ["j1"], last, kernel=floats(random, 3, 3, 6, 7) * np.float32(0.1), bias=floats(random, 7))
    add("GlobalAveragePooling2D", "g", ["c3"])
    add("Activation", "out", ["g"], {"activation": "softmax"})

    written = io.BytesIO()
    with h5py.File(written, "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Model", "config": {"layers": layers}})
        for name, parts in weights.items():
            group = file.create_group(f"model_weights/{name}")
            group.attrs["weight_names"] = np.array([f"{name}/{part}:0" for part in parts], "S")
            for part, values in parts.items():
                group[f"{name}/{part}:0"] = values
    return written.getvalue()


# TensorFlow.js: JSON and a row of bytes.


def manifest(weights: dict[str, np.ndarray], *, bytes_of=()) -> tuple[list[dict], bytes]:
    """A weights manifest; those named in `bytes_of` on a scale of 256 steps."""
    entries, content = [], b""
    for name, values in weights.items():
        entry = {"name": name, "shape": list(values.shape), "dtype": str(values.dtype)}
        if name in bytes_of:
            low, scale = float(values.min()), float(np.ptp(values)) / 255
            entry["quantization"] = {"dtype": "uint8", "scale": scale, "min": low}
            values = np.rint((values - low) / scale).astype(np.uint8)
        entries.append(entry)
        content += values.tobytes()
    return [{"weights": entries, "paths": ["weights.bin"]}], content


def face_api() -> tuple[bytes, bytes]:
    """face-api's network with few channels."""
    random = rng(5)
    w, before = {}, 3
    for block, channels in enumerate((4, 6, 5, 8)):
        for k in range(4):
            name, took = f"dense{block}/conv{k}", before if k == 0 else channels
            if block == k == 0:
                w[f"{name}/filters"] = floats(random, 3, 3, took, channels)
            else:
                w[f"{name}/depthwise_filter"] = floats(random, 3, 3, took, 1) * np.float32(0.4)
                w[f"{name}/pointwise_filter"] = floats(random, 1, 1, took, channels) * np.float32(0.6)
            w[f"{name}/bias"] = floats(random, channels)
        before = channels
    w["fc/weights"], w["fc/bias"] = floats(random, before, 7), floats(random, 7)
    described, content = manifest(w, bytes_of=[n for n in w if "bias" not in n])
    return json.dumps(described).encode(), content


def graph() -> tuple[bytes, bytes, dict[str, np.ndarray]]:
    """A graph model of the kinds of node that human's has."""
    random = rng(7)
    w = {
        "w1": floats(random, 3, 3, 1, 4),
        "b1": floats(random, 4),
        "w2": floats(random, 3, 3, 4, 1),
        "w3": floats(random, 1, 1, 4, 7),
        "b3": floats(random, 7),
        "w4": floats(random, 1, 1, 4, 7),
        "axes": np.array([1, 2], np.int32),
    }

    def text(word):
        return base64.b64encode(word.encode()).decode()

    def listed(*numbers):
        return {"list": {"i": [str(n) for n in numbers]}}

    def fused(name, given, kernel, bias, stride, padding, *after):
        return {
            "op": "_FusedConv2D", "name": name, "input": [given, kernel, bias],
            "attr": {
                "fused_ops": {"list": {"s": [text(a) for a in after]}},
                "padding": {"s": text(padding)}, "strides": listed(1, stride, stride, 1),
            },
        }  # fmt: skip

    shape = {"shape": {"dim": [{"size": str(n)} for n in (-1, 11, 11, 1)]}}
    nodes = [
        *({"op": "Const", "name": name, "attr": {}} for name in w),
        {"op": "Placeholder", "name": "in", "attr": {"shape": shape}},
        fused("c1", "in", "w1", "b1", 2, "VALID", "BiasAdd", "Relu"),
        {"op": "DepthwiseConv2dNative", "name": "d", "input": ["c1", "w2"],
         "attr": {"padding": {"s": text("SAME")}, "strides": listed(1, 1, 1, 1)}},
        fused("c2", "d", "w3", "b3", 1, "VALID", "BiasAdd"),
        {"op": "MaxPool", "name": "p", "input": ["c2"],
         "attr": {"padding": {"s": text("SAME")}, "strides": listed(1, 2, 2, 1), "ksize": listed(1, 3, 3, 1)}},
        fused("c3", "c1", "w4", "b3", 2, "SAME", "BiasAdd"),
        {"op": "AddV2", "name": "j", "input": ["p", "c3"], "attr": {}},
        {"op": "Relu", "name": "r", "input": ["j"], "attr": {}},
        {"op": "Mean", "name": "m", "input": ["r", "axes"], "attr": {}},
        {"op": "Softmax", "name": "s", "input": ["m"], "attr": {}},
        {"op": "Identity", "name": "out", "input": ["s"], "attr": {}},
    ]  # fmt: skip
    described, content = manifest(w)
    model = {"modelTopology": {"node": nodes}, "weightsManifest": described}
    return json.dumps(model).encode(), content, w


# PyTorch before 1.6: a row of pickles and the numbers after.


def torch_tensors() -> dict[str, np.ndarray]:
    random = rng(11)
    t, before = {}, 1
    for block, channels in enumerate((2, 3, 4, 5), 1):
        t[f"conv_{block}.1.weight"] = floats(random, channels, before, 3, 3)
        t[f"conv_{block}.1.bias"] = floats(random, channels)
        for part in ("weight", "bias", "running_mean"):
            t[f"conv_{block}.2.{part}"] = floats(random, channels)
        t[f"conv_{block}.2.running_var"] = np.abs(floats(random, channels)) + np.float32(0.1)
        t[f"conv_{block}.2.num_batches_tracked"] = np.array(9, np.int64)
        before = channels
    t["linear.0.weight"], t["linear.0.bias"] = floats(random, 6, 5 * 2 * 2), floats(random, 6)
    t["linear.2.weight"], t["linear.2.bias"] = floats(random, 7, 6), floats(random, 7)
    return t


@contextlib.contextmanager
def named_torch():
    """Modules of PyTorch's names, so that pickles can name what is in them. PyTorch itself is not needed."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")

    class FloatStorage:
        __module__, __qualname__ = "torch", "FloatStorage"

    class LongStorage:
        __module__, __qualname__ = "torch", "LongStorage"

    def rebuild(*given):
        return given

    rebuild.__module__, rebuild.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
    torch.FloatStorage, torch.LongStorage, torch._utils, utils._rebuild_tensor_v2 = (
        FloatStorage, LongStorage, utils, rebuild,
    )  # fmt: skip
    before = {name: sys.modules.get(name) for name in ("torch", "torch._utils")}
    sys.modules |= {"torch": torch, "torch._utils": utils}
    try:
        yield torch
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def torch_pickle(tensors: dict[str, np.ndarray], extra: object = None) -> bytes:
    """As `torch.save` wrote it; `extra` is anything more to be pickled with it."""
    with named_torch() as torch:

        class Storage:
            def __init__(self, key, values):
                self.key, self.values = key, values

        class Tensor:
            def __init__(self, storage, shape):
                self.storage, self.shape = storage, shape

            def __reduce__(self):
                strides = tuple(int(np.prod(self.shape[i + 1 :], dtype=int)) for i in range(len(self.shape)))
                return torch._utils._rebuild_tensor_v2, (self.storage, 0, self.shape, strides, False, OrderedDict())

        class Pickler(pickle.Pickler):
            def persistent_id(self, value):
                if not isinstance(value, Storage):
                    return None
                kind = torch.FloatStorage if value.values.dtype == np.float32 else torch.LongStorage
                return ("storage", kind, value.key, "cpu", value.values.size, None)

        storages = {name: Storage(str(9000 - i), values) for i, (name, values) in enumerate(tensors.items())}
        network = OrderedDict((name, Tensor(s, s.values.shape)) for name, s in storages.items())
        written = io.BytesIO()
        pickle.dump(0x1950A86A20F9469CFC6C, written, 2)
        pickle.dump(1001, written, 2)
        pickle.dump({"protocol_version": 1001, "little_endian": True, "type_sizes": {}}, written, 2)
        Pickler(written, 2).dump({"network": network, "accuracy": 0.95, "extra": extra})
        ordered = sorted(storages.values(), key=lambda s: s.key)
        pickle.dump([s.key for s in ordered], written, 2)
        for storage in ordered:
            written.write(struct.pack("<q", storage.values.size) + storage.values.tobytes())
    return written.getvalue()
