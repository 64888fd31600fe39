"""What leads elsewhere: one line where there is little room, all of it where there is enough; without scripts, by keyboard."""

from __future__ import annotations

import pytest

from .conftest import violations
from .test_school_page import SMALL, overflows

pytestmark = pytest.mark.browser


def test_on_a_phone_a_page_begins_with_itself_and_not_with_ways_elsewhere(opened):
    page, _heard = opened("/school", width=320, java_script_enabled=False)
    assert page.locator("h1").bounding_box()["y"] < 300
    menu = page.get_by_text("Menu", exact=True)
    assert not page.get_by_role("link", name="Evidence").is_visible()
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Stage by stage"
    assert page.get_by_role("link", name="Evidence").is_visible()
    step = page.get_by_text("Step 1 of 8: Where you are")
    step.click()
    page.get_by_role("button", name="Your letter").click()
    assert page.get_by_text("Step 4 of 8: Your letter").is_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") == 320


def test_an_open_menu_has_no_fault(opened):
    page, _heard = opened("/school", width=320, scheme="dark")
    for one in page.locator(".fold > summary").all():
        one.click()
    assert violations(page) + overflows(page) + page.evaluate(SMALL) == []


def test_where_there_is_room_nothing_has_to_be_opened(opened):
    page, _heard = opened("/school", width=1280)
    assert page.locator(".fold > summary:visible").count() == 0
    assert page.get_by_role("link", name="Evidence").is_visible()
    assert page.get_by_role("button", name="Your letter").is_visible()
    page.get_by_role("link", name="misread", exact=True).focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Stage by stage"
