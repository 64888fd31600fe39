"""The page on seats: its room is valid, its counts and its curves are those computed."""

from __future__ import annotations

import re
from statistics import mean

import pytest

from misread.deployment import load
from misread.deployment.seats.loss import curves, diluted
from misread.deployment.seats.plan import plan_of
from misread.evidence import catalogue
from misread.report.page.seats import kinds

from .pages import DOCS, codes, fences, table_after

TEXT = (DOCS / "seats.md").read_text(encoding="utf-8")


@pytest.fixture
def room(tmp_path):
    path = tmp_path / "room.toml"
    path.write_text(next(f.text for f in fences(TEXT) if f.note == "room: as-described"), encoding="utf-8")
    return path


def test_the_room_shown_is_the_one_shipped(room):
    assert load("as-described", policies=[room]) == load("as-described", policies=["camera-over-the-board"])


def test_the_corner_is_the_one_shipped(room):
    moved = load("as-described", policies=[room], settings=["camera.geometry.place.x=0.3"])
    assert moved == load("as-described", policies=["camera-in-the-corner"])


def test_the_counts_shown_are_those_found(room):
    rows = table_after(TEXT, "seats: as-described")
    assert len(rows) >= 4
    for camera, *shown in rows:
        deployment = load("as-described", policies=[room], settings=codes(camera))
        plan = plan_of(deployment.camera.geometry)
        found = [kinds(plan).count(kind) for kind in ("well", "badly", "not")]
        assert [int(n) for n in shown] == [*found, round(100 * plan.lost.mean())], camera


def test_the_curves_shown_are_those_used():
    rows = table_after(TEXT, "curves")
    used = [p for curve in curves().all for p in curve.points]
    assert len(rows) == len(used)
    for (_, at, value, source), point in zip(rows, used, strict=True):
        decimals = len(value.partition(".")[2])
        assert float(at) == point.at
        assert value == f"{point.value:.{decimals}f}"
        assert re.findall(r"\bR\d\d\b", source) == re.findall(r"\bR\d\d\b", point.source), source
        assert ("assumption" in source) == ("assumption" in point.source), source


def test_the_published_figure_beside_it():
    right = mean(f.value for f in catalogue()["A23"].figures if "NIMH-ChEFS" in f.name)
    fewer = next(f.value for f in catalogue()["A26"].figures if f.name == "lower by")
    assert f"{100 * fewer:.0f} points less often" in TEXT.replace("\n", " ")
    assert f"right at {100 * right:.0f} % of such pictures" in TEXT.replace("\n", " ")
    low, high = (fewer / (right - 1 / k) for k in (8, 5))
    assert f"{low:.2f} to {high:.2f}" in TEXT.replace("\n", " ")
    assert f"the curve has {diluted('20 degrees'):.2f} at 20 degrees" in TEXT.replace("\n", " ")
