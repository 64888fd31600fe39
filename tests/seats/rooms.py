"""Classrooms that tests start from."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from misread.deployment.model.camera import Geometry

PLAIN: dict[str, dict[str, Any]] = {
    "room": {"width": 7.0, "depth": 9.0, "height": 3.0},
    "seats": {"rows": 5, "columns": 6},
    "place": {"x": 3.5, "y": 0.1, "height": 2.6, "pitch": 15.0},
    "picture": {"width": 3840, "height": 2160, "field_of_view": 80.0},
    "head": {},
}


def room(**changes: Any) -> Geometry:
    """The plain room with other values: ``room(place={"x": 1.0})`` changes that key only."""
    return Geometry.model_validate({k: {**PLAIN[k], **changes.get(k, {})} for k in PLAIN})


def toml(**changes: Any) -> str:
    """The plain room as a policy."""
    lines = ["[camera.geometry]"]
    for name, table in PLAIN.items():
        if inner := {**table, **changes.get(name, {})}:
            lines.append(f"{name} = {{ {', '.join(f'{k} = {v}' for k, v in inner.items())} }}")
    return "\n".join(lines) + "\n"


@st.composite
def rooms(draw: Any) -> Geometry:
    """Rooms with a camera somewhere in them, looking anywhere."""

    def between(low: float, high: float) -> float:
        return draw(st.floats(low, high))

    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 7))
    return room(
        seats={"rows": rows, "columns": columns},
        place={
            "x": between(0.05, 6.95),
            "y": between(0.05, 8.95),
            "height": between(1.4, 2.95),
            "pitch": between(-30, 80),
            "yaw": draw(st.none() | st.floats(-180, 180)),
        },
        picture={
            "width": draw(st.integers(320, 6000)),
            "height": draw(st.integers(240, 4000)),
            "field_of_view": between(20, 120),
        },
    )
