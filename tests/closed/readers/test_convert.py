"""Weight files to ONNX: tiny made-up networks of each format against NumPy, and a pickle that is not trusted."""

from __future__ import annotations

import io
import json
import os
import pickle

import numpy as np
import pytest

from misread.closed.readers.convert import converted
from misread.closed.readers.convert.tfjs import unpacked
from misread.closed.readers.convert.torch import tensors

from . import forward, tiny


def run(content: bytes, x: np.ndarray) -> np.ndarray:
    runtime = pytest.importorskip("onnxruntime")
    session = runtime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(None, {"input": x.astype(np.float32)})[0]


def given(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).normal(size=shape).astype(np.float32)


def test_keras():
    h5py = pytest.importorskip("h5py")
    pytest.importorskip("onnx")
    content, x = tiny.keras(), given(3, 10, 10, 1)
    with h5py.File(io.BytesIO(content)) as file:
        expected = forward.keras_network(file, x.astype(float))
    np.testing.assert_allclose(run(converted("keras", [content]), x), expected, atol=1e-6)
    assert np.ptp(expected, axis=0).max() > 0.05


def test_face_api():
    pytest.importorskip("onnx")
    manifest, content = tiny.face_api()
    x = given(2, 112, 112, 3)
    expected = forward.face_api_network(unpacked(json.loads(manifest), content), x.astype(float))
    np.testing.assert_allclose(run(converted("face-api", [manifest, content]), x), expected, atol=1e-5)


def test_a_graph_of_tensorflow_js():
    pytest.importorskip("onnx")
    model, content, w = tiny.graph()
    x = given(3, 11, 11, 1)
    one = forward.relu(forward.convolution(x.astype(float), w["w1"], w["b1"], 2, same=False))
    two = forward.largest(forward.convolution(forward.depthwise(one, w["w2"]), w["w3"], w["b3"]), 3, 2)
    joined = forward.relu(two + forward.convolution(one, w["w4"], w["b3"], 2))
    expected = forward.softmax(joined.mean(axis=(1, 2)))
    np.testing.assert_allclose(run(converted("tfjs", [model, content]), x), expected, atol=1e-6)


def test_torch():
    pytest.importorskip("onnx")
    t = tiny.torch_tensors()
    x = given(3, 16, 16, 1)
    np.testing.assert_allclose(
        run(converted("torch", [tiny.torch_pickle(t)]), x), forward.torch_network(t, x.astype(float)), atol=1e-6
    )


def test_what_is_shipped_as_tflite_stays_as_it_is():
    assert converted("tflite", [b"as it was"]) == b"as it was"


@pytest.mark.parametrize("form", ["keras", "face-api", "tfjs", "torch"])
def test_the_same_weights_give_the_same_bytes(form):
    pytest.importorskip("onnx")
    pytest.importorskip("h5py")
    sources = {
        "keras": lambda: [tiny.keras()],
        "face-api": lambda: list(tiny.face_api()),
        "tfjs": lambda: list(tiny.graph()[:2]),
        "torch": lambda: [tiny.torch_pickle(tiny.torch_tensors())],
    }[form]()
    assert converted(form, sources) == converted(form, sources)


def test_what_is_not_known_is_not_converted():
    pytest.importorskip("onnx")
    model, content, _ = tiny.graph()
    other = json.loads(model)
    other["modelTopology"]["node"][-2]["op"] = "Tanh"
    with pytest.raises(ValueError, match="no conversion of Tanh"):
        converted("tfjs", [json.dumps(other).encode(), content])


def test_weights_on_a_scale_are_put_back_on_it():
    described = [{"weights": [
        {"name": "a", "shape": [2, 2], "dtype": "float32", "quantization": {"dtype": "uint8", "scale": 0.5, "min": -1.0}},
        {"name": "b", "shape": [], "dtype": "float32"},
    ]}]  # fmt: skip
    found = unpacked(described, bytes([0, 1, 2, 255]) + np.float32(7).tobytes())
    assert found["a"].tolist() == [[-1.0, -0.5], [0.0, 126.5]]
    assert found["b"] == 7
    with pytest.raises(ValueError, match="expected 8 bytes of weights, got 9"):
        unpacked(described, bytes(9))


# The pickle.


def test_tensors_of_a_pickle_are_those_put_in():
    put = tiny.torch_tensors()
    found = tensors(tiny.torch_pickle(put))
    assert list(found) == list(put)
    for name, values in put.items():
        np.testing.assert_array_equal(found[name], values)


class Calls:
    """Pickled, it names a function to call."""

    def __init__(self, function, *given):
        self.function, self.given = function, given

    def __reduce__(self):
        return self.function, self.given


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        (Calls(os.system, "exit 1"), "system"),
        (Calls(eval, "1"), "builtins.eval|__builtin__.eval"),
        (Calls(getattr, "a", "upper"), "getattr"),
        (np.zeros(2), "numpy"),
        (pickle.Pickler, r"pickle\.Pickler"),
    ],
    ids=["system", "eval", "getattr", "numpy", "a class"],
)
def test_a_pickle_that_asks_for_more_is_refused(extra, named):
    with pytest.raises(pickle.UnpicklingError, match=f"refused: the pickle asks for .*({named})"):
        tensors(tiny.torch_pickle(tiny.torch_tensors(), extra))


def test_a_refused_pickle_has_called_nothing(tmp_path):
    trace = tmp_path / "called"
    with pytest.raises(pickle.UnpicklingError):
        tensors(tiny.torch_pickle(tiny.torch_tensors(), Calls(os.mkdir, str(trace))))
    assert not trace.exists()


@pytest.mark.parametrize("first", [0, 1])
def test_also_the_first_numbers_are_read_by_the_refusing_one(first, tmp_path):
    trace = tmp_path / "called"
    numbers = [pickle.dumps(0x1950A86A20F9469CFC6C, 2), pickle.dumps(1001, 2)]
    numbers[first] = pickle.dumps(Calls(os.mkdir, str(trace)), 2)
    with pytest.raises(pickle.UnpicklingError, match="refused"):
        tensors(b"".join(numbers))
    assert not trace.exists()


def test_another_file_is_refused():
    with pytest.raises(pickle.UnpicklingError, match="no PyTorch file"):
        tensors(pickle.dumps(1, 2) + pickle.dumps(1001, 2))
