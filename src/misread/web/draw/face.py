"""A drawn child: nobody's likeness. Looks vary by a number; the face shows what is true of the child.

A face is a few numbers, a `Pose`: how high the brows, how open the eyes, how the mouth goes. Each state has one,
and each expression; what is shown lies between the two, nearer to the state: the drawing is of what the child feels.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from functools import lru_cache

from markupsafe import Markup

from misread.web.draw.hair import hair

INK = "#1b1f23"
LIPS = "#7a2e22"
WHITE = "#fdfcf8"
SKINS = ("#f4d8bd", "#eac19b", "#d9a577", "#bf8658", "#a06c46", "#8b5b3c")
DRESSES = ("#8ea6b8", "#9bac8a", "#b39ba9", "#b8a589", "#c79a86", "#89a5a1", "#a8a3bd")
LEAN = 0.35
"""How far the face goes from its state's pose to its expression's."""

EYES = ((-12.5, -3.5), (12.5, -3.5))

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pose:
    """A face. Lengths are in hundredths of the drawing's width; up is positive.

    Attributes
    ----------
    inner, outer : float
        How far the brows' ends are raised, next to the nose and away from it.
    uneven : float
        How much higher one brow is than the other.
    open : float
        How open the eyes are, 1 at rest.
    look : float
        Where they look, from −1 to 1, across.
    lift : float
        The same, upwards.
    smile : float
        How far the mouth's corners are above its middle.
    width : float
        Half the mouth's width.
    gape : float
        How far the mouth is open.
    wave : float
        How far one half of the mouth rises and the other falls.
    tilt : float
        How far the head leans, in degrees.
    """

    inner: float = 0
    outer: float = 0
    uneven: float = 0
    open: float = 1
    look: float = 0
    lift: float = 0
    smile: float = 0
    width: float = 9
    gape: float = 0
    wave: float = 0
    tilt: float = 0


RESTING = Pose()
STATES: Mapping[str, Pose] = {
    "engaged": Pose(inner=0.5, outer=1, open=1.1, smile=4, width=9.5),
    "thinking": Pose(inner=1, outer=1, uneven=3, look=0.75, lift=0.9, smile=-0.5, width=6.5, wave=1, tilt=3),
    "bored": Pose(inner=-0.5, outer=-2.5, open=0.42, look=-0.8, lift=-0.5, smile=-2.5, width=8, wave=0.8, tilt=-9),
    "confused": Pose(inner=-1, outer=0.5, uneven=5.5, open=0.95, smile=-1, width=8, wave=3, tilt=6),
    "frustrated": Pose(inner=-5, outer=2.5, open=0.72, lift=-0.2, smile=-4, width=9),
    "anxious": Pose(inner=5, outer=-2, open=1.25, lift=-0.1, smile=-2.5, width=7, gape=2.2),
}
EXPRESSIONS: Mapping[str, Pose] = {
    "neutral": RESTING,
    "happy": Pose(inner=1, outer=1, open=0.85, smile=6, width=11, gape=3),
    "sad": Pose(inner=4, outer=-3, open=0.75, lift=-0.5, smile=-4.5, width=8),
    "frown": Pose(inner=-4.5, outer=1, open=0.85, smile=-0.5, width=8.5),
    "angry": Pose(inner=-6, outer=3, open=0.85, smile=-3, width=9.5, gape=1.5),
    "fear": Pose(inner=6, outer=0, open=1.35, smile=-2, width=8, gape=4),
    "disgust": Pose(inner=-3, outer=-1, open=0.6, smile=-2.5, width=8, wave=2),
    "surprise": Pose(inner=5, outer=5, open=1.4, smile=0, width=5, gape=7),
    "contempt": Pose(uneven=2, open=0.85, smile=0.5, wave=2.5),
    "away": Pose(look=-1),
}


def face(
    seed: int,
    state: str,
    expression: str,
    *,
    x: float = 0,
    y: float = 0,
    size: float = 100,
    gaze: Point = (0, 0),
    landmarks: bool = False,
) -> Markup:
    """A drawn child, head and shoulders.

    Parameters
    ----------
    seed : int
        Whose hair, skin and dress; any number. The same number looks the same in every state.
    state : str
        What is true of the child. A word that no pose is known for leaves the face to the expression.
    expression : str
        What the face shows. A word that no pose is known for is shown as a face at rest.
    x, y : float
        The drawing's middle.
    size : float
        Its width and height.
    gaze : tuple of float
        Where the child looks, across and up, each from −1 to 1; (0, 0) leaves that to the state and the expression.
    landmarks : bool
        Whether dots and lines lie over the face, as software puts them.

    Returns
    -------
    Markup
        One SVG ``g`` without any text. It has to be described by what it stands in.
    """
    child, mood = child_of(seed), mood_of(state, expression, gaze, landmarks)
    return Markup(
        f'<g class="child" transform="translate({_n(x)} {_n(y)}) scale({_n(size / 100)})">{child.dress}'
        f'<g transform="rotate({_n(mood.tilt)} 0 26)">{child.head}'
        f'<g transform="translate({_n(mood.turn)} 0)">{mood.features}{child.glasses}</g></g></g>'
    )


def pose_of(state: str, expression: str, gaze: Point = (0, 0)) -> Pose:
    """The face of a child in a state that shows an expression; see `face`."""
    shown = EXPRESSIONS.get(expression, RESTING)
    is_in = STATES.get(state)
    if is_in is None:
        pose = shown
    elif shown is RESTING:
        pose = is_in
    elif expression == "away":
        pose = _with(is_in, look=-1, lift=0)
    else:
        pose = _between(is_in, shown, LEAN)
    across, up = (max(-1.0, min(1.0, g)) for g in gaze)
    return _with(pose, look=across, lift=up) if (across, up) != (0, 0) else pose


@dataclass(frozen=True, slots=True)
class Child:
    """What stays of a drawn child, whatever it feels: parts of SVG, to be laid one over the other.

    Attributes
    ----------
    dress, head : str
        Shoulders; head and hair, without features.
    glasses : str
        Over the features; empty for those who wear none.
    """

    dress: str
    head: str
    glasses: str


@dataclass(frozen=True, slots=True)
class Mood:
    """What comes and goes: eyes, brows and mouth.

    Attributes
    ----------
    features : str
        To be laid over a head.
    turn : float
        How far to move them across: a head that turns takes its features along, and the hair stays.
    tilt : float
        How far to turn the head, in degrees around (0, 26), the neck.
    """

    features: str
    turn: float
    tilt: float


@lru_cache(maxsize=1024)
def child_of(seed: int) -> Child:
    """Whose hair, skin and dress; any number."""
    who = hashlib.blake2b(str(seed).encode(), digest_size=8).digest()
    skin, dress = SKINS[who[0] % len(SKINS)], DRESSES[who[1] % len(DRESSES)]
    behind, before = hair(who[2], who[3])
    return Child(
        dress=f'<path fill="{dress}" d="M-40 50C-40 30 -24 25 0 25S40 30 40 50Z"/>',
        head=f'{behind}<path fill="{_shade(skin)}" d="M-9 14H9V27C9 35 -9 35 -9 27Z"/>'
        f'<g fill="{skin}"><circle cx="-28" cy="-4" r="5.5"/><circle cx="28" cy="-4" r="5.5"/>'
        f'<path d="M-28 -12C-28 -36 28 -36 28 -12C28 8 16 25 0 25S-28 8 -28 -12Z"/></g>{before}',
        glasses=_glasses() if who[4] % 6 == 0 else "",
    )


@lru_cache(maxsize=1024)
def mood_of(state: str, expression: str, gaze: Point = (0, 0), landmarks: bool = False) -> Mood:
    """The features of any child in a state that shows an expression; see `face`."""
    pose = pose_of(state, expression, gaze)
    spots = _Spots.of(pose)
    features = _eyes(pose, spots) + _features(pose, spots) + (_landmarks(spots) if landmarks else "")
    return Mood(features, 4.5 * pose.look, pose.tilt)


@dataclass(frozen=True, slots=True)
class _Spots:
    """Where things are in a face; the drawing and the landmarks both go by it."""

    brows: tuple[tuple[Point, Point, Point], tuple[Point, Point, Point]]
    half_height: float
    mouth: tuple[Point, Point, Point, Point]

    @classmethod
    def of(cls, pose: Pose) -> _Spots:
        """Outer end, middle and inner end of each brow; half an eye's height; the mouth as a curve's four points."""
        brows = []
        for side in (-1, 1):
            up = side * pose.uneven / 2
            outer, inner = (side * 18.5, -13.5 - pose.outer - up), (side * 7, -13.5 - pose.inner - up)
            brows.append((outer, ((outer[0] + inner[0]) / 2, (outer[1] + inner[1]) / 2 - 2), inner))
        left, right = -pose.width, pose.width
        bend = 14 + pose.smile
        ends = (13 - pose.smile / 2 + pose.wave / 2, 13 - pose.smile / 2 - pose.wave / 2)
        mouth = (
            (left, ends[0]),
            (left / 2.2, bend - pose.wave),
            (right / 2.2, bend + pose.wave),
            (right, ends[1]),
        )
        return cls((brows[0], brows[1]), 5.2 * min(pose.open, 1.3), mouth)


def _eyes(pose: Pose, spots: _Spots) -> str:
    """White, iris and lid; the lid cuts both, so that a tired eye is half an eye."""
    parts = []
    h = spots.half_height
    for cx, cy in EYES:
        # Both halves of the outline are curves with their ends at the eye's corners.
        white = f"M{_n(cx - 6.3)} {_n(cy)}C{_n(cx - 4)} {_n(cy - 1.35 * h)} {_n(cx + 4)} {_n(cy - 1.35 * h)} "
        white += f"{_n(cx + 6.3)} {_n(cy)}C{_n(cx + 4)} {_n(cy + h)} {_n(cx - 4)} {_n(cy + h)} {_n(cx - 6.3)} {_n(cy)}Z"
        r = min(3.1, 0.95 * h)
        at = (cx + 2.9 * pose.look, cy - 0.15 * h - 0.35 * h * pose.lift)
        parts.append(f'<path fill="{WHITE}" d="{white}"/><circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(r)}"/>')
        parts.append(
            f'<circle fill="{WHITE}" cx="{_n(at[0] + 1)}" cy="{_n(at[1] - 1)}" r="{_n(0.28 * r)}"/>'
            f'<path fill="none" stroke="{INK}" stroke-width="1.6" stroke-linecap="round" '
            f'd="M{_n(cx - 6.3)} {_n(cy)}C{_n(cx - 4)} {_n(cy - 1.35 * h)} {_n(cx + 4)} {_n(cy - 1.35 * h)} '
            f'{_n(cx + 6.3)} {_n(cy)}"/>'
        )
    return f'<g fill="{INK}">{"".join(parts)}</g>'


def _features(pose: Pose, spots: _Spots) -> str:
    brows = " ".join(f"M{_p(a)}Q{_p(b)} {_p(c)}" for a, b, c in spots.brows)
    a, b, c, d = spots.mouth
    lips = f"M{_p(a)}C{_p(b)} {_p(c)} {_p(d)}"
    if pose.gape > 0.5:
        lips += f"C{_p((c[0], c[1] + 2 * pose.gape))} {_p((b[0], b[1] + 2 * pose.gape))} {_p(a)}Z"
    inside = LIPS if pose.gape > 0.5 else "none"
    return (
        '<path fill="none" stroke="#000" stroke-opacity=".3" stroke-width="2" stroke-linecap="round" '
        'd="M-2.5 6.5Q0 8.5 2.5 6.5"/>'
        f'<path fill="none" stroke="{INK}" stroke-width="2.6" stroke-linecap="round" d="{brows}"/>'
        f'<path fill="{inside}" stroke="{LIPS}" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round" '
        f'd="{lips}"/>'
    )


def _glasses() -> str:
    rims = "".join(f'<circle cx="{_n(cx)}" cy="{_n(cy)}" r="9.2"/>' for cx, cy in EYES)
    return f'<g fill="none" stroke="{INK}" stroke-width="1.3">{rims}<path d="M-3.4 -4.5Q0 -6 3.4 -4.5"/></g>'


def _landmarks(spots: _Spots) -> str:
    """The 68 points that such software is usually trained to put on a face, and the lines between them."""
    lines = tuple(landmarks_of(spots))
    dots = "".join(f'<circle cx="{_n(px)}" cy="{_n(py)}" r="1.15"/>' for line in lines for px, py in line)
    drawn = "".join(f'<path d="M{"L".join(_p(point) for point in line)}"/>' for line in lines)
    return (
        f'<g class="landmarks"><g fill="none" stroke="{INK}" stroke-width=".7" stroke-opacity=".75">{drawn}</g>'
        f'<g fill="{WHITE}" stroke="{INK}" stroke-width=".5">{dots}</g></g>'
    )


def landmarks_of(spots: _Spots) -> Iterable[tuple[Point, ...]]:
    """Jaw 17, brows 5 and 5, nose 4 and 5, eyes 6 and 6, mouth 12 outside and 8 inside."""
    yield tuple((-28 * math.cos(math.pi * i / 16), -8 + 33 * math.sin(math.pi * i / 16)) for i in range(17))
    for a, b, c in spots.brows:
        yield tuple(_on((a, b, b, c), t / 4) for t in range(5))
    yield tuple((0.0, -4 + 3 * i) for i in range(4))
    yield tuple((2.5 * i - 5, 7.5 - 0.5 * abs(i - 2)) for i in range(5))
    for cx, cy in EYES:
        h = spots.half_height
        yield tuple((cx + 6.3 * math.cos(math.pi * i / 3), cy - h * math.sin(math.pi * i / 3)) for i in range(6))
    for count, drop in ((12, 3.0), (8, 1.2)):
        half = count // 2
        upper = [_on(spots.mouth, t / half) for t in range(half + 1)]
        lower = [_on(spots.mouth, t / half) for t in range(half - 1, 0, -1)]
        yield (*((px, py - drop / 3) for px, py in upper), *((px, py + drop) for px, py in lower))


def _on(curve: tuple[Point, Point, Point, Point], t: float) -> Point:
    """A point of a cubic curve."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return (
        sum(w * px for w, (px, _) in zip(weights, curve, strict=True)),
        sum(w * py for w, (_, py) in zip(weights, curve, strict=True)),
    )


def _between(one: Pose, other: Pose, far: float) -> Pose:
    return Pose(*((1 - far) * a + far * b for a, b in zip(astuple(one), astuple(other), strict=True)))


def _with(pose: Pose, *, look: float, lift: float) -> Pose:
    told = {field.name: getattr(pose, field.name) for field in fields(pose)}
    return Pose(**{**told, "look": look, "lift": lift})


def _shade(colour: str) -> str:
    """A little darker: under the chin, and the nose."""
    return "#" + "".join(f"{int(int(colour[i : i + 2], 16) * 0.8):02x}" for i in (1, 3, 5))


def _n(value: float) -> str:
    return f"{round(value, 2) + 0:g}"


def _p(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"
