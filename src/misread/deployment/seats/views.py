"""The views of a deployment: as written, or from the room."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from misread.deployment import ranges
from misread.deployment.model import Deployment, View
from misread.deployment.model.camera import Geometry

if TYPE_CHECKING:
    from misread.deployment.seats.group import Index

HOME = ("camera", "geometry")


def views_of(deployment: Deployment) -> tuple[View, ...]:
    """How the seats are seen.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.

    Returns
    -------
    tuple of View
        `[[camera.views]]` where they are written; else, with `[camera.geometry]`, at most five that are computed from
        it; else none: all seats are seen alike, and perfectly.

    Notes
    -----
    Where numbers of the geometry have ranges, which seats make up a view is decided at the numbers as stated: within
    the ranges a view keeps its seats, its name and its share, and only `lost` and `dilution` move.
    """
    geometry = deployment.camera.geometry
    if deployment.camera.views or geometry is None:
        return deployment.camera.views
    return _views(geometry, stated_geometry(deployment) or geometry)


def groups_of(geometry: Geometry) -> tuple[tuple[str, Index], ...]:
    """Name and seats of each view of a geometry, in the order of `views_of`."""
    from misread.deployment.seats.group import members, named
    from misread.deployment.seats.plan import plan_of

    plan = plan_of(geometry)
    groups = members(plan)
    return tuple(zip(named(plan, groups), groups, strict=True))


def stated_geometry(deployment: Deployment) -> Geometry | None:
    """The geometry with the numbers as stated, whatever point of their ranges a deployment stands at."""
    stated = {r.path: r.value for r in deployment.ranges if r.path[:2] == HOME}
    found: Deployment = ranges.at(deployment, stated)
    return found.camera.geometry


@lru_cache(maxsize=256)
def _views(geometry: Geometry, stated: Geometry) -> tuple[View, ...]:
    from misread.deployment.seats.group import views
    from misread.deployment.seats.plan import plan_of

    names, groups = zip(*groups_of(stated), strict=True)
    return views(plan_of(geometry), groups, names)
