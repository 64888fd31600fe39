"""Technical words lead to the glossary: once, in running text, and nowhere else."""

from __future__ import annotations

import re

import pytest

from misread.web.glossary import TERMS, in_order, linked, told_inside
from tests.web.conftest import violations

PAGE = "<html><body><p>A flag.</p><main id=main>%s</main><footer><p>A flag.</p></footer></body></html>"
FLAG = '<a class="term" href="/glossary#flag">%s</a>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>Two flags, one flag.</p>", f"<p>Two {FLAG % 'flags'}, one flag.</p>"),
        ("<h2>Flags</h2><p>Flagged!</p>", f"<h2>Flags</h2><p>{FLAG % 'Flagged'}!</p>"),
        ("<p><a href='/x'>flags</a> and <code>flag</code></p>", "<p><a href='/x'>flags</a> and <code>flag</code></p>"),
        ('<p translate="no">flag</p><p>flag</p>', f'<p translate="no">flag</p><p>{FLAG % "flag"}</p>'),
        ("<p>flagpole, “flag”, red-flag</p>", "<p>flagpole, “flag”, red-flag</p>"),
        ("<div>flag</div><ul><li><b>flag</b></li></ul>", f"<div>flag</div><ul><li><b>{FLAG % 'flag'}</b></li></ul>"),
        ('<p>a<br>b <path d="m"/>flag</p>', f'<p>a<br>b <path d="m"/>{FLAG % "flag"}</p>'),
        ("<p><svg><svg></svg>flag</svg> flag</p>", f"<p><svg><svg></svg>flag</svg> {FLAG % 'flag'}</p>"),
        ("<p>a</b><!-- a flag --> flag</p>", "<p>a</b><!-- a flag --> flag</p>"),
        ('<p title="a flag">no</p>', '<p title="a flag">no</p>'),
    ],
)
def test_a_word_is_linked_once_in_running_text(before, after):
    assert linked(PAGE % before) == PAGE % after


def test_a_page_without_main_stays_as_it_is():
    assert linked("<p>flag</p>") == "<p>flag</p>"


def test_a_kept_page_tells_the_words_it_uses_itself():
    text = told_inside(linked(PAGE % "<p>A flag.</p>"))
    assert '<a class="term" href="#word-flag">flag</a>' in text
    assert re.findall(r'<dt id="word-([\w-]+)">', text) == ["flag"]
    assert told_inside(PAGE % "") == PAGE % ""


def test_no_form_stands_for_two_words_and_every_word_is_one_of_its_forms():
    forms = [form.casefold() for term in TERMS for form in term.forms.split("|")]
    assert len(forms) == len(set(forms))
    assert len({term.id for term in TERMS}) == len(TERMS)
    assert [term.word for term in in_order()] == sorted((term.word for term in TERMS), key=str.casefold)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [pytest.param(320, "dark", marks=pytest.mark.long), (1280, "light")])
def test_a_word_leads_to_its_meaning(opened, width, scheme):
    page, heard = opened("/glossary", width, scheme)
    assert page.locator("dl.terms > div").count() == len(TERMS)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    page.goto(page.url.replace("/glossary", "/numbers"))
    page.locator("a.term").first.click()
    page.locator("dl.terms > div:target").wait_for()
    assert heard == []
