"""Every sentence can be said in another language; longer words and the other direction do not break a page.

English is changed by the catalogue itself (`misread.language`): what comes out unchanged did not pass through it.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from misread.language import LONG, REVERSED, gettext, language, speak
from tests.web.conftest import WAITS, Served, serving, violations

PATHS = (
    "/stages",
    "/classroom",
    "/closed",
    "/lessons",
    "/audit",
    "/audit/claim?claim=95+%25+accurate",
    "/explore?interval=1",
    "/map",
    "/questions",
    "/school",
    "/evidence",
    "/numbers",
    "/numbers?finding=flag_ppv",
    "/runs",
    "/nothing",
)
SELDOM = (
    "/guide",
    "/audit?example=M17",
    "/audit/claim?claim=95+%25",
    *(f"/school/{step}" for step in ("record", "gaps", "letter", "deadline", "answer", "export", "case")),
)
"""Looked at by the long tests alone."""
# Text that reads as words and was not changed, except where a page says itself that it is not to be translated: names
# and entries of a deployment, of a study, of a file; or where all of it is figures and signs.
UNSAID = """() => {
  const found = []
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const { data, parentElement } = walk.currentNode
    if (!/\\p{L}{2}/u.test(data) || parentElement.closest('[translate=no], code, pre, script, noscript, style, textarea, title')) continue
    // A sentence may be cut by a mark or a link: its brackets stand in the block around it.
    const block = parentElement.closest('p, li, dd, dt, td, th, h1, h2, h3, h4, label, legend, summary, button, option, figcaption, caption, div')
    if (!/[⟦⟧]/.test(data) && !/^[^⟦]*⟦[^]*⟧[^⟧]*$/.test((block ?? parentElement).textContent)) found.push(data.trim())
  }
  for (const one of document.querySelectorAll('[aria-label], [alt], [placeholder], [title]')) {
    if (one.closest('[translate=no]')) continue
    for (const name of ['aria-label', 'alt', 'placeholder', 'title']) {
      const said = one.getAttribute(name)
      if (said && /\\p{L}{2}/u.test(said) && !/⟦/.test(said)) found.push(`${name}: ${said}`)
    }
  }
  return [...new Set(found)]
}"""


@pytest.fixture(scope="module")
def longer():
    with serving("--language", LONG) as served:
        yield served


@pytest.fixture(scope="module")
def reversed_():
    with serving("--language", REVERSED) as served:
        yield served


def visit(browser, served: Served, path: str, width: int):
    context = browser.new_context(viewport={"width": width, "height": 900}, extra_http_headers=WAITS)
    context.request.get(served.first, max_redirects=0)
    page = context.new_page()
    page.goto(served.base + path)
    return page


@pytest.mark.browser
@pytest.mark.parametrize("path", [*PATHS, *(pytest.param(path, marks=pytest.mark.long) for path in SELDOM)])
def test_every_sentence_passes_through_the_catalogue_and_longer_ones_fit(browser, longer, path):
    page = visit(browser, longer, path, 320)
    assert page.evaluate(UNSAID) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    "path", [pytest.param(p, marks=[] if p.startswith("/stages") else pytest.mark.long) for p in (*PATHS, *SELDOM)]
)
def test_pages_can_be_read_from_right_to_left(browser, reversed_, path):
    page = visit(browser, reversed_, path, 320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("getComputedStyle(document.querySelector('main')).direction") == "rtl"
    assert violations(page) == []
    page.context.close()


def test_what_is_put_in_is_left_alone():
    speak(LONG)
    try:
        said = gettext("%(n)s of <b>100</b> alerts", n="ten")
        assert said.startswith("⟦ten öf <b>100</b> åléñts") or "ten" in said
        plain = "Of 100 children, twelve are flagged."
        assert 1.4 * len(plain) <= len(gettext(plain)) <= 1.8 * len(plain)
        assert gettext("") == ""
    finally:
        speak("en")


def test_a_language_that_is_not_there_is_refused():
    with pytest.raises(KeyError):
        language("tlh")


def test_figures_and_signs_are_no_words():
    assert re.search(r"\w", gettext("100 %% of %(n)s", n=3))


def test_translators_are_given_every_sentence():
    """`make messages` writes them; whoever changes a sentence runs it."""
    place = Path(__file__).parents[2] / "tools" / "make_messages.py"
    spec = importlib.util.spec_from_file_location("make_messages", place)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.TEMPLATE.read_bytes() == tool.written(tool.gathered()), "run make messages"
