"""Every page in every state, at every width and in every theme: nothing scrolls sideways, and axe finds nothing."""

from __future__ import annotations

import pytest

from misread.deployment import shipped
from tests.web.conftest import WAITS, violations

pytestmark = [pytest.mark.long, pytest.mark.browser]

WIDTHS = (320, 480, 768, 1024, 1440)
PAPER = (672, 1001)
"""A4 with margins of 16 mm, upright and across."""
THEMES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "print": {},
}
EACH = ("/stages?deployment={}", "/classroom?deployment={}", "/explore?deployment={}", "/map?deployment={}",
        "/questions?deployment={}", "/numbers?deployment={}&finding=flag_ppv&sure=1")  # fmt: skip
STATES = (
    "/stages?years=all",
    "/stages?camera=camera-in-the-corner",
    "/stages?deployment=as-described-full&years=all#decision",
    "/stages?pupil=0",
    "/classroom?span=day&at=20",
    "/classroom?span=year",
    "/classroom?span=years",
    "/classroom?deployment=as-described-full&kind=test",
    "/closed",
    "/closed?at=0&reader=ferx",
    "/closed?at=47&reader=landmarks&messages=all",
    "/closed?pupil=1",
    "/closed?pupil=0",
    "/lessons",
    "/audit",
    "/audit?example=M17",
    "/audit?example=M15",
    "/audit?example=nothing",
    "/audit/claim",
    "/audit/claim?claim=95+%25+accurate",
    "/audit/claim?claim=95+%25+sensitivity+and+90+%25+specificity&prevalence=5+%25",
    "/audit/claim?claim=95+%25",
    "/audit/claim?claim=95+%25+accurate&children=x",
    "/explore?interval=1",
    "/explore?interval=1&left=keep-30-days&right=switched-off",
    "/explore?set=pupil.mean_minutes.bored%3D12",
    "/explore?set=nonsense",
    "/map?count=school",
    "/map?deployment=as-described-full&count=all",
    "/questions?sure=1",
    "/school",
    "/school/record",
    "/school/gaps",
    "/school/letter",
    "/school/deadline",
    "/school/answer",
    "/school/export",
    "/school/case",
    "/calendar",
    "/guide",
    "/evidence",
    "/evidence?q=smile",
    "/evidence?q=nothing-of-this-kind",
    "/evidence?pool=programs-anger",
    "/numbers",
    "/numbers?finding=decision_wrong",
    "/runs",
    "/glossary#flag",
    "/nothing",
    *(path.format(name) for path in EACH for name in shipped()),
)

REFUSED = {"/stages?pupil=0", "/closed?pupil=0", "/explore?set=nonsense", "/nothing", "/audit?example=nothing",
           "/audit/claim?claim=95+%25+accurate&children=x"}  # fmt: skip
"""Whose page says what was wrong with the question; all others answer it."""


@pytest.fixture(scope="module")
def visitor(browser, served):
    """Somebody who was let in, on a screen of one's own."""
    contexts = {}

    def visit(theme: str):
        if theme not in contexts:
            contexts[theme] = browser.new_context(extra_http_headers=WAITS, **THEMES[theme])
            contexts[theme].request.get(served.first, max_redirects=0)
            page = contexts[theme].new_page()
            if theme == "print":
                page.emulate_media(media="print")
        return contexts[theme].pages[0]

    yield visit
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", STATES)
def test_a_state_is_whole_at_every_width(visitor, served, path, theme):
    page = visitor(theme)
    answer = page.goto(served.base + path)
    # The same place on the same page is no new answer.
    assert answer is None or answer.ok is (path not in REFUSED)
    page.wait_for_load_state("networkidle", timeout=120_000)
    found = {}
    for width in PAPER if theme == "print" else WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found[width] = f"scrolls sideways: {wide}"
        # What is looked at on paper is not operated: sizes of targets are no matter there.
        elif theme != "print" and (wrong := violations(page, colours=theme != "forced")):
            found[width] = wrong
    assert found == {}


@pytest.mark.parametrize("path", STATES)
def test_text_at_twice_its_size_stays_on_the_page(visitor, served, path):
    page = visitor("light")
    page.goto(served.base + path)
    page.wait_for_load_state("networkidle", timeout=120_000)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width in (640, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_each_stage_by_itself(visitor, served):
    page = visitor("light")
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(f"{served.base}/stages?deployment=as-described-full")
    page.locator("[data-steps]").wait_for()
    while True:
        assert violations(page) == []
        if page.locator("button[data-next]").is_disabled():
            break
        page.locator("button[data-next]").click()
