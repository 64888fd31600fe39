"""The seat plan in the report: there only with a room, to scale, in words and as a table, and readable everywhere."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given

from misread.deployment.seats import groups_of, views_of
from misread.deployment.seats.plan import plan_of
from misread.deployment.seats.project import pinhole
from misread.report.page.html import told as page_told
from misread.report.page.seats import WELL, in_picture, kinds, sentence, tell
from misread.report.pdf.content import content
from misread.report.words.sources import Library
from tests.report import made_up
from tests.report.pages import read
from tests.seats.rooms import room, rooms


def deployment(geometry=None):
    geometry = geometry or room()
    return made_up.deployment(camera={"observe_every_seconds": 300.0, "geometry": geometry})


def told(geometry=None):
    return tell(deployment(geometry), Library.load())


@pytest.fixture(scope="module")
def section():
    (found,) = read(made_up.report(of=deployment())).all("section", aria_labelledby="seats")
    return found


def test_there_is_none_without_a_room(page):
    assert page.all("section", aria_labelledby="seats") == []
    assert tell(made_up.deployment(), Library.load()) is None


def test_the_sentence_comes_first(section):
    first, second, *_ = section.children
    assert first.text == "What the camera sees, seat by seat"
    assert re.match(r"Of 30 seats the camera sees \d+ well, \d+ badly and 2 not at all\. ", second.text)
    assert second.text.startswith(sentence(plan_of(room())))


def test_the_sentence_counts_the_seats():
    plan = plan_of(room())
    use = (1 - plan.lost) * (1 - plan.dilution)
    counted = [(use >= WELL).sum(), ((use < WELL) & (plan.lost < 1)).sum(), (plan.lost >= 1).sum()]
    assert [int(n) for n in re.findall(r"\d+", sentence(plan))] == [30, *counted]


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        (room(seats={"rows": 1, "columns": 1, "first_row": 4.0}), "The camera sees the only seat well."),
        (room(seats={"rows": 2, "first_row": 4.0, "columns": 3}), "The camera sees all 6 seats well."),
        (room(picture={"width": 100}), "The camera sees none of the 30 seats."),
    ],
)
def test_the_sentence_where_all_seats_are_alike(geometry, said):
    assert sentence(plan_of(geometry)) == said


@given(rooms())
def test_any_room_can_be_told(geometry):
    story = told(geometry)
    plan = plan_of(geometry)
    assert len(story.seats) == len(plan.lost) == len(story.table[2])
    assert len(story.keys) == len(story.views[2]) == len(groups_of(geometry)) <= 5
    assert {s.letter for s in story.seats} == {k.letter for k in story.keys}
    assert all(0 <= float(n) <= story.ring + 1.1 for s in story.seats for n in s.dash.split())
    assert {len(cells) for _, cells in story.table[2]} == {len(story.table[1]) - 1}


def test_rings_are_what_a_look_is_worth():
    story, plan = told(), plan_of(room())
    assert story.ring == pytest.approx(2 * math.pi * story.radius, abs=0.5)
    for seat, use in zip(story.seats, plan.use, strict=True):
        assert float(seat.dash.split()[0]) / story.ring == pytest.approx(use, abs=1e-3)


def test_the_drawing_is_to_scale():
    story, plan = told(), plan_of(room())
    assert [(s.x, s.y) for s in story.seats] == [
        (pytest.approx(100 * x), pytest.approx(100 * y)) for x, y, _ in plan.eyes
    ]
    assert (story.width, story.depth) == (700, 900)
    places = np.array([(s.x, s.y) for s in story.seats])
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1)
    assert apart[apart > 0].min() >= 2 * story.radius


@given(rooms())
def test_the_shaded_part_is_what_the_picture_holds(geometry):
    # Points of the floor plan at the height of the eyes: inside the polygon exactly where they are in the picture.
    corners = in_picture(geometry)
    xs, ys = (i.ravel() for i in np.meshgrid(np.linspace(0.1, 6.9, 15), np.linspace(0.1, 8.9, 15)))
    points = np.stack([xs, ys, np.full(len(xs), geometry.head.eye_height)], axis=-1)
    camera = pinhole(geometry)
    truth = camera.inside(points)
    seen = camera.project(points)
    # Leave out what lies on the very edge, where rounding decides.
    clear = ~(np.isclose(seen, 0, atol=0.01) | np.isclose(seen, (camera.width, camera.height), atol=0.01)).any(axis=1)
    if len(corners) < 3:
        assert not truth[clear].any()
        return
    sides = np.roll(corners, -1, axis=0) - corners
    to = points[:, None, :2] - corners
    cross = sides[:, 0] * to[..., 1] - sides[:, 1] * to[..., 0]
    within = (cross >= -1e-9).all(axis=1) | (cross <= 1e-9).all(axis=1)
    assert (within == truth)[clear].all()


def test_the_camera_points_where_it_looks():
    turn = {yaw: told(room(place={"yaw": yaw, "x": 1.0})).camera for yaw in (0.0, 40.0, -25.0)}
    assert turn[0.0].endswith(("rotate(0.0)", "rotate(-0.0)"))
    # The mark points down the page; SVG turns clockwise, a yaw to the right of the pupils anticlockwise.
    assert turn[40.0] == "translate(100 10) rotate(-40.0)"
    assert turn[-25.0].endswith("rotate(25.0)")


def test_the_views_of_the_page_are_the_engines(section):
    found = views_of(deployment())
    keys = section.all("dl", class_="views")[0].children
    assert [k.all("dt")[0].text for k in keys] == list("ABCDE")[: len(found)]
    for key, view in zip(keys, found, strict=True):
        words = key.all("dd")[0].text
        assert words.lower().startswith(view.name)
        if view.lost < 1:
            assert f"of 100 looks {math.floor(100 * (1 - view.lost) + 0.5)} find a face" in words


def test_it_is_told_in_words_and_as_tables_too(section):
    (picture,) = section.all(role="img")
    said = picture.attributes["aria-label"]
    for words in (
        "7 by 9 metres",
        "the board at the top",
        "5 rows of 6 seats",
        "3.5 metres from the left wall",
        sentence(plan_of(room())),
    ):
        assert words in said
    assert all(s.attributes["aria-hidden"] == "true" for s in section.all("svg"))
    views, seats = section.all("table")
    assert len(seats.all("tr")) == 31
    for table in (views, seats):
        assert table.all("caption")[0].text
        assert all(h.attributes["scope"] in ("col", "row") for h in table.all("th"))


def test_not_colour_alone(section):
    # Each seat has a letter; seats that are not seen have no ring, and a class whose outline is dashed.
    seats = [g for g in section.all("g") if g.all("circle")]
    assert len(seats) == 30
    for g, kind in zip(seats, kinds(plan_of(room())), strict=True):
        assert g.all("text")[0].text in "ABCDE"
        assert g.attributes["class"] == f"{kind}-seen"
        assert len(g.all("circle", class_="found")) == (kind != "not")


def test_what_it_rests_on_is_named(section):
    page = read(made_up.report(of=deployment()))
    listed = {li.attributes["id"].removeprefix("evidence-") for li in page.all("li") if "id" in li.attributes}
    assert {"R01", "R02", "R03", "R04", "R05"} <= listed
    assert {"R01", "R02", "R03", "R04", "R05"} <= set(re.findall(r"\bR\d\d\b", section.text))
    assert "Assumptions of this part" in section.text
    assert "lowest grade" in section.text


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
@pytest.mark.parametrize("geometry", [room(), room(seats={"columns": 14, "column_gap": 0.45}, place={"x": 0.4})])
def test_in_a_browser(browser, tmp_path, width, scheme, geometry):
    from axe_playwright_python.sync_playwright import Axe

    path = tmp_path / "report.html"
    path.write_text(made_up.report(of=deployment(geometry)), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        found = Axe().run(page, context="section[aria-labelledby=seats]").response["violations"]
        assert [f"{v['id']}: {n['target']}" for v in found for n in v["nodes"]] == []
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        # Letters are as large as text.
        sizes = page.evaluate(
            """() => [...document.querySelectorAll('.plan g text')].map(t => t.getBoundingClientRect().height)"""
        )
        assert len(sizes) == len(plan_of(geometry).lost)
        assert min(sizes) >= 16
    finally:
        context.close()


def test_the_pdf_has_it_too():
    findings, of = made_up.findings(), deployment()
    told_ = page_told(findings, of, made_up.profiles(), command="misread run made-up", definitions={})
    said = content(told_)
    blocks = said["blocks"]
    at = next(i for i, b in enumerate(blocks) if b.get("text") == "What the camera sees, seat by seat")
    figure = next(b for b in blocks[at:] if b["kind"] == "figure")
    assert figure["alt"] == told().said
    drawn = ElementTree.fromstring(figure["svg"])
    circles = [e for e in drawn.iter() if e.tag.endswith("circle")]
    # A disc for each seat, and a ring for each that is seen.
    assert len(circles) == 30 + 30 - int(plan_of(room()).unseen.sum())
    assert all(id in str(said["sources"]) for id in ("R01", "R05"))
    without = made_up.deployment()
    told_ = page_told(findings, without, made_up.profiles(), command="misread run made-up", definitions={})
    assert "seat by seat" not in str(content(told_)["blocks"])
