"""Portraits against Mitsuba's path tracer, another program and another way to the light.

Both draw the same triangles in plain grey, matte, without the rim that skin's own scattering gives. Mitsuba has whole
windows, light from all around without steps, and what the head throws back on itself; we have points on the windows,
32 directions, shadows that fade with distance and are asked for a few millimetres off the skin, and no light from the
head to itself. So hollows differ by some tenths, and ours has less of the noise and of the finest shade.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from misread.closed.heads import MATERIALS
from misread.closed.render import light as lights
from misread.closed.render.mesh import FINISHES, PLAIN
from misread.closed.render.picture import OVER, STUDIO, Lit, clip, portrait_of
from misread.closed.render.room import opening
from misread.closed.render.scene import LIGHTS, Light, Sitter

mitsuba = pytest.importorskip("mitsuba", reason="the path tracer is not in the environment: pip install mitsuba")
pytest.importorskip("vtkmodules", reason="the renderer's pictures need VTK: pip install misread[closed]")
mitsuba.set_variant("scalar_rgb")

SIDE = 112
GREY = 0.4
MIRROR = np.array([-1.0, 1.0, 1.0])
"""The room's axes are left-handed, Mitsuba's right-handed."""


def grey(lit: Lit) -> Lit:
    """The same, all of it of one matte reflectance."""
    mesh = lit.stage.mesh
    plain = replace(
        mesh,
        colour=np.full_like(mesh.colour, GREY),
        shade=np.ones_like(mesh.shade),
        texture=np.full_like(mesh.texture, PLAIN),
        finish=np.full_like(mesh.finish, FINISHES.index("matte")),
    )
    return replace(lit, stage=replace(lit.stage, mesh=plain))


def traced(lit: Lit, light: Light, folder: Path) -> NDArray[np.float64]:
    """Mitsuba's picture, linear luminance; 256 paths a point."""
    mesh, camera = lit.stage.mesh, lit.camera
    shape = mitsuba.Mesh(
        "head", vertex_count=len(mesh.vertices), face_count=len(mesh.triangles), has_vertex_normals=True
    )
    values = mitsuba.traverse(shape)
    values["vertex_positions"] = (mesh.vertices * MIRROR).ravel().tolist()
    values["vertex_normals"] = (mesh.normals * MIRROR).ravel().tolist()
    values["faces"] = mesh.triangles.ravel().tolist()
    values.update()
    shape.write_ply(str(folder / "head.ply"))
    matte = {"type": "twosided", "inner": {"type": "diffuse", "reflectance": {"type": "rgb", "value": GREY}}}
    world = mitsuba.ScalarTransform4f
    opened = float(np.degrees(2 * np.arctan(SIDE / 2 / camera.focal)))
    scene: dict[str, Any] = {
        "type": "scene",
        "integrator": {"type": "path", "max_depth": 6},
        "sensor": {
            "type": "perspective", "fov": opened,
            "to_world": world().look_at(
                list(camera.at * MIRROR), list((camera.at + camera.forward) * MIRROR), list(-camera.down * MIRROR)
            ),
            "film": {"type": "hdrfilm", "width": SIDE, "height": SIDE, "rfilter": {"type": "box"}},
            "sampler": {"type": "independent", "sample_count": 256, "seed": 1},
        },
        "head": {"type": "ply", "filename": str(folder / "head.ply"), "bsdf": matte},
    }  # fmt: skip
    scene |= window(light) | around(light, list(camera.at * MIRROR))
    picture = np.array(mitsuba.render(mitsuba.load_dict(scene)))[..., :3]
    return np.asarray(picture @ LUMINANCE)


LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def window(light: Light) -> dict[str, Any]:
    """The whole window as one rectangle of light."""
    if not light.sky:
        return {}
    corner, along, up, into = opening(STUDIO, light.windows)
    middle = (corner + along / 2 + up / 2 + 0.05 * into) * MIRROR
    across, upwards = along / 2 * MIRROR, up / 2 * MIRROR
    normal = np.cross(across, upwards)
    if normal @ (into * MIRROR) < 0:
        across, normal = -across, -normal
    normal = normal / np.linalg.norm(normal)
    frame = np.eye(4)
    frame[:3, 0], frame[:3, 1], frame[:3, 2], frame[:3, 3] = across, upwards, normal, middle
    # A surface that gets light E of ours and reflects all of it shows E; a path tracer's shows irradiance ÷ pi.
    radiance = lights.SKY * light.sky * lights.BRIGHT
    emitter = {"type": "area", "radiance": {"type": "rgb", "value": radiance.tolist()}}
    return {"window": {"type": "rectangle", "to_world": mitsuba.ScalarTransform4f(frame.tolist()), "emitter": emitter}}


def around(light: Light, middle: list[float]) -> dict[str, Any]:
    """A far cube, each side cut in sixteen, as bright as what lies there."""
    found = {}
    world = mitsuba.ScalarTransform4f
    for axis in range(3):
        for sign in (-1.0, 1.0):
            for i in range(4):
                for j in range(4):
                    way = np.zeros(3)
                    way[axis] = sign
                    others = [k for k in range(3) if k != axis]
                    way[others[0]], way[others[1]] = (i - 1.5) / 2, (j - 1.5) / 2
                    at = np.array(middle) + 60 * way
                    facing = np.zeros(3)
                    facing[axis] = -sign
                    turn = world().look_at(at.tolist(), (at + facing).tolist(), np.roll(np.abs(facing), 1).tolist())
                    to = way / np.linalg.norm(way) * MIRROR
                    colour = lights.AROUND * lights.tone(to, light)
                    found[f"a{axis}{sign > 0}{i}{j}"] = {
                        "type": "rectangle", "to_world": turn @ world().scale([15, 15, 1]),
                        "emitter": {"type": "area", "radiance": {"type": "rgb", "value": colour.tolist()}},
                    }  # fmt: skip
    return found


@pytest.mark.long
@pytest.mark.parametrize(("seed", "name", "yaw"), [(3, "daylight", 0.0), (7, "daylight", 30.0), (8, "backlit", 0.0)])
def test_luminance_of_the_face(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seed: int, name: str, yaw: float
) -> None:
    """The face's mean within 5 %, nine of ten points within 20 %, and the pattern of light and shade alike.

    The pattern is compared on means of 4 × 4 points, where the tracer's own noise is small.
    """
    monkeypatch.setattr(lights, "WRAP", {})
    lit = grey(portrait_of(Sitter(0, seed), 22, yaw, SIDE, LIGHTS[name], texels=64))
    own = lit.linear(0, 0, SIDE, SIDE) @ LUMINANCE
    other = traced(lit, LIGHTS[name], tmp_path)
    face = only_skin(lit)
    whole = face.reshape(SIDE // 4, 4, SIDE // 4, 4).all((1, 3))
    coarse = [p.reshape(SIDE // 4, 4, SIDE // 4, 4).mean((1, 3))[whole] for p in (own, other)]
    ratio, alike = own[face] / other[face], float(np.corrcoef(*coarse)[0, 1])
    print(
        f"{name}: mean {own[face].mean() / other[face].mean():.3f}, alike {alike:.3f}, {np.quantile(ratio, [0.05, 0.95])}"
    )
    assert own[face].mean() == pytest.approx(other[face].mean(), rel=0.05)
    assert (np.abs(ratio - 1) < 0.2).mean() > 0.9
    assert alike > 0.9


def only_skin(lit: Lit) -> NDArray[np.bool_]:
    """Points whose every place shows the face's skin, a little inside its edge."""
    head = lit.stage.placed[0].head
    ids = lit.eyes.seen(clip(lit.camera, 0, 0, SIDE, SIDE), OVER * SIDE, OVER * SIDE)
    skin = np.zeros(len(lit.stage.mesh.triangles) + 1, dtype=bool)
    # The head's own triangles come first; only what follows its skin was left out of the stage.
    last = int(np.flatnonzero(head.materials == MATERIALS.index("skin")).max()) + 1
    skin[:last] = head.materials[:last] == MATERIALS.index("skin")
    whole = skin[ids].reshape(SIDE, OVER, SIDE, OVER).all((1, 3))
    rows = np.indices(whole.shape)[0]
    return np.asarray(whole & (rows < lit.points(0)["chin"][1]))
