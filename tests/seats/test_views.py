"""The views of a deployment, whatever they come from; and what a room may not be."""

from __future__ import annotations

import numpy as np
import pytest

import misread as mr
from misread.deployment import digest, load, ranges, to_toml, warnings
from misread.deployment.load import load_all
from misread.deployment.seats import groups_of, stated_geometry, views_of
from misread.deployment.seats.plan import plan_of
from misread.errors import MisreadError
from misread.study.micro import examine, given_resolution

from .rooms import room, toml


@pytest.fixture
def school(tmp_path):
    """One classroom with the room laid on it, and more if wanted."""

    def of(*settings, more="", **changes):
        policy = tmp_path / "room.toml"
        policy.write_text(toml(**changes) + more, encoding="utf-8")
        return load("one-classroom", policies=[policy], settings=settings)

    return of


def test_views_come_from_the_room(school):
    deployment = school()
    found = views_of(deployment)
    plan = plan_of(deployment.camera.geometry)
    assert deployment.camera.geometry == room()
    assert 1 < len(found) <= 5
    assert sum(v.share * v.lost for v in found) == pytest.approx(plan.lost.mean())
    assert views_of(deployment) == found


def test_views_that_are_written_stay(tmp_path):
    policy = tmp_path / "views.toml"
    policy.write_text('[[camera.views]]\nname = "front"\nshare = 1\nlost = 0.3\n', encoding="utf-8")
    deployment = load("one-classroom", policies=[policy])
    assert views_of(deployment) == deployment.camera.views != ()
    assert views_of(load("one-classroom")) == ()


@pytest.mark.parametrize("place", ["x=0.5", "x=6.5", "height=1.3", "pitch=40", "yaw=30", "y=3"])
def test_moving_the_camera_changes_the_views(school, place):
    moved = views_of(school(f"camera.geometry.place.{place}"))
    assert moved != views_of(school())


def test_a_camera_on_the_other_side_sees_the_mirrored_room(school):
    left, right = (views_of(school(f"camera.geometry.place.x={x}")) for x in (0.5, 6.5))
    assert [(v.share, v.lost, v.dilution) for v in left] == [
        pytest.approx((v.share, v.lost, v.dilution)) for v in right
    ]


def test_both_at_once_are_refused(school):
    with pytest.raises(MisreadError) as caught:
        school(more='[[camera.views]]\nname = "front"\nshare = 1\n')
    (problem,) = caught.value.problems
    assert problem.key == "camera.geometry"
    assert "[[camera.views]]" in problem.expected


REFUSED = [
    ("place.x=0", "place.x", "inside a wall"),
    ("place.x=7", "place.x", "inside a wall"),
    ("place.y=9.5", "place.y", "outside the room"),
    ("place.x=-1", "place.x", "outside the room"),
    ("place.height=3.2", "place.height", "outside the room"),
    ("seats.rows=7", "seats.rows", "do not fit"),
    ("seats.first_row=8", "seats.rows", "do not fit"),
    ("seats.first_row=0.05", "seats.first_row", "does not fit"),
    ("seats.columns=8", "seats.columns", "do not fit"),
    ("seats.row_gap=0.1", "seats.row_gap", "inside each other"),
    ("seats.column_gap=0.1", "seats.column_gap", "inside each other"),
    ("head.eye_height=2.99", "head.eye_height", "ceiling"),
    ("room.board_height=3.5", "room.board_height", "ceiling"),
    ("head.between_eyes_mm=150", "head.between_eyes_mm", "wide"),
    ("place.yaw=180", "place", "sees nobody: no face is in the picture"),
    ("picture.width=100", "place", "sees nobody: a face in the picture is at most 3.1 pixels wide"),
    ("place={x=3.5,y=8.9,height=2.6,pitch=15}", "place", "sees nobody: every face in the picture is turned away"),
    ("place={x=4.0,y=2.5,height=1.12,pitch=0}", "place", "inside the head of the pupil in row 1, seat 4"),
    ("seats.rows={value=5,low=4,high=6}", "seats.rows", "has a range"),
    ("picture.field_of_view=180", "picture.field_of_view", "It is 180"),
    ("place.pitch=100", "place.pitch", "It is 100"),
]


@pytest.mark.parametrize(("setting", "key", "said"), REFUSED, ids=[s for s, _, _ in REFUSED])
def test_what_cannot_be_is_refused_in_one_message(school, setting, key, said):
    with pytest.raises(MisreadError) as caught:
        school(f"camera.geometry.{setting}")
    (problem,) = caught.value.problems
    assert problem.key == f"camera.geometry.{key}"
    assert said in problem.what
    assert problem.expected
    assert problem.mend


def test_a_camera_beside_the_only_pupil_sees_nobody(school):
    # The face is in the picture, and turned away by nearly a right angle.
    with pytest.raises(MisreadError, match="sees nobody"):
        school("camera.geometry.seats={rows=1,columns=1}", "camera.geometry.place={x=6.9,y=2.4,height=1.5,pitch=0}")


def test_lost_faces_need_their_label(school, tmp_path):
    labels = ("neutral", "happy", "sad", "angry", "fear", "disgust", "surprise", "away")
    text = to_toml(school())
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace(', "none"]', "]").replace("none = 0.276", "neutral = 0.276"), encoding="utf-8")
    assert labels[-1] in text
    with pytest.raises(MisreadError) as caught:
        load(mine)
    (problem,) = caught.value.problems
    assert problem.key == "camera.geometry"
    assert '"none"' in problem.what


def test_none_counts_as_named_where_faces_are_lost(school, tmp_path):
    # No row gives "none", and no message asks why it is there: seats lose faces.
    mine = tmp_path / "mine.toml"
    mine.write_text(to_toml(school()).replace("none = 0.276", "neutral = 0.276"), encoding="utf-8")
    assert "none" in load(mine).classifier.labels


def test_off_takes_the_room_out(school, tmp_path):
    assert school("camera.geometry.off=true").camera.geometry is None
    policy = tmp_path / "off.toml"
    policy.write_text("[camera.geometry]\noff = true\n", encoding="utf-8")
    assert load("one-classroom", policies=[tmp_path / "room.toml", policy]).camera == load("one-classroom").camera


def test_the_room_is_written_again_and_is_part_of_the_digest(school, tmp_path):
    deployment = school()
    again = tmp_path / "again.toml"
    again.write_text(to_toml(deployment), encoding="utf-8")
    assert load(again) == deployment
    assert digest(load(again)) == digest(deployment)
    assert digest(deployment) != digest(school("camera.geometry.place.x=3.4"))
    assert digest(deployment) != digest(load("one-classroom"))


def test_a_corrected_figure_changes_the_digest(school, monkeypatch):
    from misread.deployment.seats import loss

    deployment = school()
    before = digest(deployment)
    other = loss.Curves(loss.curves().found_by[::-1], loss.curves().dilution_by)
    monkeypatch.setattr(loss, "curves", lambda: other)
    moved = loss.Point(20, 0.5, "R02")
    assert digest(deployment) == before  # the same curves in another order
    changed = loss.Curve(other.found_by[0].name, "share", (moved, *other.found_by[0].points[1:]))
    monkeypatch.setattr(loss, "curves", lambda: loss.Curves((changed, *other.found_by[1:]), other.dilution_by))
    assert digest(deployment) != before


def test_a_policy_of_a_room_is_taken_for_one(school, tmp_path):
    school()
    assert load_all("one-classroom", [tmp_path / "room.toml"])[1].camera.geometry == room()


def test_with_ranges_views_keep_their_seats_and_names(school):
    deployment = school("camera.geometry.place.height={value=2.6,low=1.3,high=2.9}")
    (stated,) = (r for r in deployment.ranges if r.name == "camera.geometry.place.height")
    names = [(v.name, v.share) for v in views_of(deployment)]
    seats = [s for _, s in groups_of(room())]
    for height in (1.3, 2.0, 2.9):
        there = ranges.at(deployment, {stated.path: height})
        assert stated_geometry(there) == room()
        found = views_of(there)
        assert [(v.name, v.share) for v in found] == names
        plan = plan_of(room(place={"height": height}))
        assert [v.lost for v in found] == [pytest.approx(np.mean(plan.lost[s])) for s in seats]
    assert views_of(ranges.at(deployment, {stated.path: 1.3})) != views_of(deployment)


def test_a_range_that_leaves_the_room_is_refused(school):
    with pytest.raises(MisreadError, match=r"At its end 3\.5"):
        school("camera.geometry.place.height={value=2.6,low=2.3,high=3.5}")


def test_fewer_seats_than_pupils_are_doubtful(school):
    said = [p.what for p in warnings(school("camera.geometry.seats.rows=4"))]
    assert any("24 seats for classes of 30" in what for what in said)
    # Seats that are never seen do not make a rule one that can never fire.
    assert not any("never" in p.what or "seats" in p.what for p in warnings(school()))


def rows_by_view(deployment):
    """Findings about a view: id, rule, view → value."""
    rows = mr.run(deployment, draws=0).findings
    return {(f.id, f.rule, f.view, f.label): f.value for f in rows if f.view is not None and f.reader is None}


def test_a_run_counts_with_the_views_as_if_they_were_written(school, tmp_path):
    deployment = school()
    by_room = rows_by_view(deployment)
    written = tmp_path / "written.toml"
    written.write_text(
        "".join(
            f'[[camera.views]]\nname = "{v.name}"\nshare = {v.share!r}\nlost = {v.lost!r}\ndilution = {v.dilution!r}\n'
            for v in views_of(deployment)
        ),
        encoding="utf-8",
    )
    assert by_room == pytest.approx(rows_by_view(load("one-classroom", policies=[written])), nan_ok=True)
    assert {view for _, _, view, _ in by_room} == {v.name for v in views_of(deployment)}


def test_moving_the_camera_changes_the_findings_by_view(school):
    middle = rows_by_view(school())
    corner = rows_by_view(school("camera.geometry.place.x=0.4"))
    assert middle != corner
    # Nobody is flagged on a seat that is never seen, and every look there has no face.
    assert corner["label_share", None, "not seen", "none"] == pytest.approx(1)
    flags = {
        v: x for (id, rule, v, _), x in corner.items() if id == "false_flags_per_pupil_year" and rule == "not attentive"
    }
    assert flags["not seen"] == 0
    assert max(flags.values()) > 0


def test_fewer_pixels_are_fewer_flags(school):
    # A look without a face is no hit for a rule that waits for "away".
    def flags(*settings):
        rows = mr.run(school(*settings), draws=0).findings
        return next(
            f.value
            for f in rows
            if (f.id, f.rule, f.group, f.reader, f.view) == ("flags_per_pupil_year", "not attentive", "all", None, None)
        )

    sharp, coarse = flags(), flags("camera.geometry.picture.width=2000", "camera.geometry.picture.height=1125")
    assert 0 < coarse < sharp


def test_the_room_says_how_many_pixels_short_movements_have(school):
    deployment = school()
    found = examine(deployment).resolution
    plan = plan_of(deployment.camera.geometry)
    # Straight from the depth of each seat along the camera's line of sight: focal length · 55 mm ÷ depth.
    focal = 1920 / np.tan(np.radians(40))
    y, z = plan.eyes[:, 1] - 0.1, 1.1 - 2.6
    depth = y * np.cos(np.radians(15)) - z * np.sin(np.radians(15))
    assert found.between_eyes == pytest.approx(np.where(plan.inside, focal * 0.055 / depth, 0))
    assert min(found.between_eyes) == 0
    assert examine(load("one-classroom")).resolution is None
    given = given_resolution(30)
    assert examine(deployment, resolution=given).resolution == given
