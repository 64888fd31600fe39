"""Somebody who has never seen the page gets from nothing to a letter, by keyboard alone, and without any script.

How long that takes a person is modelled, not measured: the keystroke-level model of Card, Moran and Newell (1980).
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from docx import Document

pytestmark = pytest.mark.browser

KEY, MIND, PER_WORD = 0.28, 1.35, 60 / 238
"""Seconds a key takes somebody who types 40 words a minute, and each decision (the same authors); seconds to read a word
at the mean of 190 studies, 238 a minute (Brysbaert 2019, https://doi.org/10.1016/j.jml.2019.104047)."""
MOST_FIELDS, MOST_SECONDS = 15, 180
TOLD = {
    "Your name": "A. Example",
    "Where an answer reaches you": "1 Example Road, Exampleton",
    "The child’s name": "Child A",
    "The child’s year of birth": "2014",
    "The child’s class": "5b",
    "Who runs the system": "The school board",
}


@dataclass
class Hand:
    """Presses keys, and counts what that costs."""

    page: object
    keys: int = 0
    fields: int = 0
    decisions: int = 0
    words: int = 0
    steps: int = 1

    def press(self, key):
        self.page.keyboard.press(key)
        self.keys += 1

    def go_to(self, label):
        """Tab to what is called so."""
        for _ in range(60):
            self.press("Tab")
            named = """() => { const one = document.activeElement
              return [one.labels?.[0]?.textContent ?? one.textContent, getComputedStyle(one).outlineStyle] }"""
            said, outline = self.page.evaluate(named)
            if said.strip().startswith(label):
                assert outline == "solid", f"the focus on {label} cannot be seen"
                self.decisions += 1
                return
        raise AssertionError(f"no way by keyboard to {label}")

    def type(self, label, text):
        self.go_to(label)
        self.page.keyboard.type(text)
        self.keys += len(text)
        self.fields += 1

    def reads(self, *selectors):
        """What a person reads before going on: what can be seen of it."""
        said = "s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility()).map(e => e.innerText).join(' ')"
        self.words += sum(len(self.page.evaluate(said, one).split()) for one in selectors)

    @property
    def seconds(self):
        return self.keys * KEY + self.decisions * MIND + self.words * PER_WORD


def test_by_keyboard_alone_to_a_letter(opened, capsys):
    page, heard = opened("/school")
    hand = Hand(page)
    hand.press("Tab")
    hand.press("Enter")  # past the way to other pages
    hand.reads("main h1", "main .lede", "main label", "main legend")
    hand.type("Where is the school?", "Eur")
    page.wait_for_selector("#headline")
    hand.reads("#headline", ".answer .soft", ".first-read")
    hand.go_to("Write a letter")
    hand.press("Enter")
    hand.steps += 1
    page.wait_for_selector(".sheet")
    hand.reads("main h1", ".first-read", ".filling label", ".filling .hint")
    for label, text in TOLD.items():
        hand.type(label, text)
    page.wait_for_selector("text=Nothing is missing.")
    hand.reads(".sheet div[lang]")
    hand.go_to("For a word processor")
    with page.expect_download() as download:
        hand.press("Enter")
    said = "\n".join(one.text for one in Document(download.value.path()).paragraphs)
    assert all(text in said for text in TOLD.values())
    assert download.value.suggested_filename == "letter.docx"
    with capsys.disabled():
        print(
            f"\nFrom nothing to letter: {hand.steps} steps, {hand.fields} fields, {hand.keys} keys, {hand.decisions} "
            f"decisions, {hand.words} words read: {hand.seconds:.0f} s modelled"
        )
    assert hand.fields <= MOST_FIELDS
    assert hand.seconds < MOST_SECONDS
    assert heard == []


def test_without_a_script_to_the_same_letter(opened):
    page, heard = opened("/school", java_script_enabled=False)
    page.get_by_label("Where is the school?").select_option("eu")
    page.get_by_role("button", name="Show what applies").click()
    page.get_by_role("button", name="Write a letter").click()
    for label, text in TOLD.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Show the letter").click()
    assert page.get_by_text("Nothing is missing.").is_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="For a word processor").click()
    said = "\n".join(one.text for one in Document(download.value.path()).paragraphs)
    assert all(text in said for text in TOLD.values())
    assert "?" not in page.url
    assert heard == []
