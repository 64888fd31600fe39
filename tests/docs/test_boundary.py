"""The boundary: nothing here can take a picture, a film or a sound, or be given one (docs/boundary.md)."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from misread.cli import COMMANDS, cli

from .pages import DOCS, ROOT

SOURCE = ROOT / "src" / "misread"
MODULES = sorted(SOURCE.rglob("*.py"))

MODULES_THAT_CAPTURE = {
    "PIL", "Quartz", "ai_edge_litert", "aiortc", "albumentations", "audioread", "av", "boto3", "cv2", "decord", "deepface", "depthai",
    "dlib", "face_alignment", "face_recognition", "facenet_pytorch", "feat", "fer", "ffmpeg", "gi", "gphoto2",
    "hsemotion", "imageio", "imutils", "insightface", "keras", "libcamera", "librosa", "mediapipe", "moviepy", "mss",
    "mtcnn", "mxnet", "onnxruntime", "openface", "pafy", "picamera", "picamera2", "pyaudio", "pyautogui", "pygame",
    "pypylon", "pyrealsense2", "pyscreenshot", "retinaface", "skimage", "sounddevice", "soundfile", "speech_recognition",
    "tensorflow", "tflite_runtime", "timm", "torch", "torchaudio", "torchvision", "transformers", "ultralytics", "v4l2",
    "vidgear", "wave", "whisper", "yt_dlp",
}  # fmt: skip
"""Modules that capture, read or recognise pictures, film or sound."""

PACKAGES_THAT_CAPTURE = re.compile(
    r"opencv|pillow|mediapipe|imageio|scikit-image|dlib|face|insight|emotion|^fer$|^py-?feat$|moviepy|^av$|picamera|libcamera|v4l2"
    r"|sounddevice|soundfile|pyaudio|librosa|speech|whisper|torch|tensorflow|tflite|keras|onnx|timm|transformers|ultralytics"
    r"|mtcnn|mss|pyautogui|pyscreenshot|ffmpeg|vidgear|realsense|depthai|pypylon|gphoto|pygame|aiortc|decord",
    re.IGNORECASE,
)

ON_RENDERED_FACES = {
    "closed/day/film.py": {"PIL"},
    "closed/readers/networks/run.py": {"ai_edge_litert", "onnxruntime"},
}
"""Modules that may import one: that which writes what the product rendered, and that which runs the public networks on
it (tests/closed/readers)."""

CLOSED = {"ai-edge-litert", "h5py", "onnx", "onnxruntime", "pillow", "vtk"}
"""What the extra of the closed classroom may bring. It is in no other list."""

THINGS = {
    "audio", "avatar", "camera", "clip", "film", "image", "images", "img", "jpeg", "jpg", "microphone", "mic", "photo",
    "photograph", "photographs", "photos", "picture", "pictures", "pixels", "portrait", "recording", "selfie", "snapshot",
    "sound", "speech", "stream", "video", "videos", "voice", "wav", "webcam",
}  # fmt: skip
"""Words that a parameter that takes one would have in its name."""

TYPES = re.compile(
    r"\b(Image|ImageFile|Mat|VideoCapture|VideoFrame|AudioSegment|Frame|Picture|Photo|Video|Audio|Sound)\b"
)
"""Types that such a parameter would have."""

WAYS_IN = re.compile(
    r"VideoCapture|cv2\.imread|Image\.open|imread\(|getUserMedia|mediaDevices|ImageCapture|MediaRecorder|/dev/video"
    r"|capture=[\"'](?:user|environment)|accept=[\"'](?:image|video|audio)/|<video\b|<audio\b",
    re.IGNORECASE,
)


def imported(text: str) -> Iterator[str]:
    """Top-level names of what a module imports, by statement or by name."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]
        elif isinstance(node, ast.Call) and node.args:
            called = ast.unparse(node.func).rpartition(".")[2]
            first = node.args[0]
            named = isinstance(first, ast.Constant) and isinstance(first.value, str)
            if called in ("import_module", "__import__", "find_spec", "importorskip") and named:
                yield str(first.value).split(".")[0]


def takes(text: str) -> Iterator[str]:
    """Parameters of public functions and methods that could take a picture, a camera, a film or a sound."""
    for function in _public(ast.parse(text)):
        a = function.args
        for arg in (*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))):
            type_ = ast.unparse(arg.annotation) if arg.annotation else ""
            words = set(re.split(r"_|(?<=[a-z])(?=[A-Z])", arg.arg)) | {arg.arg}
            # The table of the deployment file that says how often a camera looks is no camera, and neither is where
            # points of a made-up room fall.
            table = type_.strip("'\"").removeprefix("model.") in ("Camera", "Pinhole")
            if ({w.lower() for w in words} & THINGS and not table) or TYPES.search(type_):
                yield f"{function.name}({arg.arg}: {type_})"


def _public(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not node.name.startswith("_") or node.name in ("__init__", "__call__", "__new__"):
                yield node
        elif isinstance(node, ast.ClassDef):
            if not node.name.startswith("_"):
                yield from _public(node)
        elif isinstance(node, ast.If | ast.Try | ast.With):
            yield from _public(node)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_module_has_no_way_in(path):
    text = path.read_text(encoding="utf-8")
    allowed = ON_RENDERED_FACES.get(path.relative_to(SOURCE).as_posix(), set())
    assert set(imported(text)) & MODULES_THAT_CAPTURE == allowed
    assert list(takes(text)) == []


def test_no_source_page_or_script_names_a_camera_or_a_microphone():
    texts = [
        p for p in SOURCE.rglob("*") if p.suffix in {".py", ".j2", ".js", ".mjs", ".html", ".css", ".svg", ".toml"}
    ]
    assert len(texts) > 50
    assert [str(p) for p in texts if WAYS_IN.search(p.read_text(encoding="utf-8"))] == []


def test_what_writes_rendered_pictures_opens_none():
    """Of Pillow nothing is used but to make a picture of an array, and to save it."""
    text = (SOURCE / "closed/day/film.py").read_text(encoding="utf-8")
    called = {ast.unparse(node.func) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)}
    assert {name for name in called if name.startswith(("image.", "first."))} == {"image.fromarray", "first.save"}


def packages(text: str) -> set[str]:
    """Names in a lock file or a list of requirements."""
    return set(re.findall(r"^\s*[\"']?([A-Za-z0-9][A-Za-z0-9._-]*)", text, re.MULTILINE))


def test_no_dependency_can_capture():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(d for name, extra in project.get("optional-dependencies", {}).items() if name != "closed" for d in extra),
    ]
    assert packages("\n".join(project["optional-dependencies"]["closed"])) <= CLOSED
    locked = packages((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert {"numpy", "click"} <= locked
    assert [p for p in packages("\n".join(wanted)) | locked if PACKAGES_THAT_CAPTURE.search(p)] == []


def options(command: click.Command) -> Iterator[str]:
    """Parameters of a command that could take a picture, a camera, a film or a sound."""
    for param in command.params:
        words = {w for name in (param.name or "", *param.opts) for w in re.split(r"[-_]", name.lower())}
        if words & THINGS:
            yield f"{command.name} {param.name}"


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_takes_one(name):
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert list(options(command)) == []


def test_the_import_contract_forbids_them_too():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (contract,) = (c for c in contracts if c["id"] == "no-capture")
    assert set(contract["forbidden_modules"]) <= MODULES_THAT_CAPTURE
    assert {"cv2", "PIL", "mediapipe"} <= set(contract["forbidden_modules"])


def test_the_page_names_this_test():
    text = (DOCS / "boundary.md").read_text(encoding="utf-8")
    assert str(Path(__file__).relative_to(ROOT)) in text


# The checks above can fail.


@pytest.mark.parametrize(
    "text",
    [
        "import cv2",
        "from PIL import Image",
        "def f():\n    import mediapipe as mp",
        "import importlib\nm = importlib.import_module('face_recognition.api')",
        "m = __import__('torch')",
    ],
)
def test_a_capture_library_is_found(text):
    assert set(imported(text)) & MODULES_THAT_CAPTURE


@pytest.mark.parametrize(
    "text",
    [
        "def emotion(image: bytes) -> str: ...",
        "def emotion(face_image): ...",
        "async def watch(webcam: int = 0): ...",
        "class Reader:\n    def read(self, *, frame: 'Image.Image') -> str: ...",
        "class Reader:\n    def __init__(self, video_path: str) -> None: ...",
        "def listen(*audio: bytes): ...",
        "def see(camera: int): ...",
    ],
)
def test_a_function_that_takes_one_is_found(text):
    assert list(takes(text))


@pytest.mark.parametrize(
    "text",
    [
        "def _draw(picture: Svg): ...",
        "def views(camera: Camera): ...",
        "def label(expression: str, imagined: bool): ...",
    ],
)
def test_a_function_that_takes_none_is_let_be(text):
    assert list(takes(text)) == []


@pytest.mark.parametrize("text", ["opencv-python-headless==4.10 \\", '"mediapipe>=0.10"', "torch==2.5", "pillow==11"])
def test_a_package_that_captures_is_found(text):
    assert [p for p in packages(text) if PACKAGES_THAT_CAPTURE.search(p)]


@pytest.mark.parametrize(
    "text", ["navigator.mediaDevices.getUserMedia()", '<input accept="image/*" capture="user">', "<video autoplay>"]
)
def test_a_way_in_is_found(text):
    assert WAYS_IN.search(text)


def test_an_option_that_takes_one_is_found():
    assert list(options(click.Command("look", params=[click.Option(["--from-image"])])))
